-- All runs of three characters in a text: what an index on them finds holds every part of three or more.
CREATE FUNCTION grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
  'SELECT coalesce(array_agg(DISTINCT substr(value, i, 3)), ''{}'') FROM generate_series(1, length(value) - 2) AS i';

CREATE TABLE device (
  id uuid PRIMARY KEY,
  manufacturer uuid NOT NULL REFERENCES manufacturer (id),
  serial_number text NOT NULL,
  model text NOT NULL,
  state text NOT NULL CHECK (state IN ('expected', 'pending', 'onboarding', 'admitted', 'quarantined', 'retired')),
  authorized boolean NOT NULL,
  credential_revoked boolean NOT NULL,
  display_name text NOT NULL,
  location text NOT NULL,
  segment text NOT NULL,
  credential_profile text NOT NULL,
  labels jsonb NOT NULL,
  granted_segment text NOT NULL,
  granted_profile text NOT NULL,
  idevid_fingerprint text NOT NULL,
  mud_url text NOT NULL,
  decision uuid,    -- of decision, which refers to us
  credential uuid,  -- of credential, likewise
  onboarding_count integer NOT NULL,
  last_seen_time timestamptz,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  version bigint NOT NULL,
  effective_segment text NOT NULL GENERATED ALWAYS AS (CASE WHEN segment = '' THEN granted_segment ELSE segment END) STORED,
  search_text text NOT NULL GENERATED ALWAYS AS
    (lower(serial_number) || E'\n' || lower(model) || E'\n' || lower(display_name)) STORED
) WITH (fillfactor = 85);

-- A retired device makes room for one that is created anew.
CREATE UNIQUE INDEX device_living_serial ON device (manufacturer, serial_number) WHERE state <> 'retired';
CREATE INDEX device_serial ON device (serial_number, id);
-- Lists: each filter leads one index, the newest at its end.
CREATE INDEX device_manufacturer ON device (manufacturer, id);
CREATE INDEX device_state ON device (state, id);
CREATE INDEX device_segment ON device (effective_segment, id);
CREATE INDEX device_search ON device USING gin (grams(search_text));
