//! From nodes to expressions: references are looked up, functions are recognised and checked.

use indexmap::IndexMap;

use super::names::{Names, nearest};
use super::{Expr, ExprKind, Named};
use crate::code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Entry, Node, NodeKind};
use crate::functions::{self, FunctionInfo};
use crate::jq::{Selector, refused};
use crate::source::Source;
use crate::template::suggest;

/// Reads expressions and collects what is wrong with them.
pub(crate) struct Reader<'a> {
    pub(crate) source: &'a Source<'a>,
    pub(crate) names: &'a Names,
    pub(crate) conditions: &'a IndexMap<String, Named>,
    pub(crate) found: &'a mut Vec<Diagnostic>,
    /// Whether maps are those of another template language, whose functions are not ours.
    pub(crate) embedded: bool,
}

/// A map with this key is a template of Resource Orchestration Service.
const ROS_VERSION: &str = "ROSTemplateFormatVersion";

impl Reader<'_> {
    /// Reads an expression.
    pub(crate) fn expr(&mut self, node: &Node) -> Expr {
        let kind = match &node.kind {
            NodeKind::String(text) => self.string(text, node),
            NodeKind::List(items) => ExprKind::List(items.iter().map(|i| self.expr(i)).collect()),
            NodeKind::Map(entries) => self.map(entries),
            _ => ExprKind::Literal(node.to_value()),
        };
        Expr::new(kind, node.span)
    }

    /// Reads an expression where a condition is expected: plain text may name a condition.
    pub(crate) fn condition(&mut self, node: &Node) -> Expr {
        let expr = self.expr(node);
        self.named_condition(expr)
    }

    /// Replaces the plain name of a condition by the condition.
    pub(crate) fn named_condition(&mut self, expr: Expr) -> Expr {
        let Some(name) = expr.as_literal_str() else {
            return expr;
        };
        if name.eq_ignore_ascii_case("true") || name.eq_ignore_ascii_case("false") {
            return expr;
        }
        let known = self
            .conditions
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        if let Some((_, condition)) = known {
            return Expr::new(ExprKind::Condition(condition.clone()), expr.span);
        }
        let message = format!("\"{name}\" is no condition of this template, so it counts as false");
        let found = Diagnostic::warning(code::CONDITION_UNKNOWN, expr.span, message);
        let fix = nearest(name, self.conditions.keys().map(String::as_str));
        self.found.push(match fix {
            Some(fix) => found.with_fix(fix),
            None => found,
        });
        expr
    }

    fn map(&mut self, entries: &[Entry]) -> ExprKind {
        let outside = self.embedded;
        self.embedded |= entries.iter().any(|entry| entry.key == ROS_VERSION);
        let named = entries.iter().find(|entry| is_function(&entry.key));
        let kind = match named.filter(|_| !self.embedded) {
            Some(entry) if entries.len() == 1 => self.function(entry),
            Some(entry) => {
                let message = format!(
                    "{} stands beside other keys, so it is no function",
                    entry.key
                );
                let found = Diagnostic::warning(code::FUNCTION_KEYS, entry.key_span, message)
                    .with_fix("give the function a map of its own");
                self.found.push(found);
                self.entries(entries)
            }
            None => self.entries(entries),
        };
        self.embedded = outside;
        kind
    }

    fn entries(&mut self, entries: &[Entry]) -> ExprKind {
        let entry = |entry: &Entry| (entry.key.clone(), self.expr(&entry.value));
        ExprKind::Map(entries.iter().map(entry).collect())
    }

    fn function(&mut self, entry: &Entry) -> ExprKind {
        let argument = self.expr(&entry.value);
        let Some(function) = self.find_function(entry) else {
            return ExprKind::Map(IndexMap::from([(entry.key.clone(), argument)]));
        };
        if function.name != entry.key {
            let message = format!("{} is documented as {}", entry.key, function.name);
            let found = Diagnostic::hint(code::SPELLING, entry.key_span, message);
            self.found.push(found.with_fix(function.name));
        }
        for problem in function.check(&argument) {
            let message = format!("{} {}", function.name, problem.message);
            let found = Diagnostic::error(code::FUNCTION_ARGUMENTS, problem.span, message);
            self.found.push(found);
        }
        self.check_program(function, &argument);
        let argument = self.conditions_of(function, argument);
        ExprKind::Function(function, Box::new(argument))
    }

    /// The function of a key, in any letter case. A name that is near none may be a function we do not
    /// know of.
    fn find_function(&mut self, entry: &Entry) -> Option<&'static FunctionInfo> {
        let function = functions::find(&entry.key);
        if function.is_none() {
            let message = format!("there is no function {}", entry.key);
            let found = Diagnostic::warning(code::FUNCTION_UNKNOWN, entry.key_span, message);
            let mut found = suggest(found, &entry.key, functions::names());
            if found.fix.is_some() {
                found.severity = Severity::Error;
            }
            self.found.push(found);
        }
        function
    }

    /// A jq program that is written out must compile.
    fn check_program(&mut self, function: &FunctionInfo, argument: &Expr) {
        let ExprKind::List(items) = &argument.kind else {
            return;
        };
        let Some(program) = items.get(1).filter(|_| function.name == "Fn::Jq") else {
            return;
        };
        let Some(text) = program.as_literal_str() else {
            return;
        };
        if let Err(error) = Selector::kept(text) {
            let message = format!("the jq program is refused: {error}");
            self.found.push(refused(&error, program.span, message));
        }
    }

    /// Where a function takes conditions, their plain names are looked up.
    fn conditions_of(&mut self, function: &FunctionInfo, argument: Expr) -> Expr {
        let count = function.leading_conditions();
        let Expr { kind, span } = argument;
        let kind = match kind {
            ExprKind::List(items) => {
                let take = |(index, item)| {
                    if index < count {
                        self.named_condition(item)
                    } else {
                        item
                    }
                };
                ExprKind::List(items.into_iter().enumerate().map(take).collect())
            }
            kind if count > 0 => self.named_condition(Expr::new(kind, span)).kind,
            kind => kind,
        };
        Expr::new(kind, span)
    }
}

/// Whether a key looks like a function's name.
fn is_function(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("Fn::"))
}
