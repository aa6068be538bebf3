-- Vehicles that passed the same cameras as one vehicle within `within` ms, at least twice: how often (its passages that they shared), at how many
-- sites, on how many local days, and how often ahead of it. Joined by site and by spans of `within`, three a passage, then cut to the ms.
SELECT
  lower(leftPad(hex(o.vehicle), 16, '0')) AS vehicle_hex,
  toFloat64(uniqExact(mine.event_key)) AS shared,
  toFloat64(uniqExact(o.site)) AS sites,
  toFloat64(uniqExact(toDate(toTimeZone(o.at, {zone:String})))) AS days,
  toFloat64(uniqExactIf(mine.event_key, toUnixTimestamp64Milli(o.at) < mine.at_ms)) AS ahead,
  toFloat64(min(toUnixTimestamp64Milli(o.at))) AS first_ms,
  toFloat64(max(toUnixTimestamp64Milli(o.at))) AS last_ms
FROM
(
  SELECT vehicle, site, at, intDiv(toUnixTimestamp64Milli(at), {within:Int64}) AS slot
  FROM sightings
  WHERE site IN (SELECT site FROM vehicle_reads WHERE vehicle = reinterpretAsUInt64(reverse(unhex({key:String}))) AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64}))
    AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
    AND vehicle != reinterpretAsUInt64(reverse(unhex({key:String}))) AND vehicle != 0 AND cancelled = 0
) AS o
INNER JOIN
(
  SELECT event_key, site, at_ms, arrayJoin([-1, 0, 1]) + intDiv(at_ms, {within:Int64}) AS slot
  FROM
  (
    SELECT event_key, site, toUnixTimestamp64Milli(at) AS at_ms
    FROM vehicle_reads
    WHERE vehicle = reinterpretAsUInt64(reverse(unhex({key:String}))) AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64}) AND cancelled = 0
    LIMIT 1 BY event_key
  )
) AS mine ON mine.site = o.site AND mine.slot = o.slot
WHERE abs(toUnixTimestamp64Milli(o.at) - mine.at_ms) <= {within:Int64}
GROUP BY o.vehicle
HAVING shared >= 2
ORDER BY shared DESC, days DESC, vehicle_hex
LIMIT {limit:UInt32}
