-- wrk's side of bench/load/compare.py: one fixed request, and the counts as JSON in the file that RESULT names.
wrk.method = os.getenv("METHOD") or "GET"
wrk.path = os.getenv("TARGET")
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
local body = os.getenv("BODY")
if body then
  wrk.body = body
  wrk.headers["Content-Type"] = "application/json"
end

function done(summary, latency)
  local errors = summary.errors
  local out = io.open(os.getenv("RESULT"), "w")
  out:write(string.format(
    '{"answered": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, '
      .. '"refused": %d, "connect_errors": %d, "read_errors": %d, "write_errors": %d, "timeouts": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
  out:close()
end
