-- Alerts that stand by site, of those raised in a span, by the hour in which they were raised.
SELECT
  toString(site) AS site, toFloat64(toUnixTimestamp(toStartOfHour(raised_at))) * 1000 AS hour_ms,
  toFloat64(count()) AS count, toFloat64(countIf(severity = 'high')) AS high
FROM alerts FINAL
WHERE status = 'open'
  AND raised_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND raised_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY site, hour_ms
ORDER BY site, hour_ms
