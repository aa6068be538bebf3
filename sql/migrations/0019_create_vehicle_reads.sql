-- Camera reads by vehicle. In `sightings`, by site and time, the ten thousand reads of a busy vehicle lie in nearly every granule, so that its
-- page read the table; here they lie side by side. Only what that page shows; the rest is found by event_key. Filled by the inserts
-- themselves; replacing and superseding as in 0001 and 0002. Reads without a plate are nobody's.
CREATE TABLE IF NOT EXISTS vehicle_reads
(
    vehicle UInt64,
    at DateTime64(3, 'UTC'),
    event_key UInt64,
    version UInt64,
    event_id String,
    source LowCardinality(String),
    site LowCardinality(String),
    ingested_at DateTime64(3, 'UTC'),
    cancelled UInt8,
    vehicle_class LowCardinality(String),
    confidence Float32,
    heading LowCardinality(String)
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (vehicle, at, event_key)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS sightings_to_vehicle_reads TO vehicle_reads AS
SELECT vehicle, at, event_key, version, event_id, source, site, ingested_at, cancelled, vehicle_class, confidence, heading
FROM sightings
WHERE vehicle != 0;

-- Nobody looks for a vehicle in `sightings` any more, and the index cost every insert.
ALTER TABLE sightings DROP INDEX IF EXISTS by_vehicle;

-- What the store already holds; a record that the view brings at the same time replaces itself.
INSERT INTO vehicle_reads
SELECT vehicle, at, event_key, version, event_id, source, site, ingested_at, cancelled, vehicle_class, confidence, heading
FROM sightings
WHERE vehicle != 0
SETTINGS max_partitions_per_insert_block = 0;
