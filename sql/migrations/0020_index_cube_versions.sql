-- Which hours were recomputed since a version: what keeps the cube in memory (dashboard/cube) up to date. Recomputed rows lie together in young
-- parts, so that the index leaves the old ones unread.
ALTER TABLE cube_hours ADD INDEX IF NOT EXISTS by_version version TYPE minmax GRANULARITY 1;

ALTER TABLE cube_hours MATERIALIZE INDEX by_version SETTINGS mutations_sync = 1;
