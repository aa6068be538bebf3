-- Open alerts of one rule, by site or premises.
SELECT site, toFloat64(count()) AS count
FROM
(
  SELECT site, status, rule FROM alerts FINAL
)
WHERE status = 'open' AND rule = {rule:String}
GROUP BY site
ORDER BY site
