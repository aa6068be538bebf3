-- Open alerts by site or premises, and how many of them are of one rule.
SELECT site, toFloat64(count()) AS count, toFloat64(countIf(rule = {rule:String})) AS of_rule
FROM
(
  SELECT site, status, rule FROM alerts FINAL
)
WHERE status = 'open'
GROUP BY site
ORDER BY site
