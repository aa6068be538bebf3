-- People present in one premises, at every change: see presence-peaks.sql for who is present.
WITH stays AS
(
  SELECT
    toUnixTimestamp64Milli(at) AS starts,
    if(isNull(check_out_at), starts + {assumed_ms:Int64}, toUnixTimestamp64Milli(assumeNotNull(check_out_at))) AS ends,
    toInt64(party_size) AS people
  FROM registrations_current
  WHERE site = {site:String}
)
SELECT toFloat64(t) AS at, toFloat64(sum(change) OVER (ORDER BY t)) AS present, toFloat64(arrivals) AS arrivals
FROM
(
  SELECT t, sum(change) AS change, sum(arrival) AS arrivals
  FROM
  (
    SELECT starts AS t, people AS change, 1 AS arrival FROM stays WHERE ends > starts
    UNION ALL
    SELECT ends AS t, -people AS change, 0 AS arrival FROM stays WHERE ends > starts
  )
  GROUP BY t
)
ORDER BY at
