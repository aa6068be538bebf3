-- What holds now: no duplicates (FINAL, also across months), no superseded versions, nothing cancelled. Every number that a
-- person sees comes from these views or from rollups made of them.

CREATE VIEW IF NOT EXISTS crossings_current AS
SELECT *
FROM crossings FINAL
WHERE cancelled = 0
  AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'crossings')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'crossings' GROUP BY event_key)
  );

CREATE VIEW IF NOT EXISTS sightings_current AS
SELECT *
FROM sightings FINAL
WHERE cancelled = 0
  AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'sightings')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'sightings' GROUP BY event_key)
  );

CREATE VIEW IF NOT EXISTS registrations_current AS
SELECT *
FROM registrations FINAL
WHERE cancelled = 0
  AND (
      event_key NOT IN (SELECT event_key FROM corrections WHERE feed = 'registrations')
      OR (event_key, version) IN (SELECT event_key, max(version) FROM corrections WHERE feed = 'registrations' GROUP BY event_key)
  );
