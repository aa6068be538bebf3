-- The buckets that one run of the rollup recomputes (sql/touched.ts): found once, asked by each of its statements, dropped at its end.
CREATE TABLE IF NOT EXISTS rollup_buckets
(
    run UInt64,
    feed LowCardinality(String),
    site String,
    hour DateTime('UTC'),
    noted_at DateTime('UTC') DEFAULT now()
)
ENGINE = MergeTree
PARTITION BY run
ORDER BY (feed, site, hour)
TTL noted_at + INTERVAL 1 HOUR
SETTINGS merge_with_ttl_timeout = 3600, ttl_only_drop_parts = 1;
