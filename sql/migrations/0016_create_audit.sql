-- Every look at a person, and every package that left: a journal of the AUDIT stream, only appended to and never purged with the rows that it
-- tells of (5 years). Each entry's hash covers its content and the hash of the entry before, so that a row that was changed, left out or
-- slipped in breaks the chain from there on. `number` counts from 1 without gaps; audit_seq is the position in the stream log_id.
CREATE TABLE IF NOT EXISTS audit
(
    number UInt64,
    at DateTime64(3, 'UTC'),
    actor LowCardinality(String),
    role LowCardinality(String),
    act LowCardinality(String),
    keyspace LowCardinality(String),
    key String,
    alert_id String,
    purpose LowCardinality(String),
    case_number String,
    detail String,
    previous String,
    hash String,
    log_id UInt64,
    audit_seq UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY number
SETTINGS non_replicated_deduplication_window = 10000;
