-- Series as it was known at an instant: of each record the newest version that had been logged by then, unless that took
-- it back. Reads the records themselves, so it is slower than the cube of what holds now.
SELECT
  time, toUInt8(period) AS period, toUInt32(rank) AS rank, if(rank < {top:UInt32}, g, '') AS label,
  toFloat64(sum(v)) AS value, toFloat64(sum(b)) AS base, toUInt32(max(all_labels)) AS labels
FROM
(
  SELECT
    g, period,
    least(row_number() OVER (PARTITION BY period ORDER BY total DESC, g) - 1, {top:UInt32}) AS rank, count() OVER (PARTITION BY period) AS all_labels,
    tupleElement(arrayJoin(points) AS point, 1) AS time, tupleElement(point, 2) AS v, tupleElement(point, 3) AS b
  FROM
  (
    SELECT period, g, sum(v) AS total, groupArray((time, v, b)) AS points
    FROM
    (
      SELECT
        toDateTime64(toDateTime(date_trunc({grain:String}, hour, {zone:String}), {zone:String}), 3, 'UTC') AS time,
        NOT (hour >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND hour < fromUnixTimestamp64Milli({to:Int64}, 'UTC')) AS period,
        if(period, '', toString(multiIf(
          {split:String} = 'feed', feed,
          {split:String} = 'site', site,
          {split:String} = 'source', source,
          {split:String} = 'direction', direction,
          {split:String} = 'documentType', document_type,
          {split:String} = 'vehicleClass', vehicle_class,
          {split:String} = 'province', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), ''),
          {split:String} = 'zone', transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), ''),
          ''
        ))) AS g,
        sum(multiIf({column:String} = 'refused', refused, {column:String} = 'late', late, count)) AS v,
        sum(count) AS b
      FROM
      (
        SELECT
          'crossings' AS feed, toStartOfHour(at) AS hour, site, source, direction AS direction, document_type AS document_type, '' AS vehicle_class,
          uniqExact(event_key) AS count, uniqExactIf(event_key, outcome = 'refused') AS refused, uniqExactIf(event_key, ingested_at > at + INTERVAL 1 HOUR) AS late
        FROM crossings
        WHERE has({feeds:Array(String)}, 'crossings') AND cancelled = 0
          AND ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
            OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
          AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64}
          AND (
            event_key NOT IN (SELECT event_key FROM crossings WHERE version >= 4294967296 AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64})
            OR (event_key, version) IN (SELECT event_key, max(version) FROM crossings WHERE version >= 4294967296 AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64} GROUP BY event_key)
          )
        GROUP BY hour, site, source, direction, document_type, vehicle_class
        UNION ALL
        SELECT
          'sightings' AS feed, toStartOfHour(at) AS hour, site, source, heading AS direction, '' AS document_type, vehicle_class AS vehicle_class,
          uniqExact(event_key) AS count, toUInt64(0) AS refused, uniqExactIf(event_key, ingested_at > at + INTERVAL 1 HOUR) AS late
        FROM sightings
        WHERE has({feeds:Array(String)}, 'sightings') AND cancelled = 0
          AND ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
            OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
          AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64}
          AND (
            event_key NOT IN (SELECT event_key FROM sightings WHERE version >= 4294967296 AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64})
            OR (event_key, version) IN (SELECT event_key, max(version) FROM sightings WHERE version >= 4294967296 AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64} GROUP BY event_key)
          )
        GROUP BY hour, site, source, direction, document_type, vehicle_class
        UNION ALL
        SELECT
          'registrations' AS feed, toStartOfHour(at) AS hour, site, source, '' AS direction, document_type AS document_type, '' AS vehicle_class,
          uniqExact(event_key) AS count, toUInt64(0) AS refused, uniqExactIf(event_key, ingested_at > at + INTERVAL 24 HOUR) AS late
        FROM registrations
        WHERE has({feeds:Array(String)}, 'registrations') AND cancelled = 0
          AND ((at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
            OR (at >= fromUnixTimestamp64Milli({compare_from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({compare_to:Int64}, 'UTC')))
          AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64}
          AND (
            event_key NOT IN (SELECT event_key FROM registrations WHERE version >= 4294967296 AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64})
            OR (event_key, version) IN (SELECT event_key, max(version) FROM registrations WHERE version >= 4294967296 AND toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64} GROUP BY event_key)
          )
        GROUP BY hour, site, source, direction, document_type, vehicle_class
      )
      WHERE 1
        AND has({sites:Array(String)}, site) -- if sites
        AND has({sources:Array(String)}, source) -- if sources
        AND has({directions:Array(String)}, direction) -- if directions
        AND has({document_types:Array(String)}, document_type) -- if document_types
        AND has({vehicle_classes:Array(String)}, vehicle_class) -- if vehicle_classes
        AND has({provinces:Array(String)}, transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(province)) FROM places FINAL), '')) -- if provinces
        AND has({zones:Array(String)}, transform(site, (SELECT groupArray(site) FROM places FINAL), (SELECT groupArray(toString(zone)) FROM places FINAL), '')) -- if zones
      GROUP BY time, period, g
      HAVING b > 0
    )
    GROUP BY period, g
  )
)
GROUP BY time, period, rank, label
ORDER BY period, rank, time
