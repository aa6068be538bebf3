-- How many records of each feed came in each hour or local day of a span, for finding the gaps: empty ones have no row.
SELECT
  feed,
  toFloat64(toUnixTimestamp(toDateTime(date_trunc({grain:String}, hour, {zone:String}), {zone:String}))) * 1000 AS at_ms,
  toFloat64(sum(volumes.count)) AS count
FROM volumes_hourly AS volumes FINAL
WHERE has({feeds:Array(String)}, feed) AND origin = 'recomputed' AND volumes.count > 0
  AND hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND (empty({sites:Array(String)}) OR has({sites:Array(String)}, site))
  AND (empty({provinces:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)))
  AND (empty({zones:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)))
GROUP BY feed, at_ms
ORDER BY feed, at_ms
