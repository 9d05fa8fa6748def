-- What is left of a certificate that was forgotten: its key, since a key is certified once, ever.
CREATE TABLE spent_key (
  fingerprint bytea PRIMARY KEY CHECK (octet_length(fingerprint) = 32)
);

-- Old rows are found by their ids, which begin with the time; these are for what cannot be.
CREATE INDEX telemetry_time ON telemetry (time);
CREATE INDEX decision_unregistered ON decision (create_time) WHERE device IS NULL;
CREATE INDEX decision_approval ON decision (approval) WHERE approval IS NOT NULL;  -- approvals go after them

-- The row of a retired device stays: it keeps the device out.
ALTER TABLE device ADD COLUMN history_forgotten boolean NOT NULL DEFAULT false;
CREATE INDEX device_retired ON device (id) WHERE state = 'retired' AND NOT history_forgotten;
