-- The cube again, so that explore pages answer at once over tens of millions of records.
-- cube_hours is cube_hourly by feed and month: reading it FINAL merges only where parts overlap, and in one table those of three feeds
-- always did. It says where each site lies, which was looked up for every row. Sites are plain text: twenty thousand lodgings are more
-- than a dictionary holds. Other columns as in 0013. cube_hourly is empty from here on.
CREATE TABLE IF NOT EXISTS cube_hours
(
    feed LowCardinality(String),
    hour DateTime('UTC'),
    site String,
    source LowCardinality(String),
    direction LowCardinality(String),
    document_type LowCardinality(String),
    vehicle_class LowCardinality(String),
    out_hour DateTime('UTC'),
    province LowCardinality(String),
    zone LowCardinality(String),
    count UInt64,
    people UInt64,
    refused UInt64,
    late UInt64,
    travellers AggregateFunction(uniqCombined(14), UInt64),
    version UInt64,
    -- Who is present at a time is asked by the end of the stay.
    INDEX by_out_hour out_hour TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY (feed, toYYYYMM(hour))
ORDER BY (feed, hour, site, source, direction, document_type, vehicle_class, out_hour)
SETTINGS non_replicated_deduplication_window = 10000;

-- Whole local days, made of cube_hours like travellers_daily. level 'area': by everything but the site; level 'site': by site alone, with
-- where it lies. A question for both (one site, by document) is answered by the hours.
CREATE TABLE IF NOT EXISTS cube_days
(
    level LowCardinality(String),
    feed LowCardinality(String),
    day Date,
    site String,
    province LowCardinality(String),
    zone LowCardinality(String),
    source LowCardinality(String),
    direction LowCardinality(String),
    document_type LowCardinality(String),
    vehicle_class LowCardinality(String),
    count UInt64,
    refused UInt64,
    late UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY (level, feed, toYYYYMM(day))
ORDER BY (level, feed, day, site, province, zone, source, direction, document_type, vehicle_class)
SETTINGS non_replicated_deduplication_window = 10000;

-- Records of a feed and area by the hour: whether it reported, and since when.
CREATE TABLE IF NOT EXISTS area_hours
(
    feed LowCardinality(String),
    hour DateTime('UTC'),
    province LowCardinality(String),
    zone LowCardinality(String),
    count UInt64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY (feed, toYYYYMM(hour))
ORDER BY (feed, hour, province, zone)
SETTINGS non_replicated_deduplication_window = 10000;

-- What the store already holds.
INSERT INTO cube_hours
SELECT
    feed, hour, c.site, source, direction, document_type, vehicle_class, out_hour, p.province, p.zone, count, people, refused, late,
    travellers, version
FROM (SELECT * FROM cube_hourly FINAL) AS c
LEFT ANY JOIN (SELECT site, province, zone FROM places FINAL) AS p ON p.site = c.site
SETTINGS max_partitions_per_insert_block = 0;

TRUNCATE TABLE cube_hourly;

INSERT INTO cube_days
SELECT
    if(grouping(site) = 0, 'site', 'area') AS level, feed, toDate(hour, 'Asia/Bangkok') AS day, site, province, zone, source, direction,
    document_type, vehicle_class, sum(cube.count), sum(cube.refused), sum(cube.late), 1
FROM cube_hours AS cube FINAL
GROUP BY GROUPING SETS
(
    (feed, day, site, province, zone),
    (feed, day, province, zone, source, direction, document_type, vehicle_class)
)
SETTINGS max_partitions_per_insert_block = 0;

INSERT INTO area_hours
SELECT feed, hour, province, zone, sum(cube.count), 1
FROM cube_hours AS cube FINAL
GROUP BY feed, hour, province, zone
SETTINGS max_partitions_per_insert_block = 0;

-- As far as the cube was, and with every place.
INSERT INTO rollup_positions
SELECT 'cube_days', log_id, log_seq, now64(3) FROM rollup_positions FINAL WHERE rollup = 'volumes_hourly';

INSERT INTO rollup_positions
SELECT 'places', 0, max(version), now64(3) FROM places HAVING max(version) > 0;
