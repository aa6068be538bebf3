-- The boards of people present in lodgings at the end of the span and of the one it is compared with.
SELECT
  multiIf(
    grouping(site) = 0, 'site',
    grouping(source) = 0, 'source',
    grouping(document_type) = 0, 'documentType',
    grouping(site_province) = 0, 'province',
    grouping(site_zone) = 0, 'zone',
    ''
  ) AS dimension,
  multiIf(
    grouping(site) = 0, toString(site),
    grouping(source) = 0, toString(source),
    grouping(document_type) = 0, toString(document_type),
    grouping(site_province) = 0, toString(site_province),
    grouping(site_zone) = 0, toString(site_zone),
    ''
  ) AS value,
  toFloat64(sumIf(people, hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND out_hour >= fromUnixTimestamp64Milli({to:Int64}, 'UTC'))) AS now,
  now AS now_base,
  toFloat64(sumIf(people, hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC') AND out_hour >= fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC'))) AS before,
  before AS before_base
FROM
(
  SELECT hour, out_hour, site, source, document_type, people, province AS site_province, zone AS site_zone
  FROM cube_hours FINAL
  WHERE feed = 'registrations' AND people > 0
    AND hour < fromUnixTimestamp64Milli(greatest({to:Int64}, {compare_to:Int64}), 'UTC')
    AND out_hour >= fromUnixTimestamp64Milli(least({to:Int64}, {compare_to:Int64}), 'UTC')
    AND site IN {sites:Array(String)} -- if sites
    AND source IN {sources:Array(String)} -- if sources
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
)
GROUP BY GROUPING SETS ((site), (source), (document_type), (site_province), (site_zone), ())
HAVING now_base > 0 OR before_base > 0
ORDER BY dimension, greatest(now, before) DESC, value
LIMIT {top:UInt32} BY dimension
