-- Manufacturers and the anchors by which their devices, vouchers and MASAs are recognised.
CREATE TABLE manufacturer (
  id uuid PRIMARY KEY,
  display_name text NOT NULL,
  wire_profile text NOT NULL CHECK (wire_profile IN ('strict', 'lenient')),
  masa_url text NOT NULL,
  disabled boolean NOT NULL,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX manufacturer_display_name ON manufacturer (display_name COLLATE "C");

-- Never deleted: a removed anchor vouches for nothing and explains old decisions.
CREATE TABLE trust_anchor (
  id uuid PRIMARY KEY,
  manufacturer uuid NOT NULL REFERENCES manufacturer (id),
  certificate bytea NOT NULL,
  subject_key bytea NOT NULL CHECK (octet_length(subject_key) = 32),          -- SHA-256 of the subject's DER
  certificate_key bytea NOT NULL CHECK (octet_length(certificate_key) = 32),  -- SHA-256 of the certificate
  purposes text[] NOT NULL CHECK (cardinality(purposes) > 0),
  protocols text[] NOT NULL,
  serial_pattern text NOT NULL,
  start_time timestamptz,
  end_time timestamptz,
  create_time timestamptz NOT NULL,
  remove_time timestamptz
);
CREATE INDEX trust_anchor_manufacturer ON trust_anchor (manufacturer);
CREATE INDEX trust_anchor_subject ON trust_anchor (subject_key);
CREATE INDEX trust_anchor_certificate ON trust_anchor (certificate_key);
