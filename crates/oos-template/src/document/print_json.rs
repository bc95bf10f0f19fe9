//! A tree as JSON text.

use super::node::{Node, NodeKind};
use crate::value::write_string;

const STEP: usize = 2;

/// Prints a tree as JSON (RFC 8259), indented by two blanks, with a line break at its end. Keys keep
/// their order, numbers their digits, characters outside ASCII stay as they are.
///
/// ```
/// use oos_template::document::{self, Limits};
///
/// let node = document::read("b: 1.10\na: [x, {}]\n", Limits::default())?;
/// assert_eq!(document::to_json(&node), "{\n  \"b\": 1.10,\n  \"a\": [\n    \"x\",\n    {}\n  ]\n}\n");
/// # Ok::<(), oos_template::Diagnostic>(())
/// ```
#[must_use]
pub fn to_json(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, node, 0);
    out.push('\n');
    out
}

fn write(out: &mut String, node: &Node, indent: usize) {
    match &node.kind {
        NodeKind::Null => out.push_str("null"),
        NodeKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        NodeKind::Number(number) => out.push_str(&number.to_string()),
        NodeKind::String(text) => write_string(out, text),
        NodeKind::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                begin(out, index, indent + STEP);
                write(out, item, indent + STEP);
            }
            end(out, items.is_empty(), indent, ']');
        }
        NodeKind::Map(entries) => {
            out.push('{');
            for (index, entry) in entries.iter().enumerate() {
                begin(out, index, indent + STEP);
                write_string(out, &entry.key);
                out.push_str(": ");
                write(out, &entry.value, indent + STEP);
            }
            end(out, entries.is_empty(), indent, '}');
        }
    }
}

fn begin(out: &mut String, index: usize, indent: usize) {
    if index > 0 {
        out.push(',');
    }
    line(out, indent);
}

fn end(out: &mut String, empty: bool, indent: usize, bracket: char) {
    if !empty {
        line(out, indent);
    }
    out.push(bracket);
}

fn line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}
