//! Two canonical queries, parameter by parameter; and two strings to sign of V1, which are one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::{Change, Explanation, Verdict};
use crate::encode::push_encoded;

const STAGE: &str = "string to sign";

/// Encoded values by encoded name; several of one name in their order.
type Values<'a> = BTreeMap<&'a str, Vec<&'a str>>;

fn read(query: &str) -> Values<'_> {
    let mut values = Values::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        values.entry(name).or_default().push(value);
    }
    values
}

/// What differs first between two queries that are not the same.
pub(super) fn difference(ours: &str, theirs: &str) -> Verdict {
    let (left, right) = (read(ours), read(theirs));
    let verdict = |name: &str, change| {
        let name = decode(name).into_owned();
        Verdict::Parameter { name, change }
    };
    for (name, values) in &left {
        match right.get(name) {
            Some(others) if others == values => {}
            Some(others) => return verdict(name, change_of(values, others)),
            None if has_other_spelling(name, &right) => return Verdict::Order,
            None => return verdict(name, Change::Removed),
        }
    }
    match right.keys().find(|name| !left.contains_key(*name)) {
        Some(added) => verdict(added, Change::Added),
        None => Verdict::Order,
    }
}

/// Whether the name is there, encoded in another way.
fn has_other_spelling(name: &str, among: &Values<'_>) -> bool {
    let plain = decode(name);
    among.keys().any(|other| decode(other) == plain)
}

fn change_of(ours: &[&str], theirs: &[&str]) -> Change {
    match ours.len().cmp(&theirs.len()) {
        std::cmp::Ordering::Less => Change::Added,
        std::cmp::Ordering::Greater => Change::Removed,
        std::cmp::Ordering::Equal => {
            let first = ours.iter().zip(theirs).find(|(a, b)| a != b);
            first.map_or(Change::Value, |(a, b)| value_change(a, b))
        }
    }
}

/// How an encoded value became another one.
fn value_change(ours: &str, theirs: &str) -> Change {
    let plus_as_blank = |text: &str| text.replace("%2B", "%20").replace('+', "%20");
    let escapes = |text: &str| text.replace("%2A", "*").replace("%7E", "~");
    let (plain, other) = (decode(ours), decode(theirs));
    if theirs == encode(ours) {
        Change::EncodedTwice
    } else if plus_as_blank(ours) == plus_as_blank(theirs) {
        Change::PlusAndBlank
    } else if escapes(ours) == escapes(theirs) {
        Change::Escapes
    } else if theirs == encode(&decode(&plain)) || theirs == plain {
        Change::DecodedTwice
    } else if plain == other {
        Change::HexCase
    } else if plain.trim() == other.trim() {
        Change::Trimmed
    } else if plain.to_lowercase() == other.to_lowercase() {
        Change::Case
    } else {
        Change::Value
    }
}

fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    push_encoded(&mut out, text);
    out
}

/// What differs first between two strings to sign of V1: `METHOD&%2F&` and the query, encoded.
pub(super) fn compare_v1(ours: &str, theirs: &str) -> Explanation {
    // Some reports have the text in a sentence.
    let theirs = theirs.trim().trim_end_matches('.');
    if ours == theirs {
        return Explanation::same(STAGE);
    }
    let found = Explanation::different(STAGE, ours, theirs);
    let parts = |text: &str| -> Option<(String, String, String)> {
        let (method, rest) = text.split_once('&')?;
        let (path, query) = rest.split_once('&')?;
        Some((method.into(), path.into(), decode(query).into_owned()))
    };
    let verdict = match (parts(ours), parts(theirs)) {
        (Some(ours), Some(theirs)) if ours.0 != theirs.0 => Verdict::Method,
        (Some(ours), Some(theirs)) if ours.1 != theirs.1 => Verdict::Path,
        (Some(ours), Some(theirs)) => difference(&ours.2, &theirs.2),
        _ => Verdict::Unknown,
    };
    Explanation { verdict, ..found }
}
