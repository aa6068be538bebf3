-- What was turned away in a span, by source, reason and field; most first.
SELECT
  feed, source, reason, field, any(fix) AS fix,
  toFloat64(count()) AS count,
  toFloat64(max(toUnixTimestamp64Milli(at))) AS last_ms
FROM rejected FINAL
WHERE at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY feed, source, reason, field
ORDER BY count DESC, feed, source, reason, field
LIMIT 1000
