-- The archive's journal: a row for each message of the log other than ticks, written before the rows it announces.
-- insert_from and insert_to are the log positions of the insert that took the message: after a crash the last one is done
-- again in exactly that cut, so that its tokens meet what is already there. It is also the way back from a row to its
-- source message: row -> batch -> log_seq. batch is 0 for reference data and counted volumes. log_id tells one log from
-- another (when its stream was made, ms): a log that starts afresh counts its positions afresh.
CREATE TABLE IF NOT EXISTS batches
(
    log_id UInt64,
    log_seq UInt64,
    batch UInt64,
    feed LowCardinality(String),
    rows UInt32,
    logged_at DateTime64(3, 'UTC'),
    insert_from UInt64,
    insert_to UInt64,
    INDEX by_batch batch TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (log_id, log_seq)
SETTINGS non_replicated_deduplication_window = 10000;

-- Messages that the archive could not take, so that nothing is dropped in silence.
CREATE TABLE IF NOT EXISTS skipped
(
    stream LowCardinality(String),
    seq UInt64,
    subject LowCardinality(String),
    reason LowCardinality(String),
    skipped_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (stream, seq)
SETTINGS non_replicated_deduplication_window = 10000;
