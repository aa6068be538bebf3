-- Two entries of watchlists may name one token from the same day on: the entry is part of what a row is.
ALTER TABLE reference
    ADD COLUMN IF NOT EXISTS entry String,
    MODIFY ORDER BY (table_name, id, valid_from, entry);
