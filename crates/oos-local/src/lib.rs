//! Answers the OOS protocol from an engine, in process and on loopback.
