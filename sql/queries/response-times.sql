-- Response times by queue, ms: raised to seen, raised to disposed, of alerts raised since `from`; and what waits now, whenever it was raised.
SELECT
  toUInt8(a.class = 'welfare') AS welfare,
  toFloat64(countIf(a.status = 'open' AND t.state IN ('', 'new'))) AS unseen,
  toFloat64(minIf(a.raised, a.status = 'open' AND t.state IN ('', 'new'))) AS oldest_unseen_ms,
  toFloat64(countIf(t.seen_ms > 0 AND a.raised >= {from:Int64})) AS seen,
  toFloat64(countIf(t.disposed_ms > 0 AND a.raised >= {from:Int64})) AS disposed,
  quantileIf(0.5)(toFloat64(t.seen_ms - a.raised), t.seen_ms > 0 AND a.raised >= {from:Int64}) AS seen_median_ms,
  quantileIf(0.9)(toFloat64(t.seen_ms - a.raised), t.seen_ms > 0 AND a.raised >= {from:Int64}) AS seen_slow_ms,
  quantileIf(0.5)(toFloat64(t.disposed_ms - a.raised), t.disposed_ms > 0 AND a.raised >= {from:Int64}) AS disposed_median_ms,
  quantileIf(0.9)(toFloat64(t.disposed_ms - a.raised), t.disposed_ms > 0 AND a.raised >= {from:Int64}) AS disposed_slow_ms
FROM (SELECT alert_id, status, class, toUnixTimestamp64Milli(raised_at) AS raised FROM alerts FINAL) AS a
LEFT JOIN alert_triage AS t ON t.alert_id = a.alert_id
GROUP BY welfare
ORDER BY welfare
