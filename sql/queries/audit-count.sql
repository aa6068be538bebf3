-- How many entries of the audit journal a filter has.
SELECT toFloat64(count()) AS entries
FROM audit FINAL
WHERE startsWith(actor, {actor:String})
  AND ({act:String} = '' OR act = {act:String})
  AND ({key:String} = '' OR key = {key:String})
  AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
