-- What a RADIUS server may ask and say: four functions, and nothing else. Its role (`radius`, made by the operator)
-- reads no table; it executes these, which run as their owner with a fixed search_path. Who calls them:
-- deploy/freeradius. Codes are those of domain/reasons.h; the judgement is that of domain/plan.h, word for word.
--
-- A logon is one question: judged and, if the answer is yes, handed on in the same transaction. What it costs is its
-- statements, one that judges and one that writes, and the way to disk; who reads logons is served later, by whoever
-- takes the reports. Nobody is notified of these: NOTIFY holds a lock on the whole database until its transaction is on
-- disk, so that logons and accounting would go there one after another. Whoever takes reports looks (app/work_loop.h).

-- The switch that speaks from an address: its id and its secret, sealed under a key that this database never sees
-- (docs/adr/0017). No row: nobody we know.
CREATE FUNCTION radius_client(nas_address inet)
RETURNS TABLE (switch uuid, name text, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 AS $$
  SELECT id, name, encode(radius_secret_for_server, 'hex')
  FROM switch WHERE nas_address = $1 AND radius_secret_for_server IS NOT NULL
$$;

-- The last word about a station at a port, into radius_auth: of a reject at once, of an accept when its report is taken
-- (storage/sessions.cpp).
CREATE FUNCTION radius_word(verdict text, code text, detail text, device uuid, vlan integer, nas_address inet,
                            nas_identifier text, nas_port_id text, calling_station_id text, user_name text, serial text,
                            authority_key_id text, at timestamptz)
RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
  own_port constant text := coalesce((SELECT p.name FROM switch s JOIN port p ON p.switch = s.id
                                      WHERE s.nas_address = $6 AND p.radius_name = $8), '');
  own_station constant text := radius_station($9);
  own_slot constant smallint := abs(hashtext(concat_ws('|', $2, own_station, $11, $12))::bigint) % 64;
BEGIN
  INSERT INTO radius_auth AS seen (nas_address, port_name, verdict, slot, code, detail, nas_identifier, nas_port_id,
      station, user_name, certificate_serial, authority_key_id, device, vlan, first_time, last_time)
    VALUES ($6, own_port, $1, own_slot, left($2, 64), left($3, 256), left($7, 64), left($8, 64), own_station,
      left($10, 128), $11, $12, $4, $5, $13, $13)
    ON CONFLICT ON CONSTRAINT radius_auth_pkey DO UPDATE SET
      (times, first_time) = (
        SELECT CASE WHEN same THEN seen.times + 1 ELSE 1 END,
               CASE WHEN same THEN seen.first_time ELSE excluded.first_time END
        FROM (SELECT (seen.code, seen.station, seen.certificate_serial, seen.authority_key_id)
            = (excluded.code, excluded.station, excluded.certificate_serial, excluded.authority_key_id)) AS e (same)),
      code = excluded.code, detail = excluded.detail, nas_identifier = excluded.nas_identifier,
      nas_port_id = excluded.nas_port_id, station = excluded.station, user_name = excluded.user_name,
      certificate_serial = excluded.certificate_serial, authority_key_id = excluded.authority_key_id,
      device = excluded.device, vlan = excluded.vlan, last_time = excluded.last_time;
  RETURN 'ok';
END
$$;

-- May the certificate's owner in, and where? "accept||VLAN|SECONDS|DEVICE", SECONDS being what is left of the
-- certificate, `longest` or a day at most, or "reject|CODE|-|0|DEVICE" (without "|DEVICE" where there is none). An
-- accept is handed on with the answer, to whoever keeps sessions: one that is not on disk is none, since a switch that
-- opens the port by that answer has to be known when the device is to lose it. A reject is not: whoever asks tells it
-- by radius_post_auth, with what became of the exchange.
CREATE FUNCTION radius_logon(serial text, authority_key_id text, nas_address inet, nas_identifier text,
                             nas_port_id text, calling_station_id text, user_name text, longest integer)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
#variable_conflict use_column
DECLARE
  own_serial constant text := radius_serial($1);
  own_key constant text := radius_key_id($2);
  judged record;
  own_vlan integer;
  own_code text;
BEGIN
  SELECT s.id AS switch, c.device, c.live, c.not_after, g.standing, v.vlan
    INTO STRICT judged
    FROM (VALUES (true)) AS one
    LEFT JOIN switch s ON s.nas_address = $3
    LEFT JOIN credential c ON c.serial = own_serial AND c.authority_key_id = own_key
    LEFT JOIN grant_ g ON g.device = c.device
    LEFT JOIN segment v ON v.name = g.segment AND v.purpose = 'production';
  own_vlan := judged.vlan;
  IF judged.standing = 'quarantined' THEN
    SELECT v.vlan INTO own_vlan FROM segment v WHERE v.purpose = 'quarantine';
  END IF;
  own_code := CASE
    WHEN judged.switch IS NULL THEN 'PORT_SWITCH_UNKNOWN'
    WHEN judged.device IS NULL THEN 'PORT_CERTIFICATE_UNKNOWN'
    WHEN NOT judged.live OR judged.not_after <= now() THEN 'PORT_CERTIFICATE_ENDED'
    WHEN judged.standing IS NULL OR judged.standing NOT IN ('admitted', 'quarantined') THEN 'PORT_DEVICE_EXCLUDED'
    WHEN own_vlan IS NULL THEN 'PORT_SEGMENT_MISSING'
    ELSE '' END;
  IF own_code <> '' THEN RETURN concat_ws('|', 'reject', own_code, '-|0', judged.device); END IF;
  INSERT INTO radius_report (kind, nas_address, nas_identifier, nas_port_id, calling_station_id, user_name,
      certificate_serial, authority_key_id, given_vlan)
    VALUES ('accept', $3, left($4, 253), left($5, 253), left($6, 253), left(radius_text($7), 253), own_serial, own_key,
      own_vlan);
  RETURN concat_ws('|', 'accept', '', own_vlan,
    CASE WHEN judged.not_after > now() + interval '1 day' THEN least($8, 86400)
         ELSE greatest(1, least($8, extract(epoch FROM judged.not_after - now())::integer)) END, judged.device);
END
$$;

-- Writes down why the answer was no. `device` as radius_logon gave it, or ''.
CREATE FUNCTION radius_post_auth(verdict text, code text, detail text, device text, vlan text, nas_address inet,
                                 nas_identifier text, nas_port_id text, calling_station_id text, user_name text,
                                 serial text, authority_key_id text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
BEGIN
  -- Nobody acts on it, and a stranger may make many: it does not wait for the disk.
  PERFORM set_config('synchronous_commit', 'off', true);
  RETURN radius_word($1, $2, $3, nullif($4, '')::uuid, nullif($5, '')::integer, $6, $7, $8, $9, radius_text($10),
                     radius_serial($11), radius_key_id($12), clock_timestamp());
END
$$;

-- Accounting (RFC 2866), in the words of Acct-Status-Type. A switch that says it (re)started or stops ends every
-- session on it. Repetitions are harmless: octets are totals, and a session that is over stays over. 'ok' once it is
-- written: only then may the switch be told so. While 100 000 reports wait, interim ones are left out; the next has
-- their totals, wherefore none of them waits for the disk.
CREATE FUNCTION radius_accounting(status text, accounting_id text, nas_address inet, nas_identifier text,
                                  nas_port_id text, calling_station_id text, user_name text, input_octets text,
                                  input_gigawords text, output_octets text, output_gigawords text,
                                  framed_addresses text, terminate_cause text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
  word constant text := CASE WHEN $1 = 'Start' THEN 'start' WHEN $1 = 'Stop' THEN 'stop'
    WHEN $1 IN ('Interim-Update', 'Alive') THEN 'interim' WHEN $1 IN ('Accounting-On', 'Accounting-Off') THEN 'all' END;
BEGIN
  IF word IS NULL THEN RETURN 'ignored'; END IF;
  IF word = 'all' THEN
    IF NOT EXISTS (SELECT FROM switch s WHERE s.nas_address = $3) THEN RETURN 'ignored'; END IF;
    INSERT INTO radius_report (kind, nas_address, nas_identifier, nas_port_id, calling_station_id, user_name,
        accounting_id, terminate_cause)
      SELECT 'stop', $3, left($4, 253), p.radius_name, o.mac, o.user_name, o.accounting_id, left($1, 64)
        FROM switch s JOIN session o ON o.switch = s.id AND o.end_time IS NULL JOIN port p ON p.id = o.port
        WHERE s.nas_address = $3
      UNION
      SELECT 'stop', $3, left($4, 253), w.nas_port_id, w.calling_station_id, w.user_name, w.accounting_id, left($1, 64)
        FROM radius_report w WHERE w.nas_address = $3 AND w.kind IN ('accept', 'start');
    RETURN 'ok';
  END IF;
  IF word = 'interim' THEN
    PERFORM set_config('synchronous_commit', 'off', true);
    IF (SELECT max(w.id) - min(w.id) FROM radius_report w) >= 100000 THEN RETURN 'ok'; END IF;
  END IF;
  INSERT INTO radius_report (kind, nas_address, nas_identifier, nas_port_id, calling_station_id, user_name,
      accounting_id, input_octets, output_octets, framed_addresses, terminate_cause)
    SELECT word, $3, left($4, 253), left($5, 253), left($6, 253), left(radius_text($7), 253), left($2, 253),
      radius_octets($8, $9), radius_octets($10, $11), array_remove(string_to_array(left($12, 512), ' '), ''),
      left($13, 64)
    FROM switch s WHERE s.nas_address = $3;
  RETURN CASE WHEN FOUND THEN 'ok' ELSE 'ignored' END;
END
$$;

-- Lets a role ask and say what stands above. For the owner of the schema or a superuser; harmless to repeat.
CREATE FUNCTION radius_admit(server_role name) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), server_role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION radius_logon, radius_client, radius_post_auth, radius_accounting TO %I',
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
