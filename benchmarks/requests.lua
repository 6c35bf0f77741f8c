-- wrk's side: sends the requests of a prepared file in order, over again at its end, and prints its figures
-- as one line of JSON. The file: "METHOD /path", header lines, an empty line, then one body a line (or none).
local requests, at = {}, -1  -- wrk asks for one request before the first that it sends: let that be the last

function init(args)
  local file = assert(io.open(args[1]))
  local method, path = file:read("*l"):match("^(%u+) (.+)$")
  local headers = {}
  for line in file:lines() do
    if line == "" then break end
    local name, value = line:match("^([^:]+): (.*)$")
    headers[name] = value
  end
  for body in file:lines() do
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
  if #requests == 0 then
    requests[1] = wrk.format(method, path, headers)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"answers":%d,"microseconds":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
