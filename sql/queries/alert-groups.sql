-- The alerts that meet the filter of alerts.sql, by entity or by site, most first; oldest_ms: when the oldest was raised.
SELECT
  if({by:String} = 'site', '', toString(keyspace)) AS group_keyspace,
  if({by:String} = 'site', toString(site), key) AS group_key,
  toFloat64(count()) AS count,
  toFloat64(countIf(severity = 'high')) AS high,
  toFloat64(countIf(triage_state = 'new')) AS unseen,
  toFloat64(min(toUnixTimestamp64Milli(raised_at))) AS oldest_ms
FROM alert_queue
WHERE ({rule:String} = '' OR rule = {rule:String})
  AND ({class:String} = '' OR class = {class:String})
  AND ({severity:String} = '' OR severity = {severity:String})
  AND ({status:String} = '' OR status = {status:String})
  AND ({site:String} = '' OR site = {site:String})
  AND ({key:String} = '' OR key = {key:String})
  AND ({queue:String} = '' OR (class = 'welfare') = ({queue:String} = 'welfare'))
  AND ({state:String} = '' OR triage_state = {state:String} OR ({state:String} = 'active' AND triage_state != 'disposed'))
  AND ({assignee:String} = '' OR assignee = {assignee:String})
  AND toUnixTimestamp64Milli(raised_at) >= {from:Int64} AND toUnixTimestamp64Milli(raised_at) < {to:Int64}
  AND ({snoozed:String} = '' OR (snoozed_ms > {now:Int64}) = ({snoozed:String} = 'only'))
GROUP BY group_keyspace, group_key
ORDER BY count DESC, group_key
LIMIT 200
