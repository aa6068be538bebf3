-- The whole queue in order, one slim row an alert: what meets the filter of alerts.sql except that suppressed alerts come too, marked.
-- In the order of severity_weight times the severity plus time_weight times the raising, greatest first.
-- id: the alert's 16 digits as a number; severity 1 to 3; state 0 new, 1 seen, 2 assigned, 3 disposed; group: what `by` asks to group by.
SELECT
  id,
  severity_rank,
  toUInt8(indexOf(['seen', 'assigned', 'disposed'], triage_state)) AS state_rank,
  toUInt8(hidden) AS suppressed,
  toFloat64(raised) AS raised_ms,
  concat(''
    , multiIf({by:String} = 'site', toString(site), {by:String} = 'entity', concat(toString(keyspace), ':', key), '') -- if by
  ) AS group_key
FROM
(
  SELECT reinterpretAsUInt64(reverse(unhex(a.alert_id))) AS id, a.severity_rank AS severity_rank, a.raised AS raised, a.keyspace AS keyspace, a.key AS key, a.site AS site,
    if(t.state = '', 'new', t.state) AS triage_state, t.assignee AS assignee,
    ((a.rule, a.keyspace, a.key) IN (SELECT rule, keyspace, key FROM snoozes WHERE revoked_ms = 0 AND key != '' AND expires_at > fromUnixTimestamp64Milli({now:Int64}))
      OR (a.rule, a.site) IN (SELECT rule, site FROM snoozes WHERE revoked_ms = 0 AND site != '' AND expires_at > fromUnixTimestamp64Milli({now:Int64}))) AS hidden
  FROM
  (
    -- Reckoned before the join, which makes plain texts of the words.
    SELECT alert_id, toUInt8(indexOf(['low', 'medium', 'high'], severity)) AS severity_rank, toUnixTimestamp64Milli(raised_at) AS raised, rule, keyspace, key, site
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
ORDER BY severity_rank * {severity_weight:Int64} + raised * {time_weight:Int64} DESC, id DESC
LIMIT {limit:UInt32}
