-- Alerts as they were known at an instant of the log: the newest revision made by then, of those that stood. Newest first.
SELECT
  alert_id, revision, status, rule, rule_version, class, measure, severity, keyspace, key, site,
  toFloat64(toUnixTimestamp64Milli(start_at)) AS start_ms,
  toFloat64(toUnixTimestamp64Milli(end_at)) AS end_ms,
  toFloat64(toUnixTimestamp64Milli(raised_at)) AS raised_ms,
  toFloat64(toUnixTimestamp64Milli(revised_at)) AS revised_ms,
  sentence_en, sentence_th, evidence, toUInt32(length(events)) AS event_count, reason, toFloat64(log_seq) AS log_seq
FROM
(
  SELECT * FROM alert_revisions FINAL
  WHERE toUnixTimestamp64Milli(revised_at) <= {known_at:Int64}
  ORDER BY alert_id, revision DESC
  LIMIT 1 BY alert_id
)
WHERE status = 'open'
ORDER BY raised_ms DESC, alert_id
LIMIT {limit:UInt32}
