-- Open alerts by site or premises.
SELECT site, toFloat64(count()) AS count
FROM
(
  SELECT site, status FROM alerts FINAL
)
WHERE status = 'open'
GROUP BY site
ORDER BY site
