-- How many alerts meet the filter of alerts.sql, and how many meet all of it but `snoozed` and are suppressed now.
SELECT
  toFloat64(countIf(({snoozed:String} = '' OR (snoozed_ms > {now:Int64}) = ({snoozed:String} = 'only')))) AS total,
  toFloat64(countIf(snoozed_ms > {now:Int64})) AS suppressed
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
