-- What RADIUS servers say and how it is read: the table of their last words, and functions that bring what stood in a
-- packet into the form of our tables. What a server may call stands in 0005_radius_logon.sql.

-- The last words at each port, one row for each (verdict, code, station, certificate) that was seen there; equal ones
-- are counted. A stranger who invents stations and identities only turns over the 64 slots of his own port: the table
-- is bounded by the number of ports, whatever is sent. `devices explain` reads it; the service deletes what is old by
-- last_time.
CREATE TABLE radius_auth (
  nas_address inet NOT NULL,
  port_name text NOT NULL,                   -- of a registered port; '' for any other
  verdict text NOT NULL,                     -- 'accept' or 'reject'
  slot smallint NOT NULL,                    -- 0 to 63, of what is said
  code text NOT NULL,                        -- '' for an accept
  detail text NOT NULL,                      -- of a reject without a certificate: the TLS error
  nas_identifier text NOT NULL,
  nas_port_id text NOT NULL,
  station text NOT NULL,                     -- "02:00:00:00:00:01" where it is a MAC address, else as it came
  user_name text NOT NULL,                   -- the EAP identity: what a stranger chose to say
  certificate_serial text NOT NULL,
  authority_key_id text NOT NULL,
  device uuid,
  vlan integer,
  times bigint NOT NULL DEFAULT 1,
  first_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (nas_address, port_name, verdict, slot)
) WITH (fillfactor = 70);
CREATE INDEX radius_auth_device ON radius_auth (device) WHERE device IS NOT NULL;
CREATE INDEX radius_auth_station ON radius_auth (station);

-- These run at each logon: without regular expressions, which cost more than all else together, and in PL/pgSQL, which
-- keeps its plan: a function in SQL that is not inlined is planned anew at each call.

CREATE FUNCTION radius_is_hex(digits text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT translate($1, '0123456789abcdef', '') = '' $$;

-- Lower-case hexadecimal in whole octets without leading zero octets; anything else becomes '', which is nobody's.
CREATE FUNCTION radius_serial(serial text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  digits constant text := lower($1);
  bare constant text := ltrim(digits, '0');
BEGIN
  IF length(digits) BETWEEN 1 AND 64 AND radius_is_hex(digits) THEN
    RETURN CASE WHEN bare = '' THEN '00' ELSE repeat('0', length(bare) % 2) || bare END;
  END IF;
  RETURN '';
END
$$;

-- "AA:BB", "aabb" or "keyid:AA:BB" -> "aabb"; anything else becomes '', which is nobody's.
CREATE FUNCTION radius_key_id(authority_key_id text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  digits constant text := replace(lower(replace(btrim($1), 'keyid:', '')), ':', '');
BEGIN
  RETURN CASE WHEN length(digits) BETWEEN 2 AND 128 AND length(digits) % 2 = 0 AND radius_is_hex(digits) THEN digits
              ELSE '' END;
END
$$;

-- The MAC address of a Calling-Station-Id (RFC 3580 section 3.21) in our form: twelve digits, however "-", ":" or "."
-- part them. What is none stays, cut.
CREATE FUNCTION radius_station(calling_station_id text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  digits constant text := translate(lower($1), '-:.', '');
BEGIN
  IF length($1) <= 17 AND length(digits) = 12 AND radius_is_hex(digits) THEN
    RETURN concat_ws(':', left(digits, 2), substr(digits, 3, 2), substr(digits, 5, 2), substr(digits, 7, 2),
                     substr(digits, 9, 2), right(digits, 2));
  END IF;
  RETURN left($1, 64);
END
$$;

-- What FreeRADIUS hands on octet for octet, as LATIN1: text of it if it is UTF-8, else as it came.
CREATE FUNCTION radius_text(octets text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF octet_length(octets) = length(octets) THEN RETURN octets; END IF;  -- ASCII
  BEGIN  -- a savepoint, where there is a handler
    RETURN convert_from(convert_to(octets, 'LATIN1'), 'UTF8');
  EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
    RETURN octets;
  END;
END
$$;

-- Octets and Gigawords (RFC 2869 section 5.1) as they came, '' where none came; anything else counts as none.
CREATE FUNCTION radius_octets(octets text, gigawords text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN length($1) BETWEEN 1 AND 10 AND translate($1, '0123456789', '') = '' THEN $1::bigint ELSE 0 END
       + CASE WHEN length($2) BETWEEN 1 AND 9 AND translate($2, '0123456789', '') = '' THEN $2::bigint & 1048575
           ELSE 0 END * 4294967296
$$;
