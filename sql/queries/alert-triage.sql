-- Where some alerts stand.
SELECT
  alert_id,
  triage_state, assignee, disposition, disposed_reason, disposed_by,
  toFloat64(seen_ms) AS seen_at_ms, toFloat64(assigned_ms) AS assigned_at_ms, toFloat64(disposed_ms) AS disposed_at_ms,
  toFloat64(comments) AS comment_count, toFloat64(triage_seq) AS triage_position, toFloat64(snoozed_ms) AS snoozed_until_ms
FROM alert_queue
WHERE alert_id IN {ids:Array(String)}
ORDER BY alert_id
