-- What was decided about devices at the door, by whom, and what became of it.
CREATE TABLE approval (
  id uuid PRIMARY KEY,
  device uuid NOT NULL REFERENCES device (id),
  state text NOT NULL CHECK (state IN ('pending', 'granted', 'denied', 'expired')),
  policy uuid NOT NULL,  -- the rule may be deleted since
  rule text NOT NULL,
  segment text NOT NULL,
  credential_profile text NOT NULL,
  approvals_required integer NOT NULL,
  create_time timestamptz NOT NULL,
  expire_time timestamptz NOT NULL,
  decide_time timestamptz,
  closed boolean NOT NULL
);
CREATE UNIQUE INDEX approval_open ON approval (device) WHERE NOT closed;
CREATE INDEX approval_device ON approval (device, id);
CREATE INDEX approval_state ON approval (state, id);

CREATE TABLE vote (
  approval uuid NOT NULL REFERENCES approval (id),
  position integer NOT NULL,
  voter text NOT NULL,
  approved boolean NOT NULL,
  reason text NOT NULL,
  time timestamptz NOT NULL,
  PRIMARY KEY (approval, position),
  UNIQUE (approval, voter, approved)
);

CREATE TABLE decision (
  id uuid PRIMARY KEY,
  subject_key text NOT NULL,
  device uuid REFERENCES device (id),
  manufacturer uuid REFERENCES manufacturer (id),
  serial_number text NOT NULL,
  protocol text NOT NULL,
  session uuid,
  outcome text NOT NULL CHECK (outcome IN ('allow', 'deny', 'wait')),
  code text NOT NULL,
  findings jsonb NOT NULL,
  decided_by text NOT NULL,
  rule text NOT NULL,
  approval uuid REFERENCES approval (id),
  segment text NOT NULL,
  credential_profile text NOT NULL,
  location text NOT NULL,
  remote_address text NOT NULL,
  audit_sequence bigint NOT NULL,
  count bigint NOT NULL,
  create_time timestamptz NOT NULL,
  last_time timestamptz NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX decision_same ON decision (subject_key, outcome, code, create_time);
CREATE INDEX decision_device ON decision (device, id) WHERE device IS NOT NULL;
CREATE INDEX decision_serial ON decision (serial_number, id);
CREATE INDEX decision_unproven ON decision (create_time) WHERE manufacturer IS NULL;

CREATE TABLE refusal (
  id uuid PRIMARY KEY,
  subject_key text NOT NULL,
  device uuid REFERENCES device (id),
  session uuid,
  protocol text NOT NULL,
  serial_number text NOT NULL,
  code text NOT NULL,
  findings jsonb NOT NULL,
  remote_address text NOT NULL,
  audit_sequence bigint NOT NULL,
  count bigint NOT NULL,
  create_time timestamptz NOT NULL,
  last_time timestamptz NOT NULL
) WITH (fillfactor = 85);
CREATE INDEX refusal_same ON refusal (subject_key, code, create_time);
CREATE INDEX refusal_device ON refusal (device, id) WHERE device IS NOT NULL;
CREATE INDEX refusal_serial ON refusal (serial_number, id);
CREATE INDEX refusal_unregistered ON refusal (create_time) WHERE device IS NULL;

-- What a device said of its voucher and its enrolment: the last word of each session.
CREATE TABLE telemetry (
  session uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('voucher', 'enrolment')),
  device uuid NOT NULL REFERENCES device (id),
  success boolean NOT NULL,
  reason text NOT NULL,
  reason_context text NOT NULL,
  certificate_matched boolean NOT NULL,
  time timestamptz NOT NULL,
  PRIMARY KEY (session, kind)
);
CREATE INDEX telemetry_device ON telemetry (device, time);
