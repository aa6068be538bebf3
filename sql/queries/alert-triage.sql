-- Where some alerts stand.
SELECT
  a.alert_id AS alert_id,
  if(t.state = '', 'new', t.state) AS triage_state, t.assignee AS assignee, t.disposition AS disposition,
  t.disposed_reason AS disposed_reason, t.disposed_by AS disposed_by,
  toFloat64(t.seen_ms) AS seen_at_ms, toFloat64(t.assigned_ms) AS assigned_at_ms, toFloat64(t.disposed_ms) AS disposed_at_ms,
  toFloat64(t.comments) AS comment_count, toFloat64(t.last_seq) AS triage_position,
  toFloat64(greatest(k.until_ms, p.until_ms)) AS snoozed_until_ms
FROM (SELECT alert_id, rule, keyspace, key, site FROM alerts FINAL WHERE alert_id IN {ids:Array(String)}) AS a
LEFT JOIN (SELECT * FROM alert_triage WHERE alert_id IN {ids:Array(String)}) AS t ON t.alert_id = a.alert_id
LEFT JOIN
(
  SELECT rule, keyspace, key, toInt64(max(toUnixTimestamp64Milli(expires_at))) AS until_ms
  FROM snoozes WHERE revoked_ms = 0 AND key != '' GROUP BY rule, keyspace, key
) AS k ON k.rule = a.rule AND k.keyspace = a.keyspace AND k.key = a.key
LEFT JOIN
(
  SELECT rule, site, toInt64(max(toUnixTimestamp64Milli(expires_at))) AS until_ms
  FROM snoozes WHERE revoked_ms = 0 AND site != '' GROUP BY rule, site
) AS p ON p.rule = a.rule AND p.site = a.site
ORDER BY alert_id
