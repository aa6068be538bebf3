-- Which rows a correction or cancellation supersedes, wherever they lie: the newest version of every key that was ever
-- corrected (revision above 0, that is version >= 2^32). Filled by the inserts themselves; the views in 0003 read it.
CREATE TABLE IF NOT EXISTS corrections
(
    feed LowCardinality(String),
    event_key UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (feed, event_key)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS crossings_to_corrections TO corrections AS
SELECT 'crossings' AS feed, event_key, version
FROM crossings
WHERE version >= 4294967296;

CREATE MATERIALIZED VIEW IF NOT EXISTS sightings_to_corrections TO corrections AS
SELECT 'sightings' AS feed, event_key, version
FROM sightings
WHERE version >= 4294967296;

CREATE MATERIALIZED VIEW IF NOT EXISTS registrations_to_corrections TO corrections AS
SELECT 'registrations' AS feed, event_key, version
FROM registrations
WHERE version >= 4294967296;
