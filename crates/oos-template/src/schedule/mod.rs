//! When a timer fires: cron expressions, rates and single points in time, as pure functions from an
//! instant to the next firing after it.
//!
//! Nothing here reads a clock. Time zones come from a database inside the program, so that results do
//! not vary with the machine. What the help pages of `ACS::TimerTrigger` leave open is numbered in
//! `docs/semantics.md`.
//!
//! ```
//! use oos_template::schedule::{Schedule, Window};
//! use time::macros::datetime;
//!
//! let nightly = Schedule::parse("cron", "0 30 2 ? * MON-FRI", Some("Asia/Shanghai"))?;
//! let window = Window::from(datetime!(2024-03-01 00:00 UTC));
//! let next = nightly.next_after(datetime!(2024-03-01 12:00 UTC), &window);
//! assert_eq!(next, Some(datetime!(2024-03-03 18:30 UTC)));
//! # Ok::<(), oos_template::schedule::ScheduleError>(())
//! ```

mod at;
mod cron;
mod error;
mod rate;
#[cfg(test)]
mod tests;
mod zone;

use time::OffsetDateTime;

pub use at::{At, parse_instant};
pub use cron::{Cron, CronField};
pub use error::{ScheduleError, ScheduleProperty};
pub use rate::Rate;
pub use zone::Zone;

/// The schedule of an `ACS::TimerTrigger`: its `Type`, `Expression` and `TimeZone`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the action documents three types of schedules"
)]
pub enum Schedule {
    /// `cron`: whenever the local time fits six fields.
    Cron {
        /// The fields.
        cron: Cron,
        /// Where the local time is read.
        zone: Zone,
    },
    /// `rate`: again and again after the same interval.
    Rate(Rate),
    /// `at`: once.
    At(At),
}

/// The time in which a schedule may fire: `StartDate` or the start of the execution, and `EndDate`.
///
/// A schedule fires from the start on, the start included, and before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    start: OffsetDateTime,
    end: Option<OffsetDateTime>,
}

impl From<OffsetDateTime> for Window {
    /// From a start on, without an end.
    fn from(start: OffsetDateTime) -> Self {
        Self { start, end: None }
    }
}

impl Window {
    /// The same start with an end; at the end itself nothing fires any more.
    #[must_use]
    pub const fn until(mut self, end: OffsetDateTime) -> Self {
        self.end = Some(end);
        self
    }

    /// The first instant at which a schedule may fire; rates count from it.
    #[must_use]
    pub const fn start(&self) -> OffsetDateTime {
        self.start
    }

    /// The instant from which nothing fires any more.
    #[must_use]
    pub const fn end(&self) -> Option<OffsetDateTime> {
        self.end
    }
}

impl Schedule {
    /// Reads the properties `Type` (in any letter case), `Expression` and `TimeZone` (UTC if absent).
    ///
    /// # Errors
    /// An unknown type, an expression that is none of its type, an unknown time zone. The error says
    /// where, and where possible how to mend it.
    pub fn parse(
        type_: &str,
        expression: &str,
        time_zone: Option<&str>,
    ) -> Result<Self, ScheduleError> {
        let zone = time_zone.map_or_else(|| Ok(Zone::utc()), Zone::parse);
        match type_.trim().to_ascii_lowercase().as_str() {
            "cron" => Ok(Self::Cron {
                cron: Cron::parse(expression)?,
                zone: zone?,
            }),
            "rate" => Rate::parse(expression).map(Self::Rate),
            "at" => At::parse(expression, &zone?).map(Self::At),
            _ => Err(ScheduleError::new(
                ScheduleProperty::Type,
                1,
                format!(
                    "\"{}\" is no type of a timer",
                    ScheduleError::shorten(type_)
                ),
            )
            .with_fix("cron, rate or at")),
        }
    }

    /// The first firing strictly after an instant and within a window; none if there is none before the
    /// year 9999.
    #[must_use]
    pub fn next_after(&self, instant: OffsetDateTime, window: &Window) -> Option<OffsetDateTime> {
        let before_start = window.start.checked_sub(time::Duration::NANOSECOND)?;
        let from = instant.max(before_start);
        let next = match self {
            Self::Cron { cron, zone } => cron.next_after(from, zone),
            Self::Rate(rate) => rate.next_after(from, window.start),
            Self::At(at) => at.next_after(from),
        }?;
        window.end.is_none_or(|end| next < end).then_some(next)
    }

    /// Whether no instant fits at all, as on 30 February.
    #[must_use]
    pub const fn never_fires(&self) -> bool {
        match self {
            Self::Cron { cron, .. } => cron.never_fires(),
            Self::Rate(_) | Self::At(_) => false,
        }
    }
}
