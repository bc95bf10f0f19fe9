//! Loops and retries of a task: kept as written, checked as far as they are literal.

use indexmap::IndexMap;

use super::check::{Check, suggest};
use super::output::TaskOutput;
use crate::code;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::{Entry, Node};
use crate::expr::{EvalError, Expr};
use crate::functions;
use crate::value::Value;

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

/// What a task is repeated over, as written.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Loop {
    /// A list, at most 1000 items.
    pub items: Expr,
    /// `RateControl`: a map, or an expression that gives one.
    pub rate_control: Option<Expr>,
    /// The old short form: `Mode`, `MaxErrors`, `Concurrency`, `BatchPauseOption` beside `Items`.
    pub short_form: IndexMap<String, Expr>,
    /// What becomes of the outputs of the items, by name.
    pub outputs: IndexMap<String, Aggregate>,
    /// Where the loop stands.
    pub span: Span,
}

/// How an output of the items becomes one of the task.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Aggregate {
    /// The function, such as `Fn::ListJoin`.
    pub function: String,
    /// The output of the items, as declared.
    pub field: String,
    /// Where it is declared.
    pub span: Span,
}

impl Aggregate {
    /// The output of the task from those of its items, in their order; a failed item's is null.
    ///
    /// # Errors
    /// The values do not fit the function.
    pub fn apply(&self, items: Vec<Value>) -> Result<Value, EvalError> {
        let known = functions::aggregate(&self.function, items);
        known.unwrap_or_else(|| Err(EvalError::function("Loop.Outputs", "unknown AggregateType")))
    }
}

const AGGREGATES: &[&str] = &[
    "Fn::ListJoin",
    "Fn::Sum",
    "Fn::Min",
    "Fn::Max",
    "Fn::First",
    "Fn::Last",
    "Fn::Union",
    "Fn::MergeList",
];

pub(super) fn read_retry(check: &mut Check<'_>, task: &Node) -> Retry {
    let mut whole = |key: &str, least: i64, most: i64| {
        let expr = task.get(key).map(|node| check.expr(node))?;
        let number = expr.as_literal().map(Value::to_text);
        let fits = number.is_none_or(|text| {
            text.trim()
                .parse()
                .is_ok_and(|n: i64| (least..=most).contains(&n))
        });
        if !fits {
            let message = format!("{key} must be a whole number from {least} to {most}");
            check.error(code::RETRY, expr.span(), message);
        }
        Some(expr)
    };
    let retries = whole("Retries", 0, 300);
    let delay = whole("Delay", 1, 3600);
    let back_off = whole("BackOff", 1, 3600);
    let max_retry_interval = whole("MaxRetryInterval", 1, 1800);
    let delay_type = task.get("DelayType").map(|node| check.expr(node));
    if let Some(expr) = &delay_type
        && let Some(text) = expr.as_literal().map(Value::to_text)
        && DelayType::parse(&text).is_none()
    {
        let found = Diagnostic::error(code::RETRY, expr.span(), "DelayType is unknown");
        check
            .found
            .push(found.with_fix("Exponential, Constant or Linear"));
    }
    Retry {
        retries,
        delay,
        delay_type,
        back_off,
        max_retry_interval,
    }
}

const SHORT_FORM: &[&str] = &[
    "Mode",
    "MaxErrors",
    "Concurrency",
    "BatchPauseOption",
    "Batch",
    "ConcurrencyInBatches",
];

pub(super) fn read_loop(
    check: &mut Check<'_>,
    node: &Node,
    outputs: &IndexMap<String, TaskOutput>,
    child: bool,
) -> Option<Loop> {
    let entries = check.map(node, "Loop")?;
    let known: Vec<&str> = ["Items", "RateControl", "Outputs"]
        .iter()
        .chain(SHORT_FORM)
        .copied()
        .collect();
    check.unknown_keys(entries, &known, "a loop", Severity::Warning);
    let Some(items) = node.get("Items") else {
        check.error(code::LOOP, node.span, "the loop has no Items");
        return None;
    };
    let items = check.expr(items);
    check_items(check, &items);
    let rate_control = node.get("RateControl").map(|node| check.expr(node));
    let short = entries
        .iter()
        .filter(|entry| SHORT_FORM.contains(&entry.key.as_str()));
    let short_form: IndexMap<String, Expr> = short
        .map(|entry| (entry.key.clone(), check.expr(&entry.value)))
        .collect();
    match &rate_control {
        Some(control) => check_rate_control(check, |key| control.get(key)),
        None => check_rate_control(check, |key| short_form.get(key)),
    }
    let aggregates = node
        .get("Outputs")
        .and_then(|node| check.map(node, "Outputs"));
    let aggregates = aggregates.unwrap_or_default().iter();
    let read = |entry: &Entry| {
        Some((
            entry.key.clone(),
            read_aggregate(check, entry, outputs, child)?,
        ))
    };
    let outputs = aggregates.filter_map(read).collect();
    Some(Loop {
        items,
        rate_control,
        short_form,
        outputs,
        span: node.span,
    })
}

fn check_items(check: &mut Check<'_>, items: &Expr) {
    if items.as_literal().is_some() || items.as_map().is_some() {
        check.error(code::LOOP, items.span(), "Items must be a list");
    }
    if let Some(list) = items.as_list().filter(|list| list.len() > 1000) {
        let message = format!("Items has {} items; a loop takes at most 1000", list.len());
        check.error(code::LOOP, items.span(), message);
    }
}

fn check_rate_control<'e>(check: &mut Check<'_>, get: impl Fn(&str) -> Option<&'e Expr>) {
    let words = [
        ("Mode", &["Concurrency", "Batch"][..]),
        (
            "BatchPauseOption",
            &["Automatic", "FirstBatchPause", "EveryBatchPause"],
        ),
    ];
    for (key, known) in words {
        let Some(expr) = get(key) else { continue };
        let Some(text) = expr.as_literal().map(Value::to_text) else {
            continue;
        };
        if !known.iter().any(|word| word.eq_ignore_ascii_case(&text)) {
            let message = format!("{key} must be {}", known.join(" or "));
            let found = Diagnostic::error(code::LOOP, expr.span(), message);
            check
                .found
                .push(suggest(found, &text, known.iter().copied()));
        }
    }
}

fn read_aggregate(
    check: &mut Check<'_>,
    entry: &Entry,
    outputs: &IndexMap<String, TaskOutput>,
    child: bool,
) -> Option<Aggregate> {
    check.map(&entry.value, "an output of a loop")?;
    let function = match entry.value.get("AggregateType") {
        Some(node) => check.text(node, "AggregateType")?.to_owned(),
        None => "Fn::ListJoin".to_owned(),
    };
    if !AGGREGATES.contains(&function.as_str()) {
        let span = entry
            .value
            .get("AggregateType")
            .map_or(entry.key_span, |node| node.span);
        let message = format!("{function} cannot aggregate");
        let found = Diagnostic::error(code::LOOP_AGGREGATE, span, message);
        check
            .found
            .push(suggest(found, &function, AGGREGATES.iter().copied()));
    }
    let Some(node) = entry.value.get("AggregateField") else {
        let message = format!("the loop output {} has no AggregateField", entry.key);
        check.error(code::MISSING_KEY, entry.key_span, message);
        return None;
    };
    let written = check.text(node, "AggregateField")?;
    let declared = outputs
        .keys()
        .find(|name| name.eq_ignore_ascii_case(written));
    if declared.is_none() && !child {
        let message = format!("the task declares no output {written}");
        let found = Diagnostic::error(code::LOOP_AGGREGATE, node.span, message);
        check
            .found
            .push(suggest(found, written, outputs.keys().map(String::as_str)));
    }
    let field = declared.map_or(written, String::as_str).to_owned();
    Some(Aggregate {
        function,
        field,
        span: entry.key_span,
    })
}
