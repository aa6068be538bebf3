-- Records of each feed and site in a span of event time, as they were known at an instant: of each record the newest version that
-- had been logged by then, unless that took it back.
SELECT feed, site, toFloat64(count()) AS count, toFloat64(sum(persons)) AS people
FROM
(
  SELECT
    feed, event_key,
    argMax(site, version) AS site, argMax(ms, version) AS ms, argMax(cancelled, version) AS cancelled,
    argMax(persons, version) AS persons
  FROM
  (
    SELECT 'crossings' AS feed, event_key, version, site, toUnixTimestamp64Milli(at) AS ms, cancelled, toUInt16(1) AS persons
    FROM crossings WHERE toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64}
    UNION ALL
    SELECT 'sightings' AS feed, event_key, version, site, toUnixTimestamp64Milli(at) AS ms, cancelled, toUInt16(1) AS persons
    FROM sightings WHERE toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64}
    UNION ALL
    SELECT 'registrations' AS feed, event_key, version, site, toUnixTimestamp64Milli(at) AS ms, cancelled, party_size AS persons
    FROM registrations WHERE toUnixTimestamp64Milli(ingested_at) <= {known_at:Int64}
  )
  GROUP BY feed, event_key
)
WHERE cancelled = 0 AND ms >= {from:Int64} AND ms < {to:Int64}
GROUP BY feed, site
ORDER BY feed, site
