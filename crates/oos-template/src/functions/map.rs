//! Maps: merging, and between lists and maps.

use super::Call;
use crate::expr::EvalError;
use crate::value::{Map, Value};

/// `[map, map, …]`: one map, later keys win.
pub(super) fn merge_map(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let mut merged = Map::new();
    for item in call.list(argument)? {
        if !item.is_null() {
            merged.extend(map(call, item)?);
        }
    }
    Ok(Value::Map(merged))
}

/// `[{k1: [a, b]}, {k2: [c]}]`: `[{k1: a, k2: c}, {k1: b, k2: c}]`; shorter lists repeat their last.
pub(super) fn merge_map_to_list(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let mut columns: Vec<(String, Vec<Value>)> = Vec::new();
    for item in call.list(argument)? {
        for (key, values) in map(call, item)? {
            columns.push((key, call.list(values)?));
        }
    }
    let length = columns
        .iter()
        .map(|(_, values)| values.len())
        .max()
        .unwrap_or(0);
    let row = |at: usize| {
        let field = |(key, values): &(String, Vec<Value>)| {
            values
                .get(at)
                .or(values.last())
                .map(|value| (key.clone(), value.clone()))
        };
        Value::Map(columns.iter().filter_map(field).collect())
    };
    Ok((0..length).map(row).collect())
}

/// `[keys, values]`: a map of the two.
pub(super) fn map_join(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [keys, values] = call.items(argument)?;
    let (keys, values) = (call.list(keys)?, call.list(values)?);
    if keys.len() != values.len() {
        let message = format!(
            "takes as many keys as values, not {} and {}",
            keys.len(),
            values.len()
        );
        return Err(call.error(message));
    }
    let entry = |(key, value)| Ok((call.text(key)?, value));
    keys.into_iter()
        .zip(values)
        .map(entry)
        .collect::<Result<Map, _>>()
        .map(Value::Map)
}

/// `[map]`: a list of `{Key, Value}`.
pub(super) fn convert_map_to_list(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [only] = call.items(argument)?;
    let pair = |(key, value)| {
        let entries = [
            ("Key".to_owned(), Value::String(key)),
            ("Value".to_owned(), value),
        ];
        Value::Map(entries.into_iter().collect())
    };
    Ok(map(call, only)?.into_iter().map(pair).collect())
}

/// A map; text that holds a JSON map counts.
pub(super) fn map(call: &Call, value: Value) -> Result<Map, EvalError> {
    let kind = value.kind();
    let map = match value {
        Value::Map(entries) => Some(entries),
        Value::String(text) => match Value::from_json(&text) {
            Ok(Value::Map(entries)) => Some(entries),
            _ => None,
        },
        _ => None,
    };
    map.ok_or_else(|| call.error(format!("takes a map, not a {kind}")))
}
