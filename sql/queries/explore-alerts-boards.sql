-- The boards of the alerts that stand (standing) or stood at an instant (known), by when they were raised.
SELECT
  multiIf(
    grouping(site) = 0, 'site',
    grouping(rule) = 0, 'rule',
    grouping(measure_text) = 0, 'measure',
    grouping(severity) = 0, 'severity',
    grouping(class) = 0, 'class',
    grouping(site_province) = 0, 'province',
    grouping(site_zone) = 0, 'zone',
    ''
  ) AS dimension,
  multiIf(
    grouping(site) = 0, toString(site),
    grouping(rule) = 0, toString(rule),
    grouping(measure_text) = 0, toString(measure_text),
    grouping(severity) = 0, toString(severity),
    grouping(class) = 0, toString(class),
    grouping(site_province) = 0, toString(site_province),
    grouping(site_zone) = 0, toString(site_zone),
    ''
  ) AS value,
  toFloat64(countIf((raised >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND raised < fromUnixTimestamp64Milli({to:Int64}, 'UTC')))) AS now,
  now AS now_base,
  toFloat64(countIf((raised >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND raised < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))) AS before,
  before AS before_base
FROM
(
  SELECT
      *,
      transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), '') AS site_province,
      transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), '') AS site_zone,
      toString(measure) AS measure_text
  FROM (
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
)
GROUP BY GROUPING SETS ((site), (rule), (measure_text), (severity), (class), (site_province), (site_zone), ())
HAVING now_base > 0 OR before_base > 0
ORDER BY dimension, greatest(now, before) DESC, value
LIMIT {top:UInt32} BY dimension
