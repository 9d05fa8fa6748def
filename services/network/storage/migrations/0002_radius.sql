-- What a RADIUS server may ask and say: functions, and nothing else. Its role (`radius`, made by the operator) reads no
-- table; it executes these, which run as their owner with a fixed search_path. Who calls them: deploy/freeradius.
-- Codes are those of domain/reasons.h; the judgement is that of domain/plan.h, word for word.

-- The last words at each port, one row for each (verdict, code, station, certificate) that was seen there; equal ones
-- are counted. A stranger who invents stations and identities only turns over the 64 slots of his own port: the table
-- is bounded by the number of ports, whatever is sent. `devices explain` reads it; the service deletes what is old by
-- last_time.
CREATE TABLE radius_auth (
  nas_address inet NOT NULL,
  port_name text NOT NULL,                   -- of a registered port; '' for any other
  verdict text NOT NULL CHECK (verdict IN ('accept', 'reject')),
  slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 63),
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

-- Lower-case hexadecimal in whole octets without leading zero octets; anything else becomes '', which is nobody's.
CREATE FUNCTION radius_serial(serial text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 ~ '^[0-9A-Fa-f]{1,64}$'
    THEN regexp_replace(repeat('0', length($1) % 2) || lower($1), '^(00)+(?=([0-9a-f]{2})+$)', '')
    ELSE '' END
$$;

-- "AA:BB", "aabb" or "keyid:AA:BB" -> "aabb".
CREATE FUNCTION radius_key_id(authority_key_id text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(lower(replace(substring(btrim($1) from '^(?:keyid:)?((?:[0-9A-Fa-f]{2}:?){1,64})$'), ':', '')), '')
$$;

-- The MAC address of a Calling-Station-Id (RFC 3580 section 3.21) in our form; what is none stays, cut.
CREATE FUNCTION radius_station(calling_station_id text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 ~ '^[0-9A-Fa-f]{2}([-:]?[0-9A-Fa-f]{2}){5}$' OR $1 ~ '^[0-9A-Fa-f]{4}(\.[0-9A-Fa-f]{4}){2}$'
    THEN lower(regexp_replace(regexp_replace($1, '[-:.]', '', 'g'), '(..)(?=.)', '\1:', 'g'))
    ELSE left($1, 64) END
$$;

-- What FreeRADIUS hands on octet for octet, as LATIN1: text of it if it is UTF-8, else as it came.
CREATE FUNCTION radius_text(octets text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF octets ~ '^[\u0001-\u007f]*$' THEN RETURN octets; END IF;
  RETURN convert_from(convert_to(octets, 'LATIN1'), 'UTF8');
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
  RETURN octets;
END
$$;

-- May the certificate's owner in, and where? One row, always. Identifier, port and station are for rules to come.
-- session_timeout: seconds until the certificate ends, a day at most. PL/pgSQL, since it keeps its plan: a function in
-- SQL that is not inlined is planned anew at each call.
CREATE FUNCTION radius_decide(serial text, authority_key_id text, nas_address inet, nas_identifier text,
                              nas_port_id text, calling_station_id text)
RETURNS TABLE (verdict text, code text, segment text, vlan integer, session_timeout integer, device uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT CASE WHEN judged.code = '' THEN 'accept' ELSE 'reject' END, judged.code,
         CASE WHEN judged.code = '' THEN judged.segment END, CASE WHEN judged.code = '' THEN judged.vlan END,
         CASE WHEN judged.code = '' THEN 
           CASE WHEN judged.not_after > now() + interval '1 day' THEN 86400
                ELSE greatest(1, extract(epoch FROM judged.not_after - now())::integer) END END,
         judged.device
  FROM (
    SELECT CASE
             WHEN s.id IS NULL THEN 'PORT_SWITCH_UNKNOWN'
             WHEN c.device IS NULL THEN 'PORT_CERTIFICATE_UNKNOWN'
             WHEN NOT c.live OR c.not_after <= now() THEN 'PORT_CERTIFICATE_ENDED'
             WHEN g.device IS NULL OR g.standing NOT IN ('admitted', 'quarantined') THEN 'PORT_DEVICE_EXCLUDED'
             WHEN p.id IS NULL THEN 'PORT_SEGMENT_MISSING'
             ELSE '' END AS code,
           p.name AS segment, p.vlan, c.not_after, c.device
    FROM (VALUES (true)) AS one
    LEFT JOIN switch s ON s.nas_address = $3
    LEFT JOIN credential c ON c.serial = radius_serial($1) AND c.authority_key_id = radius_key_id($2)
    LEFT JOIN grant_ g ON g.device = c.device
    LEFT JOIN LATERAL (
      SELECT id, name, vlan FROM segment WHERE g.standing = 'admitted' AND purpose = 'production' AND name = g.segment
      UNION ALL
      SELECT id, name, vlan FROM segment WHERE g.standing = 'quarantined' AND purpose = 'quarantine') p ON true
  ) AS judged;
END
$$;

-- The switch that speaks from an address: its id and its secret, sealed under a key that this database never sees
-- (docs/adr/0017). No row: nobody we know.
CREATE FUNCTION radius_client(nas_address inet)
RETURNS TABLE (switch uuid, name text, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 AS $$
  SELECT id, name, encode(radius_secret_for_server, 'hex')
  FROM switch WHERE nas_address = $1 AND radius_secret_for_server IS NOT NULL
$$;

-- Writes down what was answered, and hands an accept on to whoever keeps sessions.
CREATE FUNCTION radius_post_auth(verdict text, code text, detail text, device text, vlan text, nas_address inet,
                                 nas_identifier text, nas_port_id text, calling_station_id text, user_name text,
                                 serial text, authority_key_id text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
  own_serial constant text := radius_serial($11);
  own_key constant text := radius_key_id($12);
  own_station constant text := radius_station($9);
  own_user constant text := radius_text($10);
  own_vlan constant integer := CASE WHEN $5 ~ '^[0-9]{1,4}$' THEN $5::integer END;
  own_port constant text := coalesce((SELECT p.name FROM switch s JOIN port p ON p.switch = s.id
                                      WHERE s.nas_address = $6 AND p.radius_name = $8), '');
BEGIN
  INSERT INTO radius_auth AS seen (nas_address, port_name, verdict, slot, code, detail, nas_identifier, nas_port_id,
      station, user_name, certificate_serial, authority_key_id, device, vlan)
    VALUES ($6, own_port, $1, abs(hashtext(concat_ws('|', $2, own_station, own_serial, own_key))::bigint) % 64,
      left($2, 64), left($3, 256), left($7, 64), left($8, 64), own_station, left(own_user, 128), own_serial, own_key,
      CASE WHEN $4 ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN $4::uuid END, own_vlan)
    ON CONFLICT ON CONSTRAINT radius_auth_pkey DO UPDATE SET
      (times, first_time) = (
        SELECT CASE WHEN equal THEN seen.times + 1 ELSE 1 END,
               CASE WHEN equal THEN seen.first_time ELSE excluded.first_time END
        FROM (SELECT (seen.code, seen.station, seen.certificate_serial, seen.authority_key_id)
            = (excluded.code, excluded.station, excluded.certificate_serial, excluded.authority_key_id)) AS e (equal)),
      code = excluded.code, detail = excluded.detail, nas_identifier = excluded.nas_identifier,
      nas_port_id = excluded.nas_port_id, station = excluded.station, user_name = excluded.user_name,
      certificate_serial = excluded.certificate_serial, authority_key_id = excluded.authority_key_id,
      device = excluded.device, vlan = excluded.vlan, last_time = excluded.last_time;
  IF $1 = 'accept' THEN
    INSERT INTO radius_report (kind, nas_address, nas_identifier, nas_port_id, calling_station_id, user_name,
        certificate_serial, authority_key_id, given_vlan)
      VALUES ('accept', $6, left($7, 253), left($8, 253), left($9, 253), left(own_user, 253), own_serial, own_key, own_vlan);
    PERFORM pg_notify(current_schema() || '_radius', '');
  END IF;
  RETURN 'ok';
END
$$;

-- Accounting (RFC 2866), in the words of Acct-Status-Type. A switch that says it (re)started or stops ends every
-- session on it. Repetitions are harmless: octets are totals, and a session that is over stays over. 'ok' once it is
-- written: only then may the switch be told so. While 100 000 reports wait, interim ones are left out; the next has
-- their totals.
CREATE FUNCTION radius_accounting(status text, accounting_id text, nas_address inet, nas_identifier text,
                                  nas_port_id text, calling_station_id text, user_name text, input_octets text,
                                  input_gigawords text, output_octets text, output_gigawords text,
                                  framed_addresses text, terminate_cause text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
  kind constant text := CASE WHEN $1 = 'Start' THEN 'start' WHEN $1 = 'Stop' THEN 'stop'
    WHEN $1 IN ('Interim-Update', 'Alive') THEN 'interim' WHEN $1 IN ('Accounting-On', 'Accounting-Off') THEN 'all' END;
BEGIN
  IF kind IS NULL OR NOT EXISTS (SELECT FROM switch s WHERE s.nas_address = $3) THEN RETURN 'ignored'; END IF;
  IF kind = 'all' THEN
    INSERT INTO radius_report (kind, nas_address, nas_identifier, nas_port_id, calling_station_id, user_name,
        accounting_id, terminate_cause)
      SELECT 'stop', $3, left($4, 253), p.radius_name, o.mac, o.user_name, o.accounting_id, left($1, 64)
        FROM switch s JOIN session o ON o.switch = s.id AND o.end_time IS NULL JOIN port p ON p.id = o.port
        WHERE s.nas_address = $3
      UNION
      SELECT 'stop', $3, left($4, 253), w.nas_port_id, w.calling_station_id, w.user_name, w.accounting_id, left($1, 64)
        FROM radius_report w WHERE w.nas_address = $3 AND w.kind IN ('accept', 'start');
  ELSIF kind <> 'interim' OR coalesce((SELECT max(w.id) - min(w.id) FROM radius_report w), 0) < 100000 THEN
    INSERT INTO radius_report (kind, nas_address, nas_identifier, nas_port_id, calling_station_id, user_name,
        accounting_id, input_octets, output_octets, framed_addresses, terminate_cause)
      VALUES (kind, $3, left($4, 253), left($5, 253), left($6, 253), left(radius_text($7), 253), left($2, 253),
        radius_octets($8, $9), radius_octets($10, $11),
        array_remove(string_to_array(left($12, 512), ' '), ''), left($13, 64));
  END IF;
  PERFORM pg_notify(current_schema() || '_radius', '');
  RETURN 'ok';
END
$$;

-- Octets and Gigawords (RFC 2869 section 5.1) as they came, '' where none came.
CREATE FUNCTION radius_octets(octets text, gigawords text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $1 ~ '^[0-9]{1,10}$' THEN $1::bigint ELSE 0 END
       + CASE WHEN $2 ~ '^[0-9]{1,9}$' THEN $2::bigint & 1048575 ELSE 0 END * 4294967296
$$;

-- Lets a role ask and say what stands above. For the owner of the schema or a superuser; harmless to repeat.
CREATE FUNCTION radius_admit(server_role name) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), server_role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION radius_decide, radius_client, radius_post_auth, radius_accounting TO %I',
                 server_role);
END
$$;

-- Whoever calls cannot slip in tables or functions of his own; nobody calls who was not admitted.
DO $$
DECLARE one regprocedure;
BEGIN
  FOR one IN
    SELECT oid FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'radius\_%'
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
    IF (SELECT prosecdef FROM pg_proc WHERE oid = one) OR one::text LIKE '%radius_admit(%' THEN
      EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', one, current_schema());
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'radius') THEN PERFORM radius_admit('radius'); END IF;
END
$$;
