//! Points in time: `at` expressions, `StartDate`, `EndDate`.

use time::{Date, Month, OffsetDateTime, Time};

use super::{ScheduleError, ScheduleProperty, Zone};

/// A timer that fires once.
///
/// ```
/// # use oos_template::schedule::{At, Zone};
/// let at = At::parse("2020-02-29T09:17:35Z", &Zone::utc())?;
/// assert_eq!(at.instant(), time::macros::datetime!(2020-02-29 09:17:35 UTC));
/// # Ok::<(), oos_template::schedule::ScheduleError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    instant: OffsetDateTime,
}

impl At {
    /// Reads a date with a time of day, in UTC if the text ends with `Z` or ` UTC`, else in the zone.
    ///
    /// # Errors
    /// Another form, or a date or a time that does not exist in the calendar.
    pub fn parse(expression: &str, zone: &Zone) -> Result<Self, ScheduleError> {
        let error = |reason| unreadable(ScheduleProperty::Expression, expression, reason);
        let read = read(expression).map_err(error)?;
        if !read.has_time {
            return Err(error("the time of day is missing"));
        }
        let instant = if read.utc {
            Some(read.local)
        } else {
            zone.instant_of(read.local.unix_timestamp())
                .and_then(|second| OffsetDateTime::from_unix_timestamp(second).ok())
        };
        instant
            .map(|instant| Self { instant })
            .ok_or_else(|| error("the date is out of range"))
    }

    /// When it fires.
    #[must_use]
    pub const fn instant(&self) -> OffsetDateTime {
        self.instant
    }

    /// The firing, if it lies strictly after an instant.
    #[must_use]
    pub fn next_after(&self, instant: OffsetDateTime) -> Option<OffsetDateTime> {
        (self.instant > instant).then_some(self.instant)
    }
}

/// Reads `StartDate` and `EndDate`: `2020-12-20` (midnight), `2020-12-20T00:00:00Z`, with a fraction
/// `2020-12-20T00:00:00.000Z`, and `2020-12-20 00:00:00 UTC`; seconds may be left out. All in UTC,
/// whatever the timer's zone.
///
/// # Errors
/// Another form, or a date or a time that does not exist in the calendar.
///
/// ```
/// # use oos_template::schedule::parse_instant;
/// assert_eq!(parse_instant("2020-12-20")?, time::macros::datetime!(2020-12-20 00:00 UTC));
/// assert!(parse_instant("2020-02-30T00:00:00Z").is_err());
/// # Ok::<(), oos_template::schedule::ScheduleError>(())
/// ```
pub fn parse_instant(text: &str) -> Result<OffsetDateTime, ScheduleError> {
    let error = |reason| unreadable(ScheduleProperty::Date, text, reason);
    let read = read(text).map_err(error)?;
    if read.has_time && !read.utc {
        return Err(error("the Z for UTC is missing"));
    }
    Ok(read.local)
}

fn unreadable(property: ScheduleProperty, text: &str, reason: &str) -> ScheduleError {
    let message = format!(
        "\"{}\" is no point in time: {reason}",
        ScheduleError::shorten(text)
    );
    ScheduleError::new(property, 1, message).with_fix("2020-02-29T09:17:35Z")
}

struct Read {
    /// The time as written, as if it were UTC.
    local: OffsetDateTime,
    has_time: bool,
    utc: bool,
}

const FORM: &str = "write it like 2020-02-29T09:17:35Z";

fn read(text: &str) -> Result<Read, &'static str> {
    let text = text.trim();
    let without = text.strip_suffix(['Z', 'z']).or_else(|| {
        let (rest, zone) = text.rsplit_once(' ')?;
        zone.eq_ignore_ascii_case("UTC").then(|| rest.trim_end())
    });
    let plain = without.unwrap_or(text);
    let (date, clock) = match plain.split_once(['T', 't', ' ']) {
        Some((date, clock)) => (date, Some(clock)),
        None => (plain, None),
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2]).ok_or(FORM)?;
    let date = date_of(year, month, day).ok_or("the calendar has no such day")?;
    let time = clock.map_or(Ok(Time::MIDNIGHT), time_of)?;
    Ok(Read {
        local: date.with_time(time).assume_utc(),
        has_time: clock.is_some(),
        utc: without.is_some(),
    })
}

fn date_of(year: u32, month: u32, day: u32) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()
}

fn time_of(clock: &str) -> Result<Time, &'static str> {
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_fraction = (1..=9).contains(&fraction.len()) && digits(fraction);
    let whole = numbers(clock, ':', [2, 2, 2])
        .or_else(|| numbers(clock, ':', [2, 2]).map(|[hour, minute]| [hour, minute, 0]));
    let [hour, minute, second] = whole.filter(|_| is_fraction).ok_or(FORM)?;
    let nanosecond = format!("{fraction:0<9}").parse().unwrap_or(0);
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    Time::from_hms_nano(small(hour), small(minute), small(second), nanosecond)
        .map_err(|_| "the day has no such time")
}

/// Numbers of the given widths between separators.
fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[u32; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for (slot, width) in found.iter_mut().zip(widths) {
        let part = parts.next()?;
        *slot = (part.len() == width && digits(part)).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(found)
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
