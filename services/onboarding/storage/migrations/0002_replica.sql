-- The registrar certificates of the replicas that serve now: a pledge's proximity claim may name any of them.
CREATE TABLE replica (
  fingerprint  bytea PRIMARY KEY,    -- SHA-256 of the certificate
  certificate  bytea NOT NULL,
  name         text NOT NULL,
  seen_at      timestamptz NOT NULL
);
