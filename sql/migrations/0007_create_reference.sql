-- Reference data, effective-dated, as it came through the log. A later message for the same id and start replaces the row.
CREATE TABLE IF NOT EXISTS reference
(
    table_name LowCardinality(String),
    id String,
    valid_from String,
    valid_to Nullable(String),
    source String,
    owner String,
    row String,
    logged_at DateTime64(3, 'UTC'),
    log_seq UInt64
)
ENGINE = ReplacingMergeTree(log_seq)
ORDER BY (table_name, id, valid_from)
SETTINGS non_replicated_deduplication_window = 10000;

-- A bare date starts at local midnight in Thailand, as in ingest/reference/reference.ts.
CREATE VIEW IF NOT EXISTS reference_dated AS
SELECT
    table_name, id, source, owner, row, logged_at, log_seq,
    parseDateTime64BestEffort(if(length(valid_from) = 10, concat(valid_from, 'T00:00:00+07:00'), valid_from), 3, 'UTC') AS from_at,
    parseDateTime64BestEffortOrNull(
        if(length(ifNull(valid_to, '')) = 10, concat(valid_to, 'T00:00:00+07:00'), ifNull(valid_to, '')), 3, 'UTC'
    ) AS to_at
FROM reference FINAL;

-- One row a site: the one that holds now; when none does, the one that started last.
CREATE VIEW IF NOT EXISTS sites AS
SELECT
    id,
    JSONExtractString(row, 'name') AS name,
    JSONExtractString(row, 'nameTh') AS name_th,
    JSONExtractString(row, 'kind') AS kind,
    JSONExtractString(row, 'province') AS province,
    JSONExtractString(row, 'district') AS district,
    JSONExtractString(row, 'zone') AS zone,
    JSONExtract(row, 'lat', 'Nullable(Float64)') AS lat,
    JSONExtract(row, 'lon', 'Nullable(Float64)') AS lon
FROM
(
    SELECT id, row FROM reference_dated WHERE table_name = 'sites'
    ORDER BY id, from_at <= now64(3) AND (to_at IS NULL OR to_at > now64(3)) DESC, from_at DESC
    LIMIT 1 BY id
);

CREATE VIEW IF NOT EXISTS premises AS
SELECT
    id,
    JSONExtractString(row, 'name') AS name,
    JSONExtractString(row, 'nameTh') AS name_th,
    JSONExtractString(row, 'province') AS province,
    JSONExtractString(row, 'district') AS district,
    JSONExtractString(row, 'zone') AS zone,
    JSONExtract(row, 'capacity', 'Nullable(UInt32)') AS capacity,
    JSONExtract(row, 'lat', 'Nullable(Float64)') AS lat,
    JSONExtract(row, 'lon', 'Nullable(Float64)') AS lon
FROM
(
    SELECT id, row FROM reference_dated WHERE table_name = 'premises'
    ORDER BY id, from_at <= now64(3) AND (to_at IS NULL OR to_at > now64(3)) DESC, from_at DESC
    LIMIT 1 BY id
);
