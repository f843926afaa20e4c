-- GET one path after the other, as the file "paths" has them; advanced queries are asked for.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")

bench.send(function(requests)
  local headers = bench.headers({ ConsistencyLevel = "eventual" })
  for path in bench.read("paths"):gmatch("[^\n]+") do
    requests[#requests + 1] = wrk.format("GET", path, headers)
  end
end)
