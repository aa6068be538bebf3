-- The records behind a mark of a chart, newest first, each with the message of the log that brought it. detail: outcome of a crossing,
-- confidence of a sighting, people of a registration.
SELECT
  feed, leftPad(lower(hex(event_key)), 16, '0') AS event_key_hex, event_id, source, site,
  toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, toFloat64(toUnixTimestamp64Milli(ingested_at)) AS ingested_ms,
  leftPad(lower(hex(batch)), 16, '0') AS batch_hex,
  toFloat64(found.log_seq) AS log_seq, toUInt32(bitShiftRight(version, 32)) AS event_revision,
  direction, document_type, vehicle_class, detail
FROM
(
  SELECT * FROM
  (
  SELECT
    'crossings' AS feed, event_key, event_id, source, site, at, ingested_at, batch, version, direction AS direction,
    document_type AS document_type, '' AS vehicle_class, outcome AS detail
  FROM crossings_current
  WHERE has({feeds:Array(String)}, 'crossings')
    AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND has({sites:Array(String)}, site) -- if sites
    AND site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)) -- if provinces
    AND site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)) -- if zones
    AND ({column:String} != 'refused' OR outcome = 'refused') AND ({column:String} != 'late' OR ingested_at > at + INTERVAL 1 HOUR)
  UNION ALL
  SELECT
    'sightings' AS feed, event_key, event_id, source, site, at, ingested_at, batch, version, heading AS direction,
    '' AS document_type, vehicle_class AS vehicle_class, toString(round(confidence, 2)) AS detail
  FROM sightings_current
  WHERE has({feeds:Array(String)}, 'sightings')
    AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND has({sites:Array(String)}, site) -- if sites
    AND site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)) -- if provinces
    AND site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)) -- if zones
    AND ({column:String} != 'refused' OR 0) AND ({column:String} != 'late' OR ingested_at > at + INTERVAL 1 HOUR)
  UNION ALL
  SELECT
    'registrations' AS feed, event_key, event_id, source, site, at, ingested_at, batch, version, '' AS direction,
    document_type AS document_type, '' AS vehicle_class, toString(party_size) AS detail
  FROM registrations_current
  WHERE has({feeds:Array(String)}, 'registrations')
    AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND has({sites:Array(String)}, site) -- if sites
    AND site IN (SELECT site FROM places FINAL WHERE has({provinces:Array(String)}, province)) -- if provinces
    AND site IN (SELECT site FROM places FINAL WHERE has({zones:Array(String)}, zone)) -- if zones
    AND ({column:String} != 'refused' OR 0) AND ({column:String} != 'late' OR ingested_at > at + INTERVAL 24 HOUR)
  )
  WHERE (empty({sources:Array(String)}) OR has({sources:Array(String)}, source))
    AND has({directions:Array(String)}, direction) -- if directions
    AND has({document_types:Array(String)}, document_type) -- if document_types
    AND has({vehicle_classes:Array(String)}, vehicle_class) -- if vehicle_classes
  ORDER BY at DESC, event_key
  LIMIT {limit:UInt32}
) AS records
LEFT ANY JOIN (SELECT batch, max(log_seq) AS log_seq FROM batches GROUP BY batch) AS found ON found.batch = records.batch
ORDER BY at_ms DESC, event_key_hex
