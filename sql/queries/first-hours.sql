-- From when on a feed can be compared: a day that is not whole after it says nothing about what is usual. Of a feed that is recorded that
-- is the first hour of the first day with at least a tenth of the records of its middle day, so that neither a record with a wrong clock
-- nor what others have counted for longer makes it begin too early. last_at: end of the last hour that has records.
WITH days AS
(
  SELECT feed, origin, toStartOfDay(hour) AS day, sum(count) AS records, min(hour) AS first, max(hour) AS last
  FROM volumes_hourly FINAL
  WHERE count > 0
  GROUP BY feed, origin, day
)
SELECT
  feed,
  toFloat64(toUnixTimestamp64Milli(toDateTime64(began, 3, 'UTC'))) AS first_at,
  toFloat64(toUnixTimestamp64Milli(toDateTime64(ended, 3, 'UTC'))) + 3600000 AS last_at
FROM
(
  SELECT
    feed,
    if(countIf(origin = 'recomputed') > 0, minIf(first, origin = 'recomputed' AND records >= middle / 10), min(first)) AS began,
    if(countIf(origin = 'recomputed') > 0, maxIf(last, origin = 'recomputed'), max(last)) AS ended
  FROM (SELECT feed, origin, records, first, last, median(records) OVER (PARTITION BY feed, origin) AS middle FROM days)
  GROUP BY feed
)
