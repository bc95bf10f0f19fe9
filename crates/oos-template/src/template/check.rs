//! What every part of the reader needs: the text, the declared names, the findings.

use indexmap::IndexMap;

use crate::code::{self, Code};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::{Entry, Format, Node};
use crate::expr::{Expr, Named, Names, Reader, nearest};
use crate::source::Source;

/// Collects findings while a template is read.
pub(crate) struct Check<'a> {
    pub(crate) source: &'a Source<'a>,
    pub(crate) names: &'a Names,
    pub(crate) format: Format,
    /// Whether this is the content of a template that a task of another one runs.
    pub(crate) embedded: bool,
    pub(crate) conditions: IndexMap<String, Named>,
    pub(crate) found: Vec<Diagnostic>,
}

impl Check<'_> {
    pub(crate) fn expr(&mut self, node: &Node) -> Expr {
        self.reader().expr(node)
    }

    pub(crate) fn condition(&mut self, node: &Node) -> Expr {
        self.reader().condition(node)
    }

    pub(crate) fn named_condition(&mut self, expr: Expr) -> Expr {
        self.reader().named_condition(expr)
    }

    fn reader(&mut self) -> Reader<'_> {
        Reader {
            source: self.source,
            names: self.names,
            conditions: &self.conditions,
            found: &mut self.found,
            embedded: false,
        }
    }

    pub(crate) fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.found.push(Diagnostic::error(code, span, message));
    }

    pub(crate) fn warning(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.found.push(Diagnostic::warning(code, span, message));
    }

    /// The entries of what must be a map. Null, an empty list and an empty text count as an empty one:
    /// programs that write templates leave them behind.
    pub(crate) fn map<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Entry]> {
        if node.is_null()
            || node.as_list().is_some_and(<[_]>::is_empty)
            || node.as_str() == Some("")
        {
            return None;
        }
        let entries = node.as_map();
        if entries.is_none() {
            self.wrong_shape(node, what, "a map");
        }
        entries
    }

    /// The text of what must be a scalar.
    pub(crate) fn text<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        let text = node.text().filter(|_| !node.is_null());
        if text.is_none() {
            self.wrong_shape(node, what, "text");
        }
        text
    }

    pub(crate) fn wrong_shape(&mut self, node: &Node, what: &str, wanted: &str) {
        let message = format!("{what} must be {wanted}, not a {}", node.kind_name());
        self.error(
            code::WRONG_SHAPE,
            node.span,
            message.replace("not a null", "not empty"),
        );
    }

    /// Tells of keys that have no meaning: as a warning if the key is near a known one, else as
    /// the caller says.
    pub(crate) fn unknown_keys(
        &mut self,
        entries: &[Entry],
        known: &[&str],
        what: &str,
        otherwise: Severity,
    ) {
        for entry in entries {
            if known.contains(&entry.key.as_str()) {
                continue;
            }
            let message = format!("{what} has no key {}", entry.key);
            let found = Diagnostic::warning(code::UNKNOWN_KEY, entry.key_span, message);
            let mut found = suggest(found, &entry.key, known.iter().copied());
            if found.fix.is_none() {
                found.severity = otherwise;
            }
            self.found.push(found);
        }
    }
}

/// Adds the nearest known name as the fix, if one is near.
pub(crate) fn suggest<'n>(
    found: Diagnostic,
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    match nearest(name, known) {
        Some(fix) => found.with_fix(fix),
        None => found,
    }
}
