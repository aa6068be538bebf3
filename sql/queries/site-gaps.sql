-- Spans in which a site fell silent: longer than `least` and than twenty of its usual distances between two records, in a feed in which
-- it sent at least twenty in the span that is looked at. A silence that lasts at the end of the span counts.
SELECT feed, site, toFloat64(pair.1) AS from_ms, toFloat64(pair.2) AS to_ms, toFloat64(usual) AS usual_ms
FROM
(
  SELECT feed, site,
    arraySort(groupArray(at_ms)) AS ats,
    arrayPushBack(ats, {to:Int64}) AS ends,
    arrayReduce('median', arrayPopFront(arrayDifference(ats))) AS usual,
    arrayFilter(
      gap -> gap.2 - gap.1 > {least:Int64} AND gap.2 - gap.1 > 20 * usual,
      arrayZip(ats, arrayPopFront(ends))
    ) AS pairs
  FROM
  (
    SELECT 'crossings' AS feed, toString(site) AS site, toUnixTimestamp64Milli(at) AS at_ms FROM crossings
    WHERE site IN {sites:Array(String)}
      AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
    UNION ALL
    SELECT 'sightings' AS feed, toString(site) AS site, toUnixTimestamp64Milli(at) AS at_ms FROM sightings
    WHERE site IN {sites:Array(String)}
      AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
    UNION ALL
    SELECT 'registrations' AS feed, toString(site) AS site, toUnixTimestamp64Milli(at) AS at_ms FROM registrations
    WHERE site IN {sites:Array(String)}
      AND at >= fromUnixTimestamp64Milli({from:Int64}) AND at < fromUnixTimestamp64Milli({to:Int64})
  )
  GROUP BY feed, site
  HAVING count() >= 20
)
ARRAY JOIN pairs AS pair
ORDER BY from_ms, feed, site
LIMIT 500
