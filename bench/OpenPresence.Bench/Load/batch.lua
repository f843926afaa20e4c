-- POST $batch, another batch each time.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")
local requests, last = {}, 0

function init()
  local headers = {
    Authorization = "Bearer " .. bench.read("token"),
    Accept = "application/json",
    ["Content-Type"] = "application/json",
  }
  for body in bench.read("bodies"):gmatch("[^\n]+") do
    requests[#requests + 1] = wrk.format("POST", "/v1.0/$batch", headers, body)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  bench.report(summary, latency)
end
