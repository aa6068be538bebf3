-- Entries of the audit journal, newest first.
SELECT toFloat64(number) AS number, toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, actor, role, act, keyspace, key, alert_id, purpose,
  case_number, detail, previous, hash
FROM audit FINAL
WHERE ({before:UInt64} = 0 OR audit.number < {before:UInt64})
  AND startsWith(actor, {actor:String})
  AND ({act:String} = '' OR act = {act:String})
  AND ({key:String} = '' OR key = {key:String})
  AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
ORDER BY audit.number DESC
LIMIT {limit:UInt32}
