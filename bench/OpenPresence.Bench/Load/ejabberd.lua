-- POST get_presence of ejabberd's API, of another of a few users each time.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")
local requests, last = {}, 0

function init()
  for body in bench.read("bodies"):gmatch("[^\n]+") do
    requests[#requests + 1] =
      wrk.format("POST", "/api/get_presence", { ["Content-Type"] = "application/json" }, body)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  bench.report(summary, latency)
end
