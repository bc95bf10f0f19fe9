//! Points in time as records keep them.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use time::OffsetDateTime;

/// A point in time: milliseconds since 1970, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// The moment so many milliseconds after the beginning of 1970.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The time that passes from an earlier moment to this one; zero if that one is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The moment after `duration`, at whole milliseconds, never too early.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = duration.as_nanos().div_ceil(1_000_000);
        Self(
            self.0
                .saturating_add(i64::try_from(millis).unwrap_or(i64::MAX)),
        )
    }

    /// The moment as a calendar time in UTC; beyond the calendar's ends, those ends.
    #[must_use]
    pub fn to_datetime(self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH.saturating_add(time::Duration::milliseconds(self.0))
    }
}

impl From<OffsetDateTime> for Moment {
    fn from(time: OffsetDateTime) -> Self {
        let millis = time.unix_timestamp_nanos().div_euclid(1_000_000);
        Self(i64::try_from(millis).expect("the calendar of `time` fits into 64 bits of millis"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_moment_is_a_time_to_the_millisecond() {
        let check = |time: OffsetDateTime, millis: i64| {
            assert_eq!(Moment::from(time).millis(), millis, "{time}");
        };
        check(datetime!(1970-01-01 00:00 UTC), 0);
        check(datetime!(1970-01-01 00:00:00.001_999 UTC), 1);
        check(datetime!(1969-12-31 23:59:59.999_999 UTC), -1);
        check(datetime!(2026-01-01 08:00 +8), 1_767_225_600_000);
        let time = datetime!(2026-01-02 03:04:05.678 UTC);
        assert_eq!(Moment::from(time).to_datetime(), time);
    }

    #[test]
    fn a_sleep_ends_never_too_early() {
        let check = |duration: Duration, millis: i64| {
            assert_eq!(
                Moment::from_millis(5).after(duration).millis(),
                millis,
                "{duration:?}"
            );
        };
        check(Duration::ZERO, 5);
        check(Duration::from_nanos(1), 6);
        check(Duration::from_millis(3), 8);
        check(Duration::from_micros(3001), 9);
        check(Duration::MAX, i64::MAX);
    }

    #[test]
    fn since_does_not_go_below_zero() {
        let (early, late) = (Moment::from_millis(10), Moment::from_millis(25));
        assert_eq!(late.since(early), Duration::from_millis(15));
        assert_eq!(early.since(late), Duration::ZERO);
        let all = Moment::from_millis(i64::MAX).since(Moment::from_millis(i64::MIN));
        assert_eq!(all, Duration::from_millis(i64::MAX.unsigned_abs()));
    }

    #[test]
    fn the_calendar_has_ends() {
        let last = Moment::from_millis(i64::MAX).to_datetime();
        assert_eq!(Moment::from(last).to_datetime().year(), last.year());
        let first = Moment::from_millis(i64::MIN).to_datetime();
        assert!(first < last);
    }
}
