-- The entry before the last, so that one statement advances the head and says both hashes of the new entry.
ALTER TABLE audit_head ADD COLUMN previous_hash bytea CHECK (octet_length(previous_hash) = 32);
