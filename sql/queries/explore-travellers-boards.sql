-- The boards of unique travellers, by local days (by hours where the grain is the hour): each counts once a value and span.
SELECT
  multiIf(
    grouping(site) = 0, 'site',
    grouping(source) = 0, 'source',
    grouping(direction) = 0, 'direction',
    grouping(document_type) = 0, 'documentType',
    grouping(site_province) = 0, 'province',
    grouping(site_zone) = 0, 'zone',
    ''
  ) AS dimension,
  multiIf(
    grouping(site) = 0, toString(site),
    grouping(source) = 0, toString(source),
    grouping(direction) = 0, toString(direction),
    grouping(document_type) = 0, toString(document_type),
    grouping(site_province) = 0, toString(site_province),
    grouping(site_zone) = 0, toString(site_zone),
    ''
  ) AS value,
  toFloat64(uniqCombinedMerge(14)(now_state)) AS now,
  now AS now_base,
  toFloat64(uniqCombinedMerge(14)(before_state)) AS before,
  before AS before_base
FROM
(
  SELECT
      -- Merged once by all dimensions: by each of them there is little left to merge.
      site, source, direction, document_type,
      uniqCombinedMergeStateIf(14)(travellers, (at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))) AS now_state,
      uniqCombinedMergeStateIf(14)(travellers, (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC'))) AS before_state,
      transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), '') AS site_province,
      transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), '') AS site_zone
  FROM (
    SELECT toDateTime(day, {zone:String}) AS at, site, source, direction, document_type, travellers
    FROM travellers_daily FINAL
    WHERE {grain:String} != 'hour'
      AND day >= toDate(fromUnixTimestamp64Milli(least({from:Int64}, {compare_from:Int64}), {zone:String}))
      AND day < toDate(fromUnixTimestamp64Milli(greatest({to:Int64}, {compare_to:Int64}) + 86399999, {zone:String}))
    UNION ALL
    SELECT hour AS at, site, source, direction, document_type, travellers
    FROM cube_hours FINAL
    WHERE {grain:String} = 'hour' AND feed = 'crossings'
      AND hour >= fromUnixTimestamp64Milli(least({from:Int64}, {compare_from:Int64}), 'UTC')
      AND hour < fromUnixTimestamp64Milli(greatest({to:Int64}, {compare_to:Int64}), 'UTC')
  )
  WHERE ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
      OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
    AND has({sites:Array(String)}, site) -- if sites
    AND has({sources:Array(String)}, source) -- if sources
    AND has({directions:Array(String)}, direction) -- if directions
    AND has({document_types:Array(String)}, document_type) -- if document_types
    AND site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)) -- if provinces
    AND site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)) -- if zones
  GROUP BY site, source, direction, document_type
)
GROUP BY GROUPING SETS ((site), (source), (direction), (document_type), (site_province), (site_zone), ())
HAVING now_base > 0 OR before_base > 0
ORDER BY dimension, greatest(now, before) DESC, value
LIMIT {top:UInt32} BY dimension
