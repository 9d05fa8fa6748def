-- A logon is one question: judged and, if the answer is yes, written down in the same transaction. It took two before.
-- Nobody is notified of reports any more: NOTIFY holds a lock on the whole database until its transaction is on disk,
-- so logons and accounting went there one after another. Whoever takes reports looks (app/work_loop.h).
-- What runs at each logon does without regular expressions, which cost more than all else together, and is PL/pgSQL,
-- which keeps its plan: a function in SQL that is not inlined is planned anew at each call.

CREATE FUNCTION radius_is_hex(digits text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT translate($1, '0123456789abcdef', '') = '' $$;

-- Lower-case hexadecimal in whole octets without leading zero octets; anything else becomes '', which is nobody's.
CREATE OR REPLACE FUNCTION radius_serial(serial text) RETURNS text
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
CREATE OR REPLACE FUNCTION radius_key_id(authority_key_id text) RETURNS text
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
CREATE OR REPLACE FUNCTION radius_station(calling_station_id text) RETURNS text
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
CREATE OR REPLACE FUNCTION radius_text(octets text) RETURNS text
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

-- Writes down what was answered, and hands an accept on to whoever keeps sessions. `device` and `vlan` as
-- radius_decide gave them, or ''.
CREATE OR REPLACE FUNCTION radius_post_auth(verdict text, code text, detail text, device text, vlan text,
                                            nas_address inet, nas_identifier text, nas_port_id text,
                                            calling_station_id text, user_name text, serial text,
                                            authority_key_id text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
  own_serial constant text := radius_serial($11);
  own_key constant text := radius_key_id($12);
  own_station constant text := radius_station($9);
  own_user constant text := radius_text($10);
  own_vlan constant integer := nullif($5, '')::integer;
BEGIN
  INSERT INTO radius_auth AS seen (nas_address, port_name, verdict, slot, code, detail, nas_identifier, nas_port_id,
      station, user_name, certificate_serial, authority_key_id, device, vlan)
    VALUES ($6, coalesce((SELECT p.name FROM switch s JOIN port p ON p.switch = s.id
                          WHERE s.nas_address = $6 AND p.radius_name = $8), ''),
      $1, abs(hashtext(concat_ws('|', $2, own_station, own_serial, own_key))::bigint) % 64,
      left($2, 64), left($3, 256), left($7, 64), left($8, 64), own_station, left(own_user, 128), own_serial, own_key,
      nullif($4, '')::uuid, own_vlan)
    ON CONFLICT ON CONSTRAINT radius_auth_pkey DO UPDATE SET
      times = CASE WHEN (seen.code, seen.station, seen.certificate_serial, seen.authority_key_id)
          = (excluded.code, excluded.station, excluded.certificate_serial, excluded.authority_key_id)
        THEN seen.times + 1 ELSE 1 END,
      first_time = CASE WHEN (seen.code, seen.station, seen.certificate_serial, seen.authority_key_id)
          = (excluded.code, excluded.station, excluded.certificate_serial, excluded.authority_key_id)
        THEN seen.first_time ELSE excluded.first_time END,
      code = excluded.code, detail = excluded.detail, nas_identifier = excluded.nas_identifier,
      nas_port_id = excluded.nas_port_id, station = excluded.station, user_name = excluded.user_name,
      certificate_serial = excluded.certificate_serial, authority_key_id = excluded.authority_key_id,
      device = excluded.device, vlan = excluded.vlan, last_time = excluded.last_time;
  IF $1 = 'accept' THEN
    INSERT INTO radius_report (kind, nas_address, nas_identifier, nas_port_id, calling_station_id, user_name,
        certificate_serial, authority_key_id, given_vlan)
      VALUES ('accept', $6, left($7, 253), left($8, 253), left($9, 253), left(own_user, 253), own_serial, own_key,
        own_vlan);
  ELSE
    -- Nobody acts on it, and a stranger may make many: it does not wait for the disk.
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  RETURN 'ok';
END
$$;

-- Asked by radius_logon alone from here on, with its rights and its search_path.
ALTER FUNCTION radius_decide(text, text, inet, text, text, text) SECURITY INVOKER RESET ALL;

-- May the certificate's owner in, and where? "accept||VLAN|SECONDS|DEVICE", SECONDS being `longest` or what is left of
-- the certificate, or "reject|CODE|-|0|DEVICE" (without "|DEVICE" where there is none). An accept is written down with
-- the answer: one that cannot be written is none. A reject is not: whoever asks tells it by radius_post_auth, with what
-- became of the exchange.
CREATE FUNCTION radius_logon(serial text, authority_key_id text, nas_address inet, nas_identifier text,
                             nas_port_id text, calling_station_id text, user_name text, longest integer)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
  judged record;
BEGIN
  SELECT * INTO STRICT judged FROM radius_decide($1, $2, $3, $4, $5, $6);
  IF judged.verdict = 'accept' THEN
    PERFORM radius_post_auth('accept', '', '', judged.device::text, judged.vlan::text, $3, $4, $5, $6, $7, $1, $2);
  END IF;
  RETURN concat_ws('|', judged.verdict, judged.code, coalesce(judged.vlan::text, '-'),
                   CASE judged.verdict WHEN 'accept' THEN least(judged.session_timeout, $8) ELSE 0 END, judged.device);
END
$$;

-- As in 0002_radius.sql, without NOTIFY.
CREATE OR REPLACE FUNCTION radius_accounting(status text, accounting_id text, nas_address inet, nas_identifier text,
                                             nas_port_id text, calling_station_id text, user_name text,
                                             input_octets text, input_gigawords text, output_octets text,
                                             output_gigawords text, framed_addresses text, terminate_cause text)
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
  RETURN 'ok';
END
$$;

-- Lets a role ask and say what stands above. For the owner of the schema or a superuser; harmless to repeat.
CREATE OR REPLACE FUNCTION radius_admit(server_role name) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), server_role);
  EXECUTE format('REVOKE EXECUTE ON FUNCTION radius_decide FROM %I', server_role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION radius_logon, radius_client, radius_post_auth, radius_accounting TO %I',
                 server_role);
END
$$;

-- As in 0002_radius.sql, since a function that is replaced forgets its settings.
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
