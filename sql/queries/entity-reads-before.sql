-- How many camera reads of a vehicle lie before `before`, which not everybody may see.
SELECT toFloat64(uniqExact(event_key)) AS count
FROM vehicle_reads
WHERE vehicle = reinterpretAsUInt64(reverse(unhex({key:String}))) AND at < fromUnixTimestamp64Milli({before:Int64}) AND cancelled = 0
