-- How many alerts meet the filter of alerts.sql, and how many meet all of it but `snoozed` and are suppressed now.
SELECT
  toFloat64(countIf(({snoozed:String} = '' OR hidden = ({snoozed:String} = 'only')))) AS total,
  toFloat64(countIf(hidden)) AS suppressed
FROM
(
  SELECT a.alert_id AS alert_id,
    if(t.state = '', 'new', t.state) AS triage_state, t.assignee AS assignee,
    ((a.rule, a.keyspace, a.key) IN (SELECT rule, keyspace, key FROM snoozes WHERE revoked_ms = 0 AND key != '' AND expires_at > fromUnixTimestamp64Milli({now:Int64}))
      OR (a.rule, a.site) IN (SELECT rule, site FROM snoozes WHERE revoked_ms = 0 AND site != '' AND expires_at > fromUnixTimestamp64Milli({now:Int64}))) AS hidden
  FROM
  (
    SELECT alert_id, severity, raised_at, rule, keyspace, key, site
    FROM alerts FINAL
    WHERE toUnixTimestamp64Milli(raised_at) >= {from:Int64} AND toUnixTimestamp64Milli(raised_at) < {to:Int64}
      AND ({rule:String} = '' OR rule = {rule:String}) -- if rule
      AND ({class:String} = '' OR class = {class:String}) -- if class
      AND ({severity:String} = '' OR severity = {severity:String}) -- if severity
      AND ({status:String} = '' OR status = {status:String}) -- if status
      AND ({site:String} = '' OR site = {site:String}) -- if site
      AND ({key:String} = '' OR key = {key:String}) -- if key
      AND ({queue:String} = '' OR (class = 'welfare') = ({queue:String} = 'welfare')) -- if queue
      AND ({text:String} = '' OR positionCaseInsensitiveUTF8(concat(sentence_en, ' ', sentence_th, ' ', key, ' ', alert_id), {text:String}) > 0) -- if text
  ) AS a
  LEFT JOIN alert_triage AS t ON t.alert_id = a.alert_id
)
WHERE true
  AND ({state:String} = '' OR triage_state = {state:String} OR ({state:String} = 'active' AND triage_state != 'disposed')) -- if state
  AND ({assignee:String} = '' OR assignee = if({assignee:String} = 'nobody', '', {assignee:String})) -- if assignee
