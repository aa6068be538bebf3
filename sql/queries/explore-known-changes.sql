-- What a series of records held otherwise at an instant than it does now, by bucket and value of the split: what was logged since is taken off, and
-- what corrections since then have superseded is put back. With the cube that makes the series as it was known; added and of are signed, at_ms is
-- the start of the bucket, period as in explore-series. Rows are found by when they were logged, which is by far the fewest.
SELECT
  toFloat64(toUnixTimestamp64Milli(toDateTime64(toDateTime(date_trunc({grain:String}, hour, {zone:String}), {zone:String}), 3, 'UTC'))) AS at_ms,
  toUInt8(NOT (hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))) AS period,
  if(period = 1, '', toString(multiIf(
    {split:String} = 'feed', feed,
    {split:String} = 'site', site,
    {split:String} = 'source', source,
    {split:String} = 'direction', direction,
    {split:String} = 'documentType', document_type,
    {split:String} = 'vehicleClass', vehicle_class,
    {split:String} = 'province', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), ''),
    {split:String} = 'zone', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), ''),
    ''
  ))) AS value,
  toFloat64(sum(sign * multiIf({column:String} = 'refused', refused, {column:String} = 'late', late, records))) AS added,
  toFloat64(sum(sign * records)) AS of
FROM
(
-- if feeds has crossings
  SELECT
    'crossings' AS feed, toStartOfHour(at) AS hour, site, source, direction AS direction, document_type AS document_type, '' AS vehicle_class,
    toInt64(-1) AS sign, toInt64(uniqExact(event_key)) AS records, toInt64(uniqExactIf(event_key, outcome = 'refused')) AS refused,
    toInt64(uniqExactIf(event_key, ingested_at > at + INTERVAL 1 HOUR)) AS late
  FROM crossings
  WHERE ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
        OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
    AND ingested_at > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'crossings')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'crossings' GROUP BY event_key)
    )
  GROUP BY hour, site, source, direction, document_type, vehicle_class
-- end
  UNION ALL
-- if feeds has crossings
  SELECT
    'crossings' AS feed, toStartOfHour(at) AS hour, site, source, direction AS direction, document_type AS document_type, '' AS vehicle_class,
    toInt64(1) AS sign, toInt64(uniqExact(event_key)) AS records, toInt64(uniqExactIf(event_key, outcome = 'refused')) AS refused,
    toInt64(uniqExactIf(event_key, ingested_at > at + INTERVAL 1 HOUR)) AS late
  FROM crossings
  WHERE ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
        OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
    AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') AND cancelled = 0
    AND event_key IN (SELECT event_key FROM crossings WHERE version >= 4294967296 AND ingested_at > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
    AND (
      event_key NOT IN (SELECT event_key FROM crossings WHERE version >= 4294967296 AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
      OR (event_key, version) IN (SELECT event_key, max(version) FROM crossings WHERE version >= 4294967296 AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') GROUP BY event_key)
    )
  GROUP BY hour, site, source, direction, document_type, vehicle_class
-- end
  UNION ALL
-- if feeds has sightings
  SELECT
    'sightings' AS feed, toStartOfHour(at) AS hour, site, source, heading AS direction, '' AS document_type, vehicle_class AS vehicle_class,
    toInt64(-1) AS sign, toInt64(uniqExact(event_key)) AS records, toInt64(uniqExactIf(event_key, 0)) AS refused,
    toInt64(uniqExactIf(event_key, ingested_at > at + INTERVAL 1 HOUR)) AS late
  FROM sightings
  WHERE ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
        OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
    AND ingested_at > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'sightings')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'sightings' GROUP BY event_key)
    )
  GROUP BY hour, site, source, direction, document_type, vehicle_class
-- end
  UNION ALL
-- if feeds has sightings
  SELECT
    'sightings' AS feed, toStartOfHour(at) AS hour, site, source, heading AS direction, '' AS document_type, vehicle_class AS vehicle_class,
    toInt64(1) AS sign, toInt64(uniqExact(event_key)) AS records, toInt64(uniqExactIf(event_key, 0)) AS refused,
    toInt64(uniqExactIf(event_key, ingested_at > at + INTERVAL 1 HOUR)) AS late
  FROM sightings
  WHERE ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
        OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
    AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') AND cancelled = 0
    AND event_key IN (SELECT event_key FROM sightings WHERE version >= 4294967296 AND ingested_at > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
    AND (
      event_key NOT IN (SELECT event_key FROM sightings WHERE version >= 4294967296 AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
      OR (event_key, version) IN (SELECT event_key, max(version) FROM sightings WHERE version >= 4294967296 AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') GROUP BY event_key)
    )
  GROUP BY hour, site, source, direction, document_type, vehicle_class
-- end
  UNION ALL
-- if feeds has registrations
  SELECT
    'registrations' AS feed, toStartOfHour(at) AS hour, site, source, '' AS direction, document_type AS document_type, '' AS vehicle_class,
    toInt64(-1) AS sign, toInt64(uniqExact(event_key)) AS records, toInt64(uniqExactIf(event_key, 0)) AS refused,
    toInt64(uniqExactIf(event_key, ingested_at > at + INTERVAL 24 HOUR)) AS late
  FROM registrations
  WHERE ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
        OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
    AND ingested_at > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'registrations')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'registrations' GROUP BY event_key)
    )
  GROUP BY hour, site, source, direction, document_type, vehicle_class
-- end
  UNION ALL
-- if feeds has registrations
  SELECT
    'registrations' AS feed, toStartOfHour(at) AS hour, site, source, '' AS direction, document_type AS document_type, '' AS vehicle_class,
    toInt64(1) AS sign, toInt64(uniqExact(event_key)) AS records, toInt64(uniqExactIf(event_key, 0)) AS refused,
    toInt64(uniqExactIf(event_key, ingested_at > at + INTERVAL 24 HOUR)) AS late
  FROM registrations
  WHERE ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
        OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
    AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') AND cancelled = 0
    AND event_key IN (SELECT event_key FROM registrations WHERE version >= 4294967296 AND ingested_at > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
    AND (
      event_key NOT IN (SELECT event_key FROM registrations WHERE version >= 4294967296 AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
      OR (event_key, version) IN (SELECT event_key, max(version) FROM registrations WHERE version >= 4294967296 AND ingested_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC') GROUP BY event_key)
    )
  GROUP BY hour, site, source, direction, document_type, vehicle_class
-- end
)
WHERE 1
  AND has({sites:Array(String)}, site) -- if sites
  AND has({sources:Array(String)}, source) -- if sources
  AND has({directions:Array(String)}, direction) -- if directions
  AND has({document_types:Array(String)}, document_type) -- if document_types
  AND has({vehicle_classes:Array(String)}, vehicle_class) -- if vehicle_classes
  AND has({provinces:Array(String)}, transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), '')) -- if provinces
  AND has({zones:Array(String)}, transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), '')) -- if zones
GROUP BY at_ms, period, value
