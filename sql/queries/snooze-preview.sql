-- What a snooze would have hidden: alerts of a rule and a key, or a rule and a site, raised in a span, by severity and class.
SELECT severity, class, toFloat64(count()) AS count,
  toFloat64(countIf(status = 'open' AND triage_state != 'disposed')) AS open_count,
  toFloat64(countIf(disposition = 'confirmed')) AS confirmed
FROM alert_queue
WHERE rule = {rule:String}
  AND if({key:String} != '', keyspace = {keyspace:String} AND key = {key:String}, site = {site:String})
  AND toUnixTimestamp64Milli(raised_at) >= {from:Int64} AND toUnixTimestamp64Milli(raised_at) < {to:Int64}
GROUP BY severity, class
ORDER BY severity, class
