-- Records of each feed by the minute in some hours, for spans that cut them. hour_1 to hour_5: their starts, ms UTC, 0 for none;
-- written out one by one, so that the index skips the rest. Of a record that came twice one row counts: FINAL would merge the table to see that.
SELECT feed, toFloat64(intDiv(ms, 60000)) * 60000 AS at_ms, toFloat64(count()) AS count, toFloat64(sum(persons)) AS people
FROM
(
  SELECT 'crossings' AS feed, toUnixTimestamp64Milli(at) AS ms, 1 AS persons FROM crossings
  WHERE (
    at >= fromUnixTimestamp64Milli({hour_1:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_1:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_2:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_2:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_3:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_3:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_4:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_4:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_5:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_5:Int64} + 3600000, 'UTC')
  )
    AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'crossings')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'crossings' GROUP BY event_key)
    )
  LIMIT 1 BY event_key
  UNION ALL
  SELECT 'sightings' AS feed, toUnixTimestamp64Milli(at) AS ms, 1 AS persons FROM sightings
  WHERE (
    at >= fromUnixTimestamp64Milli({hour_1:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_1:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_2:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_2:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_3:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_3:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_4:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_4:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_5:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_5:Int64} + 3600000, 'UTC')
  )
    AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'sightings')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'sightings' GROUP BY event_key)
    )
  LIMIT 1 BY event_key
  UNION ALL
  SELECT 'registrations' AS feed, toUnixTimestamp64Milli(at) AS ms, party_size AS persons FROM registrations
  WHERE (
    at >= fromUnixTimestamp64Milli({hour_1:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_1:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_2:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_2:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_3:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_3:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_4:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_4:Int64} + 3600000, 'UTC')
    OR at >= fromUnixTimestamp64Milli({hour_5:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({hour_5:Int64} + 3600000, 'UTC')
  )
    AND cancelled = 0
    AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'registrations')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'registrations' GROUP BY event_key)
    )
  LIMIT 1 BY event_key
)
GROUP BY feed, at_ms
ORDER BY feed, at_ms
