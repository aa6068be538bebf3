-- From when on the records of a feed can be compared, ms UTC: the first hour of the first day with at least a tenth of the records of its middle
-- day, so that a record with a wrong clock does not make it begin too early (first-hours.sql, which also knows what others counted).
WITH days AS
(
  SELECT feed, toStartOfDay(hour) AS day, sum(areas.count) AS records, min(hour) AS first
  FROM area_hours AS areas FINAL
  WHERE areas.count > 0
  GROUP BY feed, day
)
SELECT feed, toFloat64(toUnixTimestamp(minIf(first, records >= middle / 10))) * 1000 AS first_at
FROM (SELECT feed, records, first, median(records) OVER (PARTITION BY feed) AS middle FROM days)
GROUP BY feed
