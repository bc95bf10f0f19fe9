//! Time, sleep and randomness as ports, with system and fake implementations.
//!
//! Every other crate takes its time from a [`Clock`] and its randomness from an [`Entropy`], so
//! that a test can hold both in its hand. This crate must not know what the time is used for: it
//! knows nothing of OOS, HTTP or signatures.
//!
//! ```
//! use oos_clock::{Clock, FakeClock};
//! use std::time::Duration;
//! use time::macros::datetime;
//!
//! let clock = FakeClock::at(datetime!(2026-01-02 03:04:05 UTC));
//! clock.advance(Duration::from_secs(55));
//! assert_eq!(clock.now(), datetime!(2026-01-02 03:05:00 UTC));
//! ```

#![forbid(unsafe_code)]

mod clock;
mod entropy;
mod fake;

pub use clock::{Clock, SystemClock};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy, hex32, ordered_uuid, uuid};
pub use fake::FakeClock;
pub use futures_core::future::BoxFuture;
