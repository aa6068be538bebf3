-- Records of each feed in some spans of event time, exact to the millisecond: whole hours from the rollup, the hours that a span
-- cuts from the records. froms, tos: start and end of each span, ms UTC; span: its place in them, from 1. cut_1 to cut_6: the
-- hours that are cut, ms UTC, 0 for none; written out one by one, so that the index skips the rest. Of a record that came twice one row
-- counts: FINAL would merge the table to see that.
WITH
  {froms:Array(Int64)} AS f,
  {tos:Array(Int64)} AS t,
  edges AS
  (
    SELECT * FROM
    (
      SELECT 'crossings' AS feed, toUnixTimestamp64Milli(at) AS ms, 1 AS persons FROM crossings
      WHERE (
        at >= fromUnixTimestamp64Milli({cut_1:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_1:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_2:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_2:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_3:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_3:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_4:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_4:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_5:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_5:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_6:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_6:Int64} + 3600000, 'UTC')
      )
        AND cancelled = 0
        AND (
          event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'crossings')
          OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'crossings' GROUP BY event_key)
        )
      LIMIT 1 BY event_key
    )
    UNION ALL
    SELECT * FROM
    (
      SELECT 'sightings' AS feed, toUnixTimestamp64Milli(at) AS ms, 1 AS persons FROM sightings
      WHERE (
        at >= fromUnixTimestamp64Milli({cut_1:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_1:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_2:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_2:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_3:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_3:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_4:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_4:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_5:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_5:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_6:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_6:Int64} + 3600000, 'UTC')
      )
        AND cancelled = 0
        AND (
          event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'sightings')
          OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'sightings' GROUP BY event_key)
        )
      LIMIT 1 BY event_key
    )
    UNION ALL
    SELECT * FROM
    (
      SELECT 'registrations' AS feed, toUnixTimestamp64Milli(at) AS ms, party_size AS persons FROM registrations
      WHERE (
        at >= fromUnixTimestamp64Milli({cut_1:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_1:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_2:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_2:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_3:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_3:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_4:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_4:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_5:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_5:Int64} + 3600000, 'UTC')
        OR at >= fromUnixTimestamp64Milli({cut_6:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({cut_6:Int64} + 3600000, 'UTC')
      )
        AND cancelled = 0
        AND (
          event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'registrations')
          OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'registrations' GROUP BY event_key)
        )
      LIMIT 1 BY event_key
    )
  )
SELECT feed, toUInt32(span) AS span, toFloat64(sum(c)) AS count, toFloat64(sum(p)) AS people
FROM
(
  SELECT
    feed,
    arrayJoin(arrayFilter(
      i -> ms >= f[i] AND ms < t[i]
        AND (intDiv(ms, 3600000) * 3600000 < f[i] OR (intDiv(ms, 3600000) + 1) * 3600000 > t[i]),
      arrayEnumerate(f)
    )) AS span,
    1 AS c,
    persons AS p
  FROM edges
  UNION ALL
  SELECT
    feed,
    arrayJoin(arrayFilter(i -> ms >= f[i] AND ms + 3600000 <= t[i], arrayEnumerate(f))) AS span,
    count AS c,
    people AS p
  FROM
  (
    SELECT feed, toUnixTimestamp64Milli(toDateTime64(hour, 3, 'UTC')) AS ms, sum(volumes.count) AS count, sum(volumes.people) AS people
    FROM volumes_hourly AS volumes FINAL
    WHERE origin = 'recomputed' AND hour >= fromUnixTimestamp64Milli(arrayMin({froms:Array(Int64)}), 'UTC')
    GROUP BY feed, hour
  )
)
GROUP BY feed, span
ORDER BY feed, span
