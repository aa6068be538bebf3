-- Passages of some vehicles at the sites of one of them, by site and hour of the local day: what chance is reckoned from.
SELECT lower(leftPad(hex(vehicle), 16, '0')) AS vehicle_hex, toString(site) AS site,
  toUInt8(toHour(toTimeZone(at, {zone:String}))) AS hour, toFloat64(uniqExact(event_key)) AS count
FROM vehicle_reads
WHERE site IN (SELECT site FROM vehicle_reads WHERE vehicle = reinterpretAsUInt64(reverse(unhex({key:String}))) AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64}))
  AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
  AND vehicle IN (SELECT reinterpretAsUInt64(reverse(unhex(arrayJoin({keys:Array(String)})))))
  AND cancelled = 0
GROUP BY vehicle, site, hour
ORDER BY vehicle_hex, site, hour
