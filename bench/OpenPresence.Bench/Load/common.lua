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

-- What a request that is an application's carries.
function bench.headers(more)
  local headers = { Authorization = "Bearer " .. bench.read("token"), Accept = "application/json" }
  for name, value in pairs(more or {}) do headers[name] = value end
  return headers
end

-- Sends one after the other, and from the first again, what `prepare` puts into the list that it is given.
function bench.send(prepare)
  local requests, last = {}, 0
  function init() prepare(requests) end
  function request()
    last = last % #requests + 1
    return requests[last]
  end
  done = bench.report
end

-- Posts the lines of the file "bodies".
function bench.send_bodies(path, headers)
  bench.send(function(requests)
    for body in bench.read("bodies"):gmatch("[^\n]+") do
      requests[#requests + 1] = wrk.format("POST", path, headers, body)
    end
  end)
end

bench.json = { ["Content-Type"] = "application/json" }

return bench
