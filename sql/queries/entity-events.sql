-- Everything that is held of one traveller, vehicle or premises in a span, latest first: what holds now, without FINAL, whose reading of whole
-- ranges would defeat the index on the key (0017; reads of cameras lie by vehicle, 0019). Of premises no pseudonym is told. until_ms 0: not said; with_hex: the vehicle of a
-- traveller's crossing or the traveller of a vehicle's; reads of cameras only from reads_from.
SELECT *
FROM
(
  SELECT 'crossings' AS feed, toString(site) AS site,
    toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, toFloat64(toUnixTimestamp64Milli(ingested_at)) AS ingested_ms,
    lower(leftPad(hex(event_key), 16, '0')) AS event_key_hex, event_id, toString(source) AS source,
    toFloat64(0) AS until_ms, toString(direction) AS kind, toString(document_type) AS detail, toString(outcome) AS outcome,
    toFloat64(1) AS people, toFloat64(1) AS confidence_value,
    if({keyspace:String} = 'traveller', lower(leftPad(hex(vehicle), 16, '0')), lower(leftPad(hex(traveller), 16, '0'))) AS with_hex
  FROM crossings
  WHERE {keyspace:String} IN ('traveller', 'vehicle') AND if({keyspace:String} = 'traveller', traveller, vehicle) = reinterpretAsUInt64(reverse(unhex({key:String})))
    AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
    AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'crossings')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'crossings' GROUP BY event_key)
    )
  LIMIT 1 BY event_key
  UNION ALL
  SELECT 'sightings' AS feed, toString(site) AS site,
    toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, toFloat64(toUnixTimestamp64Milli(ingested_at)) AS ingested_ms,
    lower(leftPad(hex(event_key), 16, '0')) AS event_key_hex, event_id, toString(source) AS source,
    toFloat64(0) AS until_ms, toString(heading) AS kind, toString(vehicle_class) AS detail, '' AS outcome,
    toFloat64(1) AS people, toFloat64(confidence) AS confidence_value, '0000000000000000' AS with_hex
  FROM vehicle_reads
  WHERE {keyspace:String} = 'vehicle' AND vehicle = reinterpretAsUInt64(reverse(unhex({key:String})))
    AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64}) AND at >= fromUnixTimestamp64Milli({reads_from:Int64})
    AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'sightings')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'sightings' GROUP BY event_key)
    )
  LIMIT 1 BY event_key
  UNION ALL
  SELECT 'registrations' AS feed, toString(site) AS site,
    toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, toFloat64(toUnixTimestamp64Milli(ingested_at)) AS ingested_ms,
    lower(leftPad(hex(event_key), 16, '0')) AS event_key_hex, event_id, toString(source) AS source,
    toFloat64(coalesce(toUnixTimestamp64Milli(check_out_at), 0)) AS until_ms, '' AS kind,
    if({keyspace:String} = 'traveller', toString(document_type), '') AS detail, '' AS outcome,
    toFloat64(party_size) AS people, toFloat64(1) AS confidence_value, '0000000000000000' AS with_hex
  FROM registrations
  WHERE (({keyspace:String} = 'traveller' AND traveller = reinterpretAsUInt64(reverse(unhex({key:String})))) OR ({keyspace:String} = 'premises' AND site = {key:String}))
    AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
    AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'registrations')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'registrations' GROUP BY event_key)
    )
  LIMIT 1 BY event_key
)
ORDER BY at_ms DESC, event_key_hex
LIMIT {limit:UInt32}
