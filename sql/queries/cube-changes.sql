-- Which hours of the cube have rows of a version or a later one, with the latest of each and how many rows have it.
SELECT feed, toUInt32(hour) AS hour_s, toFloat64(max(version)) AS latest, toFloat64(count()) AS written
FROM cube_hours
WHERE version >= {since:UInt64}
GROUP BY feed, hour
