//! Loops of a task: kept as written, checked as far as they are literal.

use indexmap::IndexMap;

use super::check::{Check, suggest};
use super::output::TaskOutput;
use super::rate_control;
use crate::code;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::{Entry, Node};
use crate::expr::{EvalError, Expr};
use crate::functions;
use crate::value::Value;

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
    rate_control::check_items(check, &items);
    let rate_control = node.get("RateControl").filter(|node| !node.is_null());
    let rate_control = rate_control.map(|node| check.expr(node));
    let short = entries
        .iter()
        .filter(|entry| SHORT_FORM.contains(&entry.key.as_str()));
    let short_form: IndexMap<String, Expr> = short
        .map(|entry| (entry.key.clone(), check.expr(&entry.value)))
        .collect();
    match &rate_control {
        Some(control) => rate_control::check(check, control),
        None => rate_control::check_entries(check, &short_form),
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
    let function = known_aggregate(check, entry, function);
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

/// Functions that make one value of a list, in any letter case. Others that exist may well do.
fn known_aggregate(check: &mut Check<'_>, entry: &Entry, written: String) -> String {
    let known = functions::find(&written).map(|function| function.name);
    if known.is_some_and(|known| AGGREGATES.contains(&known)) {
        return known.map_or(written, str::to_owned);
    }
    let span = entry
        .value
        .get("AggregateType")
        .map_or(entry.key_span, |node| node.span);
    let message = format!("{written} cannot aggregate");
    let mut found = Diagnostic::error(code::LOOP_AGGREGATE, span, message);
    if known.is_some() {
        found.severity = Severity::Warning;
    }
    check
        .found
        .push(suggest(found, &written, AGGREGATES.iter().copied()));
    written
}
