-- How many records of each feed came in each hour or local day of a span, for finding the gaps: empty ones have no row. Areas have an hour
-- ready; single sites are counted from the cube.
SELECT
  feed,
  toFloat64(toUnixTimestamp(toDateTime(date_trunc({grain:String}, at, {zone:String}), {zone:String}))) * 1000 AS at_ms,
  toFloat64(sum(records)) AS count
FROM
(
  SELECT feed, hour AS at, sum(areas.count) AS records
  FROM area_hours AS areas FINAL
  WHERE empty({sites:Array(String)}) AND feed IN {feeds:Array(String)} AND areas.count > 0
    AND hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
  GROUP BY feed, at
  UNION ALL
  SELECT feed, hour AS at, sum(cube.count) AS records
  FROM cube_hours AS cube FINAL
  WHERE notEmpty({sites:Array(String)}) AND feed IN {feeds:Array(String)} AND cube.count > 0
    AND hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND site IN {sites:Array(String)} -- if sites
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
  GROUP BY feed, at
)
GROUP BY feed, at_ms
ORDER BY feed, at_ms
