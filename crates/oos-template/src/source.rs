//! The text of a template, to find the place of a reference inside a scalar.

use crate::diagnostic::{Position, Span};
use crate::document::Node;
use crate::expr::{Part, split};

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

    /// The span of the n-th `{{ }}` in a scalar. None when the scalar's text and its value do not
    /// show the same ones, as with an alias or with escaped braces.
    pub(crate) fn braced(&self, node: &Node, nth: usize) -> Option<Span> {
        let count = |text: &str| {
            split(text)
                .iter()
                .filter(|p| matches!(p, Part::Braced { .. }))
                .count()
        };
        let slice = self.slice(node.span)?;
        if count(&slice) != count(node.as_str()?) {
            return None;
        }
        let braced = |part| match part {
            Part::Braced { range, .. } => Some(range),
            Part::Plain(_) => None,
        };
        let range = split(&slice).into_iter().filter_map(braced).nth(nth)?;
        let start = advance(node.span.start, &slice[..range.start]);
        Some(Span {
            start,
            end: advance(start, &slice[range]),
        })
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
