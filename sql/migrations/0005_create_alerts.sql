-- Alerts as the processors committed them. alert_revisions keeps every version; alerts the newest of each, filled by the same
-- insert. commit_seq is the position in the ALERTS stream log_id: from its greatest value in both the archive goes on after
-- a restart. That is exact because an insert into a table without partitions is there in full or not at all.
CREATE TABLE IF NOT EXISTS alert_revisions
(
    alert_id String,
    revision UInt32,
    status LowCardinality(String),
    rule LowCardinality(String),
    rule_version LowCardinality(String),
    class LowCardinality(String),
    measure UInt8,
    severity LowCardinality(String),
    keyspace LowCardinality(String),
    key String,
    site LowCardinality(String),
    start_at DateTime64(3, 'UTC'),
    end_at DateTime64(3, 'UTC'),
    raised_at DateTime64(3, 'UTC'),
    revised_at DateTime64(3, 'UTC'),
    sentence_en String,
    sentence_th String,
    evidence String,
    events Array(UInt64),
    reason LowCardinality(String),
    log_seq UInt64,
    slice LowCardinality(String),
    log_id UInt64,
    commit_seq UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (alert_id, revision)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS alerts
(
    alert_id String,
    revision UInt32,
    status LowCardinality(String),
    rule LowCardinality(String),
    rule_version LowCardinality(String),
    class LowCardinality(String),
    measure UInt8,
    severity LowCardinality(String),
    keyspace LowCardinality(String),
    key String,
    site LowCardinality(String),
    start_at DateTime64(3, 'UTC'),
    end_at DateTime64(3, 'UTC'),
    raised_at DateTime64(3, 'UTC'),
    revised_at DateTime64(3, 'UTC'),
    sentence_en String,
    sentence_th String,
    evidence String,
    events Array(UInt64),
    reason LowCardinality(String),
    log_seq UInt64,
    slice LowCardinality(String),
    log_id UInt64,
    commit_seq UInt64
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY alert_id
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS alert_revisions_to_alerts TO alerts AS
SELECT * FROM alert_revisions;
