-- From when on a feed can be compared: a day that is not whole after it says nothing about what is usual. Of a feed that is recorded that
-- is the first record, however long others have counted a part of it.
SELECT feed, toFloat64(toUnixTimestamp64Milli(toDateTime64(began, 3, 'UTC'))) AS first_at
FROM
(
  SELECT feed, if(countIf(origin = 'recomputed') > 0, minIf(hour, origin = 'recomputed'), min(hour)) AS began
  FROM volumes_hourly FINAL
  WHERE count > 0
  GROUP BY feed
)
