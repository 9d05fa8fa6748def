-- The oldest decision of each switch with marked ports is found without looking at all of its marked ports.
DROP INDEX port_state_dirty;
CREATE INDEX port_state_dirty ON port_state (switch, decided_time) WHERE dirty;
