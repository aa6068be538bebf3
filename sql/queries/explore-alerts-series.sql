-- Alerts over time by when they were raised, of those that stand (standing) or stood at an instant (known), split by one dimension; columns
-- as in explore-series. base: as value.
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
        toDateTime64(toDateTime(date_trunc({grain:String}, raised, {zone:String}), {zone:String}), 3, 'UTC') AS time,
        NOT (raised >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND raised < fromUnixTimestamp64Milli({to:Int64}, 'UTC')) AS period,
        if(period, '', toString(multiIf(
          {split:String} = 'site', site,
          {split:String} = 'rule', rule,
          {split:String} = 'measure', toString(measure),
          {split:String} = 'severity', severity,
          {split:String} = 'class', class,
          {split:String} = 'province', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), ''),
          {split:String} = 'zone', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), ''),
          ''
        ))) AS g,
        count() AS v, count() AS b
      FROM
      (
-- if known
        SELECT
          alert_id, argMax(status, revision) AS status, any(raised_at) AS raised, any(rule) AS rule, any(measure) AS measure,
          argMax(severity, revision) AS severity, any(class) AS class, argMax(site, revision) AS site
        FROM alert_revisions
        WHERE toUnixTimestamp64Milli(revised_at) <= {known_at:Int64} AND {known:String} != ''
          AND ((raised_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND raised_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
            OR (raised_at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND raised_at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
        GROUP BY alert_id
-- end
        UNION ALL
-- if standing
        SELECT alert_id, status, raised_at AS raised, rule, measure, severity, class, site
        FROM alerts FINAL
        WHERE {standing:String} != ''
          AND ((raised_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND raised_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
            OR (raised_at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND raised_at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
-- end
      )
      WHERE status = 'open'
        AND has({sites:Array(String)}, site) -- if sites
        AND has({rules:Array(String)}, rule) -- if rules
        AND has({measures:Array(String)}, toString(measure)) -- if measures
        AND has({severities:Array(String)}, severity) -- if severities
        AND has({classes:Array(String)}, class) -- if classes
        AND site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)) -- if provinces
        AND site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)) -- if zones
      GROUP BY time, period, g
    )
    GROUP BY period, g
  )
)
GROUP BY time, period, rank, label
ORDER BY period, rank, time
