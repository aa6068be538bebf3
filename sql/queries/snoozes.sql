-- Snoozes that last, and those that ended after `from`, latest first; suppressed: open alerts that each hides or would hide.
SELECT
  snooze_id, s.rule AS rule, s.keyspace AS keyspace, s.key AS key, s.site AS site, s.reason AS reason, s.actor AS actor,
  toFloat64(toUnixTimestamp64Milli(s.at)) AS at_ms, toFloat64(toUnixTimestamp64Milli(s.expires_at)) AS expires_ms,
  toFloat64(s.revoked_ms) AS revoked_at_ms, s.revoked_by AS revoked_by, toFloat64(countIf(a.alert_id != '')) AS suppressed
FROM snoozes AS s
LEFT JOIN
(
  SELECT alert_id, rule, arrayJoin([concat('k', toString(keyspace), ':', key), concat('s', toString(site))]) AS place
  FROM alert_queue WHERE status = 'open' AND triage_state != 'disposed'
) AS a ON a.rule = s.rule AND a.place = if(s.key != '', concat('k', toString(s.keyspace), ':', s.key), concat('s', toString(s.site)))
WHERE (s.expires_at >= fromUnixTimestamp64Milli({from:Int64}))
GROUP BY snooze_id, rule, keyspace, key, site, reason, actor, at_ms, expires_ms, revoked_at_ms, revoked_by
ORDER BY at_ms DESC
LIMIT 200
