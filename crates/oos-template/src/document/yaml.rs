//! YAML through the events of saphyr-parser. The only file that names that crate.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as YamlSpan, Tag};

use super::node::{Entry, Node, NodeKind};
use super::{Limits, repeated_key, scalar};
use crate::code;
use crate::diagnostic::{Diagnostic, Position, Span};
use crate::value::Value;

/// Reads the first document of a YAML text; a second one is refused.
pub(super) fn read(
    text: &str,
    limits: Limits,
    repeated: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let ends = Ends {
        characters: text.chars().collect(),
    };
    let mut tree = Tree {
        limits,
        repeated,
        open: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        root: None,
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| syntax(text, &error))?;
        let span = ends.trim(span, matches!(event, Event::Scalar(..)));
        tree.take(event, span)?;
    }
    Ok(tree
        .root
        .map_or_else(|| Node::new(NodeKind::Null, Span::START), |(node, _)| node))
}

/// A list or map whose end has not come yet.
struct Open {
    anchor: usize,
    span: Span,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Sized>),
    Map {
        entries: Vec<(Key, Sized)>,
        key: Option<Key>,
    },
}

/// A node with the number of nodes below it (itself included) and of levels.
type Sized = (Node, Size);

#[derive(Clone, Copy)]
struct Size {
    nodes: usize,
    levels: usize,
}

const LEAF: Size = Size {
    nodes: 1,
    levels: 0,
};

struct Key {
    text: String,
    span: Span,
    /// An unquoted `<<`: the entries of the value are taken over.
    merge: bool,
}

struct Tree<'r> {
    limits: Limits,
    repeated: &'r mut Vec<Diagnostic>,
    open: Vec<Open>,
    anchors: HashMap<usize, Sized>,
    nodes: usize,
    root: Option<Sized>,
}

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                refuse_tag(tag.as_deref(), span)?;
                self.scalar(&text, style, tag.as_deref(), anchor, span)
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::SequenceStart(anchor, tag) => {
                refuse_tag(tag.as_deref(), span)?;
                self.begin(Open {
                    anchor,
                    span,
                    kind: OpenKind::List(Vec::new()),
                })
            }
            Event::MappingStart(anchor, tag) => {
                refuse_tag(tag.as_deref(), span)?;
                let kind = OpenKind::Map {
                    entries: Vec::new(),
                    key: None,
                };
                self.begin(Open { anchor, span, kind })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::DocumentStart(_) if self.root.is_some() => {
                let message = "the text holds more than one YAML document";
                Err(Diagnostic::error(code::SYNTAX, span, message))
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, open: Open) -> Result<(), Diagnostic> {
        if self.open.len() >= self.limits.depth {
            return Err(too_deep(open.span));
        }
        self.count(1, open.span)?;
        self.open.push(open);
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        anchor: usize,
        span: Span,
    ) -> Result<(), Diagnostic> {
        self.count(1, span)?;
        let plain = style == ScalarStyle::Plain;
        if let Some(key) = self.awaited_key() {
            let merge = plain && text == "<<";
            *key = Some(Key {
                text: text.to_owned(),
                span,
                merge,
            });
            if anchor > 0 {
                let node = Node::new(NodeKind::String(text.to_owned()), span);
                self.anchors.insert(anchor, (node, LEAF));
            }
            return Ok(());
        }
        let value = match tag.map(|tag| tag.suffix.as_str()) {
            Some("str") => Value::String(text.to_owned()),
            Some("int" | "float" | "bool" | "null") => scalar::resolve(text),
            _ if plain => scalar::resolve(text),
            _ => Value::String(text.to_owned()),
        };
        self.add((Node::scalar(value, span, text), LEAF), anchor)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        let Some((_, size)) = self.anchors.get(&anchor) else {
            let message = "the alias stands inside the node it names";
            return Err(Diagnostic::error(code::SYNTAX, span, message));
        };
        let size = *size;
        self.count(size.nodes, span)?;
        if self.open.len() + size.levels > self.limits.depth {
            return Err(too_deep(span));
        }
        let mut node = self
            .anchors
            .get(&anchor)
            .map(|(node, _)| node.clone())
            .expect("just seen");
        if let Some(key) = self.awaited_key() {
            let Some(text) = node.text() else {
                return Err(key_not_text(span));
            };
            *key = Some(Key {
                text: text.to_owned(),
                span,
                merge: false,
            });
            return Ok(());
        }
        node.span = span;
        self.add((node, size), 0)
    }

    /// The place of the key, when a key of a map comes next.
    fn awaited_key(&mut self) -> Option<&mut Option<Key>> {
        match &mut self.open.last_mut()?.kind {
            OpenKind::Map { key, .. } if key.is_none() => Some(key),
            _ => None,
        }
    }

    fn end(&mut self, span: Span) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let (kind, size, last) = match open.kind {
            OpenKind::List(items) => {
                let last = items.last().map(|(node, _)| node.span.end);
                let size = sum(items.iter().map(|(_, size)| *size));
                (
                    NodeKind::List(items.into_iter().map(|(node, _)| node).collect()),
                    size,
                    last,
                )
            }
            OpenKind::Map { entries, .. } => {
                let last = entries.last().map(|(_, (node, _))| node.span.end);
                let size = sum(entries.iter().map(|(_, (_, size))| *size));
                (NodeKind::Map(self.entries(entries)?), size, last)
            }
        };
        // A block ends where its last item ends; only a flow collection has a closing bracket.
        let flow = span.end > span.start;
        let end = if flow {
            span.end
        } else {
            last.unwrap_or(open.span.end)
        };
        let node = Node::new(
            kind,
            Span {
                start: open.span.start,
                end,
            },
        );
        self.add((node, size), open.anchor)
    }

    fn entries(&mut self, pairs: Vec<(Key, Sized)>) -> Result<Vec<Entry>, Diagnostic> {
        let mut kept: Vec<Entry> = Vec::with_capacity(pairs.len());
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut merged = Vec::new();
        for (key, (value, _)) in pairs {
            if key.merge {
                merged.extend(merge_sources(value, key.span)?);
                continue;
            }
            if let Some(&place) = places.get(&key.text) {
                self.repeated
                    .push(repeated_key(&key.text, kept[place].key_span, key.span));
                kept[place].value = value;
                continue;
            }
            places.insert(key.text.clone(), kept.len());
            kept.push(Entry::new(key.text, key.span, value));
        }
        for entry in merged {
            if !places.contains_key(&entry.key) {
                places.insert(entry.key.clone(), kept.len());
                kept.push(entry);
            }
        }
        Ok(kept)
    }

    fn add(&mut self, node: Sized, anchor: usize) -> Result<(), Diagnostic> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.kind {
            OpenKind::List(items) => items.push(node),
            OpenKind::Map { entries, key } => match key.take() {
                Some(key) => entries.push((key, node)),
                None => return Err(key_not_text(node.0.span)),
            },
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), Diagnostic> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > self.limits.nodes {
            let message = format!("the text expands to more than {} nodes", self.limits.nodes);
            return Err(Diagnostic::error(code::TOO_DEEP, span, message));
        }
        Ok(())
    }
}

/// The entries a `<<` brings: those of a map, or of several, the first one winning.
fn merge_sources(value: Node, span: Span) -> Result<Vec<Entry>, Diagnostic> {
    match value.kind {
        NodeKind::Map(entries) => Ok(entries),
        NodeKind::List(items) => {
            let mut all = Vec::new();
            for item in items {
                all.extend(merge_sources(item, span)?);
            }
            Ok(all)
        }
        _ => Err(Diagnostic::error(
            code::SYNTAX,
            span,
            "the merge key << needs a map",
        )),
    }
}

fn refuse_tag(tag: Option<&Tag>, span: Span) -> Result<(), Diagnostic> {
    match tag {
        Some(tag) if !tag.is_yaml_core_schema() && tag.suffix != "!" && !tag.suffix.is_empty() => {
            let message = format!("the tag {tag} has no meaning here");
            let fix = format!("write a map with the key Fn::{}", tag.suffix);
            Err(Diagnostic::error(code::TAG, span, message).with_fix(fix))
        }
        _ => Ok(()),
    }
}

fn sum(sizes: impl Iterator<Item = Size>) -> Size {
    sizes.fold(
        Size {
            nodes: 1,
            levels: 1,
        },
        |total, size| Size {
            nodes: total.nodes.saturating_add(size.nodes),
            levels: total.levels.max(size.levels + 1),
        },
    )
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(code::TOO_DEEP, span, "lists and maps are nested too deep")
}

fn key_not_text(span: Span) -> Diagnostic {
    Diagnostic::error(code::KEY_NOT_TEXT, span, "the key of a map must be text")
        .with_fix("put a {{ }} reference that stands alone into quotes")
}

fn syntax(text: &str, error: &ScanError) -> Diagnostic {
    let at = position(*error.marker());
    // saphyr's own words for a tab in the indentation do not name the tab, or place it a line before.
    let may_follow = usize::from(error.info().contains("tab"));
    let from = error.marker().line().saturating_sub(1);
    let lines = text.lines().enumerate().skip(from).take(1 + may_follow);
    for (number, line) in lines {
        let blanks = line.bytes().take_while(|b| *b == b' ').count();
        if line[blanks..].starts_with('\t') {
            let count = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
            let span = Span::at(Position {
                line: count(number),
                column: count(blanks),
            });
            let message = "a tab stands in the indentation";
            return Diagnostic::error(code::BAD_CHARACTER, span, message)
                .with_fix("indent with blanks");
        }
    }
    if error.info().contains("recursion limit") {
        return too_deep(Span::at(at));
    }
    Diagnostic::error(code::SYNTAX, Span::at(at), error.info())
}

/// Puts the end of spans where the last character is: saphyr counts the blanks after a closing quote
/// or bracket, and the line break after a block scalar.
struct Ends {
    characters: Vec<char>,
}

impl Ends {
    fn trim(&self, span: YamlSpan, scalar: bool) -> Span {
        let start = position(span.start);
        let (from, upto) = (span.start.index(), span.end.index());
        let whole = self.characters.get(from..upto).unwrap_or_default();
        // An event that only marks a place may span blanks and nothing else.
        let kept = whole
            .iter()
            .rposition(|c| !c.is_whitespace())
            .map_or(0, |last| last + 1);
        if kept == whole.len() || (kept == 0 && !scalar) {
            return Span {
                start,
                end: position(span.end),
            };
        }
        let end = whole[..kept].iter().fold(start, |at, c| match c {
            '\n' => Position {
                line: at.line + 1,
                column: 1,
            },
            _ => Position {
                column: at.column + 1,
                ..at
            },
        });
        Span { start, end }
    }
}

fn position(marker: Marker) -> Position {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Position {
        line: count(marker.line()),
        column: count(marker.col() + 1),
    }
}
