-- Alerts of a span that still stand, as sentences and places: no key, no evidence. Most severe first. When an alert counts: see
-- alerts-of-days.sql.
SELECT alert_id, rule, class, severity, site, raised_ms, sentence_en, sentence_th
FROM
(
  SELECT
    *,
    toFloat64(toUnixTimestamp64Milli(raised_at)) AS raised_ms,
    toUnixTimestamp64Milli(least(end_at, raised_at)) AS counted_ms
  FROM alerts FINAL
)
WHERE status = 'open' AND counted_ms >= {from:Int64} AND counted_ms < {to:Int64}
ORDER BY indexOf(['high', 'medium', 'low'], severity), counted_ms DESC, alert_id
LIMIT {limit:UInt32}
