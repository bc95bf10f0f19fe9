//! References in texts: looked up among the declared names, told from the braces of other languages.

use super::names::{is_pseudo, nearest, pseudo_names};
use super::reference::{Part, split};
use super::{ExprKind, Piece, Reader, Reference};
use crate::code;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::Node;
use crate::source::Source;
use crate::value::Value;

impl Reader<'_> {
    /// Reads a text.
    pub(super) fn string(&mut self, text: &str, node: &Node) -> ExprKind {
        if !text.contains("{{") {
            return ExprKind::Literal(Value::String(text.to_owned()));
        }
        let parts = split(text);
        let mut pieces: Vec<Piece> = Vec::new();
        let mut places = Places::new(node, text, &parts);
        for part in &parts {
            match part {
                Part::Plain(plain) => push_text(&mut pieces, plain),
                Part::Braced { inner, range } => {
                    places.start = range.start;
                    match self.reference(inner, &mut places) {
                        Some(reference) => pieces.push(Piece::Reference(reference)),
                        None => push_text(&mut pieces, &text[range.clone()]),
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

    /// Looks a reference up. None for what stays text.
    fn reference(&mut self, inner: &str, places: &mut Places<'_>) -> Option<Reference> {
        let Some(reference) = Reference::parse(inner) else {
            if self.is_ours(inner) && !places.is_foreign(self) {
                let message = format!("{{{{{inner}}}}} is no reference and stays as it is");
                let span = places.span(self.source);
                self.found
                    .push(Diagnostic::warning(code::BAD_REFERENCE, span, message));
            }
            return None;
        };
        let Some(declared) = self.declared(&reference) else {
            return self.undeclared(reference, places);
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

    /// Whether what stands between braces starts with one of our names.
    fn is_ours(&self, inner: &str) -> bool {
        let inner = inner.trim();
        let end = inner.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        let (first, rest) = inner.split_at(end.unwrap_or(inner.len()));
        self.names.parameter(first).is_some()
            || self.names.task(first).is_some()
            || rest.starts_with(':') && ["ACS", "oos", "oos-secret"].contains(&first)
    }

    fn declared(&self, reference: &Reference) -> Option<Reference> {
        match reference {
            Reference::Parameter(name) => {
                let name = self.names.parameter(name)?;
                Some(Reference::Parameter(name.to_owned()))
            }
            Reference::Pseudo(name) => is_pseudo(name).map(|n| Reference::Pseudo(n.to_owned())),
            Reference::Output { task, output } => self.output(task, output),
            Reference::Stored { .. } => Some(reference.clone()),
        }
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

    /// An undeclared name is an error, unless the text has the looks of another template language,
    /// whose variables stay as they are: then a slip of the pen is told as a warning, and nothing
    /// else. In scripts of several lines a name that is near no other may be anything.
    fn undeclared(&mut self, reference: Reference, places: &mut Places<'_>) -> Option<Reference> {
        let mut found = self.problem(&reference, places.span(self.source));
        let near = found.fix.is_some();
        let foreign = places.is_foreign(self);
        if foreign && !near {
            return None;
        }
        let script = places.text.trim_end().contains('\n');
        let known =
            matches!(&reference, Reference::Output { task, .. } if self.names.task(task).is_some());
        let unsure = matches!(reference, Reference::Pseudo(_)) && !near;
        if foreign || unsure || (script && !near && !known) {
            found.severity = Severity::Warning;
        }
        let keep = found.severity == Severity::Error || unsure;
        self.found.push(found);
        keep.then_some(reference)
    }

    fn problem(&self, reference: &Reference, span: Span) -> Diagnostic {
        match reference {
            Reference::Output { task, output } => self.undeclared_output(task, output, span),
            Reference::Pseudo(name) => {
                let message = format!("there is no pseudo parameter {name}");
                let found = Diagnostic::error(code::PSEUDO, span, message);
                mend(found, nearest(name, pseudo_names()))
            }
            Reference::Parameter(name) if self.names.task(name).is_some() => {
                let message = format!("{name} is a task; a reference names one of its outputs");
                let found = Diagnostic::error(code::UNDECLARED, span, message);
                found.with_fix(format!("{{{{ {name}.<output> }}}}"))
            }
            Reference::Parameter(name) | Reference::Stored { name, .. } => {
                let message = format!("the parameter {name} is not declared");
                let found = Diagnostic::error(code::UNDECLARED, span, message);
                mend(found, nearest(name, self.names.parameters()))
            }
        }
    }

    fn undeclared_output(&self, task: &str, output: &str, span: Span) -> Diagnostic {
        let error = |message: String| Diagnostic::error(code::UNDECLARED, span, message);
        if let Some(known) = self.names.task(task) {
            let found = error(format!(
                "the task {} declares no output {output}",
                known.name
            ));
            return match nearest(output, known.outputs()) {
                Some(name) => found.with_fix(format!("{{{{ {}.{name} }}}}", known.name)),
                None => found.with_fix(format!("declare it under Outputs of {}", known.name)),
            };
        }
        if let Some(name) = self.names.parameter(task) {
            let fix = format!("'Fn::Select': [{output}, '{{{{ {name} }}}}']");
            let message = format!("{name} is a parameter; a reference cannot take a part of it");
            return error(message).with_fix(fix);
        }
        let found = error(format!("there is no task {task}"));
        match nearest(task, self.names.tasks()) {
            Some(name) => found.with_fix(format!("{{{{ {name}.{output} }}}}")),
            None => found,
        }
    }
}

fn mend(found: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(name) => found.with_fix(format!("{{{{ {name} }}}}")),
        None => found,
    }
}

/// The references of a text: where they stand, found when the first finding needs it, and what kind of
/// text it is.
struct Places<'n> {
    node: &'n Node,
    text: &'n str,
    parts: &'n [Part<'n>],
    spans: Option<Vec<Span>>,
    foreign: Option<bool>,
    nth: usize,
    /// Where the braces of the reference open.
    start: usize,
}

impl<'n> Places<'n> {
    const fn new(node: &'n Node, text: &'n str, parts: &'n [Part<'n>]) -> Self {
        Self {
            node,
            text,
            parts,
            spans: None,
            foreign: None,
            nth: 0,
            start: 0,
        }
    }

    fn span(&mut self, source: &Source<'_>) -> Span {
        let spans = self
            .spans
            .get_or_insert_with(|| source.braced(self.node).unwrap_or_default());
        spans.get(self.nth).copied().unwrap_or(self.node.span)
    }

    /// Whether the text speaks another language that uses the same braces: Jinja, Go, Helm, Handlebars,
    /// the expressions of GitHub. They show by `{%`, `{{-`, `${{`, and by braces around what is
    /// neither a name nor starts with one of ours.
    fn is_foreign(&mut self, reader: &Reader<'_>) -> bool {
        if self.text[..self.start].ends_with('$') {
            return true;
        }
        *self.foreign.get_or_insert_with(|| {
            let other = |part: &Part<'_>| match part {
                Part::Plain(plain) => plain.contains("{%"),
                Part::Braced { inner, .. } => {
                    inner.starts_with('-')
                        || inner.ends_with('-')
                        || (Reference::parse(inner).is_none() && !reader.is_ours(inner))
                }
            };
            self.parts.iter().any(other)
        })
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}
