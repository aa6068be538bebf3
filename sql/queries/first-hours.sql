-- The first hour that a feed has anything in: a day that is not whole after it says nothing about what is usual.
SELECT feed, toFloat64(toUnixTimestamp64Milli(toDateTime64(min(hour), 3, 'UTC'))) AS first_at
FROM volumes_hourly FINAL
WHERE count > 0
GROUP BY feed
