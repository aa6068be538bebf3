-- People present in lodgings at the end of each bucket in which somebody came or went (it holds until the next row), split by one
-- dimension; columns as in explore-series, base as value. An hour of check-in counts, the hour of check-out does not.
WITH changes AS
(
  SELECT toUInt8(0) AS period, greatest(hour, toDateTime(fromUnixTimestamp64Milli({from:Int64}, 'UTC'), 'UTC')) AS at, toInt64(people) AS change, toString(multiIf(
      {split:String} = 'site', site,
      {split:String} = 'source', source,
      {split:String} = 'documentType', document_type,
      {split:String} = 'province', province,
      {split:String} = 'zone', zone,
      ''
    )) AS g
  FROM cube_hours FINAL
  WHERE feed = 'registrations' AND out_hour > hour AND people > 0
    AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND out_hour > fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND site IN {sites:Array(String)} -- if sites
    AND source IN {sources:Array(String)} -- if sources
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
  UNION ALL
  SELECT toUInt8(0) AS period, out_hour AS at, -toInt64(people) AS change, toString(multiIf(
      {split:String} = 'site', site,
      {split:String} = 'source', source,
      {split:String} = 'documentType', document_type,
      {split:String} = 'province', province,
      {split:String} = 'zone', zone,
      ''
    )) AS g
  FROM cube_hours FINAL
  WHERE feed = 'registrations' AND out_hour > hour AND people > 0
    AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND out_hour > fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND out_hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND site IN {sites:Array(String)} -- if sites
    AND source IN {sources:Array(String)} -- if sources
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
  UNION ALL
  SELECT toUInt8(1) AS period, greatest(hour, toDateTime(fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC'), 'UTC')) AS at, toInt64(people) AS change, '' AS g
  FROM cube_hours FINAL
  WHERE feed = 'registrations' AND out_hour > hour AND people > 0
    AND {compare_from:Int64} < {compare_to:Int64}
    AND hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC') AND out_hour > fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC')
    AND site IN {sites:Array(String)} -- if sites
    AND source IN {sources:Array(String)} -- if sources
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
  UNION ALL
  SELECT toUInt8(1) AS period, out_hour AS at, -toInt64(people) AS change, '' AS g
  FROM cube_hours FINAL
  WHERE feed = 'registrations' AND out_hour > hour AND people > 0
    AND {compare_from:Int64} < {compare_to:Int64}
    AND hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC') AND out_hour > fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND out_hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')
    AND site IN {sites:Array(String)} -- if sites
    AND source IN {sources:Array(String)} -- if sources
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
),
(
  SELECT (groupArray({top:UInt32})(g), max(values))
  FROM (SELECT g, count() OVER () AS values FROM changes WHERE period = 0 GROUP BY g ORDER BY sum(abs(change)) DESC, g)
) AS told
SELECT
  toDateTime64(toDateTime(date_trunc({grain:String}, at, {zone:String}), {zone:String}), 3, 'UTC') AS time, period,
  toUInt32(if(period, 0, if(place = 0, {top:UInt32}, place - 1))) AS rank,
  if(period OR place = 0, '', arrayElement(tupleElement(told, 1), place)) AS label,
  toFloat64(sum(sum(change)) OVER (PARTITION BY period, rank ORDER BY time)) AS value, value AS base,
  toUInt32(if(period, 1, tupleElement(told, 2))) AS labels
FROM
(
  SELECT at, period, if(period, 0, indexOf(tupleElement(told, 1), g)) AS place, sum(change) AS change
  FROM changes
  GROUP BY at, period, place
)
GROUP BY time, period, place
ORDER BY period, rank, time
