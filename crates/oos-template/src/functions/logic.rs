//! Conditions: `Fn::Equals`, `Fn::Not`, `Fn::And`, `Fn::Or`, `Fn::If`.

use super::Call;
use crate::expr::{EvalError, Evaluator, Expr, ExprKind};
use crate::value::Value;

pub(super) fn equals(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [left, right] = call.items(argument)?;
    Ok(Value::Bool(left.loose_eq(&right)))
}

/// Takes one condition, bare or as the only item of a list.
pub(super) fn not(
    call: &Call,
    evaluator: &Evaluator<'_>,
    argument: &Expr,
) -> Result<Value, EvalError> {
    let condition = match &argument.kind {
        ExprKind::List(items) => match items.as_slice() {
            [only] => only,
            _ => return Err(call.error(format!("takes one condition, not {}", items.len()))),
        },
        _ => argument,
    };
    let value = evaluator.value(condition)?;
    let truth = match &value {
        Value::List(items) if items.len() == 1 => items[0].is_truthy(),
        other => other.is_truthy(),
    };
    Ok(Value::Bool(!truth))
}

pub(super) fn and(
    call: &Call,
    evaluator: &Evaluator<'_>,
    argument: &Expr,
) -> Result<Value, EvalError> {
    until(call, evaluator, argument, false)
}

pub(super) fn or(
    call: &Call,
    evaluator: &Evaluator<'_>,
    argument: &Expr,
) -> Result<Value, EvalError> {
    until(call, evaluator, argument, true)
}

/// Evaluates conditions in order and stops at the first that decides.
fn until(
    call: &Call,
    evaluator: &Evaluator<'_>,
    argument: &Expr,
    decisive: bool,
) -> Result<Value, EvalError> {
    if let ExprKind::List(items) = &argument.kind {
        for item in items {
            if evaluator.condition(item)? == decisive {
                return Ok(Value::Bool(decisive));
            }
        }
        return Ok(Value::Bool(!decisive));
    }
    let items = call.list(evaluator.value(argument)?)?;
    let decided = items.iter().any(|item| item.is_truthy() == decisive);
    Ok(Value::Bool(decided == decisive))
}

/// `[condition, then, else]`: only the chosen branch is evaluated.
pub(super) fn choose(
    call: &Call,
    evaluator: &Evaluator<'_>,
    argument: &Expr,
) -> Result<Value, EvalError> {
    if let ExprKind::List(items) = &argument.kind {
        let [condition, yes, no] = items.as_slice() else {
            return Err(call.error(format!("takes 3 items, not {}", items.len())));
        };
        return evaluator.value(if evaluator.condition(condition)? {
            yes
        } else {
            no
        });
    }
    let [condition, yes, no] = call.items(evaluator.value(argument)?)?;
    Ok(if condition.is_truthy() { yes } else { no })
}
