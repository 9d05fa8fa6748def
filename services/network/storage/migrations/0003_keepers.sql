-- Which replica keeps which switch: it alone is connected to it, hears what it tells and drives it.
CREATE TABLE replica (
  name text PRIMARY KEY,
  life text NOT NULL UNIQUE,                 -- of this start of the replica
  until timestamptz NOT NULL,                -- by the database's clock; after that its switches are free
  locked boolean NOT NULL DEFAULT false      -- a session of it holds the life's lock: one that nobody holds is over
);
ALTER TABLE switch_lease ADD COLUMN keeper text NOT NULL DEFAULT '';  -- a life; '' or one that is over: nobody
CREATE INDEX port_authenticator ON port (switch) WHERE authenticator <> '';
