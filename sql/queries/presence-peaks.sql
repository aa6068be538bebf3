-- Most people present at one time, by premises, and when that began: present while check-in <= t < check-out, and a stay
-- without check-out lasts assumed_ms. Whoever leaves at an instant is gone before whoever comes at it.
WITH
  stays AS
  (
    SELECT
      site,
      toUnixTimestamp64Milli(at) AS starts,
      if(isNull(check_out_at), starts + {assumed_ms:Int64}, toUnixTimestamp64Milli(assumeNotNull(check_out_at))) AS ends,
      toInt64(party_size) AS people
    FROM registrations_current
    WHERE site != ''
  ),
  steps AS
  (
    SELECT site, t, sum(change) AS change, sum(arrival) AS arrivals
    FROM
    (
      SELECT site, starts AS t, people AS change, 1 AS arrival FROM stays WHERE ends > starts
      UNION ALL
      SELECT site, ends AS t, -people AS change, 0 AS arrival FROM stays WHERE ends > starts
    )
    GROUP BY site, t
  ),
  course AS
  (
    SELECT site, t, arrivals, sum(change) OVER (PARTITION BY site ORDER BY t) AS present FROM steps
  )
SELECT
  site,
  toFloat64(max(present)) AS peak,
  toFloat64(argMax(t, (present, -t))) AS peak_at,
  toFloat64(sum(arrivals)) AS registrations
FROM course
GROUP BY site
ORDER BY peak DESC, site
LIMIT 5000
