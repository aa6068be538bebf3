-- Records of each site in each hour of a day, by feed: what the map plays back.
SELECT
  feed, site, toFloat64(toUnixTimestamp(hour)) * 1000 AS hour_ms, toFloat64(sum(cube.count)) AS count
FROM cube_hours AS cube FINAL
WHERE hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND feed IN ('crossings', 'sightings', 'registrations')
GROUP BY feed, site, hour_ms
HAVING count > 0
ORDER BY feed, site, hour_ms
