-- POST setPresence, another person each time. Each time round the people are set to the other pair, so that
-- every write is seen; with BENCH_HEARTBEAT they stay what they are, so that none is.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")

bench.send(function(requests)
  local headers = bench.headers(bench.json)
  local pairs_shown = { "InACall", os.getenv("BENCH_HEARTBEAT") and "InACall" or "InAConferenceCall" }
  for _, activity in ipairs(pairs_shown) do
    local body = string.format(
      '{"sessionId":"%s","availability":"Busy","activity":"%s","expirationDuration":"PT1H"}',
      bench.read("application"), activity)
    for id in bench.read("writers"):gmatch("[^\n]+") do
      requests[#requests + 1] =
        wrk.format("POST", "/v1.0/users/" .. id .. "/presence/setPresence", headers, body)
    end
  end
end)
