//! The functions of the template language: one file per family, one table.
//!
//! [`all`] is the table: names, arguments, results and documentation of every function, also of those
//! that are known but not supported. `docs/functions.md` is written from it.

mod check;
mod encode;
mod escape;
mod eval;
mod info;
mod list;
mod logic;
mod map;
mod network;
mod number;
mod query;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time;

pub use check::ArgumentProblem;
pub use info::{Argument, Example, FunctionInfo, Kind, Shape, all, find};

use crate::expr::{EvalError, Evaluator, Expr};
use crate::value::Value;

enum Run {
    /// Gets its evaluated argument.
    Eager(fn(&Call, Value) -> Result<Value, EvalError>),
    /// Evaluates what it needs of its argument itself. The first so many items are conditions.
    Lazy(
        usize,
        fn(&Call, &Evaluator<'_>, &Expr) -> Result<Value, EvalError>,
    ),
    /// Known to the language, not to this version.
    Unsupported,
}

/// The function being called, for its errors.
struct Call {
    name: &'static str,
}

const ANY: usize = usize::MAX;

/// The names of all functions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    all().iter().map(|function| function.name)
}

impl FunctionInfo {
    /// How many of the first items are conditions.
    pub(crate) const fn leading_conditions(&self) -> usize {
        match self.run {
            Run::Lazy(conditions, _) => conditions,
            _ => 0,
        }
    }

    /// The function's value.
    pub(crate) fn call(
        &self,
        evaluator: &Evaluator<'_>,
        argument: &Expr,
    ) -> Result<Value, EvalError> {
        let call = Call { name: self.name };
        match self.run {
            Run::Eager(run) => {
                let argument = evaluator.value(argument)?;
                self.check_value(&call, &argument)?;
                run(&call, argument)
            }
            Run::Lazy(_, run) => run(&call, evaluator, argument),
            Run::Unsupported => Err(EvalError::Unsupported {
                function: self.name,
            }),
        }
    }

    fn check_value(&self, call: &Call, argument: &Value) -> Result<(), EvalError> {
        let (least, most) = self.arity();
        match (self.shape, argument) {
            (Shape::One(_), _) => Ok(()),
            (_, Value::List(items)) if (least..=most).contains(&items.len()) => Ok(()),
            (_, Value::List(items)) => {
                Err(call.error(format!("takes {}, not {}", count(least, most), items.len())))
            }
            (_, other) => Err(call.error(format!("takes a list, not a {}", other.kind()))),
        }
    }
}

/// Runs a function on a value that is already there.
pub(crate) fn apply(name: &str, argument: Value) -> Result<Value, EvalError> {
    match find(name).map(|function| (function.name, &function.run)) {
        Some((name, Run::Eager(run))) => run(&Call { name }, argument),
        _ => Err(EvalError::function("Fn", "no such function of one value")),
    }
}

/// Aggregates the outputs of loop items; none for what is no function of one list.
pub(crate) fn aggregate(name: &str, items: Vec<Value>) -> Option<Result<Value, EvalError>> {
    let function = find(name)?;
    match (&function.run, function.shape) {
        (Run::Eager(run), Shape::One(_) | Shape::Many { .. }) => Some(run(
            &Call {
                name: function.name,
            },
            Value::List(items),
        )),
        _ => None,
    }
}

impl Call {
    fn error(&self, message: impl Into<String>) -> EvalError {
        EvalError::function(self.name, message)
    }

    /// The items of a list; text that holds a JSON list counts, as parameters may bring it.
    fn list(&self, value: Value) -> Result<Vec<Value>, EvalError> {
        match value {
            Value::List(items) => Ok(items),
            Value::String(text) => match Value::from_json(&text) {
                Ok(Value::List(items)) => Ok(items),
                _ => Err(self.error("takes a list, not a string")),
            },
            other => Err(self.error(format!("takes a list, not a {}", other.kind()))),
        }
    }

    /// As many items as the table says the function takes.
    fn items<const N: usize>(&self, value: Value) -> Result<[Value; N], EvalError> {
        let items = self.list(value)?;
        let length = items.len();
        items
            .try_into()
            .map_err(|_| self.error(format!("takes {N} items, not {length}")))
    }

    /// Text; numbers and booleans count as theirs.
    fn text(&self, value: Value) -> Result<String, EvalError> {
        match value {
            Value::String(text) => Ok(text),
            Value::Number(_) | Value::Bool(_) => Ok(value.to_text()),
            other => Err(self.error(format!("takes text, not a {}", other.kind()))),
        }
    }

    /// A whole number, also as text.
    fn integer(&self, value: &Value) -> Result<i64, EvalError> {
        let number = match value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| self.error(format!("takes a whole number, not this {}", value.kind())))
    }
}

fn count(least: usize, most: usize) -> String {
    match (least, most) {
        (1, 1) => "1 item".to_owned(),
        (least, most) if least == most => format!("{least} items"),
        (least, ANY) => format!("at least {least} items"),
        (least, most) => format!("{least} to {most} items"),
    }
}
