-- Alerts as they stand, a page at a time: before_key and before_id are the last of the page before. An empty text filters nothing;
-- state 'active' is everything but disposed, assignee 'nobody' nobody, snoozed 'only' and 'hide' go by now. The page is chosen from slim
-- columns, then read in full; the filters stand inside, where the engine reads no more columns than they need.
SELECT
  a.alert_id AS alert_id, a.revision AS revision, a.status AS status, a.rule AS rule, a.rule_version AS rule_version,
  a.class AS class, a.measure AS measure, a.severity AS severity, a.keyspace AS keyspace, a.key AS key, a.site AS site,
  toFloat64(toUnixTimestamp64Milli(a.start_at)) AS start_ms, toFloat64(toUnixTimestamp64Milli(a.end_at)) AS end_ms,
  toFloat64(toUnixTimestamp64Milli(a.raised_at)) AS raised_ms, toFloat64(toUnixTimestamp64Milli(a.revised_at)) AS revised_ms,
  a.sentence_en AS sentence_en, a.sentence_th AS sentence_th, a.evidence AS evidence,
  toUInt32(length(a.events)) AS event_count, a.reason AS reason, toFloat64(a.log_seq) AS log_seq,
  if(t.state = '', 'new', t.state) AS triage_state, t.assignee AS assignee, t.disposition AS disposition,
  t.disposed_reason AS disposed_reason, t.disposed_by AS disposed_by,
  toFloat64(t.seen_ms) AS seen_at_ms, toFloat64(t.assigned_ms) AS assigned_at_ms, toFloat64(t.disposed_ms) AS disposed_at_ms,
  toFloat64(t.comments) AS comment_count, toFloat64(t.last_seq) AS triage_position,
  toFloat64(greatest(k.until_ms, p.until_ms)) AS snoozed_until_ms,
  toFloat64(multiIf(
    {sort:String} = 'oldest', -toUnixTimestamp64Milli(a.raised_at),
    {sort:String} = 'severity',
      indexOf(['low', 'medium', 'high'], a.severity) * 10000000000000 + toUnixTimestamp64Milli(a.raised_at),
    {sort:String} = 'urgency',
      indexOf(['low', 'medium', 'high'], a.severity) * 10000000000000 - toUnixTimestamp64Milli(a.raised_at),
    toUnixTimestamp64Milli(a.raised_at)
  )) AS sort_key
FROM
(
  SELECT * FROM alerts FINAL
  WHERE alert_id IN
  (
    SELECT alert_id
    FROM
    (
      SELECT alert_id, multiIf(
          {sort:String} = 'oldest', -toUnixTimestamp64Milli(raised_at),
          {sort:String} = 'severity',
            indexOf(['low', 'medium', 'high'], severity) * 10000000000000 + toUnixTimestamp64Milli(raised_at),
          {sort:String} = 'urgency',
            indexOf(['low', 'medium', 'high'], severity) * 10000000000000 - toUnixTimestamp64Milli(raised_at),
          toUnixTimestamp64Milli(raised_at)
        ) AS place
      FROM
      (
        SELECT a.alert_id AS alert_id, a.severity AS severity, a.raised_at AS raised_at,
          if(t.state = '', 'new', t.state) AS triage_state, t.assignee AS assignee,
          ((a.rule, a.keyspace, a.key) IN (SELECT rule, keyspace, key FROM snoozes WHERE revoked_ms = 0 AND key != '' AND expires_at > fromUnixTimestamp64Milli({now:Int64}))
            OR (a.rule, a.site) IN (SELECT rule, site FROM snoozes WHERE revoked_ms = 0 AND site != '' AND expires_at > fromUnixTimestamp64Milli({now:Int64}))) AS hidden
        FROM
        (
          SELECT alert_id, severity, raised_at, rule, keyspace, key, site
          FROM alerts FINAL
          WHERE toUnixTimestamp64Milli(raised_at) >= {from:Int64} AND toUnixTimestamp64Milli(raised_at) < {to:Int64}
            AND ({rule:String} = '' OR rule = {rule:String}) -- if rule
            AND ({class:String} = '' OR class = {class:String}) -- if class
            AND ({severity:String} = '' OR severity = {severity:String}) -- if severity
            AND ({status:String} = '' OR status = {status:String}) -- if status
            AND ({site:String} = '' OR site = {site:String}) -- if site
            AND ({key:String} = '' OR key = {key:String}) -- if key
            AND ({queue:String} = '' OR (class = 'welfare') = ({queue:String} = 'welfare')) -- if queue
            AND ({text:String} = '' OR positionCaseInsensitiveUTF8(concat(sentence_en, ' ', sentence_th, ' ', key, ' ', alert_id), {text:String}) > 0) -- if text
        ) AS a
        LEFT JOIN alert_triage AS t ON t.alert_id = a.alert_id
      )
      WHERE true
        AND ({state:String} = '' OR triage_state = {state:String} OR ({state:String} = 'active' AND triage_state != 'disposed')) -- if state
        AND ({assignee:String} = '' OR assignee = if({assignee:String} = 'nobody', '', {assignee:String})) -- if assignee
        AND ({snoozed:String} = '' OR hidden = ({snoozed:String} = 'only')) -- if snoozed
    )
    WHERE true
      AND ({before_id:String} = '' OR (place, alert_id) < ({before_key:Int64}, {before_id:String})) -- if before_id
    ORDER BY place DESC, alert_id DESC
    LIMIT {limit:UInt32}
  )
) AS a
LEFT JOIN alert_triage AS t ON t.alert_id = a.alert_id
LEFT JOIN
(
  SELECT rule, keyspace, key, toInt64(max(toUnixTimestamp64Milli(expires_at))) AS until_ms
  FROM snoozes WHERE revoked_ms = 0 AND key != '' GROUP BY rule, keyspace, key
) AS k ON k.rule = a.rule AND k.keyspace = a.keyspace AND k.key = a.key
LEFT JOIN
(
  SELECT rule, site, toInt64(max(toUnixTimestamp64Milli(expires_at))) AS until_ms
  FROM snoozes WHERE revoked_ms = 0 AND site != '' GROUP BY rule, site
) AS p ON p.rule = a.rule AND p.site = a.site
ORDER BY sort_key DESC, alert_id DESC
