-- Alerts as they stand, a page at a time: before_key and before_id are the last of the page before. An empty text filters nothing;
-- state 'active' is everything but disposed, snoozed 'only' and 'hide' go by now. The page is chosen from slim columns, then read in full.
SELECT
  alert_id, revision, status, rule, rule_version, class, measure, severity, keyspace, key, site,
  toFloat64(toUnixTimestamp64Milli(start_at)) AS start_ms,
  toFloat64(toUnixTimestamp64Milli(end_at)) AS end_ms,
  toFloat64(toUnixTimestamp64Milli(raised_at)) AS raised_ms,
  toFloat64(toUnixTimestamp64Milli(revised_at)) AS revised_ms,
  sentence_en, sentence_th, evidence, toUInt32(length(events)) AS event_count, reason, toFloat64(log_seq) AS log_seq,
  triage_state, assignee, disposition, disposed_reason, disposed_by,
  toFloat64(seen_ms) AS seen_at_ms, toFloat64(assigned_ms) AS assigned_at_ms, toFloat64(disposed_ms) AS disposed_at_ms,
  toFloat64(comments) AS comment_count, toFloat64(triage_seq) AS triage_position, toFloat64(snoozed_ms) AS snoozed_until_ms,
  toFloat64(rank_key) AS sort_key
FROM
(
  SELECT *,
    multiIf(
      {sort:String} = 'oldest', -toUnixTimestamp64Milli(raised_at),
      {sort:String} = 'severity',
        indexOf(['low', 'medium', 'high'], severity) * 10000000000000 + toUnixTimestamp64Milli(raised_at),
      toUnixTimestamp64Milli(raised_at)
    ) AS rank_key
  FROM alert_queue
  WHERE alert_id IN
  (
    SELECT alert_id
    FROM
    (
      SELECT alert_id,
        multiIf(
          {sort:String} = 'oldest', -toUnixTimestamp64Milli(raised_at),
          {sort:String} = 'severity',
            indexOf(['low', 'medium', 'high'], severity) * 10000000000000 + toUnixTimestamp64Milli(raised_at),
          toUnixTimestamp64Milli(raised_at)
        ) AS place
      FROM alert_queue
      WHERE ({rule:String} = '' OR rule = {rule:String})
        AND ({class:String} = '' OR class = {class:String})
        AND ({severity:String} = '' OR severity = {severity:String})
        AND ({status:String} = '' OR status = {status:String})
        AND ({site:String} = '' OR site = {site:String})
        AND ({key:String} = '' OR key = {key:String})
        AND ({queue:String} = '' OR (class = 'welfare') = ({queue:String} = 'welfare'))
        AND ({state:String} = '' OR triage_state = {state:String} OR ({state:String} = 'active' AND triage_state != 'disposed'))
        AND ({assignee:String} = '' OR assignee = {assignee:String})
        AND toUnixTimestamp64Milli(raised_at) >= {from:Int64} AND toUnixTimestamp64Milli(raised_at) < {to:Int64}
        AND ({snoozed:String} = '' OR (snoozed_ms > {now:Int64}) = ({snoozed:String} = 'only'))
    )
    WHERE {before_id:String} = '' OR (place, alert_id) < ({before_key:Int64}, {before_id:String})
    ORDER BY place DESC, alert_id DESC
    LIMIT {limit:UInt32}
  )
)
ORDER BY rank_key DESC, alert_id DESC
