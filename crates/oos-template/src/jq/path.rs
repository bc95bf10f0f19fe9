//! Plain paths such as `.Instances.Instance[].InstanceId`: most selectors are one, and need no jq.

use super::SelectorError;
use crate::value::Value;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    /// Negative ones count from the end.
    Index(i64),
    Each,
}

/// A path, or several joined by `|`, which is the same as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlainPath {
    steps: Vec<Step>,
}

const MAX_STEPS: usize = 100;
/// Levels of a document, as for jq.
const MAX_DEPTH: usize = 256;

impl PlainPath {
    /// Reads a program; none if it is more than a path.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        for part in text.split('|') {
            read_part(part.trim(), &mut steps)?;
        }
        (steps.len() <= MAX_STEPS).then_some(Self { steps })
    }

    /// All values the path leads to.
    pub(super) fn run(&self, document: &Value, most: usize) -> Result<Vec<Value>, SelectorError> {
        if document.is_deeper_than(MAX_DEPTH) {
            return Err(SelectorError::TooLarge {
                what: "the document is nested deeper than 256 levels",
            });
        }
        let mut found = Vec::new();
        follow(document, &self.steps, most, &mut found)?;
        Ok(found)
    }
}

fn follow(
    value: &Value,
    steps: &[Step],
    most: usize,
    found: &mut Vec<Value>,
) -> Result<(), SelectorError> {
    let Some((step, rest)) = steps.split_first() else {
        if found.len() == most {
            return Err(SelectorError::TooLarge {
                what: "the selector has too many results",
            });
        }
        found.push(value.clone());
        return Ok(());
    };
    match (step, value) {
        (Step::Each, Value::List(items)) => items
            .iter()
            .try_for_each(|item| follow(item, rest, most, found)),
        (Step::Each, Value::Map(entries)) => entries
            .values()
            .try_for_each(|item| follow(item, rest, most, found)),
        (Step::Each, other) => Err(failed(format!("cannot iterate over {}", kind(other)))),
        (Step::Field(name), Value::Map(entries)) => {
            follow(entries.get(name).unwrap_or(&Value::Null), rest, most, found)
        }
        (Step::Index(index), Value::List(items)) => {
            let at = usize::try_from(*index).ok().or_else(|| {
                let back = usize::try_from(index.unsigned_abs()).ok()?;
                items.len().checked_sub(back)
            });
            let item = at.and_then(|at| items.get(at)).unwrap_or(&Value::Null);
            follow(item, rest, most, found)
        }
        (_, Value::Null) => follow(value, rest, most, found),
        (Step::Field(name), other) => Err(failed(format!(
            "cannot index {} with \"{name}\"",
            kind(other)
        ))),
        (Step::Index(_), other) => Err(failed(format!("cannot index {} with number", kind(other)))),
    }
}

fn failed(detail: String) -> SelectorError {
    SelectorError::Failed { detail }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::List(_) => "array",
        Value::Map(_) => "object",
        other => other.kind(),
    }
}

/// Reads `.`, or `.name`, `."name"`, `[0]`, `["name"]`, `[]` one after the other.
fn read_part(text: &str, steps: &mut Vec<Step>) -> Option<()> {
    let mut rest = text.strip_prefix('.')?;
    if rest.is_empty() {
        return Some(());
    }
    // After the first dot a name or a bracket may stand, later names need a dot of their own.
    let mut dotted = true;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (step, after) = read_bracket(inner)?;
            steps.push(step);
            rest = after;
        } else {
            if !dotted {
                rest = rest.strip_prefix('.')?;
                if rest.starts_with('[') {
                    dotted = true;
                    continue;
                }
            }
            let (name, after) = match rest.strip_prefix('"') {
                Some(quoted) => read_quoted(quoted)?,
                None => read_name(rest)?,
            };
            steps.push(Step::Field(name.to_owned()));
            rest = after;
        }
        dotted = false;
    }
    Some(())
}

fn read_name(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let first = name.chars().next()?;
    (!first.is_ascii_digit()).then_some((name, rest))
}

fn read_quoted(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once('"')?;
    (!name.contains('\\')).then_some((name, rest))
}

fn read_bracket(text: &str) -> Option<(Step, &str)> {
    if let Some(rest) = text.strip_prefix(']') {
        return Some((Step::Each, rest));
    }
    if let Some(quoted) = text.strip_prefix('"') {
        let (name, rest) = read_quoted(quoted)?;
        return Some((Step::Field(name.to_owned()), rest.strip_prefix(']')?));
    }
    let (number, rest) = text.split_once(']')?;
    let digits = number.strip_prefix('-').unwrap_or(number);
    let whole = (1..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let index = whole.then(|| number.parse().ok()).flatten()?;
    Some((Step::Index(index), rest))
}

#[cfg(test)]
mod tests {
    use super::PlainPath;
    use crate::jq::{Selector, library};
    use crate::value::Value;
    use proptest::prelude::*;

    #[test]
    fn what_is_a_plain_path() {
        for text in [
            ".",
            ".a",
            ".a.b",
            ".[]",
            ".a[]",
            ".a[0]",
            ".a[-1].b",
            ".[0][1]",
            ".\"a-b\"",
            ".[\"a b\"]",
            ".a.\"b\"[].c",
            ".a | .b",
            " .a|.[]|.b ",
            ".a_1.B2",
            ".a.[0]",
        ] {
            assert!(PlainPath::read(text).is_some(), "{text}");
        }
        for text in [
            "",
            "a",
            "..",
            ".a.",
            ".1",
            ".a?",
            ".a[1:2]",
            ".a[.b]",
            ".a, .b",
            ".a | length",
            ".a[1.5]",
            ".\"a\\n\"",
            ".a b",
            ".a[",
            ".\"\\(1)\"",
            "|",
            ".a |",
            ".-1",
            ".[\"a\"",
            ".ä",
            ".a[0]b",
        ] {
            assert!(PlainPath::read(text).is_none(), "{text}");
        }
    }

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                prop::collection::vec(("[a-c]", inner), 0..4)
                    .prop_map(|entries| Value::Map(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// A plain path gives what jq gives.
        #[test]
        fn paths_agree_with_jq(
            steps in prop::collection::vec(prop_oneof![
                "\\.[a-c]", Just("[]".to_owned()), "\\[-?[0-3]\\]", "\\[\"[a-c]\"\\]"
            ], 0..5),
            document in document(),
        ) {
            let text = steps.concat();
            let text = if text.starts_with('.') { text } else { format!(".{text}") };
            let plain = PlainPath::read(&text).expect("a plain path").run(&document, 1000);
            let jq = Selector::from_filter(&text, library::compile(&text).expect("jq")).run(&document);
            match (plain, jq) {
                (Ok(plain), Ok(jq)) => prop_assert_eq!(plain, jq),
                // To jaq a number may be a key of an object; to jq and to us it may not.
                (Err(error), Ok(jq)) => prop_assert_eq!(
                    error.detail(), Some("cannot index object with number"), "{:?}", jq
                ),
                (plain, jq) => prop_assert!(plain.is_err() && jq.is_err(), "{:?} {:?}", plain, jq),
            }
        }
    }
}
