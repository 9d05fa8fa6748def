-- What the next lease is looked for by (storage/leases.cpp): switches with marked ports, and the oldest decisions. A
-- switch's marked ports stand in the order in which they are worked off.
DROP INDEX port_state_dirty;
CREATE INDEX port_state_dirty ON port_state (switch, decided_time) WHERE dirty;
CREATE INDEX port_state_decided ON port_state (decided_time) WHERE dirty AND decided_time IS NOT NULL;

-- A port's row is written where something changed. Where its switch was read since, and it was as before, the time is
-- the switch's.
ALTER TABLE switch_lease ADD COLUMN read_time timestamptz;
