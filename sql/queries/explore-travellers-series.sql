-- Unique travellers over time (uniqCombined(14): 0.6 % mean error), split by one dimension; columns as in explore-series, base
-- as value. Wider buckets than an hour are made of local days. A traveller counts once a bucket and value.
SELECT
  time, toUInt8(period) AS period, toUInt32(rank) AS rank, if(rank < {top:UInt32}, g, '') AS label,
  toFloat64(uniqCombinedMerge(14)(state)) AS value, value AS base, toUInt32(max(all_labels)) AS labels
FROM
(
  SELECT
    g, period,
    least(row_number() OVER (PARTITION BY period ORDER BY total DESC, g) - 1, {top:UInt32}) AS rank, count() OVER (PARTITION BY period) AS all_labels,
    tupleElement(arrayJoin(points) AS point, 1) AS time, tupleElement(point, 2) AS state
  FROM
  (
    SELECT period, g, uniqCombinedMerge(14)(state) AS total, groupArray((time, state)) AS points
    FROM
    (
      SELECT
        toDateTime64(toDateTime(date_trunc({grain:String}, at, {zone:String}), {zone:String}), 3, 'UTC') AS time,
        NOT (at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')) AS period,
        if(period, '', toString(multiIf(
          {split:String} = 'site', site,
          {split:String} = 'source', source,
          {split:String} = 'direction', direction,
          {split:String} = 'documentType', document_type,
          {split:String} = 'province', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), ''),
          {split:String} = 'zone', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), ''),
          ''
        ))) AS g,
        uniqCombinedMergeState(14)(travellers) AS state
      FROM
      (
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
      GROUP BY time, period, g
    )
    GROUP BY period, g
  )
)
GROUP BY time, period, rank, label
HAVING value > 0
ORDER BY period, rank, time
