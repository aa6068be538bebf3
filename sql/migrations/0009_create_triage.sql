-- What analysts did with alerts. triage_actions is a journal of the TRIAGE stream and is only appended to; where an alert stands is
-- computed from it by the views, so that there is nothing beside it that could disagree. An undo names the action that it takes back.
-- triage_seq is the position in the stream log_id, from whose greatest value the archive goes on; unpartitioned as in 0005.
CREATE TABLE IF NOT EXISTS triage_actions
(
    action_id String,
    alert_id String,
    action LowCardinality(String),
    actor LowCardinality(String),
    role LowCardinality(String),
    at DateTime64(3, 'UTC'),
    value String,
    reason String,
    comment String,
    undo_of String,
    rule LowCardinality(String),
    keyspace LowCardinality(String),
    key String,
    site LowCardinality(String),
    expires_at DateTime64(3, 'UTC'),
    log_id UInt64,
    triage_seq UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (alert_id, action_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- One row for each alert that somebody acted on, actions that were undone left out. Whatever is done to an alert, it has been seen.
CREATE OR REPLACE VIEW alert_triage AS
SELECT
    alert_id,
    multiIf(disposition != '', 'disposed', assignee != '', 'assigned', seen_ms > 0, 'seen', 'new') AS state,
    argMaxIf(value, (log_id, triage_seq), action = 'assign') AS assignee,
    argMaxIf(value, (log_id, triage_seq), action = 'dispose') AS disposition,
    argMaxIf(reason, (log_id, triage_seq), action = 'dispose') AS disposed_reason,
    argMaxIf(actor, (log_id, triage_seq), action = 'dispose') AS disposed_by,
    toInt64(minIf(toUnixTimestamp64Milli(at), action != 'undo')) AS seen_ms,
    toInt64(minIf(toUnixTimestamp64Milli(at), action = 'assign')) AS assigned_ms,
    toInt64(argMaxIf(toUnixTimestamp64Milli(at), (log_id, triage_seq), action = 'dispose')) AS disposed_ms,
    countIf(comment != '') AS comments,
    max(triage_seq) AS last_seq
FROM
(
    SELECT *
    FROM triage_actions FINAL
    WHERE alert_id != ''
      AND (alert_id, action_id) NOT IN (SELECT alert_id, undo_of FROM triage_actions WHERE action = 'undo')
)
GROUP BY alert_id;

-- Snoozes, those that ended included. An alert is suppressed while a snooze of its rule and key, or of its rule and site, lasts.
CREATE OR REPLACE VIEW snoozes AS
SELECT
    s.action_id AS snooze_id, s.rule AS rule, s.keyspace AS keyspace, s.key AS key, s.site AS site, s.reason AS reason, s.actor AS actor,
    s.at AS at, s.expires_at AS expires_at, r.by_whom AS revoked_by, r.revoked_ms AS revoked_ms
FROM (SELECT * FROM triage_actions FINAL WHERE alert_id = '' AND action = 'snooze') AS s
LEFT JOIN
(
    SELECT undo_of, any(actor) AS by_whom, toInt64(min(toUnixTimestamp64Milli(at))) AS revoked_ms
    FROM triage_actions
    WHERE alert_id = '' AND action = 'unsnooze'
    GROUP BY undo_of
) AS r ON r.undo_of = s.action_id;

-- The newest version of each alert with where it stands. snoozed_ms: until when it is suppressed, 0 when no snooze meets it.
CREATE OR REPLACE VIEW alert_queue AS
SELECT
    a.alert_id AS alert_id, a.revision AS revision, a.status AS status, a.rule AS rule, a.rule_version AS rule_version,
    a.class AS class, a.measure AS measure, a.severity AS severity, a.keyspace AS keyspace, a.key AS key, a.site AS site,
    a.start_at AS start_at, a.end_at AS end_at, a.raised_at AS raised_at, a.revised_at AS revised_at,
    a.sentence_en AS sentence_en, a.sentence_th AS sentence_th, a.evidence AS evidence, a.events AS events,
    a.reason AS reason, a.log_seq AS log_seq,
    if(t.state = '', 'new', t.state) AS triage_state,
    t.assignee AS assignee, t.disposition AS disposition, t.disposed_reason AS disposed_reason, t.disposed_by AS disposed_by,
    t.seen_ms AS seen_ms, t.assigned_ms AS assigned_ms, t.disposed_ms AS disposed_ms, t.comments AS comments, t.last_seq AS triage_seq,
    greatest(k.until_ms, p.until_ms) AS snoozed_ms
FROM (SELECT * FROM alerts FINAL) AS a
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
) AS p ON p.rule = a.rule AND p.site = a.site;
