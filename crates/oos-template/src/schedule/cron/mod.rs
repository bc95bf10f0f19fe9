//! Cron expressions of six fields, as `ACS::TimerTrigger` takes them.

mod crontab;
mod field;
mod read;

use std::fmt;

use time::{Date, Month, OffsetDateTime};

pub use field::CronField;
use read::Set;

use super::{ScheduleError, Zone};

/// A cron expression: second, minute, hour, day of the month, month, day of the week.
///
/// In every field stand `*`, numbers, lists `a,b`, ranges `a-b` (also over the end, as in `FRI-MON`) and
/// steps `a/n`, `*/n`, `a-b/n`; months and weekdays also have English names, and 1 is Sunday. Of the two
/// day fields one may be `?`, which like `*` means any. `L` is the last day of the month; for weekdays
/// `6L` is the last Friday and `6#3` the third one. A firing fits all fields, so with both day fields
/// given it fits both.
///
/// Source: help page of `ACS::TimerTrigger`; `L` and `#` for weekdays from the page on cron expressions.
///
/// ```
/// use oos_template::schedule::{Cron, Zone};
/// use time::macros::datetime;
///
/// let cron = Cron::parse("0 0/15 8-18 ? * 2-6")?;
/// let next = cron.next_after(datetime!(2024-05-03 18:50 UTC), &Zone::utc());
/// assert_eq!(next, Some(datetime!(2024-05-06 08:00 UTC)));
///
/// let error = Cron::parse("0 0 24 * * ?").unwrap_err();
/// assert_eq!(error.to_string(), "hour (column 5): 24 is outside 0-23");
/// # Ok::<(), oos_template::schedule::ScheduleError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Cron {
    text: String,
    seconds: u64,
    minutes: u64,
    hours: u64,
    days: Set,
    months: u64,
    weekdays: Set,
    never: bool,
}

/// Months in which every combination of day, month and weekday has come: the calendar repeats itself
/// after 400 years.
const ALL_MONTHS: usize = 400 * 12 + 1;
const DAY: i64 = 86_400;
/// More than any two offsets of a zone differ.
const SLACK: i64 = 2 * DAY;
/// The Julian day of 1970-01-01.
const EPOCH: i64 = 2_440_588;

impl Cron {
    /// Reads an expression.
    ///
    /// # Errors
    /// Not six fields (the five of crontab are recognised), or a field that cannot be read: the error
    /// names field, column and reason.
    pub fn parse(expression: &str) -> Result<Self, ScheduleError> {
        let [seconds, minutes, hours, days, months, weekdays] = read::fields(expression)?;
        let mut cron = Self {
            text: expression.split_whitespace().collect::<Vec<_>>().join(" "),
            seconds: seconds.bits,
            minutes: minutes.bits,
            hours: hours.bits,
            days,
            months: months.bits,
            weekdays,
            never: false,
        };
        cron.never = cron.day_from(2000, 1, 1).is_none();
        Ok(cron)
    }

    /// The expression, with single blanks between its fields.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether no day fits, as on 30 February.
    #[must_use]
    pub const fn never_fires(&self) -> bool {
        self.never
    }

    /// Whether both day fields are given, so that a day has to fit both.
    #[must_use]
    pub const fn restricts_both_days(&self) -> bool {
        !self.days.any && !self.weekdays.any
    }

    /// The first whole second strictly after an instant at which the local time fits; none if there is
    /// none before the year 9999.
    ///
    /// A local time that the zone skips counts as if the clock had not been put forward: `02:30` fires
    /// at what is then called `03:30`. A local time that comes twice fires the first time only.
    #[must_use]
    pub fn next_after(&self, instant: OffsetDateTime, zone: &Zone) -> Option<OffsetDateTime> {
        if self.never {
            return None;
        }
        let mut second = instant.unix_timestamp().checked_add(1)?;
        loop {
            let segment = zone.segment(second);
            let shift = segment.offset - segment.before;
            let changed = segment.start.saturating_add(shift.abs()).min(segment.end);
            let mut found = None;
            if shift > 0 && second < changed {
                let skipped = self.local_from(second + segment.before, changed + segment.before);
                let called = self.local_from(second + segment.offset, changed + segment.offset);
                found = [
                    skipped.map(|local| local - segment.before),
                    called.map(|local| local - segment.offset),
                ]
                .into_iter()
                .flatten()
                .min();
            }
            if found.is_none() {
                let from = if shift == 0 {
                    second
                } else {
                    second.max(changed)
                };
                let local = self.local_from(from.checked_add(segment.offset)?, i64::MAX)?;
                let candidate = local - segment.offset;
                if candidate >= segment.end {
                    second = segment.end.max(candidate - SLACK);
                    continue;
                }
                found = Some(candidate);
            }
            return OffsetDateTime::from_unix_timestamp(found?).ok();
        }
    }

    /// The first local second that fits, from one on and before another.
    fn local_from(&self, from: i64, before: i64) -> Option<i64> {
        let (day, second) = (from.div_euclid(DAY), from.rem_euclid(DAY));
        let date = Date::from_julian_day(i32::try_from(day + EPOCH).ok()?).ok()?;
        let today = self.days_of(date.year(), date.month().into()) >> date.day() & 1 == 1;
        let clock = today.then(|| self.clock_from(second)).flatten();
        let found = if let Some(clock) = clock {
            day * DAY + clock
        } else {
            let next = self.day_from(date.year(), date.month().into(), date.day() + 1)?;
            (i64::from(next.to_julian_day()) - EPOCH) * DAY + self.clock_from(0)?
        };
        (found < before).then_some(found)
    }

    /// The first second of a day that fits, from one on.
    fn clock_from(&self, second: i64) -> Option<i64> {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let now = bit_from(self.hours, hour)? == hour;
        if now {
            if bit_from(self.minutes, minute) == Some(minute)
                && let Some(second) = bit_from(self.seconds, second)
            {
                return Some(hour * 3600 + minute * 60 + second);
            }
            if let Some(minute) = bit_from(self.minutes, minute + 1) {
                return Some(hour * 3600 + minute * 60 + bit_from(self.seconds, 0)?);
            }
        }
        let hour = bit_from(self.hours, if now { hour + 1 } else { hour })?;
        Some(hour * 3600 + bit_from(self.minutes, 0)? * 60 + bit_from(self.seconds, 0)?)
    }

    /// The first day that fits, from one on.
    fn day_from(&self, mut year: i32, mut month: u8, from: u8) -> Option<Date> {
        let mut earlier = 1_u32
            .checked_shl(from.into())
            .map_or(u32::MAX, |bit| bit - 1);
        for _ in 0..ALL_MONTHS {
            let days = self.days_of(year, month) & !earlier;
            if days != 0 {
                let day = u8::try_from(days.trailing_zeros()).ok()?;
                return Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok();
            }
            earlier = 0;
            month = month % 12 + 1;
            year += i32::from(month == 1);
        }
        None
    }

    /// The days of a month that fit, as bits from 1.
    fn days_of(&self, year: i32, month: u8) -> u32 {
        let known = Month::try_from(month)
            .ok()
            .filter(|_| self.months >> month & 1 == 1)
            .and_then(|month| Date::from_calendar_date(year, month, 1).ok());
        let Some(first) = known else {
            return 0;
        };
        let length = first.month().length(year);
        let start = first.weekday().number_days_from_sunday();
        let fits = |day: &u8| {
            let in_month = self.days.any
                || self.days.bits >> *day & 1 == 1
                || (self.days.last && *day == length);
            in_month
                && (self.weekdays.any
                    || self.weekdays.has((start + *day - 1) % 7 + 1, *day, length))
        };
        (1..=length)
            .filter(fits)
            .fold(0, |days, day| days | 1 << day)
    }
}

/// The first bit that is set, from one on.
fn bit_from(bits: u64, from: i64) -> Option<i64> {
    let rest = bits.checked_shr(u32::try_from(from).ok()?)?;
    (rest != 0).then(|| from + i64::from(rest.trailing_zeros()))
}

impl fmt::Debug for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cron").field(&self.text).finish()
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
