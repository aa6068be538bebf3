-- A measure of the records over time, split by one dimension: the largest `top` values of the span by rank, the rest added up as
-- rank `top`, labels: how many values in all; and as period 1, unsplit, the span that it is compared with. value: the column asked
-- for; base: records, for a share. Empty buckets have no row. split: a column, or `unsplit`. Days are read whole (cube_days, at the level that
-- has what is asked for), the other hours from cube_hours; hours_from and hours_to are spans of them, seconds.
WITH records AS
(
-- if days
  SELECT toDateTime(day, {zone:String}) AS at, '' AS unsplit, {split:Identifier} AS g, {column:Identifier} AS v, count AS b
  FROM cube_days FINAL
  WHERE level = {level:String} AND feed IN {feeds:Array(String)} AND day IN {days:Array(Date)}
    AND site IN {sites:Array(String)} -- if sites
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
    AND source IN {sources:Array(String)} -- if sources
    AND direction IN {directions:Array(String)} -- if directions
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND vehicle_class IN {vehicle_classes:Array(String)} -- if vehicle_classes
-- end
  UNION ALL
-- if hours_from
  SELECT hour AS at, '' AS unsplit, {split:Identifier} AS g, {column:Identifier} AS v, count AS b
  FROM cube_hours FINAL
  WHERE feed IN {feeds:Array(String)}
    AND hour IN (SELECT toDateTime(arrayJoin(arrayFlatten(arrayMap((a, b) -> range(a, b, 3600), {hours_from:Array(UInt32)}, {hours_to:Array(UInt32)}))), 'UTC'))
    AND site IN {sites:Array(String)} -- if sites
    AND province IN {provinces:Array(String)} -- if provinces
    AND zone IN {zones:Array(String)} -- if zones
    AND source IN {sources:Array(String)} -- if sources
    AND direction IN {directions:Array(String)} -- if directions
    AND document_type IN {document_types:Array(String)} -- if document_types
    AND vehicle_class IN {vehicle_classes:Array(String)} -- if vehicle_classes
-- end
),
(
  -- Which values are told apart, before any are: what is left over is then one series from the start.
  SELECT (groupArray({top:UInt32})(value), max(values))
  FROM (
    SELECT toString(g) AS value, count() OVER () AS values
    FROM records WHERE at >= {from_at:DateTime('UTC')} AND at < {to_at:DateTime('UTC')}
    GROUP BY g HAVING sum(b) > 0
    ORDER BY sum(v) DESC, value
  )
) AS told
SELECT
  toDateTime64(toDateTime(date_trunc({grain:String}, at, {zone:String}), {zone:String}), 3, 'UTC') AS time, period,
  toUInt32(if(period, 0, if(place = 0, {top:UInt32}, place - 1))) AS rank,
  if(period OR place = 0, '', arrayElement(tupleElement(told, 1), place)) AS label,
  toFloat64(sum(added)) AS value, toFloat64(sum(of)) AS base, toUInt32(if(period, 1, tupleElement(told, 2))) AS labels
FROM
(
  SELECT
    at, NOT (at >= {from_at:DateTime('UTC')} AND at < {to_at:DateTime('UTC')}) AS period,
    if(period, 0, indexOf(tupleElement(told, 1), toString(g))) AS place, sum(v) AS added, sum(b) AS of
  FROM records
  GROUP BY at, period, place
)
GROUP BY time, period, place
HAVING base > 0
ORDER BY period, rank, time
