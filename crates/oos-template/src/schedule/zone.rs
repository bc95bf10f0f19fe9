//! Time zones by their IANA names. The only file that names jiff.

use std::fmt;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use time::{OffsetDateTime, UtcOffset};

use super::{ScheduleError, ScheduleProperty};
use crate::expr::nearest;

/// A time zone of the IANA database, with its daylight-saving rules of past and future.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// The time between two changes of a zone's offset, in Unix seconds, with offsets east of UTC in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    /// Its first second; the smallest number if the zone never changed before.
    pub(super) start: i64,
    /// The first second that is no part of it any more; the largest number if there is none.
    pub(super) end: i64,
    pub(super) offset: i64,
    /// The offset right before its start.
    pub(super) before: i64,
}

/// Part of the program: a database of the system would make results vary with the machine.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// What people write for the time of Beijing.
#[rustfmt::skip]
const BEIJING: &[&str] = &[
    "asia/beijing", "beijing", "china", "china standard time", "cst", "gmt+8", "gmt+08:00", "gmt+0800",
    "utc+8", "utc+08:00", "utc+0800", "+8", "+08:00", "+0800", "shanghai",
];

impl Zone {
    /// Coordinated universal time, the default of timers.
    #[must_use]
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            rules: TimeZone::UTC,
        }
    }

    /// The zone of an IANA name such as `Asia/Shanghai`, in any letter case.
    ///
    /// # Errors
    /// No zone has that name; abbreviations and offsets such as `CST` or `UTC+8` are none.
    pub fn parse(name: &str) -> Result<Self, ScheduleError> {
        let name = name.trim();
        let known = DATABASE.get(name).ok().filter(|rules| !rules.is_unknown());
        if let Some(rules) = known {
            let name = rules.iana_name().unwrap_or(name).to_owned();
            return Ok(Self { name, rules });
        }
        let message = format!(
            "there is no time zone \"{}\"; an IANA name such as Asia/Shanghai is needed",
            ScheduleError::shorten(name)
        );
        let error = ScheduleError::new(ScheduleProperty::TimeZone, 1, message);
        Err(match likely(name) {
            Some(fix) => error.with_fix(fix),
            None => error,
        })
    }

    /// The name of the zone, spelt as in the database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The offset from UTC at an instant.
    #[must_use]
    pub fn offset_at(&self, instant: OffsetDateTime) -> UtcOffset {
        let seconds = self.segment(instant.unix_timestamp()).offset;
        let seconds = i32::try_from(seconds).unwrap_or(0);
        UtcOffset::from_whole_seconds(seconds).unwrap_or(UtcOffset::UTC)
    }

    /// The segment in which a second lies.
    pub(super) fn segment(&self, second: i64) -> Segment {
        let at = timestamp(second);
        let after = timestamp(second.saturating_add(1));
        let offset = i64::from(self.rules.to_offset(at).seconds());
        let start = self.rules.preceding(after).next();
        let start = start.map(|change| change.timestamp().as_second());
        let before = start.map_or(offset, |start| {
            let before = timestamp(start.saturating_sub(1));
            i64::from(self.rules.to_offset(before).seconds())
        });
        let end = self.rules.following(at).next();
        Segment {
            start: start.unwrap_or(i64::MIN),
            end: end.map_or(i64::MAX, |change| change.timestamp().as_second()),
            offset,
            before,
        }
    }

    /// The instant of a local time, in Unix seconds: the first of two; one that is skipped counts as if
    /// the clock had not been put forward.
    pub(super) fn instant_of(&self, local: i64) -> Option<i64> {
        let utc = OffsetDateTime::from_unix_timestamp(local).ok()?;
        let small = |number: u8| i8::try_from(number).ok();
        let civil = DateTime::new(
            i16::try_from(utc.year()).ok()?,
            small(utc.month().into())?,
            small(utc.day())?,
            small(utc.hour())?,
            small(utc.minute())?,
            small(utc.second())?,
            0,
        );
        let instant = self
            .rules
            .to_ambiguous_timestamp(civil.ok()?)
            .compatible()
            .ok()?;
        Some(instant.as_second())
    }
}

/// The nearest instant jiff knows.
fn timestamp(second: i64) -> Timestamp {
    let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    Timestamp::from_second(second.clamp(first, last)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The zone that was most likely meant.
fn likely(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    if BEIJING.contains(&lower.as_str()) {
        return Some("Asia/Shanghai".to_owned());
    }
    let names: Vec<String> = DATABASE.available().map(|name| name.to_string()).collect();
    let place = |known: &&String| {
        let place = known.rsplit('/').next().unwrap_or(known);
        place.eq_ignore_ascii_case(&name.replace(' ', "_"))
    };
    if let Some(found) = names.iter().find(place) {
        return Some(found.clone());
    }
    let first = lower.chars().next()?;
    let alike = names.iter().map(String::as_str).filter(|known| {
        known.starts_with(|c: char| c.eq_ignore_ascii_case(&first))
            && known.len().abs_diff(name.len()) <= 3
    });
    nearest(name, alike).map(str::to_owned)
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name).finish()
    }
}
