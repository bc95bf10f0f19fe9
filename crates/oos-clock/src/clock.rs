//! The port for time, and the system's implementation of it.

use crate::BoxFuture;
use std::fmt::Debug;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// Tells the time and sleeps.
///
/// Contract: `elapsed` never goes back; `now` may, as wall clocks do. Dropping a sleep cancels it.
/// A sleep ends not before its duration has passed on the clock that made it.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The wall time, in UTC.
    fn now(&self) -> OffsetDateTime;

    /// Time since a fixed but arbitrary point in the past: for deadlines and durations.
    fn elapsed(&self) -> Duration;

    /// A future that ends when `duration` has passed. It begins to count when it is made.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The clock of the machine; its sleeps need a running tokio runtime with time enabled.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port")]
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the port")]
    fn elapsed(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the port")]
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
