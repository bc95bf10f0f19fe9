//! How a task tries again: kept as written, checked as far as it is literal.

use super::check::Check;
use crate::code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Node;
use crate::expr::Expr;
use crate::value::{Number, Value};

/// How often and how soon `WaitFor`, `CheckFor` and HTTP requests try again, as written.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Retry {
    /// Most tries after the first, 0 to 300; 10 when absent.
    pub retries: Option<Expr>,
    /// Seconds between tries, 1 to 3600; 2 when absent.
    pub delay: Option<Expr>,
    /// How the time between tries grows: see [`DelayType`]; exponential when absent.
    pub delay_type: Option<Expr>,
    /// Seconds added for each try of a linear delay, 1 to 3600; 2 when absent.
    pub back_off: Option<Expr>,
    /// Most seconds between tries, 1 to 1800; 1800 when absent.
    pub max_retry_interval: Option<Expr>,
}

/// How the time between tries grows; `n` is the number of the try, from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DelayType {
    /// 2^n seconds.
    #[default]
    Exponential,
    /// `Delay` seconds.
    Constant,
    /// `Delay` + `BackOff` × n seconds.
    Linear,
}

impl DelayType {
    /// Reads the type, in any letter case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is = |name: &str| text.trim().eq_ignore_ascii_case(name);
        match () {
            () if is("Exponential") => Some(Self::Exponential),
            () if is("Constant") => Some(Self::Constant),
            () if is("Linear") => Some(Self::Linear),
            () => None,
        }
    }
}

pub(super) fn read(check: &mut Check<'_>, task: &Node) -> Retry {
    let mut whole = |key: &str, least: i64, most: i64| {
        let node = task.get(key).filter(|node| !node.is_null())?;
        let expr = check.expr(node);
        if let Some(severity) = expr.as_literal().and_then(|v| misfit(v, least, most)) {
            let message = format!("{key} is documented as a whole number from {least} to {most}");
            let mut found = Diagnostic::error(code::RETRY, expr.span(), message);
            found.severity = severity;
            check.found.push(found);
        }
        Some(expr)
    };
    let retries = whole("Retries", 0, 300);
    let delay = whole("Delay", 1, 3600);
    let back_off = whole("BackOff", 1, 3600);
    let max_retry_interval = whole("MaxRetryInterval", 1, 1800);
    Retry {
        retries,
        delay,
        delay_type: read_delay_type(check, task),
        back_off,
        max_retry_interval,
    }
}

/// A number outside its range may well be cut to it; what is no number can only fail.
fn misfit(value: &Value, least: i64, most: i64) -> Option<Severity> {
    let text = value.to_text();
    let Some(number) = Number::parse(text.trim()) else {
        return Some(Severity::Error);
    };
    let fits = number.as_i64().is_some_and(|n| (least..=most).contains(&n));
    (!fits).then_some(Severity::Warning)
}

fn read_delay_type(check: &mut Check<'_>, task: &Node) -> Option<Expr> {
    let node = task.get("DelayType").filter(|node| !node.is_null())?;
    let expr = check.expr(node);
    if let Some(text) = expr.as_literal().map(Value::to_text)
        && DelayType::parse(&text).is_none()
    {
        let found = Diagnostic::error(code::RETRY, expr.span(), "DelayType is unknown");
        check
            .found
            .push(found.with_fix("Exponential, Constant or Linear"));
    }
    Some(expr)
}
