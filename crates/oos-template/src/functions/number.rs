//! Numbers: smallest, largest, sum.

use super::Call;
use crate::expr::EvalError;
use crate::value::{Number, Value};

pub(super) fn min(call: &Call, argument: Value) -> Result<Value, EvalError> {
    extreme(call, argument, |new, best| new < best)
}

pub(super) fn max(call: &Call, argument: Value) -> Result<Value, EvalError> {
    extreme(call, argument, |new, best| new > best)
}

/// Numbers (also as text) by value; if one item is no number, all are compared as texts.
fn extreme(
    call: &Call,
    argument: Value,
    better: fn(&Key<'_>, &Key<'_>) -> bool,
) -> Result<Value, EvalError> {
    let items = call.list(argument)?;
    let numbers: Option<Vec<Number>> = items.iter().map(number).collect();
    let mut best: Option<(Key<'_>, &Value)> = None;
    for (at, item) in items.iter().enumerate() {
        let key = match (&numbers, item) {
            (Some(numbers), _) => Key::Number(&numbers[at]),
            (None, Value::String(text)) => Key::Text(text),
            (None, other) => {
                return Err(call.error(format!("cannot compare a {} with text", other.kind())));
            }
        };
        if best.as_ref().is_none_or(|(best, _)| better(&key, best)) {
            best = Some((key, item));
        }
    }
    let best = best.map(|(_, item)| item.clone());
    best.ok_or_else(|| call.error("takes a list of at least one item"))
}

#[derive(PartialEq, PartialOrd)]
enum Key<'a> {
    Number(&'a Number),
    Text(&'a str),
}

/// Nulls, as failed loop items leave them, count nothing.
pub(super) fn sum(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let mut total = Number::from(0_i64);
    for item in call.list(argument)? {
        if item.is_null() {
            continue;
        }
        let number = number(&item)
            .ok_or_else(|| call.error(format!("takes numbers, not this {}", item.kind())))?;
        total = total
            .plus(&number)
            .ok_or_else(|| call.error("the sum is too large"))?;
    }
    Ok(Value::Number(total))
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => Number::parse(text.trim()),
        _ => None,
    }
}
