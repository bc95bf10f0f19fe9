//! Schedules: a table worked by hand, a walk over every second of a year, and what is refused.

mod brute_force;
mod firings;
mod refused;
