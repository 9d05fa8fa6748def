-- The authorization policy: an ordered list of rules.
CREATE TABLE policy (
  id uuid PRIMARY KEY,
  display_name text NOT NULL,
  priority integer NOT NULL,
  disabled boolean NOT NULL,
  manufacturer uuid REFERENCES manufacturer (id),
  model_pattern text NOT NULL,
  serial_pattern text NOT NULL,
  location_pattern text NOT NULL,
  protocols text[] NOT NULL,
  start_time timestamptz,
  end_time timestamptz,
  effect text NOT NULL CHECK (effect IN ('allow', 'deny', 'ask')),
  segment text NOT NULL,
  credential_profile text NOT NULL,
  approvals_required integer NOT NULL,
  create_time timestamptz NOT NULL,
  update_time timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX policy_priority ON policy (priority);

-- One row: moved by every change of the rules, so that a process knows whether its copy of them is still good.
CREATE TABLE policy_set (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  version bigint NOT NULL
);
INSERT INTO policy_set (version) VALUES (1);
