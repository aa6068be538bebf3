-- The reference data that names and places things: every effective-dated row, as JSON. Watchlists stay in the engine.
SELECT table_name, row FROM reference FINAL
WHERE table_name IN ('sites', 'premises', 'districts', 'hours')
ORDER BY table_name, id, valid_from
