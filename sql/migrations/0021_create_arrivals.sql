-- What arrived from whom: a row for each batch and source, which replaces itself when the batch comes again. Every page tells how the sources do, and
-- to count a week of records for that took 0.6 s of CPU with 50 million stored. held: records that were not cancelled, of which are the latest
-- time and the middle lag from the event to its logging. After two weeks nobody asks any more.
CREATE TABLE IF NOT EXISTS arrivals
(
    feed LowCardinality(String),
    source LowCardinality(String),
    arrived_at DateTime64(3, 'UTC'),
    batch UInt64,
    records UInt32,
    held UInt32,
    last_at DateTime64(3, 'UTC'),
    lag_ms Float64,
    stored_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (arrived_at, feed, source, batch)
TTL stored_at + INTERVAL 14 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS crossings_to_arrivals TO arrivals AS
SELECT
    'crossings' AS feed, source, ingested_at AS arrived_at, batch, count() AS records, countIf(cancelled = 0) AS held,
    maxIf(at, cancelled = 0) AS last_at, quantileExactIf(0.5)(toFloat64(dateDiff('millisecond', at, ingested_at)), cancelled = 0) AS lag_ms
FROM crossings
GROUP BY source, arrived_at, batch;

CREATE MATERIALIZED VIEW IF NOT EXISTS sightings_to_arrivals TO arrivals AS
SELECT
    'sightings' AS feed, source, ingested_at AS arrived_at, batch, count() AS records, countIf(cancelled = 0) AS held,
    maxIf(at, cancelled = 0) AS last_at, quantileExactIf(0.5)(toFloat64(dateDiff('millisecond', at, ingested_at)), cancelled = 0) AS lag_ms
FROM sightings
GROUP BY source, arrived_at, batch;

CREATE MATERIALIZED VIEW IF NOT EXISTS registrations_to_arrivals TO arrivals AS
SELECT
    'registrations' AS feed, source, ingested_at AS arrived_at, batch, count() AS records, countIf(cancelled = 0) AS held,
    maxIf(at, cancelled = 0) AS last_at, quantileExactIf(0.5)(toFloat64(dateDiff('millisecond', at, ingested_at)), cancelled = 0) AS lag_ms
FROM registrations
GROUP BY source, arrived_at, batch;

-- What the store already holds of the time that is asked for.
INSERT INTO arrivals (feed, source, arrived_at, batch, records, held, last_at, lag_ms)
SELECT
    'crossings', source, ingested_at AS arrived_at, batch, count(), countIf(cancelled = 0), maxIf(at, cancelled = 0),
    quantileExactIf(0.5)(toFloat64(dateDiff('millisecond', at, ingested_at)), cancelled = 0)
FROM crossings
WHERE ingested_at > now() - INTERVAL 8 DAY
GROUP BY source, arrived_at, batch;

INSERT INTO arrivals (feed, source, arrived_at, batch, records, held, last_at, lag_ms)
SELECT
    'sightings', source, ingested_at AS arrived_at, batch, count(), countIf(cancelled = 0), maxIf(at, cancelled = 0),
    quantileExactIf(0.5)(toFloat64(dateDiff('millisecond', at, ingested_at)), cancelled = 0)
FROM sightings
WHERE ingested_at > now() - INTERVAL 8 DAY
GROUP BY source, arrived_at, batch;

INSERT INTO arrivals (feed, source, arrived_at, batch, records, held, last_at, lag_ms)
SELECT
    'registrations', source, ingested_at AS arrived_at, batch, count(), countIf(cancelled = 0), maxIf(at, cancelled = 0),
    quantileExactIf(0.5)(toFloat64(dateDiff('millisecond', at, ingested_at)), cancelled = 0)
FROM registrations
WHERE ingested_at > now() - INTERVAL 8 DAY
GROUP BY source, arrived_at, batch;
