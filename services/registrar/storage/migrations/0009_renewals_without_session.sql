-- A device renews by itself, in no onboarding session.
ALTER TABLE credential_order ALTER COLUMN session DROP NOT NULL,
  ADD CHECK (renewal OR session IS NOT NULL);
