-- People present in lodgings at the end of each bucket in which somebody came or went (it holds until the next row), split by one
-- dimension; columns as in explore-series, base as value. An hour of check-in counts, the hour of check-out does not.
SELECT
  time, toUInt8(period) AS period, toUInt32(rank) AS rank, if(rank < {top:UInt32}, g, '') AS label,
  toFloat64(sum(sum(change)) OVER (PARTITION BY period, rank ORDER BY time)) AS value, value AS base,
  toUInt32(max(all_labels)) AS labels
FROM
(
  SELECT
    g, period,
    least(row_number() OVER (PARTITION BY period ORDER BY total DESC, g) - 1, {top:UInt32}) AS rank, count() OVER (PARTITION BY period) AS all_labels,
    tupleElement(arrayJoin(points) AS point, 1) AS time, tupleElement(point, 2) AS change
  FROM
  (
    SELECT period, g, sum(abs(change)) AS total, groupArray((time, change)) AS points
    FROM
    (
      SELECT
        toDateTime64(toDateTime(date_trunc({grain:String}, tupleElement(step, 1), {zone:String}), {zone:String}), 3, 'UTC') AS time,
        period, g, sum(tupleElement(step, 2)) AS change
      FROM
      (
        SELECT
          toUInt8(0) AS period, toString(multiIf(
            {split:String} = 'site', site,
            {split:String} = 'source', source,
            {split:String} = 'documentType', document_type,
            {split:String} = 'province', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), ''),
            {split:String} = 'zone', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), ''),
            ''
          )) AS g,
          arrayJoin([
            (greatest(hour, toDateTime(fromUnixTimestamp64Milli({from:Int64}, 'UTC'), 'UTC')), toInt64(people)), (out_hour, -toInt64(people))
          ]) AS step
        FROM cube_hourly FINAL
        WHERE feed = 'registrations' AND out_hour > hour AND people > 0
          AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND out_hour > fromUnixTimestamp64Milli({from:Int64}, 'UTC')
          AND (empty({sites:Array(String)}) OR has({sites:Array(String)}, site))
          AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
          AND (empty({document_types:Array(String)}) OR has({document_types:Array(String)}, document_type))
          AND (empty({provinces:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)))
          AND (empty({zones:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)))
        UNION ALL
        SELECT
          toUInt8(1) AS period, '' AS g,
          arrayJoin([
            (greatest(hour, toDateTime(fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC'), 'UTC')), toInt64(people)),
            (out_hour, -toInt64(people))
          ]) AS step
        FROM cube_hourly FINAL
        WHERE feed = 'registrations' AND out_hour > hour AND people > 0
          AND hour < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')
          AND out_hour > fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC')
          AND (empty({sites:Array(String)}) OR has({sites:Array(String)}, site))
          AND (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
          AND (empty({document_types:Array(String)}) OR has({document_types:Array(String)}, document_type))
          AND (empty({provinces:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)))
          AND (empty({zones:Array(String)}) OR site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)))
      )
      WHERE tupleElement(step, 1) < if(period, fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC'), fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
      GROUP BY time, period, g
    )
    GROUP BY period, g
  )
)
GROUP BY time, period, rank, label
ORDER BY period, rank, time
