//! Typed readers of the properties the engine needs.

use std::time::Duration;

use crate::duration::{self, DurationError};
use crate::expr::{EvalError, Expr, Scope, evaluate};
use crate::template::{Jump, Task};

/// Why properties cannot be used, although the template was accepted: their values came from
/// references.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A property does not evaluate.
    #[error("the property {property} has no value")]
    #[non_exhaustive]
    Evaluate {
        /// The property.
        property: &'static str,
        /// Why.
        source: EvalError,
    },
    /// A property has a value the action does not take.
    #[error("the property {property} must be {wanted}")]
    #[non_exhaustive]
    Value {
        /// The property.
        property: &'static str,
        /// What it takes.
        wanted: &'static str,
    },
    /// A duration is malformed.
    #[error("the property Duration is wrong")]
    #[non_exhaustive]
    Duration {
        /// Why.
        source: DurationError,
    },
}

/// The properties of `ACS::Choice`. Targets are looked up: a task is named as declared.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Choice<'t> {
    /// Tried in order; the first that is true counts.
    pub branches: Vec<ChoiceBranch<'t>>,
    /// Where to go when none is true.
    pub default: Jump,
}

/// One of the `Choices` of `ACS::Choice`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ChoiceBranch<'t> {
    /// The condition, for [`evaluate_condition`](crate::evaluate_condition).
    pub when: &'t Expr,
    /// Where to go.
    pub next: Jump,
}

/// The branches of an `ACS::Choice` task. Names are those of the template, in any letter case.
///
/// ```
/// use oos_template::{Jump, actions, parse};
///
/// let template = parse(
///     "FormatVersion: OOS-2019-06-01\n\
///      Tasks:\n\
///      - { Name: c, Action: 'ACS::Choice', Properties: { DefaultTask: 'ACS::END', Choices: [] } }\n",
/// )?;
/// assert_eq!(actions::choice(&template.tasks[0]).default, Jump::End);
/// # Ok::<(), oos_template::Diagnostics>(())
/// ```
#[must_use]
pub fn choice(task: &Task) -> Choice<'_> {
    let jump = |expr: &Expr| expr.as_literal_str().map(Jump::parse);
    let choices = task
        .properties
        .get("Choices")
        .and_then(Expr::as_list)
        .unwrap_or_default();
    let branches = choices.iter().filter_map(|choice| {
        let next = jump(choice.get("NextTask")?)?;
        Some(ChoiceBranch {
            when: choice.get("When")?,
            next,
        })
    });
    Choice {
        branches: branches.collect(),
        default: task
            .properties
            .get("DefaultTask")
            .and_then(jump)
            .unwrap_or(Jump::Next),
    }
}

/// The literal targets of an `ACS::Choice` with their places.
pub(crate) fn choice_targets(properties: &Expr) -> Vec<&Expr> {
    let choices = properties
        .get("Choices")
        .and_then(Expr::as_list)
        .unwrap_or_default();
    let next = choices.iter().filter_map(|choice| choice.get("NextTask"));
    properties
        .get("DefaultTask")
        .into_iter()
        .chain(next)
        .collect()
}

/// How long an `ACS::Sleep` task sleeps.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sleep {
    /// For so long.
    For(Duration),
    /// Until a UTC time. One in the past ends the sleep at once.
    Until(time::OffsetDateTime),
}

/// Evaluates the properties of an `ACS::Sleep` task.
///
/// # Errors
/// Neither `Duration` nor `EndDate` has a usable value.
pub fn sleep(task: &Task, scope: &dyn Scope) -> Result<Sleep, ReadError> {
    let duration = text(&task.properties, "Duration", scope)?;
    if let Some(text) = duration {
        let duration = duration::parse(&text).map_err(|source| ReadError::Duration { source })?;
        return Ok(Sleep::For(duration));
    }
    let wanted = "an ISO 8601 UTC time such as 2026-01-31T08:00:00Z";
    let wrong = ReadError::Value {
        property: "EndDate",
        wanted,
    };
    let end = text(&task.properties, "EndDate", scope)?;
    end.and_then(|text| end_date(&text))
        .map(Sleep::Until)
        .ok_or(wrong)
}

/// A UTC time with `Z`, seconds optional.
pub(super) fn end_date(text: &str) -> Option<time::OffsetDateTime> {
    use time::format_description::well_known::Iso8601;
    let text = text.trim().to_ascii_uppercase();
    let date_only = !text.contains('T');
    let text = if date_only {
        format!("{}T00:00:00Z", text.trim_end_matches('Z'))
    } else {
        text
    };
    time::OffsetDateTime::parse(&text, &Iso8601::DEFAULT).ok()
}

fn text(
    properties: &Expr,
    property: &'static str,
    scope: &dyn Scope,
) -> Result<Option<String>, ReadError> {
    let Some(expr) = properties.get(property) else {
        return Ok(None);
    };
    let value = evaluate(expr, scope).map_err(|source| ReadError::Evaluate { property, source })?;
    Ok(Some(value.to_text()).filter(|text| !text.is_empty()))
}
