-- Other alerts of the same key, newest first, with where they stand.
SELECT
  alert_id, revision, status, rule, rule_version, class, measure, severity, keyspace, key, site,
  toFloat64(toUnixTimestamp64Milli(start_at)) AS start_ms,
  toFloat64(toUnixTimestamp64Milli(end_at)) AS end_ms,
  toFloat64(toUnixTimestamp64Milli(raised_at)) AS raised_ms,
  toFloat64(toUnixTimestamp64Milli(revised_at)) AS revised_ms,
  sentence_en, sentence_th, evidence, toUInt32(length(events)) AS event_count, reason, toFloat64(log_seq) AS log_seq,
  triage_state, assignee, disposition, disposed_reason, disposed_by,
  toFloat64(seen_ms) AS seen_at_ms, toFloat64(assigned_ms) AS assigned_at_ms, toFloat64(disposed_ms) AS disposed_at_ms,
  toFloat64(comments) AS comment_count, toFloat64(triage_seq) AS triage_position, toFloat64(snoozed_ms) AS snoozed_until_ms,
  toFloat64(toUnixTimestamp64Milli(raised_at)) AS sort_key
FROM
(
  SELECT * FROM alert_queue
  WHERE keyspace = {keyspace:String} AND key = {key:String} AND alert_id != {alert_id:String}
)
ORDER BY raised_at DESC, alert_id DESC
LIMIT {limit:UInt32}
