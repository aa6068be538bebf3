-- Volumes of some days, by hour and kind over all sites. froms, tos: start and end of each day, ms UTC; day: its place in them,
-- from 1; of_day: 1 for what was counted by the day and lies in its first hour. As in volumes.sql, counted totals stand in for a site
-- that has no records on that day.
SELECT toUInt32(day) AS day, feed, kind, toFloat64(toUnixTimestamp64Milli(toDateTime64(hour, 3, 'UTC'))) AS time,
  toUInt32(span_hours > 1) AS of_day, toFloat64(sum(count)) AS count, toFloat64(sum(people)) AS people
FROM
(
  SELECT *, max(origin = 'recomputed') OVER (PARTITION BY feed, site, day) AS has_records
  FROM
  (
    SELECT
      feed, site, kind, hour, span_hours, origin, count, people,
      toUnixTimestamp64Milli(toDateTime64(hour, 3, 'UTC')) AS ms,
      arrayFirstIndex((f, t) -> ms >= f AND ms < t, {froms:Array(Int64)}, {tos:Array(Int64)}) AS day
    FROM volumes_hourly FINAL
    WHERE day > 0 AND count > 0
  )
)
WHERE origin = 'recomputed' OR NOT has_records
GROUP BY day, feed, kind, hour, of_day
ORDER BY day, feed, kind, hour, of_day
