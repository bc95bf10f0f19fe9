//! The schedule of `ACS::TimerTrigger`, as far as it is written out.

use crate::code;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::schedule::{Schedule, ScheduleProperty, parse_instant};
use crate::template::{Check, Task};
use time::OffsetDateTime;

/// Checks that the expression is one of its type, that it fires at all, and that the dates are dates.
pub(super) fn check(check: &mut Check<'_>, task: &Task) {
    let start = date(check, task, "StartDate");
    let end = date(check, task, "EndDate");
    if let (Some(start), Some((end, span))) = (start, end)
        && end <= start.0
    {
        let message = "EndDate is not after StartDate: the timer never fires";
        check.error(code::TIMER_NEVER, span, message);
    }
    check_schedule(check, task);
}

fn check_schedule(check: &mut Check<'_>, task: &Task) {
    let text = |name: &str| task.properties.get(name).and_then(Expr::as_literal_str);
    let (Some(kind), Some(expression)) = (text("Type"), text("Expression")) else {
        return;
    };
    if !["cron", "at", "rate"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(kind.trim()))
    {
        return; // The table has told it.
    }
    let zone = task.properties.get("TimeZone").map(Expr::as_literal_str);
    let zone = match zone {
        Some(None) => Some("UTC"),
        Some(Some(zone)) if !zone.trim().is_empty() => Some(zone),
        Some(Some(_)) | None => None,
    };
    match Schedule::parse(kind, expression, zone) {
        Ok(schedule) if schedule.never_fires() => {
            let span = task
                .properties
                .get("Expression")
                .map_or(task.span, Expr::span);
            let message = "the calendar has no time that fits: the timer never fires";
            check.error(code::TIMER_NEVER, span, message);
        }
        Ok(_) => {}
        Err(error) => {
            let property = match error.property() {
                ScheduleProperty::TimeZone => "TimeZone",
                _ => "Expression",
            };
            let span = task.properties.get(property).map_or(task.span, Expr::span);
            let found = Diagnostic::error(code::PROPERTY_VALUE, span, error.to_string());
            check.found.push(match error.fix() {
                Some(fix) => found.with_fix(fix),
                None => found,
            });
        }
    }
}

/// A date that is written out. The help page names the forms; whether the service takes others is not
/// known, so that another form is a warning.
fn date(check: &mut Check<'_>, task: &Task, name: &str) -> Option<(OffsetDateTime, crate::Span)> {
    let expr = task.properties.get(name)?;
    let text = expr
        .as_literal_str()
        .filter(|text| !text.trim().is_empty())?;
    match parse_instant(text) {
        Ok(instant) => Some((instant, expr.span())),
        Err(error) => {
            let found = Diagnostic::warning(
                code::PROPERTY_VALUE,
                expr.span(),
                format!("{name}: {error}"),
            );
            check.found.push(match error.fix() {
                Some(fix) => found.with_fix(fix),
                None => found,
            });
            None
        }
    }
}
