-- Alerts of some days that still stand, by rule. An alert belongs to the day on which what it found was over, or, while that goes on,
-- on which it was raised: a backlog that arrives today tells of the days before. froms, tos, day: see volumes-of-days.sql.
SELECT toUInt32(day) AS day, rule, class, toFloat64(count()) AS count
FROM
(
  SELECT
    rule, class, status,
    arrayFirstIndex(
      (f, t) -> toUnixTimestamp64Milli(least(end_at, raised_at)) >= f AND toUnixTimestamp64Milli(least(end_at, raised_at)) < t,
      {froms:Array(Int64)}, {tos:Array(Int64)}
    ) AS day
  FROM alerts FINAL
)
WHERE day > 0 AND status = 'open'
GROUP BY day, rule, class
ORDER BY day, rule, class
