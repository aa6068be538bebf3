-- Vehicles that were read at one site and then at another within six hours, by the hour in which they arrived: the strongest pairs of
-- sites of a day. Reads that are not whole (a pseudonym of 0) move nowhere.
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
      SELECT vehicle, site, at FROM sightings_current
      WHERE at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND vehicle != 0
      UNION ALL
      SELECT vehicle, site, at FROM crossings_current
      WHERE at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC') AND vehicle != 0
    )
  )
  WHERE from_site != '' AND from_site != site AND at < from_at + INTERVAL 6 HOUR
)
SELECT from_site, to_site, toFloat64(toUnixTimestamp(hour)) * 1000 AS hour_ms, toFloat64(count()) AS count
FROM moves
WHERE (from_site, to_site) IN (SELECT from_site, to_site FROM moves GROUP BY from_site, to_site ORDER BY count() DESC LIMIT {limit:UInt32})
GROUP BY from_site, to_site, hour_ms
ORDER BY from_site, to_site, hour_ms
