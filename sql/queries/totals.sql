-- Records of each feed in some spans of whole hours, froms and tos, ms UTC. span: its place in them, from 1.
WITH {froms:Array(Int64)} AS f, {tos:Array(Int64)} AS t
SELECT
  feed,
  toUInt32(arrayJoin(arrayFilter(i -> ms >= f[i] AND ms < t[i], arrayEnumerate(f)))) AS span,
  toFloat64(sum(c)) AS count,
  toFloat64(sum(p)) AS people
FROM
(
  SELECT feed, toUnixTimestamp64Milli(toDateTime64(hour, 3, 'UTC')) AS ms, sum(volumes.count) AS c, sum(volumes.people) AS p
  FROM volumes_hourly AS volumes FINAL
  WHERE origin = 'recomputed' AND hour >= fromUnixTimestamp64Milli(arrayMin({froms:Array(Int64)}), 'UTC')
  GROUP BY feed, hour
)
GROUP BY feed, span
ORDER BY feed, span
