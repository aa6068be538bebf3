-- The page of an entity asks for the rows of one traveller or vehicle: an index on each key, so that it reads the granules that hold it and not
-- the table. Parts that are there already get it as they merge.
ALTER TABLE crossings ADD INDEX IF NOT EXISTS by_traveller traveller TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE crossings ADD INDEX IF NOT EXISTS by_vehicle vehicle TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE sightings ADD INDEX IF NOT EXISTS by_vehicle vehicle TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE registrations ADD INDEX IF NOT EXISTS by_traveller traveller TYPE bloom_filter(0.01) GRANULARITY 1;
