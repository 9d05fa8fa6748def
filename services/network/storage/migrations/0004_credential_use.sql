-- Certificates that opened a port while their device had another live one. The registrar is told, since by its first use
-- a renewed certificate takes the place of the one before; a row goes when it has heard.
CREATE TABLE credential_use (
  serial text NOT NULL,
  authority_key_id text NOT NULL,
  use_time timestamptz NOT NULL,
  PRIMARY KEY (serial, authority_key_id)
);
