//! Inputs of calls for the golden data of the wire: the least and the most that an operation takes.
//!
//! The values follow from the specification alone, so that the data can be made again. Plain texts
//! hold what clients encode in different ways.

use serde_json::{Map, Value, json};

use super::spec::{Field, Operation, Type};

/// Which parameters a call has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The mandatory ones.
    Least,
    /// All of them.
    Most,
}

impl Extent {
    pub(super) const BOTH: [Self; 2] = [Self::Least, Self::Most];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Least => "min",
            Self::Most => "max",
        }
    }
}

/// The parameters of a call by their names on the wire, structured ones as values.
pub(super) fn request(operation: &Operation, extent: Extent) -> Map<String, Value> {
    let wanted = operation
        .request
        .iter()
        .enumerate()
        .filter(|(_, field)| extent == Extent::Most || field.is_required());
    wanted
        .map(|(at, field)| (field.name.clone(), parameter(field, at)))
        .collect()
}

fn parameter(field: &Field, at: usize) -> Value {
    if let Some(kind) = &field.json_encoded {
        return Value::from(document(kind, field));
    }
    match field.prefer.as_deref() {
        Some("map<string>") => texts_by_name(),
        Some("array<string>") => texts(field),
        _ => value(&field.of, field, at),
    }
}

/// A compact JSON text with its names in order.
fn document(kind: &str, field: &Field) -> String {
    let document = match kind {
        "template" => return "FormatVersion: OOS-2019-06-01\nTasks: [] # 中 + & = %\n".to_owned(),
        "array" => texts(field),
        _ if field.name == "Tags" => texts_by_name(),
        _ => json!({ "k1": "v 1", "k2": { "中": [1, true, "a+b&c=%"] } }),
    };
    document.to_string()
}

fn value(of: &Type, field: &Field, at: usize) -> Value {
    match of.kind.as_str() {
        "boolean" => Value::from(at.is_multiple_of(2)),
        "integer" => Value::from(40 + at),
        "int64" => Value::from(9_007_199_254_740_993_i64),
        "array" => match &of.items {
            Some(items) if items.kind == "object" => {
                json!([value(items, field, at), value(items, field, at + 1)])
            }
            _ => texts(field),
        },
        "object" => of
            .fields
            .iter()
            .map(|member| (member.name.clone(), parameter(member, at)))
            .collect(),
        "map" => json!({ "k1": "v 1", "k2": { "中": [1, true] } }),
        _ => Value::from(text(field)),
    }
}

/// Two values, of a value set its first two.
fn texts(field: &Field) -> Value {
    let known = field.values.clone().unwrap_or_default();
    match known.as_slice() {
        [] => json!([format!("{} 1", field.name), "中+&=%"]),
        [one] => json!([one]),
        [one, two, ..] => json!([one, two]),
    }
}

fn texts_by_name() -> Value {
    json!({ "k1": "v 1", "k2": "\"中\"" })
}

fn text(field: &Field) -> String {
    if let Some(first) = field.values.as_ref().and_then(|values| values.first()) {
        return first.clone();
    }
    match field.format.as_deref() {
        Some("month") => "2023-03".to_owned(),
        Some(_) => "2019-05-16T10:26:14Z".to_owned(),
        None => format!("{} a+b&c=d%41~*'(/)\n中☃", field.name),
    }
}
