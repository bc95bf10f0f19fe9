//! The text of a template, to find the place of a reference inside a scalar.

use crate::diagnostic::{Position, Span};
use crate::document::Node;
use crate::expr::{Part, Reference, split};

/// A text by lines.
pub(crate) struct Source<'a> {
    lines: Vec<&'a str>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            lines: text.split('\n').collect(),
        }
    }

    /// The spans of the `{{ }}` in a scalar. None when the scalar's text and its value do not show the
    /// same ones, as with an alias or with escaped braces.
    pub(crate) fn braced(&self, node: &Node) -> Option<Vec<Span>> {
        let slice = self.slice(node.span)?;
        let mut at = node.span.start;
        let mut spans = Vec::new();
        for part in split(&slice) {
            match part {
                Part::Plain(text) => at = advance(at, text),
                Part::Braced { range, .. } => {
                    let start = at;
                    at = advance(start, &slice[range]);
                    spans.push(Span { start, end: at });
                }
            }
        }
        let braced = |part: &Part<'_>| matches!(part, Part::Braced { .. });
        let wanted = split(node.as_str()?)
            .iter()
            .filter(|part| braced(part))
            .count();
        (spans.len() == wanted).then_some(spans)
    }

    /// The place of a reference in the text at a span; the whole span if it is not found there.
    pub(crate) fn place(&self, span: Span, reference: &Reference) -> Span {
        let wanted = reference.to_string();
        let Some(slice) = self.slice(span) else {
            return span;
        };
        let mut at = span.start;
        for part in split(&slice) {
            match part {
                Part::Plain(text) => at = advance(at, text),
                Part::Braced { inner, range } => {
                    let start = at;
                    at = advance(start, &slice[range]);
                    let found = Reference::parse(inner);
                    if found.is_some_and(|found| found.to_string().eq_ignore_ascii_case(&wanted)) {
                        return Span { start, end: at };
                    }
                }
            }
        }
        span
    }

    fn slice(&self, span: Span) -> Option<String> {
        let index = |n: u32| usize::try_from(n).ok()?.checked_sub(1);
        let (first, last) = (index(span.start.line)?, index(span.end.line)?);
        let mut out = String::new();
        for at in first..=last {
            let Some(line) = self.lines.get(at) else {
                break;
            };
            let skip = if at == first {
                index(span.start.column)?
            } else {
                0
            };
            let take = if at == last {
                index(span.end.column)?.saturating_sub(skip)
            } else {
                usize::MAX
            };
            out.extend(line.chars().skip(skip).take(take));
            if at != last {
                out.push('\n');
            }
        }
        Some(out)
    }
}

fn advance(from: Position, text: &str) -> Position {
    text.chars().fold(from, |at, c| match c {
        '\n' => Position {
            line: at.line + 1,
            column: 1,
        },
        _ => Position {
            column: at.column + 1,
            ..at
        },
    })
}
