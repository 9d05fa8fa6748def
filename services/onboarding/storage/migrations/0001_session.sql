-- One onboarding of one device. Small and short-lived: the registrar keeps what must be remembered.
CREATE TABLE session (
  id              uuid PRIMARY KEY,
  protocol        text NOT NULL,
  state           text NOT NULL,
  request_digest  bytea NOT NULL UNIQUE,
  idevid_key      bytea NOT NULL,
  device          text NOT NULL DEFAULT '',
  serial_number   text NOT NULL DEFAULT '',
  nonce           text NOT NULL DEFAULT '',
  masa_url        text NOT NULL DEFAULT '',
  remote_address  text NOT NULL DEFAULT '',
  audit_checked   boolean NOT NULL DEFAULT false,
  poll_count      integer NOT NULL DEFAULT 0,
  findings        text NOT NULL DEFAULT '[]',
  voucher         bytea,             -- sealed: libs/crypto/primitives/envelope.h
  voucher_request bytea,             -- our signed request to the MASA, for its audit log
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL
);
CREATE INDEX session_by_key ON session (idevid_key, created_at DESC);
CREATE INDEX session_by_device ON session (device, created_at DESC);
CREATE INDEX session_newest ON session (created_at DESC, id DESC);
CREATE INDEX session_open ON session (updated_at)
  WHERE state NOT IN ('completed', 'refused', 'expired');
