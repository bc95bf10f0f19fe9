//! Time, sleep and randomness as ports, with system and fake implementations.
