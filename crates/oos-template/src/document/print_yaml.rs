//! A tree as YAML text.

use std::fmt::Write;

use super::node::{Entry, Node, NodeKind};
use super::scalar;
use crate::value::Value;

const STEP: usize = 2;
/// YAML bounds a key before its colon to 1024 characters; a longer one gets a `?`.
const MAX_PLAIN_KEY: usize = 1000;

/// Prints a tree as YAML in block style, indented by two blanks. Keys keep their order, numbers their
/// digits. A text that some reader of YAML would take for something else (`yes`, `0123`, a date, a
/// reference in braces) is quoted; a text of several lines becomes a block where YAML allows that.
///
/// ```
/// use oos_template::document::{self, Limits};
///
/// let text = r#"{"Default": "yes", "Value": "{{ a.b }}", "Script": "set -e\nrun\n", "List": [1.10, {"k": "v"}]}"#;
/// let node = document::read(text, Limits::default())?;
/// assert_eq!(
///     document::to_yaml(&node),
///     "Default: 'yes'\nValue: '{{ a.b }}'\nScript: |\n  set -e\n  run\nList:\n  - 1.10\n  - k: v\n",
/// );
/// # Ok::<(), oos_template::Diagnostic>(())
/// ```
#[must_use]
pub fn to_yaml(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, node, 0);
    // A first line break belongs to a value below a key; at the top there is none.
    out.trim_start_matches('\n').to_owned()
}

/// Writes a value whose introducing `key:` or `-` has been written, if it has one. Lists and maps go
/// on lines of their own, indented as given; the text ends with a line break.
fn write(out: &mut String, node: &Node, indent: usize) {
    match &node.kind {
        NodeKind::List(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                blanks(out, indent);
                write_item(out, item, indent);
            }
        }
        NodeKind::Map(entries) if !entries.is_empty() => {
            out.push('\n');
            for entry in entries {
                blanks(out, indent);
                write_entry(out, entry, indent);
            }
        }
        _ => write_scalar(out, node, indent),
    }
}

/// `- item`, where lists and maps begin on the line of the dash.
fn write_item(out: &mut String, item: &Node, indent: usize) {
    out.push('-');
    match &item.kind {
        NodeKind::List(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                begin(out, index, indent + STEP);
                write_item(out, item, indent + STEP);
            }
        }
        NodeKind::Map(entries) if !entries.is_empty() => {
            for (index, entry) in entries.iter().enumerate() {
                begin(out, index, indent + STEP);
                write_entry(out, entry, indent + STEP);
            }
        }
        _ => {
            separate(out);
            write_scalar(out, item, indent + STEP);
        }
    }
}

fn begin(out: &mut String, index: usize, indent: usize) {
    if index == 0 {
        out.push(' ');
    } else {
        blanks(out, indent);
    }
}

fn write_entry(out: &mut String, entry: &Entry, indent: usize) {
    let long = entry.key.len() > MAX_PLAIN_KEY;
    if long {
        out.push_str("? ");
    }
    write_line(out, &entry.key);
    if long {
        out.push('\n');
        blanks(out, indent);
    }
    out.push(':');
    let nested = match &entry.value.kind {
        NodeKind::List(items) => !items.is_empty(),
        NodeKind::Map(entries) => !entries.is_empty(),
        _ => false,
    };
    if !nested {
        separate(out);
    }
    write(out, &entry.value, indent + STEP);
}

fn separate(out: &mut String) {
    if !out.is_empty() {
        out.push(' ');
    }
}

fn blanks(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

fn write_scalar(out: &mut String, node: &Node, indent: usize) {
    match &node.kind {
        NodeKind::Null => out.push_str("null"),
        NodeKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        NodeKind::Number(number) => out.push_str(&number.to_string()),
        NodeKind::String(text) if is_block(text) => return write_block(out, text, indent),
        NodeKind::String(text) => write_line(out, text),
        NodeKind::List(_) => out.push_str("[]"),
        NodeKind::Map(_) => out.push_str("{}"),
    }
    out.push('\n');
}

/// A text of several lines that a block scalar gives back as it is: the first line sets the indentation,
/// so it must neither be empty nor begin with a blank.
fn is_block(text: &str) -> bool {
    let starts = !text.starts_with(|c: char| c.is_whitespace());
    starts && text.contains('\n') && text.chars().all(|c| c == '\n' || is_printable(c))
}

fn write_block(out: &mut String, text: &str, indent: usize) {
    let body = text.trim_end_matches('\n');
    let breaks = text.len() - body.len();
    out.push('|');
    match breaks {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    out.push('\n');
    // At the top of a document a block must be indented too.
    let indent = indent.max(STEP);
    for line in body.split('\n') {
        if !line.is_empty() {
            blanks(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
    out.extend(std::iter::repeat_n('\n', breaks.saturating_sub(1)));
}

/// A text on one line: plain, in single or in double quotes, the first that gives it back.
fn write_line(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else if text.chars().all(is_printable) {
        out.push('\'');
        out.push_str(&text.replace('\'', "''"));
        out.push('\'');
    } else {
        write_quoted(out, text);
    }
}

/// What no reader of YAML breaks a line at, drops or refuses.
fn is_printable(c: char) -> bool {
    match c {
        '\t' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => !c.is_control(),
    }
}

fn is_plain(text: &str) -> bool {
    let indicator = |c: char| "-?:,[]{}#&*!|>'\"%@`=<".contains(c);
    let Some(first) = text.chars().next() else {
        return false;
    };
    !indicator(first)
        && !first.is_whitespace()
        && !text.ends_with(|c: char| c.is_whitespace() || c == ':')
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(|c| c != '\t' && is_printable(c))
        && !means_something_else(text)
}

/// Numbers, booleans, null and dates of YAML 1.2 and of the older 1.1, which many tools still read.
fn means_something_else(text: &str) -> bool {
    const WORDS: [&str; 8] = ["yes", "no", "on", "off", "y", "n", "true", "false"];
    let word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    let numeric = |c: char| c.is_ascii_hexdigit() || "+-._:xXoOtTzZ ".contains(c);
    let number = text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '.');
    word || text.eq_ignore_ascii_case("null")
        || (number && text.chars().all(numeric))
        || [".inf", ".nan", "..."]
            .iter()
            .any(|word| text.to_ascii_lowercase().starts_with(word))
        || !matches!(scalar::resolve(text), Value::String(_))
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        let written = match c {
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            c if is_printable(c) => out.write_char(c),
            c if u32::from(c) <= 0xff => write!(out, "\\x{:02x}", u32::from(c)),
            c if u32::from(c) <= 0xffff => write!(out, "\\u{:04x}", u32::from(c)),
            c => write!(out, "\\U{:08x}", u32::from(c)),
        };
        written.expect("writing to a String cannot fail");
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::to_yaml;
    use crate::document::{Limits, Node, read, to_json};
    use crate::value::{Number, Value};

    fn check(value: Value, yaml: &str) {
        let node = Node::from(value);
        let printed = to_yaml(&node);
        assert_eq!(printed, yaml);
        let back = read(&printed, Limits::TEMPLATE).expect("what is printed can be read");
        assert_eq!(back.to_value(), node.to_value(), "{printed}");
    }

    #[test]
    fn texts() {
        for (text, yaml) in [
            ("plain words", "plain words\n"),
            ("", "''\n"),
            ("yes", "'yes'\n"),
            ("Null", "'Null'\n"),
            ("2026-01-31", "'2026-01-31'\n"),
            ("12:30:45", "'12:30:45'\n"),
            ("0123", "'0123'\n"),
            ("1_000", "'1_000'\n"),
            (".inf", "'.inf'\n"),
            ("-", "'-'\n"),
            ("- a", "'- a'\n"),
            ("a: b", "'a: b'\n"),
            ("a:b", "a:b\n"),
            ("a #b", "'a #b'\n"),
            ("a#b", "a#b\n"),
            ("{{ a }}", "'{{ a }}'\n"),
            ("it's", "it's\n"),
            ("'it's'", "'''it''s'''\n"),
            (" a", "' a'\n"),
            ("<<", "'<<'\n"),
            ("ACS::ExecuteAPI", "ACS::ExecuteAPI\n"),
            ("i-1", "i-1\n"),
            ("参数", "参数\n"),
            ("a\r\nb", "\"a\\r\\nb\"\n"),
            ("\u{85}\u{1}\u{feff}", "\"\\x85\\x01\\ufeff\"\n"),
            ("a\n", "|\n  a\n"),
            ("a\n\n  b", "|-\n  a\n\n    b\n"),
            ("a\n\n", "|+\n  a\n\n"),
            ("\na", "\"\\na\"\n"),
            (" a\nb", "\" a\\nb\"\n"),
        ] {
            check(Value::from(text), yaml);
        }
    }

    #[test]
    fn nesting() {
        let value = |json: &str| Value::from_json(json).expect("JSON");
        check(value("[]"), "[]\n");
        check(value("{}"), "{}\n");
        check(
            value("[[1,[2]],{},{\"a\":[],\"b\":[3]}]"),
            "- - 1\n  - - 2\n- {}\n- a: []\n  b:\n    - 3\n",
        );
        check(
            value("{\"b\":{\"a\":null},\"l\":[\"x\\ny\\n\"]}"),
            "b:\n  a: null\nl:\n  - |\n    x\n    y\n",
        );
        check(
            value("[1.10, 1e3, -0, 123456789012345678901234567890, 1E+2]"),
            "- 1.10\n- 1e3\n- -0\n- 123456789012345678901234567890\n- 1E+2\n",
        );
        check(
            value("{\"1\":1,\"a: b\":2,\"<<\":3,\"\":4}"),
            "'1': 1\n'a: b': 2\n'<<': 3\n'': 4\n",
        );
    }

    fn texts_of_all_kinds() -> impl Strategy<Value = String> {
        prop_oneof![
            "\\PC{0,12}",
            "[-?:,\\[\\]{}#&*!|>'\"%@`=< a0\n\t.~+\\\\]{0,8}",
            "([ab]{0,3}\n| [a ]{0,3}\n|\t?a\n|\n){0,5}a?",
            any::<String>(),
            "[a-c]{1001,1100}",
        ]
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?"
                .prop_filter_map("a number", |text| Number::parse(&text).map(Value::from)),
            texts_of_all_kinds().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((texts_of_all_kinds(), inner), 0..6)
                    .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Reading what was printed returns the same, down to the digits of numbers. A NUL is the one
        /// character that no text may hold.
        #[test]
        fn printing_and_reading_returns_the_same(value in values()) {
            let json = value.to_json_string();
            prop_assume!(!json.contains("\\u0000"));
            let node = Node::from(value);
            for text in [to_yaml(&node), to_json(&node)] {
                let again = read(&text, Limits::TEMPLATE);
                prop_assert!(again.is_ok(), "{again:?}\n{text}");
                let again = again.unwrap().to_value().to_json_string();
                prop_assert_eq!(&again, &json, "{}", text);
            }
        }
    }
}
