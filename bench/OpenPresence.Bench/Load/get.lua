-- GET one path after the other, as the file "paths" has them; advanced queries are asked for.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")
local requests, last = {}, 0

function init()
  local headers = {
    Authorization = "Bearer " .. bench.read("token"),
    Accept = "application/json",
    ConsistencyLevel = "eventual",
  }
  for path in bench.read("paths"):gmatch("[^\n]+") do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  bench.report(summary, latency)
end
