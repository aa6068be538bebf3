-- The three feeds, columns as ingest/feeds/layout.ts has them, so that a batch of the log goes in as it is.
-- Replacing by version: a record that comes again replaces itself. Partitioned by the month of logging, not of the event,
-- so that one insert meets one partition. A correction that moves a record to another site or time is another row here:
-- `corrections` (0002) says which rows it supersedes. The index finds the evidence of an alert by key.
CREATE TABLE IF NOT EXISTS crossings
(
    event_key UInt64,
    version UInt64,
    event_id String,
    source LowCardinality(String),
    site LowCardinality(String),
    at DateTime64(3, 'UTC'),
    ingested_at DateTime64(3, 'UTC'),
    batch UInt64,
    cancelled UInt8,
    direction LowCardinality(String),
    mode LowCardinality(String),
    document_type LowCardinality(String),
    traveller UInt64,
    nationality LowCardinality(String),
    birth_year UInt16,
    sex LowCardinality(String),
    vehicle UInt64,
    plate_sealed String,
    declared_province LowCardinality(String),
    outcome LowCardinality(String),
    INDEX by_event_key event_key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (site, at, event_key)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS sightings
(
    event_key UInt64,
    version UInt64,
    event_id String,
    source LowCardinality(String),
    site LowCardinality(String),
    at DateTime64(3, 'UTC'),
    ingested_at DateTime64(3, 'UTC'),
    batch UInt64,
    cancelled UInt8,
    vehicle UInt64,
    plate_sealed String,
    plate_province LowCardinality(String),
    plate_country LowCardinality(String),
    vehicle_class LowCardinality(String),
    confidence Float32,
    heading LowCardinality(String),
    make LowCardinality(String),
    colour LowCardinality(String),
    INDEX by_event_key event_key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (site, at, event_key)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS registrations
(
    event_key UInt64,
    version UInt64,
    event_id String,
    source LowCardinality(String),
    site LowCardinality(String),
    at DateTime64(3, 'UTC'),
    ingested_at DateTime64(3, 'UTC'),
    batch UInt64,
    cancelled UInt8,
    check_out_at Nullable(DateTime64(3, 'UTC')),
    room String,
    party_size UInt16,
    traveller UInt64,
    document_type LowCardinality(String),
    nationality LowCardinality(String),
    birth_year UInt16,
    sex LowCardinality(String),
    phone UInt64,
    coming_from LowCardinality(String),
    going_to LowCardinality(String),
    INDEX by_event_key event_key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (site, at, event_key)
SETTINGS non_replicated_deduplication_window = 10000;
