-- The first hour that a feed has a record in, ms UTC.
SELECT feed, toFloat64(toUnixTimestamp(min(hour))) * 1000 AS first_at
FROM area_hours AS areas FINAL
WHERE areas.count > 0
GROUP BY feed
