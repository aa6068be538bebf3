-- Charts: how many a feed, site, hour and kind. Not added up but recomputed for the buckets that changed from the *_current
-- views, so that a duplicate or a correction never counts twice (origin 'recomputed'); totals that arrive counted stand
-- beside them (origin 'counted', span_hours: 24 for a count of a day, which lies in its first hour). kind is the direction of
-- crossings, else empty. people: party sizes of registrations, else the count. A bucket that emptied holds 0.
CREATE TABLE IF NOT EXISTS volumes_hourly
(
    feed LowCardinality(String),
    hour DateTime('UTC'),
    site LowCardinality(String),
    kind LowCardinality(String),
    origin LowCardinality(String),
    span_hours UInt16,
    count UInt64,
    people UInt64,
    computed_at DateTime64(3, 'UTC'),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (feed, hour, site, kind, origin, span_hours)
SETTINGS non_replicated_deduplication_window = 10000;

-- Buckets that a batch touched, and the keys that it corrected (their former buckets are touched too). The rollup takes
-- them by batch; after 60 days nobody asks any more.
CREATE TABLE IF NOT EXISTS touched
(
    batch UInt64,
    feed LowCardinality(String),
    site LowCardinality(String),
    hour DateTime('UTC'),
    corrected_key UInt64,
    touched_at DateTime('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (batch, feed, site, hour, corrected_key)
TTL touched_at + INTERVAL 60 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS crossings_to_touched TO touched AS
SELECT DISTINCT
    batch,
    'crossings' AS feed,
    site,
    toStartOfHour(at) AS hour,
    if(version >= 4294967296, event_key, 0) AS corrected_key,
    now() AS touched_at
FROM crossings;

CREATE MATERIALIZED VIEW IF NOT EXISTS sightings_to_touched TO touched AS
SELECT DISTINCT
    batch,
    'sightings' AS feed,
    site,
    toStartOfHour(at) AS hour,
    if(version >= 4294967296, event_key, 0) AS corrected_key,
    now() AS touched_at
FROM sightings;

CREATE MATERIALIZED VIEW IF NOT EXISTS registrations_to_touched TO touched AS
SELECT DISTINCT
    batch,
    'registrations' AS feed,
    site,
    toStartOfHour(at) AS hour,
    if(version >= 4294967296, event_key, 0) AS corrected_key,
    now() AS touched_at
FROM registrations;

-- How far a rollup is: everything of the log log_id up to log_seq is in it.
CREATE TABLE IF NOT EXISTS rollup_positions
(
    rollup LowCardinality(String),
    log_id UInt64,
    log_seq UInt64,
    computed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(computed_at)
ORDER BY (rollup, log_id)
SETTINGS non_replicated_deduplication_window = 10000;
