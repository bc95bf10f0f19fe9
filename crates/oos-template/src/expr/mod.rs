//! Expressions: values in which `{{ references }}` and functions may stand.

mod error;
mod evaluate;
mod names;
mod parse;
mod reference;
mod scope;
mod text;

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

pub use error::EvalError;
pub(crate) use evaluate::Evaluator;
pub use evaluate::{evaluate, evaluate_condition};
pub(crate) use names::{Names, TaskNames, nearest};
pub(crate) use parse::Reader;
pub(crate) use reference::{Part, split};
pub use reference::{Reference, StoreKind};
pub use scope::{Scope, Values};

use crate::diagnostic::Span;
use crate::functions::FunctionInfo;
use crate::value::Value;

/// A value of a template in which references and functions may stand, ready to be evaluated.
///
/// Names in it are already those of the declarations, whatever letter case the reference used.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExprKind {
    /// A value without references and functions in it.
    Literal(Value),
    /// A string that is one reference and nothing else: the value keeps its type.
    Reference(Reference),
    /// Text around references: a string.
    Text(Vec<Piece>),
    List(Vec<Expr>),
    Map(IndexMap<String, Expr>),
    Function(&'static FunctionInfo, Box<Expr>),
    /// The name of a condition.
    Condition(Named),
}

/// A named condition with what it stands for. Shared, since conditions may name each other many times.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) condition: Arc<Expr>,
    /// Levels of the condition, those of the conditions it names included.
    pub(crate) levels: usize,
}

impl PartialEq for Named {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Reference(Reference),
}

/// A reference where it is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use<'e> {
    pub(crate) reference: &'e Reference,
    /// The text it stands in.
    pub(crate) span: Span,
    /// Whether a function gets its value, and may well make something of null.
    pub(crate) in_function: bool,
}

impl Expr {
    pub(crate) const fn new(kind: ExprKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// A value that stands for itself: `{{ }}` in its texts means nothing.
    #[must_use]
    pub const fn literal(value: Value, span: Span) -> Self {
        Self::new(ExprKind::Literal(value), span)
    }

    /// Where it stands in the template.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// The value of a scalar without references.
    #[must_use]
    pub const fn as_literal(&self) -> Option<&Value> {
        match &self.kind {
            ExprKind::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The value when nothing in it has to be evaluated, written-out lists and maps included.
    #[must_use]
    pub fn to_literal(&self) -> Option<Value> {
        match &self.kind {
            ExprKind::Literal(value) => Some(value.clone()),
            ExprKind::List(items) => items.iter().map(Self::to_literal).collect(),
            ExprKind::Map(entries) => {
                let entry = |(key, item): (&String, &Self)| Some((key.clone(), item.to_literal()?));
                entries
                    .iter()
                    .map(entry)
                    .collect::<Option<_>>()
                    .map(Value::Map)
            }
            _ => None,
        }
    }

    /// The text when it is a string without references.
    #[must_use]
    pub fn as_literal_str(&self) -> Option<&str> {
        self.as_literal().and_then(Value::as_str)
    }

    /// The reference when it is one and nothing else.
    #[must_use]
    pub const fn as_reference(&self) -> Option<&Reference> {
        match &self.kind {
            ExprKind::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// The entry of a map written out in the template.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Expr> {
        match &self.kind {
            ExprKind::Map(entries) => entries.get(key),
            _ => None,
        }
    }

    /// The entries of a map written out in the template, in order.
    #[must_use]
    pub const fn as_map(&self) -> Option<&IndexMap<String, Expr>> {
        match &self.kind {
            ExprKind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a list written out in the template.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Expr]> {
        match &self.kind {
            ExprKind::List(items) => Some(items),
            _ => None,
        }
    }

    /// Every reference in it, in the order of the text, those of untaken branches included.
    #[must_use]
    pub fn references(&self) -> Vec<&Reference> {
        self.uses().into_iter().map(|used| used.reference).collect()
    }

    /// Every reference with its place, those of named conditions included.
    pub(crate) fn uses(&self) -> Vec<Use<'_>> {
        let mut found = Vec::new();
        self.collect(false, &mut found, &mut HashSet::new());
        found
    }

    fn collect<'a>(
        &'a self,
        in_function: bool,
        found: &mut Vec<Use<'a>>,
        seen: &mut HashSet<&'a str>,
    ) {
        let used = |reference| Use {
            reference,
            span: self.span,
            in_function,
        };
        match &self.kind {
            ExprKind::Literal(_) => {}
            ExprKind::Reference(reference) => found.push(used(reference)),
            ExprKind::Text(pieces) => found.extend(pieces.iter().filter_map(|piece| match piece {
                Piece::Reference(reference) => Some(used(reference)),
                Piece::Text(_) => None,
            })),
            ExprKind::List(items) => {
                for item in items {
                    item.collect(in_function, found, seen);
                }
            }
            ExprKind::Map(entries) => {
                for item in entries.values() {
                    item.collect(in_function, found, seen);
                }
            }
            ExprKind::Function(_, inner) => inner.collect(true, found, seen),
            ExprKind::Condition(named) => {
                if seen.insert(&named.name) {
                    named.condition.collect(true, found, seen);
                }
            }
        }
    }

    /// Visits every reference in it with the place of the scalar that holds it. Named conditions are not
    /// entered: they have a place of their own.
    pub(crate) fn visit_references<'a>(&'a self, visit: &mut dyn FnMut(&'a Reference, Span)) {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Condition(_) => {}
            ExprKind::Reference(reference) => visit(reference, self.span),
            ExprKind::Text(pieces) => {
                for piece in pieces {
                    if let Piece::Reference(reference) = piece {
                        visit(reference, self.span);
                    }
                }
            }
            ExprKind::List(items) => items.iter().for_each(|item| item.visit_references(visit)),
            ExprKind::Map(entries) => {
                entries
                    .values()
                    .for_each(|item| item.visit_references(visit));
            }
            ExprKind::Function(_, inner) => inner.visit_references(visit),
        }
    }

    /// Levels of lists, maps and functions, those of named conditions included.
    pub(crate) fn levels(&self) -> usize {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Reference(_) | ExprKind::Text(_) => 1,
            ExprKind::List(items) => 1 + items.iter().map(Self::levels).max().unwrap_or(0),
            ExprKind::Map(entries) => 1 + entries.values().map(Self::levels).max().unwrap_or(0),
            ExprKind::Function(_, inner) => 1 + inner.levels(),
            ExprKind::Condition(named) => 1 + named.levels,
        }
    }
}
