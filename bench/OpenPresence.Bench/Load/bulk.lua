-- POST getPresencesByUserId with 650 ids, other people each time.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")

bench.send_bodies("/v1.0/communications/getPresencesByUserId", bench.headers(bench.json))
