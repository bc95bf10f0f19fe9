//! What can be said about a call before anything is evaluated.

use super::info::{Argument, FunctionInfo, Kind, Shape};
use super::{Call, Run, count};
use crate::diagnostic::Span;
use crate::expr::{EvalError, Expr, ExprKind};
use crate::schedule;
use crate::value::{Number, Value};

/// An argument that cannot fit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArgumentProblem {
    /// Where the argument stands.
    pub span: Span,
    /// What is wrong; it continues the function's name.
    pub message: String,
}

/// Values of calls are computed while a template is read only if they are small.
const MAX_NODES: usize = 1000;

impl FunctionInfo {
    /// What is wrong with an argument as it is written: the number of items, the kinds of those that are
    /// constant, and, if all are, whatever the call itself would refuse.
    #[must_use]
    pub fn check(&self, argument: &Expr) -> Vec<ArgumentProblem> {
        let problem = |span, message| ArgumentProblem { span, message };
        let mut problems = Vec::new();
        match self.shape {
            Shape::One(one) => {
                let wrong = misfit(&one, argument);
                problems.extend(wrong.map(|message| problem(argument.span, message)));
            }
            Shape::Items { .. } | Shape::Many { .. } => {
                if let Err(message) = self.check_count(argument) {
                    return vec![problem(argument.span, message)];
                }
                let written = argument.as_list().unwrap_or_default();
                for (at, item) in written.iter().enumerate() {
                    let wrong = self.shape.item(at).and_then(|wanted| misfit(wanted, item));
                    problems.extend(wrong.map(|message| problem(item.span, message)));
                }
            }
        }
        if problems.is_empty() {
            let refused = self.refusal(argument);
            problems.extend(refused.map(|message| problem(argument.span, message)));
        }
        problems
    }

    fn check_count(&self, argument: &Expr) -> Result<(), String> {
        let (least, most) = self.arity();
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

    /// What a call with a constant argument says.
    fn refusal(&self, argument: &Expr) -> Option<String> {
        let Run::Eager(run) = self.run else {
            return None;
        };
        // A jq program is compiled on its own, and may take long.
        if self.name == "Fn::Jq" || nodes(argument) > MAX_NODES {
            return None;
        }
        match run(&Call { name: self.name }, argument.to_literal()?) {
            Err(EvalError::Function { message, .. }) => Some(message),
            _ => None,
        }
    }
}

fn nodes(argument: &Expr) -> usize {
    match &argument.kind {
        ExprKind::List(items) => 1 + items.iter().map(nodes).sum::<usize>(),
        ExprKind::Map(entries) => 1 + entries.values().map(nodes).sum::<usize>(),
        _ => 1,
    }
}

/// Why a written argument cannot be of the kind that is wanted; none if it is, or cannot be known.
fn misfit(wanted: &Argument, given: &Expr) -> Option<String> {
    let Argument { name, kind } = wanted;
    let found = match &given.kind {
        ExprKind::List(_) => match kind {
            Kind::Any | Kind::Condition | Kind::List | Kind::ListOrMap => return None,
            _ => "list",
        },
        ExprKind::Map(_) => match kind {
            Kind::Any | Kind::Condition | Kind::Map | Kind::ListOrMap => return None,
            _ => "map",
        },
        ExprKind::Literal(value) => {
            if fits(*kind, value) {
                return None;
            }
            value.kind()
        }
        _ => return None,
    };
    Some(match kind {
        Kind::Choice(words) => format!("takes {} as its {name}", words.join(" or ")),
        Kind::Time if found == "string" => {
            format!("takes a UTC time such as 2024-03-01T00:00:00Z as its {name}")
        }
        kind => format!("takes a {kind} as its {name}, not this {found}"),
    })
}

fn fits(kind: Kind, value: &Value) -> bool {
    let number = || match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => Number::parse(text.trim()),
        _ => None,
    };
    let json = |fits: fn(&Value) -> bool| match value {
        Value::String(text) => Value::from_json(text).is_ok_and(|value| fits(&value)),
        other => fits(other),
    };
    let is_scalar = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    match kind {
        Kind::Any | Kind::Condition => true,
        Kind::Text => is_scalar,
        Kind::Integer => number().is_some_and(|number| number.as_i64().is_some()),
        Kind::Number => number().is_some(),
        Kind::List => json(|value| matches!(value, Value::List(_))),
        Kind::Map => json(|value| matches!(value, Value::Map(_))),
        Kind::ListOrMap => {
            value.is_null() || json(|value| matches!(value, Value::List(_) | Value::Map(_)))
        }
        Kind::Time => value
            .as_str()
            .is_some_and(|text| schedule::parse_instant(text).is_ok()),
        Kind::Choice(words) => value
            .as_str()
            .is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text))),
    }
}
