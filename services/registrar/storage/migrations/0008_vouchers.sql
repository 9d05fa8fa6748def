-- Vouchers. `sealed` is an envelope under the installation's master key; the rest is what an operator reads.
CREATE TABLE voucher (
  id uuid PRIMARY KEY,
  device uuid NOT NULL REFERENCES device (id),
  session uuid NOT NULL,
  serial_number text NOT NULL,
  assertion text NOT NULL,
  nonced boolean NOT NULL,
  signer text NOT NULL,
  pinned_fingerprint text NOT NULL,
  created_on timestamptz,
  expires_on timestamptz,
  masa_url text NOT NULL,
  receive_time timestamptz NOT NULL,
  device_status text NOT NULL DEFAULT '',
  digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  sealed bytea NOT NULL,
  UNIQUE (device, digest)
);
CREATE INDEX voucher_session ON voucher (device, session);
