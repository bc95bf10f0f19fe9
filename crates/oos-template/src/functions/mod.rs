//! The functions of the template language: one file per family, one table.

mod encode;
mod list;
mod logic;
mod map;
mod number;
mod query;
mod text;

use std::fmt;

use crate::expr::{EvalError, Evaluator, Expr, ExprKind};
use crate::value::Value;

/// A function of the template language.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    takes: Takes,
    run: Run,
}

/// What a function takes.
#[derive(Clone, Copy)]
enum Takes {
    /// One value of any kind.
    One,
    /// A list: at least so many items, at most so many.
    List(usize, usize),
}

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

#[rustfmt::skip]
static TABLE: &[Function] = &[
    eager("Fn::Base64Decode", Takes::One, encode::base64_decode),
    eager("Fn::Base64Encode", Takes::One, encode::base64_encode),
    eager("Fn::ContainsSubString", Takes::List(2, 2), text::contains_sub_string),
    eager("Fn::ConvertMapToList", Takes::List(1, 1), map::convert_map_to_list),
    eager("Fn::Difference", Takes::List(1, ANY), list::difference),
    eager("Fn::Equals", Takes::List(2, 2), logic::equals),
    eager("Fn::First", Takes::One, list::first),
    eager("Fn::Intersection", Takes::List(1, ANY), list::intersection),
    eager("Fn::Join", Takes::List(2, 2), text::join),
    eager("Fn::Jq", Takes::List(3, 3), query::jq),
    eager("Fn::Last", Takes::One, list::last),
    eager("Fn::ListJoin", Takes::One, list::list_join),
    eager("Fn::MapJoin", Takes::List(2, 2), map::map_join),
    eager("Fn::Max", Takes::One, number::max),
    eager("Fn::MergeList", Takes::One, list::merge_list),
    eager("Fn::MergeMap", Takes::One, map::merge_map),
    eager("Fn::MergeMapToList", Takes::One, map::merge_map_to_list),
    eager("Fn::Min", Takes::One, number::min),
    eager("Fn::RangeSelect", Takes::List(3, 3), list::range_select),
    eager("Fn::Replace", Takes::List(2, 2), text::replace),
    eager("Fn::Select", Takes::List(2, 2), list::select),
    eager("Fn::Split", Takes::List(2, 2), text::split),
    eager("Fn::Sub", Takes::List(1, 2), text::sub),
    eager("Fn::Sum", Takes::One, number::sum),
    eager("Fn::Union", Takes::List(1, ANY), list::union),
    lazy("Fn::And", ANY, Takes::List(1, ANY), logic::and),
    lazy("Fn::If", 1, Takes::List(3, 3), logic::choose),
    lazy("Fn::Not", ANY, Takes::One, logic::not),
    lazy("Fn::Or", ANY, Takes::List(1, ANY), logic::or),
    unsupported("Fn::AddHour"),
    unsupported("Fn::CalculateBatch"),
    unsupported("Fn::CalculateTimeByOpsWindow"),
    unsupported("Fn::DurationBetween"),
    unsupported("Fn::Escape"),
    unsupported("Fn::Eval"),
    unsupported("Fn::FindMatchedPackage"),
    unsupported("Fn::FormatUTCTime"),
    unsupported("Fn::IsIpInCIDR"),
];

const fn eager(
    name: &'static str,
    takes: Takes,
    run: fn(&Call, Value) -> Result<Value, EvalError>,
) -> Function {
    Function {
        name,
        takes,
        run: Run::Eager(run),
    }
}

const fn lazy(
    name: &'static str,
    conditions: usize,
    takes: Takes,
    run: fn(&Call, &Evaluator<'_>, &Expr) -> Result<Value, EvalError>,
) -> Function {
    Function {
        name,
        takes,
        run: Run::Lazy(conditions, run),
    }
}

const fn unsupported(name: &'static str) -> Function {
    Function {
        name,
        takes: Takes::One,
        run: Run::Unsupported,
    }
}

/// The function of a name; names are case-sensitive.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    TABLE.iter().find(|function| function.name == name)
}

/// The names of all functions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|function| function.name)
}

impl Function {
    /// Whether an argument as written can fit; the message continues the function's name.
    pub(crate) fn check(&self, argument: &Expr) -> Result<(), String> {
        let Takes::List(least, most) = self.takes else {
            return Ok(());
        };
        match &argument.kind {
            ExprKind::List(items) if items.len() < least || items.len() > most => {
                Err(format!("takes {}, not {}", count(least, most), items.len()))
            }
            ExprKind::Literal(_) | ExprKind::Map(_) | ExprKind::Text(_) => {
                Err(format!("takes a list of {}", count(least, most)))
            }
            _ => Ok(()),
        }
    }

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
                if let Takes::List(least, most) = self.takes {
                    call.check_list(&argument, least, most)?;
                }
                run(&call, argument)
            }
            Run::Lazy(_, run) => run(&call, evaluator, argument),
            Run::Unsupported => Err(EvalError::Unsupported {
                function: self.name,
            }),
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
    match (&function.run, function.takes) {
        (Run::Eager(run), Takes::One | Takes::List(1, ANY)) => Some(run(
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

    fn check_list(&self, argument: &Value, least: usize, most: usize) -> Result<(), EvalError> {
        match argument {
            Value::List(items) if (least..=most).contains(&items.len()) => Ok(()),
            Value::List(items) => {
                Err(self.error(format!("takes {}, not {}", count(least, most), items.len())))
            }
            other => Err(self.error(format!("takes a list, not a {}", other.kind()))),
        }
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

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
