-- How many credentials end soon is asked every minute.
CREATE INDEX credential_live_end ON credential (not_after) WHERE state IN ('active', 'successor');
