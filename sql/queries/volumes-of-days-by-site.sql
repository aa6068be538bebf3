-- The same days by site: see volumes-of-days.sql.
SELECT feed, site, toUInt32(day) AS day, toFloat64(sum(count)) AS count
FROM
(
  SELECT *, max(origin = 'recomputed') OVER (PARTITION BY feed, site, day) AS has_records
  FROM
  (
    SELECT
      feed, site, origin, count,
      toUnixTimestamp64Milli(toDateTime64(hour, 3, 'UTC')) AS ms,
      arrayFirstIndex((f, t) -> ms >= f AND ms < t, {froms:Array(Int64)}, {tos:Array(Int64)}) AS day
    FROM volumes_hourly FINAL
    WHERE day > 0 AND count > 0
  )
)
WHERE origin = 'recomputed' OR NOT has_records
GROUP BY feed, site, day
ORDER BY feed, site, day
