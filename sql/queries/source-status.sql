-- Each source of each feed that sent anything in the last seven days and an hour. Lag: from the event to its logging.
SELECT
  feed, source,
  toFloat64(toUnixTimestamp64Milli(max(ingested_at))) AS last_seen_ms,
  toFloat64(maxIf(toUnixTimestamp64Milli(at), cancelled = 0)) AS last_event_ms,
  toFloat64(min(ingested_ms)) AS first_seen_ms,
  toFloat64(countIf(ingested_ms > {now:Int64} - 3600000)) AS last_hour,
  toFloat64(countIf(ingested_ms <= {now:Int64} - 3600000)) AS before_last_hour,
  toFloat64(countIf(ingested_ms > {now:Int64} - 86400000)) AS last_day,
  quantileIf(0.5)(ingested_ms - toUnixTimestamp64Milli(at), cancelled = 0 AND ingested_ms > {now:Int64} - 86400000) AS lag_ms
FROM
(
  SELECT *, toUnixTimestamp64Milli(ingested_at) AS ingested_ms
  FROM
  (
    SELECT 'crossings' AS feed, source, at, ingested_at, cancelled FROM crossings
    WHERE ingested_at > fromUnixTimestamp64Milli({now:Int64} - 169 * 3600000, 'UTC')
    UNION ALL
    SELECT 'sightings' AS feed, source, at, ingested_at, cancelled FROM sightings
    WHERE ingested_at > fromUnixTimestamp64Milli({now:Int64} - 169 * 3600000, 'UTC')
    UNION ALL
    SELECT 'registrations' AS feed, source, at, ingested_at, cancelled FROM registrations
    WHERE ingested_at > fromUnixTimestamp64Milli({now:Int64} - 169 * 3600000, 'UTC')
  )
)
GROUP BY feed, source
ORDER BY feed, source
