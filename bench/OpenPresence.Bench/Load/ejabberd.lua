-- POST get_presence of ejabberd's API, of another of a few users each time.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")

bench.send_bodies("/api/get_presence", bench.json)
