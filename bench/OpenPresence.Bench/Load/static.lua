-- GET one file of BENCH_STATIC, always the same.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")

function init()
  wrk.path = "/" .. os.getenv("BENCH_STATIC")
end

done = bench.report
