-- POST $batch, another batch each time.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")

bench.send_bodies("/v1.0/$batch", bench.headers(bench.json))
