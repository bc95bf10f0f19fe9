//! A strict JSON reader (RFC 8259) that knows where it is.

use std::collections::HashMap;

use super::node::{Entry, Node, NodeKind};
use super::{Limits, position_of, repeated_key};
use crate::code::{self, Code};
use crate::diagnostic::{Diagnostic, Position, Span};
use crate::value::{Number, Value};

/// Byte offsets of the first character and of the one after the last.
pub(crate) type Offsets = (usize, usize);

/// What the reader makes of what it reads. Calls come in the order of the text's ends.
pub(crate) trait Build {
    type Out;
    fn scalar(&mut self, value: Value, at: Offsets) -> Self::Out;
    fn list(&mut self, items: Vec<Self::Out>, at: Offsets) -> Self::Out;
    fn map(&mut self, entries: Vec<(String, Offsets, Self::Out)>, at: Offsets) -> Self::Out;
}

/// Why reading stopped, and at which byte.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) offset: usize,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn position(&self, text: &str) -> Position {
        position_of(text, self.offset)
    }
}

/// Reads one value and nothing after it.
pub(crate) fn read<B: Build>(text: &str, depth: usize, build: &mut B) -> Result<B::Out, Failure> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth,
        build,
    };
    let value = reader.value()?;
    reader.blanks();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.failure("expected the end of the text")),
    }
}

/// Reads a text into nodes; repeated keys are reported, the last one counts.
pub(super) fn read_nodes(
    text: &str,
    limits: Limits,
    repeated: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let mut build = Spanned {
        text,
        lines: Lines::new(text),
        repeated,
    };
    read(text, limits.depth, &mut build).map_err(|failure| {
        let position = failure.position(text);
        Diagnostic::error(failure.code, Span::at(position), failure.message)
    })
}

struct Reader<'a, B> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    build: &'a mut B,
}

impl<B: Build> Reader<'_, B> {
    fn value(&mut self) -> Result<B::Out, Failure> {
        self.blanks();
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.nested(Self::map),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => {
                let text = self.string()?;
                Ok(self.build.scalar(Value::String(text), (start, self.at)))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.failure("expected a JSON value")),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<B::Out, Failure>,
    ) -> Result<B::Out, Failure> {
        if self.depth == 0 {
            let message = "lists and maps are nested too deep".to_owned();
            return Err(Failure {
                code: code::TOO_DEEP,
                offset: self.at,
                message,
            });
        }
        self.depth -= 1;
        let value = read(self);
        self.depth += 1;
        value
    }

    fn list(&mut self) -> Result<B::Out, Failure> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(self.build.list(items, (start, self.at)));
        }
        loop {
            items.push(self.value()?);
            if !self.another(b']', "expected , or ] after a list item")? {
                return Ok(self.build.list(items, (start, self.at)));
            }
        }
    }

    fn map(&mut self) -> Result<B::Out, Failure> {
        let start = self.at;
        self.at += 1;
        let mut entries = Vec::new();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(self.build.map(entries, (start, self.at)));
        }
        loop {
            self.blanks();
            let key_start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.failure("expected a key in double quotes"));
            }
            let key = self.string()?;
            let key_at = (key_start, self.at);
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.failure("expected : after a key"));
            }
            self.at += 1;
            entries.push((key, key_at, self.value()?));
            if !self.another(b'}', "expected , or } after an entry")? {
                return Ok(self.build.map(entries, (start, self.at)));
            }
        }
    }

    /// Takes the comma before another item, or the closing bracket.
    fn another(&mut self, close: u8, expected: &str) -> Result<bool, Failure> {
        self.blanks();
        let next = self.peek();
        if next != Some(b',') && next != Some(close) {
            return Err(self.failure(expected));
        }
        self.at += 1;
        Ok(next == Some(b','))
    }

    fn number(&mut self) -> Result<B::Out, Failure> {
        let start = self.at;
        let part = |b: &u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = self.bytes[start..].iter().take_while(|b| part(b)).count();
        let text = &self.text[start..start + length];
        let number = Number::parse(text)
            .ok_or_else(|| self.failure(&format!("{text} is not a JSON number")))?;
        self.at += length;
        Ok(self.build.scalar(Value::Number(number), (start, self.at)))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<B::Out, Failure> {
        let start = self.at;
        if !self.text[start..].starts_with(word) {
            return Err(self.failure("expected a JSON value"));
        }
        self.at += word.len();
        Ok(self.build.scalar(value, (start, self.at)))
    }

    fn string(&mut self) -> Result<String, Failure> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            let plain = rest
                .iter()
                .take_while(|b| !matches!(b, b'"' | b'\\' | 0..0x20))
                .count();
            out.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => {
                    return Err(self.failure("control characters in a text must be escaped"));
                }
                None => return Err(self.failure("the text lacks its closing double quote")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Failure> {
        let start = self.at;
        let escaped = self.bytes.get(start + 1).copied();
        self.at += 2;
        let plain = match escaped {
            Some(b'u') => return self.unicode(start),
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            _ => {
                self.at = start;
                return Err(self.failure("unknown escape"));
            }
        };
        Ok(plain)
    }

    fn unicode(&mut self, start: usize) -> Result<char, Failure> {
        let mut unit = self.hex4();
        if let Some(high @ 0xd800..0xdc00) = unit
            && self.bytes[self.at..].starts_with(b"\\u")
        {
            self.at += 2;
            let low = self.hex4().filter(|low| (0xdc00..0xe000).contains(low));
            unit = low.map(|low| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
        }
        unit.and_then(char::from_u32).ok_or_else(|| {
            self.at = start;
            self.failure("the escape is no Unicode character")
        })
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn blanks(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
            .count();
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn failure(&self, message: &str) -> Failure {
        Failure {
            code: code::SYNTAX,
            offset: self.at,
            message: message.to_owned(),
        }
    }
}

struct Spanned<'a> {
    text: &'a str,
    lines: Lines<'a>,
    repeated: &'a mut Vec<Diagnostic>,
}

impl Build for Spanned<'_> {
    type Out = Node;

    fn scalar(&mut self, value: Value, at: Offsets) -> Node {
        Node::scalar(value, self.lines.span(at), &self.text[at.0..at.1])
    }

    fn list(&mut self, items: Vec<Node>, at: Offsets) -> Node {
        Node::new(NodeKind::List(items), self.lines.span(at))
    }

    fn map(&mut self, entries: Vec<(String, Offsets, Node)>, at: Offsets) -> Node {
        let mut kept: Vec<Entry> = Vec::with_capacity(entries.len());
        let mut places: HashMap<String, usize> = HashMap::new();
        for (key, key_at, value) in entries {
            let key_span = self.lines.span(key_at);
            if let Some(&place) = places.get(&key) {
                self.repeated
                    .push(repeated_key(&key, kept[place].key_span, key_span));
                kept[place].value = value;
            } else {
                places.insert(key.clone(), kept.len());
                kept.push(Entry::new(key, key_span, value));
            }
        }
        Node::new(NodeKind::Map(kept), self.lines.span(at))
    }
}

/// The line starts of a text, to turn byte offsets into positions.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Whether every character is one byte, so that columns need no counting.
    ascii: bool,
    /// The last offset that was counted on a line, and its column: most offsets lie shortly after.
    last: (usize, u32),
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        Self {
            text,
            starts: starts.collect(),
            ascii: text.is_ascii(),
            last: (0, 1),
        }
    }

    fn span(&mut self, (start, end): Offsets) -> Span {
        Span {
            start: self.position(start),
            end: self.position(end),
        }
    }

    fn position(&mut self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        if self.ascii {
            return Position {
                line: count(line),
                column: count(offset - start + 1),
            };
        }
        let (from, column) = match self.last {
            (last, column) if last >= start && last <= offset => (last, column),
            _ => (start, 1),
        };
        let column = column + count(self.text[from..offset].chars().count());
        self.last = (offset, column);
        Position {
            line: count(line),
            column,
        }
    }
}
