-- What the scripts share: what to send is read from the folder that the harness filled.
local directory = os.getenv("BENCH_REQUESTS")
local bench = {}

function bench.read(name)
  local file = assert(io.open(directory .. "/" .. name, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function bench.report(summary, latency)
  local errors = summary.errors
  io.write(string.format("BENCH %d %d %d %d %d\n",
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(99)))
end

return bench
