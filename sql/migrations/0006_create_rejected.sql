-- Records that ingest turned away, with the reason and the original under seal. reject_seq is the position in the REJECTED
-- stream and, with item for a message of several records, the row's identity; unpartitioned for the reason given in 0005.
CREATE TABLE IF NOT EXISTS rejected
(
    id String,
    source LowCardinality(String),
    feed LowCardinality(String),
    at DateTime64(3, 'UTC'),
    reason LowCardinality(String),
    field LowCardinality(String),
    fix String,
    sealed String,
    log_id UInt64,
    reject_seq UInt64,
    item UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (at, log_id, reject_seq, item)
SETTINGS non_replicated_deduplication_window = 10000;
