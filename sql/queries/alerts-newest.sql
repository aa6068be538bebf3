-- The open alerts raised last, newest first, whatever somebody did with them. naming: only those about others whose evidence names this traveller or
-- vehicle (16 digits), since the other vehicle of a convoy has none of its own.
SELECT
  alert_id, revision, status, rule, rule_version, class, measure, severity, keyspace, key, site,
  toFloat64(toUnixTimestamp64Milli(start_at)) AS start_ms,
  toFloat64(toUnixTimestamp64Milli(end_at)) AS end_ms,
  toFloat64(toUnixTimestamp64Milli(raised_at)) AS raised_ms,
  toFloat64(toUnixTimestamp64Milli(revised_at)) AS revised_ms,
  sentence_en, sentence_th, evidence, toUInt32(length(events)) AS event_count, reason, toFloat64(log_seq) AS log_seq
FROM alerts FINAL
-- Chosen by slim columns, then read whole.
WHERE alert_id IN
(
  SELECT alert_id FROM alerts FINAL
  WHERE status = 'open'
    AND ({naming:String} = '' OR (key != {naming:String} AND position(evidence, concat('"', {naming:String}, '"')) > 0)) -- if naming
  ORDER BY raised_at DESC, alert_id DESC
  LIMIT {limit:UInt32}
)
ORDER BY raised_ms DESC, alert_id DESC
