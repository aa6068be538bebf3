-- The days (of UTC) that the cube holds anything of, latest first, and the latest version of each. A record with a wrong clock lies alone, decades away.
SELECT toUInt32(toStartOfDay(hour)) AS day_s, toFloat64(max(version)) AS latest
FROM cube_hours
GROUP BY day_s
ORDER BY day_s DESC
