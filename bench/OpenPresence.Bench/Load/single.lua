-- GET one presence, another person each time; with BENCH_TOKENS also another token, of so many.
local here = debug.getinfo(1, "S").source:match("@(.*/)")
local bench = dofile(here .. "common.lua")

bench.send(function(requests)
  local tokens, tokens_wanted = {}, tonumber(os.getenv("BENCH_TOKENS") or "1")
  for token in bench.read(tokens_wanted > 1 and "tokens" or "token"):gmatch("[^\n]+") do
    tokens[#tokens + 1] = token
    if #tokens == tokens_wanted then break end
  end
  for id in bench.read("ids"):gmatch("[^\n]+") do
    local headers = {
      Authorization = "Bearer " .. tokens[#requests % #tokens + 1],
      Accept = "application/json",
    }
    requests[#requests + 1] =
      wrk.format("GET", "/v1.0/users/" .. id .. "/presence", headers)
  end
end)
