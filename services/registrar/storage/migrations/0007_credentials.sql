-- Credentials and the orders from which they come. A key is ordered once, ever; a device has one active credential and,
-- while a renewal is handed over, one successor.
CREATE TABLE credential_order (
  id uuid PRIMARY KEY,
  device uuid NOT NULL REFERENCES device (id),
  session uuid NOT NULL,
  profile text NOT NULL,
  renewal boolean NOT NULL,
  key_fingerprint text NOT NULL UNIQUE CHECK (key_fingerprint ~ '^[0-9a-f]{64}$'),
  public_key bytea NOT NULL,
  subject jsonb NOT NULL,
  san_dns text[] NOT NULL,
  san_uri text[] NOT NULL,
  serial bytea NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  create_time timestamptz NOT NULL
);
CREATE INDEX credential_order_device ON credential_order (device);

CREATE TABLE credential (
  id uuid PRIMARY KEY REFERENCES credential_order (id),
  device uuid NOT NULL REFERENCES device (id),
  state text NOT NULL CHECK (state IN ('active', 'successor', 'superseded', 'revoked')),
  profile text NOT NULL,
  certificate_serial text NOT NULL,
  subject text NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  issue_time timestamptz NOT NULL,
  end_time timestamptz,
  end_reason text NOT NULL DEFAULT '',
  key_fingerprint text NOT NULL UNIQUE,
  certificate bytea NOT NULL,
  certificate_digest bytea NOT NULL UNIQUE,
  CHECK ((end_time IS NULL) = (state IN ('active', 'successor')))
);
CREATE UNIQUE INDEX credential_one_active ON credential (device) WHERE state = 'active';
CREATE UNIQUE INDEX credential_one_successor ON credential (device) WHERE state = 'successor';
CREATE INDEX credential_device ON credential (device, id);
