-- Every version of one alert, first to last.
SELECT
  alert_id, revision, status, rule, rule_version, class, measure, severity, keyspace, key, site,
  toFloat64(toUnixTimestamp64Milli(start_at)) AS start_ms,
  toFloat64(toUnixTimestamp64Milli(end_at)) AS end_ms,
  toFloat64(toUnixTimestamp64Milli(raised_at)) AS raised_ms,
  toFloat64(toUnixTimestamp64Milli(revised_at)) AS revised_ms,
  sentence_en, sentence_th, evidence, toUInt32(length(events)) AS event_count, reason, toFloat64(log_seq) AS log_seq
FROM
(
  SELECT * FROM alert_revisions FINAL WHERE alert_id = {alert_id:String}
)
ORDER BY revision
