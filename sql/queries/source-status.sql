-- Each source of each feed that sent anything in the last seven days and an hour. Lag: from the event to its logging, the middle of the batches by
-- their records.
SELECT
  feed, source,
  toFloat64(max(arrived_ms)) AS last_seen_ms,
  toFloat64(max(toUnixTimestamp64Milli(last_at))) AS last_event_ms,
  toFloat64(min(arrived_ms)) AS first_seen_ms,
  toFloat64(sumIf(records, arrived_ms > {now:Int64} - 3600000)) AS last_hour,
  toFloat64(sumIf(records, arrived_ms <= {now:Int64} - 3600000)) AS before_last_hour,
  toFloat64(sumIf(records, arrived_ms > {now:Int64} - 86400000)) AS last_day,
  quantileExactWeightedIf(0.5)(lag_ms, held, held > 0 AND arrived_ms > {now:Int64} - 86400000) AS lag_ms
FROM
(
  SELECT *, toUnixTimestamp64Milli(arrived_at) AS arrived_ms
  FROM arrivals FINAL
  WHERE arrived_at > fromUnixTimestamp64Milli({now:Int64} - 169 * 3600000, 'UTC')
)
GROUP BY feed, source
ORDER BY feed, source
