-- The values of every dimension, largest first, now and in the span that it is compared with: the leaderboards, and what a change is
-- explained by. now, before: the column asked for; bases: records, for a share. Dimension '' is the total.
SELECT
  multiIf(
    grouping(feed) = 0, 'feed',
    grouping(site) = 0, 'site',
    grouping(source) = 0, 'source',
    grouping(direction) = 0, 'direction',
    grouping(document_type) = 0, 'documentType',
    grouping(vehicle_class) = 0, 'vehicleClass',
    grouping(site_province) = 0, 'province',
    grouping(site_zone) = 0, 'zone',
    ''
  ) AS dimension,
  multiIf(
    grouping(feed) = 0, toString(feed),
    grouping(site) = 0, toString(site),
    grouping(source) = 0, toString(source),
    grouping(direction) = 0, toString(direction),
    grouping(document_type) = 0, toString(document_type),
    grouping(vehicle_class) = 0, toString(vehicle_class),
    grouping(site_province) = 0, toString(site_province),
    grouping(site_zone) = 0, toString(site_zone),
    ''
  ) AS value,
  toFloat64(sum(now_v)) AS now, toFloat64(sum(now_b)) AS now_base, toFloat64(sum(before_v)) AS before, toFloat64(sum(before_b)) AS before_base
FROM
(
  SELECT
      -- Added up once by all dimensions: by each of them there is little left to add.
      feed, site, source, direction, document_type, vehicle_class,
      sumIf(v, (hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))) AS now_v, sumIf(count, (hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))) AS now_b,
      sumIf(v, (hour >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC'))) AS before_v, sumIf(count, (hour >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC'))) AS before_b,
      transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), '') AS site_province,
      transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), '') AS site_zone
  FROM (
    SELECT
      feed, hour, site, source, direction, document_type, vehicle_class, count,
      multiIf({column:String} = 'refused', refused, {column:String} = 'late', late, count) AS v
    FROM cube_hourly FINAL
  )
  WHERE has({feeds:Array(String)}, feed)
    AND hour >= fromUnixTimestamp64Milli(least({from:Int64}, {compare_from:Int64}), 'UTC')
    AND hour < fromUnixTimestamp64Milli(greatest({to:Int64}, {compare_to:Int64}), 'UTC')
    AND ((hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
      OR (hour >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
    AND (
      empty({skip_from:Array(Int64)})
      OR NOT arrayExists((a, b) -> toInt64(toUnixTimestamp(hour)) * 1000 >= a AND toInt64(toUnixTimestamp(hour)) * 1000 < b, {skip_from:Array(Int64)}, {skip_to:Array(Int64)})
    )
    AND (empty({sites:Array(String)}) OR has({sites:Array(String)}, site))
    AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
    AND (empty({directions:Array(String)}) OR has({directions:Array(String)}, direction))
    AND (empty({document_types:Array(String)}) OR has({document_types:Array(String)}, document_type))
    AND (empty({vehicle_classes:Array(String)}) OR has({vehicle_classes:Array(String)}, vehicle_class))
    AND (empty({provinces:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)))
    AND (empty({zones:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)))
  GROUP BY feed, site, source, direction, document_type, vehicle_class
)
GROUP BY GROUPING SETS ((feed), (site), (source), (direction), (document_type), (vehicle_class), (site_province), (site_zone), ())
HAVING now_base > 0 OR before_base > 0
ORDER BY dimension, greatest(now, before) DESC, value
LIMIT {top:UInt32} BY dimension
