-- The reference data, every effective-dated row, as JSON.
SELECT table_name, row FROM reference FINAL ORDER BY table_name, id, valid_from
