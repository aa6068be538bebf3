-- From when on a feed can be compared: a day that is not whole after it says nothing about what is usual. Of a feed that is recorded that
-- is the first hour of the first day with at least a tenth of the records of its middle day, so that neither a record with a wrong clock
-- nor what others have counted for longer makes it begin too early. last_at: end of the last hour that has records. Of a feed that is only
-- counted: of its first and last total.
WITH days AS
(
  SELECT feed, toStartOfDay(hour) AS day, sum(areas.count) AS records, min(hour) AS first, max(hour) AS last
  FROM area_hours AS areas FINAL
  WHERE areas.count > 0
  GROUP BY feed, day
)
SELECT
  feed,
  toFloat64(toUnixTimestamp64Milli(toDateTime64(if(max(recorded) = 1, anyIf(began, recorded = 1), min(began)), 3, 'UTC'))) AS first_at,
  toFloat64(toUnixTimestamp64Milli(toDateTime64(if(max(recorded) = 1, anyIf(ended, recorded = 1), max(ended)), 3, 'UTC'))) + 3600000 AS last_at
FROM
(
  SELECT feed, toUInt8(1) AS recorded, minIf(first, records >= middle / 10) AS began, max(last) AS ended
  FROM (SELECT feed, records, first, last, median(records) OVER (PARTITION BY feed) AS middle FROM days)
  GROUP BY feed
  UNION ALL
  SELECT feed, toUInt8(0) AS recorded, min(hour) AS began, max(hour) AS ended
  FROM volumes_hourly
  WHERE origin = 'counted' AND count > 0
  GROUP BY feed
)
GROUP BY feed
