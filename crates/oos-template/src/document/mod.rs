//! YAML and JSON texts as one tree that knows where everything stood.
//!
//! Used for templates and for every other file a person writes (mock files, parameter files).
//! How plain YAML scalars resolve is written down at [`Node`].

pub(crate) mod json;
mod node;
mod print_json;
mod print_yaml;
mod scalar;
mod yaml;

use crate::code;
use crate::diagnostic::{Diagnostic, Position, Span};

pub use node::{Entry, Node, NodeKind};
pub use print_json::to_json;
pub use print_yaml::to_yaml;

/// The bounds of a text, so that no input can exhaust memory or stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Size of the text in bytes.
    pub bytes: usize,
    /// Levels of lists and maps.
    pub depth: usize,
    /// Nodes of the tree, after aliases are expanded.
    pub nodes: usize,
}

impl Limits {
    /// The limits of a template: 64 KB as `CreateTemplate` documents, 128 levels, 100,000 nodes.
    pub const TEMPLATE: Self = Self {
        bytes: 64 * 1024,
        depth: 128,
        nodes: 100_000,
    };

    /// Other limits on the size, in bytes.
    #[must_use]
    pub const fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Other limits on the number of nodes.
    #[must_use]
    pub const fn with_nodes(mut self, nodes: usize) -> Self {
        self.nodes = nodes;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::TEMPLATE
    }
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "OOS knows TemplateFormat YAML and JSON"
)]
pub enum Format {
    /// YAML 1.2, core schema.
    Yaml,
    /// JSON, RFC 8259.
    Json,
}

impl Format {
    /// What a text is: JSON when it starts with `{` (or `[`) followed by something that only JSON
    /// would put there, YAML otherwise. Blanks and a byte order mark before it do not matter.
    #[must_use]
    pub fn detect(text: &str) -> Self {
        let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let inner = |rest: &str| rest.trim_start().chars().next();
        let json = match (text.strip_prefix('{'), text.strip_prefix('[')) {
            (Some(rest), _) => matches!(inner(rest), None | Some('"' | '}')),
            (_, Some(rest)) => matches!(inner(rest), None | Some('"' | '{' | '[' | ']')),
            _ => false,
        };
        if json { Self::Json } else { Self::Yaml }
    }

    /// `YAML` or `JSON`, as the service names it in `TemplateFormat`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
        }
    }
}

/// Reads a YAML or JSON text.
///
/// # Errors
/// The first place where the text is malformed, repeats a key of a map, or exceeds the limits.
///
/// ```
/// use oos_template::document::{self, Limits};
///
/// let node = document::read("mocks:\n  - service: ECS\n", Limits::default())?;
/// let mock = &node.get("mocks").and_then(|m| m.as_list()).unwrap()[0];
/// assert_eq!(mock.get("service").unwrap().span.start.to_string(), "2:14");
/// # Ok::<(), oos_template::Diagnostic>(())
/// ```
pub fn read(text: &str, limits: Limits) -> Result<Node, Diagnostic> {
    let document = read_all(text, limits)?;
    match document.repeated.into_iter().next() {
        Some(repeated) => Err(repeated),
        None => Ok(document.root),
    }
}

/// A text that is well-formed, and its keys that stand twice.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) root: Node,
    pub(crate) format: Format,
    pub(crate) repeated: Vec<Diagnostic>,
}

pub(crate) fn read_all(text: &str, limits: Limits) -> Result<Document, Diagnostic> {
    if text.len() > limits.bytes {
        let message = format!(
            "the text has {} bytes; at most {} are allowed",
            text.len(),
            limits.bytes
        );
        return Err(Diagnostic::error(code::TOO_LARGE, Span::START, message));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(at) = text.find('\0') {
        let span = Span::at(position_of(text, at));
        return Err(Diagnostic::error(
            code::BAD_CHARACTER,
            span,
            "the text holds a NUL character",
        ));
    }
    let format = Format::detect(text);
    let mut repeated = Vec::new();
    let root = match format {
        Format::Json => json::read_nodes(text, limits, &mut repeated)?,
        Format::Yaml => yaml::read(text, limits, &mut repeated)?,
    };
    Ok(Document {
        root,
        format,
        repeated,
    })
}

fn repeated_key(key: &str, first: Span, again: Span) -> Diagnostic {
    let message = format!("the key \"{key}\" already stands at {}", first.start);
    Diagnostic::error(code::DUPLICATE_KEY, again, message).with_fix("keep one of the two")
}

/// The position of a byte offset; for errors only, as it counts from the start.
pub(crate) fn position_of(text: &str, offset: usize) -> Position {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Position {
        line: count(before.bytes().filter(|b| *b == b'\n').count() + 1),
        column: count(before[line_start..].chars().count() + 1),
    }
}
