-- Other alerts of the same key, newest first, with where they stand.
SELECT
  a.alert_id AS alert_id, a.revision AS revision, a.status AS status, a.rule AS rule, a.rule_version AS rule_version,
  a.class AS class, a.measure AS measure, a.severity AS severity, a.keyspace AS keyspace, a.key AS key, a.site AS site,
  toFloat64(toUnixTimestamp64Milli(a.start_at)) AS start_ms, toFloat64(toUnixTimestamp64Milli(a.end_at)) AS end_ms,
  toFloat64(toUnixTimestamp64Milli(a.raised_at)) AS raised_ms, toFloat64(toUnixTimestamp64Milli(a.revised_at)) AS revised_ms,
  a.sentence_en AS sentence_en, a.sentence_th AS sentence_th, a.evidence AS evidence,
  toUInt32(length(a.events)) AS event_count, a.reason AS reason, toFloat64(a.log_seq) AS log_seq,
  if(t.state = '', 'new', t.state) AS triage_state, t.assignee AS assignee, t.disposition AS disposition,
  t.disposed_reason AS disposed_reason, t.disposed_by AS disposed_by,
  toFloat64(t.seen_ms) AS seen_at_ms, toFloat64(t.assigned_ms) AS assigned_at_ms, toFloat64(t.disposed_ms) AS disposed_at_ms,
  toFloat64(t.comments) AS comment_count, toFloat64(t.last_seq) AS triage_position,
  toFloat64(greatest(k.until_ms, p.until_ms)) AS snoozed_until_ms,
  toFloat64(toUnixTimestamp64Milli(a.raised_at)) AS sort_key
FROM
(
  SELECT * FROM alerts FINAL
  WHERE keyspace = {keyspace:String} AND key = {key:String} AND alert_id != {alert_id:String}
  ORDER BY raised_at DESC, alert_id DESC
  LIMIT {limit:UInt32}
) AS a
LEFT JOIN alert_triage AS t ON t.alert_id = a.alert_id
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
ORDER BY sort_key DESC, alert_id DESC
