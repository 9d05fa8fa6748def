-- Everything of this service but what a RADIUS server is given (next migration).
--@ request_v1
--@ outbox_v1

CREATE TABLE site (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  display_name text NOT NULL,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  version bigint NOT NULL
);

-- Segments are the same at every site. The two special ones always exist; their VLAN is the operator's to choose.
CREATE TABLE segment (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  display_name text NOT NULL,
  vlan integer NOT NULL UNIQUE CHECK (vlan BETWEEN 1 AND 4094),
  purpose text NOT NULL CHECK (purpose IN ('onboarding', 'production', 'quarantine')),
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX segment_special ON segment (purpose) WHERE purpose <> 'production';
INSERT INTO segment VALUES
  ('00000000-0000-7000-8000-000000000001', 'onboarding', 'Onboarding', 4001, 'onboarding', now(), now(), 1),
  ('00000000-0000-7000-8000-000000000002', 'quarantine', 'Quarantine', 4002, 'quarantine', now(), now(), 1);

CREATE TABLE switch (
  id uuid PRIMARY KEY,
  site uuid NOT NULL REFERENCES site (id),
  name text NOT NULL UNIQUE,
  display_name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('ovs', 'radius')),
  settings jsonb NOT NULL,                   -- of its kind's adapter, which checks them
  nas_address inet UNIQUE,                   -- from where it speaks RADIUS (a host address)
  nas_identifier text NOT NULL,              -- RADIUS attribute 32; '' where it sends none
  radius_secret bytea,                       -- sealed for this service (libs/crypto envelope)
  radius_secret_for_server bytea,            -- for the RADIUS server, in the form that it agrees with us
  enabled boolean NOT NULL,                  -- false: it is left as it is
  last_seen_time timestamptz,
  problem text NOT NULL DEFAULT '',          -- a code of domain/reasons.h
  problem_message text NOT NULL DEFAULT '',
  problem_since timestamptz,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  version bigint NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX switch_site ON switch (site, id);

-- Who drives a switch now. One replica at a time; a crashed one's lease runs out. `fence` grows with each holder, so
-- that what an old one still writes is refused.
CREATE TABLE switch_lease (
  switch uuid PRIMARY KEY REFERENCES switch (id) ON DELETE CASCADE,
  holder text NOT NULL DEFAULT '',
  until timestamptz NOT NULL DEFAULT '-infinity',
  fence bigint NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,       -- one after another; each lengthens the pause
  retry_time timestamptz NOT NULL DEFAULT '-infinity',
  observe_time timestamptz NOT NULL DEFAULT '-infinity'  -- when all ports are to be read next
) WITH (fillfactor = 50);
CREATE INDEX switch_lease_observe ON switch_lease (observe_time);
CREATE INDEX switch_lease_held ON switch_lease (until) WHERE holder <> '';

CREATE TABLE port (
  id uuid PRIMARY KEY,
  switch uuid NOT NULL REFERENCES switch (id),
  name text NOT NULL,                        -- the switch's own
  display_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('access', 'service', 'uplink')),
  fixed_segment uuid REFERENCES segment (id),  -- of a service port
  nas_port_id text NOT NULL,                 -- RADIUS attribute 87 as the switch writes it; '' = the name
  authenticator text NOT NULL,               -- hostapd's control address; '' where the switch has its own
  disconnect_at text NOT NULL DEFAULT '',    -- where that one takes Disconnect-Requests; '' nowhere
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  version bigint NOT NULL,
  radius_name text NOT NULL GENERATED ALWAYS AS (CASE WHEN nas_port_id = '' THEN name ELSE nas_port_id END) STORED,
  UNIQUE (switch, name),
  UNIQUE (switch, radius_name)
);
CREATE INDEX port_switch ON port (switch, id);
CREATE INDEX port_fixed_segment ON port (fixed_segment) WHERE fixed_segment IS NOT NULL;

-- What a port is to do, what it does, and whether somebody has to see to it.
CREATE TABLE port_state (
  port uuid PRIMARY KEY REFERENCES port (id) ON DELETE CASCADE,
  switch uuid NOT NULL,
  wanted bigint NOT NULL DEFAULT 1,          -- grows with each change that may concern the port
  done bigint NOT NULL DEFAULT 0,            -- the value of `wanted` that was worked off last
  dirty boolean NOT NULL GENERATED ALWAYS AS (wanted > done) STORED,
  decided_time timestamptz,                  -- of the oldest decision that is not worked off
  plan_vlan integer,                         -- as applied last; NULL: never
  plan_stations text[] NOT NULL DEFAULT '{}',
  plan_time timestamptz,
  link_up boolean NOT NULL DEFAULT true,     -- until the switch says otherwise
  vlan integer,                              -- as observed last, and the rest
  stations text[] NOT NULL DEFAULT '{}',
  onboarding_only boolean NOT NULL DEFAULT false,
  foreign_things text[] NOT NULL DEFAULT '{}',
  observe_time timestamptz,                  -- NULL: never observed
  authenticated text[] NOT NULL DEFAULT '{}',  -- stations that the authenticator says are on
  problem text NOT NULL DEFAULT '',          -- a code of domain/reasons.h
  problem_message text NOT NULL DEFAULT ''
) WITH (fillfactor = 50);
CREATE INDEX port_state_dirty ON port_state (switch) WHERE dirty;
CREATE INDEX port_state_switch ON port_state (switch);

-- Wireless networks: what access points of a site are to announce.
CREATE TABLE wlan (
  id uuid PRIMARY KEY,
  name text NOT NULL UNIQUE,
  display_name text NOT NULL,
  site uuid NOT NULL REFERENCES site (id),
  ssid bytea NOT NULL CHECK (octet_length(ssid) BETWEEN 1 AND 32),
  security text NOT NULL CHECK (security IN ('open', 'owe', 'wpa3-enterprise', 'wpa3-enterprise-192', 'dpp')),
  segment uuid REFERENCES segment (id),      -- where its devices go; NULL: each where RADIUS says
  enabled boolean NOT NULL,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  version bigint NOT NULL,
  UNIQUE (site, ssid),
  CHECK (segment IS NOT NULL OR security LIKE 'wpa3-enterprise%')
);
CREATE INDEX wlan_segment ON wlan (segment) WHERE segment IS NOT NULL;

-- What the registrar allows each device ("grant" is a word of SQL).
CREATE TABLE grant_ (
  device uuid PRIMARY KEY,
  standing text NOT NULL CHECK (standing IN ('admitted', 'quarantined', 'excluded')),
  segment text NOT NULL,                     -- by name; '' = none was given
  serial_number text NOT NULL,
  decided_time timestamptz NOT NULL,
  cursor bigint NOT NULL                     -- of the registrar's event
) WITH (fillfactor = 85);
CREATE INDEX grant_segment ON grant_ (segment);

-- Certificates, as RADIUS servers know them. A door opens for one that is `live`, not past `not_after`, and whose
-- device's grant is admitted (into `segment`) or quarantined (into the quarantine segment).
CREATE TABLE credential (
  authority_key_id text NOT NULL CHECK (authority_key_id ~ '^([0-9a-f]{2})+$'),
  serial text NOT NULL CHECK (serial ~ '^([0-9a-f]{2})+$' AND (serial = '00' OR serial !~ '^00')),
  device uuid NOT NULL,
  live boolean NOT NULL,
  reason text NOT NULL,                      -- why it is not live
  not_after timestamptz NOT NULL,
  cursor bigint NOT NULL,
  PRIMARY KEY (serial, authority_key_id)
) WITH (fillfactor = 85);
CREATE INDEX credential_device ON credential (device);

-- How far the registrar's events were followed.
CREATE TABLE registrar_feed (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  cursor bigint NOT NULL DEFAULT 0,
  handle_time timestamptz,
  started boolean NOT NULL DEFAULT false     -- a full listing was taken once
);
INSERT INTO registrar_feed DEFAULT VALUES;

-- Who was where when. Names of switch and port stay when these are deleted.
CREATE TABLE session (
  id uuid PRIMARY KEY,
  device uuid NOT NULL,
  switch uuid NOT NULL,
  switch_name text NOT NULL,
  port uuid NOT NULL,
  port_name text NOT NULL,
  mac text NOT NULL CHECK (mac ~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$'),
  user_name text NOT NULL,
  accounting_id text NOT NULL,               -- Acct-Session-Id; '' until accounting began
  certificate_serial text NOT NULL,
  authority_key_id text NOT NULL,
  given_vlan integer,                        -- of the Access-Accept, where it named one
  state text NOT NULL CHECK (state IN ('accepted', 'live', 'ended')),
  accept_time timestamptz NOT NULL,          -- RADIUS said yes
  start_time timestamptz,                    -- the switch said that the station is on
  heard_time timestamptz NOT NULL,
  end_time timestamptz,
  end_code text NOT NULL DEFAULT '',         -- a code of domain/reasons.h; without end_time: it is to be ended
  end_message text NOT NULL DEFAULT '',
  input_octets bigint NOT NULL DEFAULT 0,
  output_octets bigint NOT NULL DEFAULT 0,
  framed_addresses text[] NOT NULL DEFAULT '{}',
  accounted boolean NOT NULL DEFAULT false,  -- interim updates are to be expected
  CHECK ((end_time IS NULL) = (state <> 'ended'))
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX session_one_station ON session (port, mac) WHERE end_time IS NULL;
CREATE INDEX session_open_device ON session (device) WHERE end_time IS NULL;
CREATE INDEX session_open_mac ON session (mac) WHERE end_time IS NULL;
CREATE INDEX session_open_switch ON session (switch) WHERE end_time IS NULL;
CREATE INDEX session_open_heard ON session (heard_time) WHERE end_time IS NULL;
CREATE INDEX session_open_certificate ON session (certificate_serial, authority_key_id) WHERE end_time IS NULL;
CREATE INDEX session_device ON session (device, id);
CREATE INDEX session_switch ON session (switch, id);
CREATE INDEX session_port ON session (port, id);
CREATE INDEX session_mac ON session (mac, id);
CREATE INDEX session_end ON session (end_time) WHERE end_time IS NOT NULL;

-- What RADIUS servers saw, on its way to sessions. They only insert, and whoever takes a row looks. All judgement
-- is made by whoever takes a row (app/sessions.h), in the order of ids.
CREATE TABLE radius_report (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  kind text NOT NULL CHECK (kind IN ('accept', 'start', 'interim', 'stop')),
  nas_address inet NOT NULL,
  nas_identifier text NOT NULL DEFAULT '',
  nas_port_id text NOT NULL DEFAULT '',
  calling_station_id text NOT NULL,          -- as it came
  user_name text NOT NULL DEFAULT '',
  accounting_id text NOT NULL DEFAULT '',
  certificate_serial text NOT NULL DEFAULT '',  -- of an accept; in the form of credential
  authority_key_id text NOT NULL DEFAULT '',    -- likewise
  given_vlan integer,                        -- of an accept: the VLAN that it named, if it did
  input_octets bigint NOT NULL DEFAULT 0,
  output_octets bigint NOT NULL DEFAULT 0,
  framed_addresses text[] NOT NULL DEFAULT '{}',
  terminate_cause text NOT NULL DEFAULT ''   -- of a stop
);
