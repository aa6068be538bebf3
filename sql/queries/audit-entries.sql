-- The latest entries of the audit journal, newest first.
SELECT toFloat64(number) AS number, toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, actor, role, act, keyspace, key, alert_id, purpose,
  case_number, detail, previous, hash
FROM audit FINAL
WHERE {before:UInt64} = 0 OR audit.number < {before:UInt64}
ORDER BY audit.number DESC
LIMIT {limit:UInt32}
