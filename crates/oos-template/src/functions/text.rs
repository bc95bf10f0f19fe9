//! Texts: joining, splitting, replacing.

use super::{Call, map};
use crate::expr::EvalError;
use crate::value::Value;

/// `[separator, list]`.
pub(super) fn join(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [separator, list] = call.items(argument)?;
    let separator = call.text(separator)?;
    let parts: Vec<String> = call.list(list)?.iter().map(Value::to_text).collect();
    Ok(Value::String(parts.join(&separator)))
}

/// `[separator, text]`.
pub(super) fn split(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [separator, text] = call.items(argument)?;
    let (separator, text) = (call.text(separator)?, call.text(text)?);
    if separator.is_empty() {
        return Err(call.error("takes a separator of at least one character"));
    }
    Ok(text.split(separator.as_str()).map(Value::from).collect())
}

/// `[{old: new, …}, text]`: every occurrence, in the order of the map.
pub(super) fn replace(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [pairs, text] = call.items(argument)?;
    let mut text = call.text(text)?;
    for (old, new) in map::map(call, pairs)? {
        if old.is_empty() {
            return Err(call.error("cannot replace the empty text"));
        }
        let new = new.to_text();
        let growth = text.matches(&old).count().saturating_mul(new.len());
        if growth > MAX_TEXT {
            return Err(EvalError::TooLarge { limit: "16 MB" });
        }
        text = text.replace(&old, &new);
    }
    Ok(Value::String(text))
}

/// `[text with ${name}, {name: value}]`; names without a value stay as they are.
pub(super) fn sub(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let mut items = call.list(argument)?.into_iter();
    let text = call.text(items.next().unwrap_or_default())?;
    let values = match items.next() {
        Some(values) => map::map(call, values)?,
        None => return Ok(Value::String(text)),
    };
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let named = after
            .split_once('}')
            .and_then(|(name, tail)| Some((values.get(name.trim())?, tail)));
        if let Some((value, tail)) = named {
            out.push_str(&value.to_text());
            rest = tail;
        } else {
            out.push_str("${");
            rest = after;
        }
        if out.len() > MAX_TEXT {
            return Err(EvalError::TooLarge { limit: "16 MB" });
        }
    }
    out.push_str(rest);
    Ok(Value::String(out))
}

/// `[text, part]`.
pub(super) fn contains_sub_string(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [text, part] = call.items(argument)?;
    Ok(Value::Bool(call.text(text)?.contains(&call.text(part)?)))
}

const MAX_TEXT: usize = 16 * 1024 * 1024;
