-- Vehicles that were read at one site and then at another within six hours, by the hour in which they arrived: the strongest pairs of
-- sites of a day. What holds now, without FINAL, whose reading of whole ranges costs more than telling a few duplicates apart. Reads that are not whole (a pseudonym of 0) move nowhere.
WITH moves AS
(
  SELECT from_site, site AS to_site, toStartOfHour(at) AS hour
  FROM
  (
    SELECT
      site, at,
      lagInFrame(toString(site)) OVER (PARTITION BY vehicle ORDER BY at, site ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS from_site,
      lagInFrame(at) OVER (PARTITION BY vehicle ORDER BY at, site ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS from_at
    FROM
    (
      SELECT DISTINCT vehicle, site, at, event_key FROM sightings
      WHERE at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND vehicle != 0
        AND cancelled = 0
        AND (
          event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'sightings')
          OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'sightings' GROUP BY event_key)
        )
      UNION ALL
      SELECT DISTINCT vehicle, site, at, event_key FROM crossings
      WHERE at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND vehicle != 0
        AND cancelled = 0
        AND (
          event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'crossings')
          OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'crossings' GROUP BY event_key)
        )
    )
  )
  WHERE from_site != '' AND from_site != site AND at < from_at + INTERVAL 6 HOUR
)
SELECT from_site, to_site, toFloat64(toUnixTimestamp(hour)) * 1000 AS hour_ms, toFloat64(count()) AS count
FROM moves
WHERE (from_site, to_site) IN (SELECT from_site, to_site FROM moves GROUP BY from_site, to_site ORDER BY count() DESC LIMIT {limit:UInt32})
GROUP BY from_site, to_site, hour_ms
ORDER BY from_site, to_site, hour_ms
