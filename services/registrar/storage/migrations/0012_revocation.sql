-- Whose certificate a credential is, why it was revoked, and each issuer's newest list of revocations.

-- The key identifier in a certificate's authority key identifier extension, as hex; none where it has another form than
-- [0] alone. OID, OCTET STRING, SEQUENCE, [0]: one byte of length each.
CREATE FUNCTION authority_key_id(certificate bytea) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN place > 0 AND substring(certificate FROM place + 7 FOR 1) = '\x30'
                   AND substring(certificate FROM place + 9 FOR 1) = '\x80'
              THEN encode(substring(certificate FROM place + 11 FOR get_byte(certificate, place + 9)), 'hex') END
  FROM (SELECT position('\x0603551d2304'::bytea IN certificate)) AS found(place)
$$;

ALTER TABLE credential
  ADD COLUMN issuer_key_id text GENERATED ALWAYS AS (authority_key_id(certificate)) STORED,
  -- RFC 5280 section 5.3.1. Replicas of the version before leave it empty.
  ADD COLUMN revocation_reason text
    CHECK (revocation_reason IN ('unspecified', 'superseded', 'cessationOfOperation'));
CREATE INDEX credential_serial ON credential (certificate_serial);
CREATE INDEX credential_ended ON credential (issuer_key_id, not_after) WHERE end_time IS NOT NULL;

UPDATE credential SET revocation_reason = 'cessationOfOperation' FROM device
  WHERE device.id = credential.device AND device.state = 'retired' AND NOT device.credential_revoked
    AND credential.state = 'revoked';

CREATE TABLE crl (
  issuer_key_id text PRIMARY KEY,
  number bigint NOT NULL DEFAULT 0,         -- 0: none was made yet
  through_event bigint NOT NULL DEFAULT 0,  -- what was told up to this event of the outbox is in it
  this_update timestamptz,
  next_update timestamptz,
  der bytea,
  claimed_until timestamptz NOT NULL,       -- until then one replica is at work on the next
  CHECK (number = 0 OR (this_update IS NOT NULL AND next_update IS NOT NULL AND der IS NOT NULL))
);
