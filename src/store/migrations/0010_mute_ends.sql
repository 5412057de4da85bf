-- A mute may end by itself. NULL: when somebody ends it.
ALTER TABLE finding_mute ADD COLUMN until_at INTEGER;
