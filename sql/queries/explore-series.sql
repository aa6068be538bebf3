-- A measure of the records over time, split by one dimension: the largest `top` values of the span by rank, the rest added up as
-- rank `top`, labels: how many values in all; and as period 1, unsplit, the span that it is compared with. value: the column asked
-- for; base: records, for a share. Empty buckets have no row.
SELECT
  time, toUInt8(period) AS period, toUInt32(rank) AS rank, if(rank < {top:UInt32}, g, '') AS label,
  toFloat64(sum(v)) AS value, toFloat64(sum(b)) AS base, toUInt32(max(all_labels)) AS labels
FROM
(
  SELECT
    g, period,
    least(row_number() OVER (PARTITION BY period ORDER BY total DESC, g) - 1, {top:UInt32}) AS rank, count() OVER (PARTITION BY period) AS all_labels,
    tupleElement(arrayJoin(points) AS point, 1) AS time, tupleElement(point, 2) AS v, tupleElement(point, 3) AS b
  FROM
  (
    SELECT period, g, sum(v) AS total, groupArray((time, v, b)) AS points
    FROM
    (
      SELECT
        toDateTime64(toDateTime(date_trunc({grain:String}, hour, {zone:String}), {zone:String}), 3, 'UTC') AS time,
        NOT (hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')) AS period,
        if(period, '', toString(multiIf(
          {split:String} = 'feed', feed,
          {split:String} = 'site', site,
          {split:String} = 'source', source,
          {split:String} = 'direction', direction,
          {split:String} = 'documentType', document_type,
          {split:String} = 'vehicleClass', vehicle_class,
          {split:String} = 'province', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), ''),
          {split:String} = 'zone', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), ''),
          ''
        ))) AS g,
        sum(multiIf({column:String} = 'refused', refused, {column:String} = 'late', late, count)) AS v,
        sum(count) AS b
      FROM cube_hourly FINAL
      WHERE has({feeds:Array(String)}, feed)
        AND hour >= fromUnixTimestamp64Milli(least({from:Int64}, {compare_from:Int64}), 'UTC')
        AND hour < fromUnixTimestamp64Milli(greatest({to:Int64}, {compare_to:Int64}), 'UTC')
        AND ((hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
          OR (hour >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
        AND (empty({sites:Array(String)}) OR has({sites:Array(String)}, site))
        AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
        AND (empty({directions:Array(String)}) OR has({directions:Array(String)}, direction))
        AND (empty({document_types:Array(String)}) OR has({document_types:Array(String)}, document_type))
        AND (empty({vehicle_classes:Array(String)}) OR has({vehicle_classes:Array(String)}, vehicle_class))
        AND (empty({provinces:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)))
        AND (empty({zones:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)))
      GROUP BY time, period, g
      HAVING b > 0
    )
    GROUP BY period, g
  )
)
GROUP BY time, period, rank, label
ORDER BY period, rank, time
