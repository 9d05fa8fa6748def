-- Whose certificate it is that a device comes back with.
ALTER TABLE session ADD COLUMN credential_digest bytea;
CREATE INDEX session_by_credential ON session (credential_digest) WHERE credential_digest IS NOT NULL;
