-- Entries of the audit journal after a number, in their order, to hold each against the one before.
SELECT toFloat64(number) AS number, toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, actor, role, act, keyspace, key, alert_id, purpose,
  case_number, detail, previous, hash
FROM audit FINAL
WHERE audit.number > {after:UInt64}
ORDER BY audit.number
LIMIT {limit:UInt32}
