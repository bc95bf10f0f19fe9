//! From an expression and a scope to a value.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::{EvalError, Expr, ExprKind, Named, Piece, Reference, Scope};
use crate::value::{Map, Value};

/// Values built by evaluation are nested at most this deep: a template's own 128 levels around
/// a document's 256.
const MAX_DEPTH: usize = 384;
/// Nodes and bytes one evaluation may take, intermediate values included: keeps joins of joins from
/// exhausting memory.
const MAX_SIZE: usize = 16 * 1024 * 1024;

/// The value of an expression.
///
/// # Errors
/// A reference without a value, a function with arguments it does not take, a function this version
/// does not support, a value that grows too large.
///
/// ```
/// use oos_template::{Value, Values, evaluate, parse};
///
/// let template = parse(
///     "FormatVersion: OOS-2019-06-01\n\
///      Parameters: { ids: { Type: List } }\n\
///      Tasks: [ { Name: t, Action: 'ACS::Sleep', Properties: { Duration: 1S } } ]\n\
///      Outputs: { n: { Type: String, Value: { 'Fn::Join': [ ',', '{{ ids }}' ] } } }\n",
/// )?;
/// let scope = Values::new().with_parameter("ids", Value::from_json("[1,2]")?);
/// assert_eq!(evaluate(&template.outputs["n"].value, &scope)?, Value::from("1,2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate(expr: &Expr, scope: &dyn Scope) -> Result<Value, EvalError> {
    Evaluator {
        scope,
        room: Cell::new(MAX_SIZE),
        known: RefCell::default(),
    }
    .value(expr)
}

/// What a condition (`When`, a choice, a `Fn::If`) makes of an expression: `true` for the boolean and
/// for the text `true` in any letter case, else `false`.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_condition(expr: &Expr, scope: &dyn Scope) -> Result<bool, EvalError> {
    evaluate(expr, scope).map(|value| value.is_truthy())
}

/// One evaluation: where values come from and how much they may still take.
pub(crate) struct Evaluator<'s> {
    scope: &'s dyn Scope,
    room: Cell<usize>,
    /// Conditions that have been evaluated, by name.
    known: RefCell<HashMap<String, bool>>,
}

impl Evaluator<'_> {
    pub(crate) fn value(&self, expr: &Expr) -> Result<Value, EvalError> {
        match &expr.kind {
            ExprKind::Literal(value) => Ok(value.clone()),
            ExprKind::Reference(reference) => {
                let value = self.resolve(reference)?;
                self.charge(&value)?;
                Ok(value.into_owned())
            }
            ExprKind::Text(pieces) => self.text(pieces).map(Value::String),
            ExprKind::List(items) => items
                .iter()
                .map(|item| self.value(item))
                .collect::<Result<_, _>>()
                .map(Value::List),
            ExprKind::Map(entries) => {
                let entry = |(key, item): (&String, &Expr)| Ok((key.clone(), self.value(item)?));
                entries
                    .iter()
                    .map(entry)
                    .collect::<Result<Map, _>>()
                    .map(Value::Map)
            }
            ExprKind::Function(function, argument) => {
                let value = function.call(self, argument)?;
                self.charge(&value)?;
                Ok(value)
            }
            ExprKind::Condition(named) => self.named(named).map(Value::Bool),
        }
    }

    pub(crate) fn condition(&self, expr: &Expr) -> Result<bool, EvalError> {
        self.value(expr).map(|value| value.is_truthy())
    }

    fn named(&self, named: &Named) -> Result<bool, EvalError> {
        if let Some(known) = self.known.borrow().get(&named.name) {
            return Ok(*known);
        }
        let value = self.condition(&named.condition)?;
        self.known.borrow_mut().insert(named.name.clone(), value);
        Ok(value)
    }

    fn resolve(&self, reference: &Reference) -> Result<Cow<'_, Value>, EvalError> {
        let value = match reference {
            Reference::Parameter(name) => self.scope.parameter(name),
            Reference::Pseudo(name) => self.scope.pseudo(name),
            Reference::Stored { kind, name } => self.scope.stored(*kind, name),
            Reference::Output { task, output } => Some(
                self.scope
                    .output(task, output)
                    .unwrap_or(Cow::Owned(Value::Null)),
            ),
        };
        value.ok_or_else(|| EvalError::Unresolved {
            reference: reference.clone(),
        })
    }

    fn text(&self, pieces: &[Piece]) -> Result<String, EvalError> {
        let mut out = String::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Reference(reference) => {
                    let value = self.resolve(reference)?;
                    self.charge(&value)?;
                    match &*value {
                        Value::String(text) => out.push_str(text),
                        other => out.push_str(&other.to_text()),
                    }
                }
            }
        }
        Ok(out)
    }

    fn charge(&self, value: &Value) -> Result<(), EvalError> {
        let left = room_after(value, self.room.get(), MAX_DEPTH);
        self.room.set(left.unwrap_or(0));
        match left {
            Some(_) => Ok(()),
            None => Err(EvalError::TooLarge {
                limit: "16 MB or nested deeper than 384 levels",
            }),
        }
    }
}

/// What is left of the room when a value has been taken from it.
fn room_after(value: &Value, room: usize, levels: usize) -> Option<usize> {
    let room = room.checked_sub(1)?;
    match value {
        Value::String(text) => room.checked_sub(text.len()),
        Value::List(items) => {
            let below = levels.checked_sub(1)?;
            items
                .iter()
                .try_fold(room, |room, item| room_after(item, room, below))
        }
        Value::Map(entries) => {
            let below = levels.checked_sub(1)?;
            entries.iter().try_fold(room, |room, (key, item)| {
                room_after(item, room.checked_sub(key.len())?, below)
            })
        }
        _ => Some(room),
    }
}
