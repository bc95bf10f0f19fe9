//! From nodes to expressions: references are looked up, functions are recognised and checked.

use indexmap::IndexMap;

use super::names::{Names, is_pseudo, nearest, pseudo_names};
use super::reference::{Part, split};
use super::{Expr, ExprKind, Named, Piece, Reference};
use crate::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::{Entry, Node, NodeKind};
use crate::functions::{self, FunctionInfo};
use crate::jq::Selector;
use crate::source::Source;
use crate::value::Value;

/// Reads expressions and collects what is wrong with them.
pub(crate) struct Reader<'a> {
    pub(crate) source: &'a Source<'a>,
    pub(crate) names: &'a Names,
    pub(crate) conditions: &'a IndexMap<String, Named>,
    pub(crate) found: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads an expression.
    pub(crate) fn expr(&mut self, node: &Node) -> Expr {
        let kind = match &node.kind {
            NodeKind::String(text) => self.string(text, node),
            NodeKind::List(items) => ExprKind::List(items.iter().map(|i| self.expr(i)).collect()),
            NodeKind::Map(entries) => self.map(entries, node),
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

    fn map(&mut self, entries: &[Entry], node: &Node) -> ExprKind {
        let function = entries.iter().find(|entry| is_function(&entry.key));
        match function {
            Some(entry) if entries.len() == 1 => return self.function(entry),
            Some(entry) => {
                let message = format!("{} stands beside other keys", entry.key);
                let found = Diagnostic::error(code::FUNCTION_KEYS, entry.key_span, message)
                    .with_fix("give the function a map of its own");
                self.found.push(found);
                return ExprKind::Literal(node.to_value());
            }
            None => {}
        }
        let entry = |entry: &Entry| (entry.key.clone(), self.expr(&entry.value));
        ExprKind::Map(entries.iter().map(entry).collect())
    }

    fn function(&mut self, entry: &Entry) -> ExprKind {
        let argument = self.expr(&entry.value);
        let Some(function) = functions::find(&entry.key) else {
            let message = format!("there is no function {}", entry.key);
            let found = Diagnostic::error(code::FUNCTION_UNKNOWN, entry.key_span, message);
            self.found
                .push(match nearest(&entry.key, functions::names()) {
                    Some(fix) => found.with_fix(fix),
                    None => found,
                });
            return ExprKind::Literal(entry.value.to_value());
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
        if let Err(error) = Selector::compile(text) {
            let message = format!("the jq program is refused: {error}");
            self.found
                .push(Diagnostic::error(code::SELECTOR, program.span, message));
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

    fn string(&mut self, text: &str, node: &Node) -> ExprKind {
        if !text.contains("{{") {
            return ExprKind::Literal(Value::String(text.to_owned()));
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut places = Places {
            node,
            spans: None,
            nth: 0,
        };
        for part in split(text) {
            match part {
                Part::Plain(plain) => push_text(&mut pieces, plain),
                Part::Braced { inner, range } => {
                    match self.reference(inner, &mut places) {
                        Some(reference) => pieces.push(Piece::Reference(reference)),
                        None => push_text(&mut pieces, &text[range]),
                    }
                    places.nth += 1;
                }
            }
        }
        let mut pieces = pieces.into_iter();
        match (pieces.next(), pieces.next()) {
            (Some(Piece::Reference(reference)), None) => ExprKind::Reference(reference),
            (Some(Piece::Text(text)), None) => ExprKind::Literal(Value::String(text)),
            (first, second) => {
                ExprKind::Text(first.into_iter().chain(second).chain(pieces).collect())
            }
        }
    }

    /// Looks a reference up. What is no reference stays text; an undeclared one is an error.
    fn reference(&mut self, inner: &str, places: &mut Places<'_>) -> Option<Reference> {
        let Some(reference) = Reference::parse(inner) else {
            let message = format!("{{{{{inner}}}}} is no reference and stays as it is");
            let span = places.span(self.source);
            // Scripts hold templates of other languages: docker's {{.Names}}, {{- if }}, {{"{{"}}.
            let found = if inner
                .trim_start()
                .starts_with(['.', '-', '"', '$', '#', '/', '%', '`'])
            {
                Diagnostic::hint(code::BAD_REFERENCE, span, message)
            } else {
                Diagnostic::warning(code::BAD_REFERENCE, span, message)
            };
            self.found.push(found);
            return None;
        };
        let declared = match &reference {
            Reference::Parameter(name) => self
                .names
                .parameter(name)
                .map(|name| Reference::Parameter(name.to_owned())),
            Reference::Pseudo(name) => is_pseudo(name).map(|n| Reference::Pseudo(n.to_owned())),
            Reference::Output { task, output } => self.output(task, output),
            Reference::Stored { .. } => Some(reference.clone()),
        };
        let Some(declared) = declared else {
            self.undeclared(&reference, places.span(self.source));
            return Some(reference);
        };
        let (written, name) = (reference.to_string(), declared.to_string());
        if written != name {
            let message = format!("{{{{ {written} }}}} is declared as {name}");
            let span = places.span(self.source);
            let found = Diagnostic::hint(code::SPELLING, span, message);
            self.found.push(found.with_fix(format!("{{{{ {name} }}}}")));
        }
        Some(declared)
    }

    fn output(&self, task: &str, output: &str) -> Option<Reference> {
        let task = self.names.task(task)?;
        let output = match task.output(output) {
            Some(declared) => declared,
            None if task.open => output,
            None => return None,
        };
        Some(Reference::Output {
            task: task.name.clone(),
            output: output.to_owned(),
        })
    }

    fn undeclared(&mut self, reference: &Reference, span: Span) {
        let found = match reference {
            Reference::Output { task, output } => self.undeclared_output(task, output, span),
            Reference::Pseudo(name) => {
                let message = format!("there is no pseudo parameter {name}");
                suggest(
                    Diagnostic::error(code::PSEUDO, span, message),
                    name,
                    pseudo_names(),
                )
            }
            Reference::Parameter(name) | Reference::Stored { name, .. } => {
                let message = format!("the parameter {name} is not declared");
                let known = self.names.parameters();
                suggest(
                    Diagnostic::error(code::UNDECLARED, span, message),
                    name,
                    known,
                )
            }
        };
        self.found.push(found);
    }

    fn undeclared_output(&self, task: &str, output: &str, span: Span) -> Diagnostic {
        let Some(known) = self.names.task(task) else {
            let found =
                Diagnostic::error(code::UNDECLARED, span, format!("there is no task {task}"));
            return match nearest(task, self.names.tasks()) {
                Some(name) => found.with_fix(format!("{{{{ {name}.{output} }}}}")),
                None => found,
            };
        };
        let message = format!("the task {} declares no output {output}", known.name);
        let found = Diagnostic::error(code::UNDECLARED, span, message);
        match nearest(output, known.outputs()) {
            Some(name) => found.with_fix(format!("{{{{ {}.{name} }}}}", known.name)),
            None => found.with_fix(format!("declare it under Outputs of {}", known.name)),
        }
    }
}

/// Where the references of a text stand, found when the first finding needs it.
struct Places<'n> {
    node: &'n Node,
    spans: Option<Vec<Span>>,
    nth: usize,
}

impl Places<'_> {
    fn span(&mut self, source: &Source<'_>) -> Span {
        let spans = self
            .spans
            .get_or_insert_with(|| source.braced(self.node).unwrap_or_default());
        spans.get(self.nth).copied().unwrap_or(self.node.span)
    }
}

fn suggest<'n>(
    found: Diagnostic,
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    match nearest(name, known) {
        Some(fix) => found.with_fix(format!("{{{{ {fix} }}}}")),
        None => found,
    }
}

/// Whether a key looks like a function's name.
fn is_function(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("Fn::"))
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}
