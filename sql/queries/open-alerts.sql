-- Open alerts of each severity, whatever somebody did with them.
SELECT severity, toFloat64(count()) AS alerts
FROM alerts FINAL
WHERE status = 'open'
GROUP BY severity
