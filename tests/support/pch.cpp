// Carries the precompiled header that the unit tests share; it has no code of its own.
