-- GET one presence, another person each time.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")
local requests, last = {}, 0

function init()
  local headers = { Authorization = "Bearer " .. bench.read("token"), Accept = "application/json" }
  for id in bench.read("ids"):gmatch("[^\n]+") do
    requests[#requests + 1] =
      wrk.format("GET", "/v1.0/users/" .. id .. "/presence", headers)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  bench.report(summary, latency)
end
