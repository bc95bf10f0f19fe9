//! Clocks that go wrong.

use crate::Error;
use crate::error::http_date;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use time::OffsetDateTime;

/// How far this machine's clock is from the server's.
///
/// A server takes a request only if its date is within 15 minutes of its own time. When it refuses
/// one for its date, the client reads the server's time from the answer's `date`, signs the call
/// once more with it, and remembers the difference for all later calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    seconds: i64,
}

impl ClockSkew {
    /// What has to be added to this machine's time, in seconds: positive if its clock is behind.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.seconds
    }
}

impl fmt::Display for ClockSkew {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (side, seconds) = if self.seconds < 0 {
            ("ahead of", self.seconds.unsigned_abs())
        } else {
            ("behind", self.seconds.unsigned_abs())
        };
        write!(
            formatter,
            "the clock of this machine is {seconds} s {side} the server's: set it, or let it be set \
             (NTP); until then the dates of calls are corrected"
        )
    }
}

/// The difference that a client has learnt; zero at first.
#[derive(Debug, Default)]
pub(crate) struct Correction {
    seconds: AtomicI64,
}

/// A refused date that the server's own time confirms to within this was not refused for being
/// wrong: correcting it would change nothing.
const LEAST: u64 = 60;

impl Correction {
    pub(crate) fn seconds(&self) -> i64 {
        self.seconds.load(Ordering::Relaxed)
    }

    pub(crate) fn known(&self) -> Option<ClockSkew> {
        let seconds = self.seconds();
        (seconds != 0).then_some(ClockSkew { seconds })
    }

    pub(crate) fn apply(&self, now: OffsetDateTime) -> OffsetDateTime {
        now.saturating_add(time::Duration::seconds(self.seconds()))
    }

    /// What a refusal of an attempt that was signed with the correction `used` tells, if signing
    /// anew can help.
    pub(crate) fn learn(&self, error: &Error, used: i64, now: OffsetDateTime) -> Option<ClockSkew> {
        let Error::Service(refusal) = error else {
            return None;
        };
        let date = refusal.headers().get(http::header::DATE)?;
        if !refusal.api().is_clock_skew() {
            return None;
        }
        let seconds = (http_date(date.to_str().ok()?)? - now).whole_seconds();
        if seconds.abs_diff(used) < LEAST {
            return None;
        }
        self.seconds.store(seconds, Ordering::Relaxed);
        Some(ClockSkew { seconds })
    }
}
