//! Why a schedule cannot be read.

use super::CronField;

/// What is wrong with a schedule, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ScheduleError {
    property: ScheduleProperty,
    field: Option<CronField>,
    column: usize,
    message: String,
    fix: Option<String>,
}

/// The property of `ACS::TimerTrigger` an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScheduleProperty {
    /// `Type`.
    Type,
    /// `Expression`.
    Expression,
    /// `TimeZone`.
    TimeZone,
    /// `StartDate` or `EndDate`.
    Date,
}

impl ScheduleError {
    pub(super) fn new(
        property: ScheduleProperty,
        column: usize,
        message: impl Into<String>,
    ) -> Self {
        Self {
            property,
            field: None,
            column,
            message: message.into(),
            fix: None,
        }
    }

    /// An error in a field of a cron expression; the message gets the place in front.
    pub(super) fn in_field(field: CronField, column: usize, message: &str) -> Self {
        let message = format!("{field} (column {column}): {message}");
        Self {
            field: Some(field),
            ..Self::new(ScheduleProperty::Expression, column, message)
        }
    }

    pub(super) fn with_fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// User text for a message, bounded.
    pub(super) fn shorten(text: &str) -> String {
        text.trim().chars().take(40).collect()
    }

    /// The property that cannot be read.
    #[must_use]
    pub const fn property(&self) -> ScheduleProperty {
        self.property
    }

    /// The field of a cron expression.
    #[must_use]
    pub const fn field(&self) -> Option<CronField> {
        self.field
    }

    /// The character of the property's text where the problem begins, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// What to write instead.
    #[must_use]
    pub fn fix(&self) -> Option<&str> {
        self.fix.as_deref()
    }
}
