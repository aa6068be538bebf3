-- What explore pages ask, at any grain and by any dimension: an hour's records by everything that they can be split by. Like
-- volumes_hourly it is recomputed for the hours that changed from the *_current views, never added up (sql/rollup.ts).
-- direction: of crossings, or the heading of sightings. out_hour: hour of check-out of registrations (without one, a night
-- after check-in; see presence-steps.sql), else 0: people present at t are those with hour <= t < out_hour. refused: outcome
-- of crossings. late: logged more than an hour after it happened, registrations more than 24. travellers: of crossings.
-- A row that emptied holds zeros.
CREATE TABLE IF NOT EXISTS cube_hourly
(
    feed LowCardinality(String),
    hour DateTime('UTC'),
    site LowCardinality(String),
    source LowCardinality(String),
    direction LowCardinality(String),
    document_type LowCardinality(String),
    vehicle_class LowCardinality(String),
    out_hour DateTime('UTC'),
    count UInt64,
    people UInt64,
    refused UInt64,
    late UInt64,
    travellers AggregateFunction(uniqCombined(14), UInt64),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (feed, hour, site, source, direction, document_type, vehicle_class, out_hour)
SETTINGS non_replicated_deduplication_window = 10000;

-- Travellers of crossings by local day: a month of hourly states is slow to merge. Made of cube_hourly, whole days at a time,
-- so that what a correction took out of an hour leaves the day too.
CREATE TABLE IF NOT EXISTS travellers_daily
(
    day Date,
    site LowCardinality(String),
    source LowCardinality(String),
    direction LowCardinality(String),
    document_type LowCardinality(String),
    travellers AggregateFunction(uniqCombined(14), UInt64),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (day, site, source, direction, document_type)
SETTINGS non_replicated_deduplication_window = 10000;

-- Where each site and premises lies, of the reference data that holds now; the rollup keeps it.
CREATE TABLE IF NOT EXISTS places
(
    site String,
    province LowCardinality(String),
    zone LowCardinality(String),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY site
SETTINGS non_replicated_deduplication_window = 10000;

-- What the store already holds; version 1, so that any recomputation replaces it.
INSERT INTO cube_hourly
SELECT
    'crossings', toStartOfHour(at) AS hour, site, source, direction, document_type, '', toDateTime(0, 'UTC'),
    count(), count(), countIf(outcome = 'refused'), countIf(ingested_at > at + INTERVAL 1 HOUR),
    uniqCombinedStateIf(14)(traveller, traveller != 0), 1
FROM crossings_current
GROUP BY hour, site, source, direction, document_type;

INSERT INTO cube_hourly
SELECT
    'sightings', toStartOfHour(at) AS hour, site, source, heading, '', vehicle_class, toDateTime(0, 'UTC'),
    count(), count(), 0, countIf(ingested_at > at + INTERVAL 1 HOUR),
    uniqCombinedStateIf(14)(toUInt64(0), toUInt8(0)), 1
FROM sightings_current
GROUP BY hour, site, source, heading, vehicle_class;

INSERT INTO cube_hourly
SELECT
    'registrations', toStartOfHour(at) AS hour, site, source, '', document_type, '',
    toStartOfHour(ifNull(check_out_at, at + INTERVAL 1 DAY)) AS out_hour,
    count(), sum(party_size), 0, countIf(ingested_at > at + INTERVAL 24 HOUR),
    uniqCombinedStateIf(14)(toUInt64(0), toUInt8(0)), 1
FROM registrations_current
GROUP BY hour, site, source, document_type, out_hour;

INSERT INTO travellers_daily
SELECT
    toDate(hour, 'Asia/Bangkok') AS day, site, source, direction, document_type, uniqCombinedMergeState(14)(travellers), 1
FROM cube_hourly FINAL
WHERE feed = 'crossings'
GROUP BY day, site, source, direction, document_type;
