//! Rates: `30 minutes`.

use time::{Duration, OffsetDateTime};

use super::{ScheduleError, ScheduleProperty};

/// An interval after which a timer fires again and again, the first time one interval after the start.
///
/// ```
/// # use oos_template::schedule::Rate;
/// assert_eq!(Rate::parse("30 minutes")?.interval(), time::Duration::minutes(30));
/// assert_eq!(Rate::parse("5 minute")?, Rate::parse("5 Minutes")?);
/// # Ok::<(), oos_template::schedule::ScheduleError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    interval: Duration,
}

/// Seconds of 100 years.
const MAX_SECONDS: u64 = 100 * 366 * 86_400;

impl Rate {
    /// Reads `<number> <unit>`: a whole number from 1 and minutes, hours, days or weeks, in the singular
    /// or the plural and in any letter case.
    ///
    /// # Errors
    /// Another form, or more than 100 years.
    pub fn parse(expression: &str) -> Result<Self, ScheduleError> {
        let text = expression.trim_start();
        let column = expression.chars().count() - text.chars().count() + 1;
        let text = text.trim_end();
        let digits = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, rest) = text.split_at(digits);
        let unit = rest.trim_start();
        let unit_column = column + text.chars().count() - unit.chars().count();
        let seconds = seconds_of(unit);
        let error = |column, message: String| {
            ScheduleError::new(ScheduleProperty::Expression, column, message)
        };
        if number.is_empty() {
            let message = "a rate is a whole number and a unit".to_owned();
            let inner = text.strip_prefix("rate(").and_then(|t| t.strip_suffix(')'));
            let fix = inner.filter(|inner| Self::parse(inner).is_ok());
            return Err(error(column, message).with_fix(fix.unwrap_or("30 minutes")));
        }
        let Some(seconds) = seconds else {
            let shown = ScheduleError::shorten(unit);
            let message = match shown.as_str() {
                "" => "the unit is missing: minutes, hours, days or weeks".to_owned(),
                _ => format!("\"{shown}\" is no unit of a rate: minutes, hours, days or weeks"),
            };
            return Err(error(unit_column, message).with_fix(format!("{number} minutes")));
        };
        let count: u64 = number.parse().unwrap_or(u64::MAX);
        if count == 0 {
            let message = "a rate is at least 1".to_owned();
            return Err(error(column, message).with_fix(format!("1 {unit}")));
        }
        if rest.len() == unit.len() {
            let message = "a blank is missing between number and unit".to_owned();
            return Err(error(unit_column, message).with_fix(format!("{number} {unit}")));
        }
        let total = count.saturating_mul(seconds);
        match i64::try_from(total) {
            Ok(total) if total.unsigned_abs() <= MAX_SECONDS => Ok(Self {
                interval: Duration::seconds(total),
            }),
            _ => Err(error(column, "a rate is at most 100 years".to_owned())),
        }
    }

    /// The time between two firings.
    #[must_use]
    pub const fn interval(&self) -> Duration {
        self.interval
    }

    /// The first firing strictly after an instant, counted from a start; the start itself is none.
    #[must_use]
    pub fn next_after(
        &self,
        instant: OffsetDateTime,
        start: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        let interval = self.interval.whole_nanoseconds();
        let passed = (instant - start).whole_nanoseconds();
        let count = passed.div_euclid(interval).max(0).checked_add(1)?;
        let nanoseconds = start
            .unix_timestamp_nanos()
            .checked_add(count.checked_mul(interval)?)?;
        OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok()
    }
}

fn seconds_of(unit: &str) -> Option<u64> {
    let unit = unit.to_ascii_lowercase();
    Some(match unit.strip_suffix('s').unwrap_or(&unit) {
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        "week" => 604_800,
        _ => return None,
    })
}
