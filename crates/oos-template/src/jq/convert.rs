//! Values of templates and of jaq.

use jaq_core::ValT;
use jaq_json::{Map, Num, Rc, Val};

use super::SelectorError;
use crate::value::{Number, Value};

const MAX_DEPTH: usize = 256;

/// None for a value that is nested too deep.
pub(super) fn to_jq(value: &Value) -> Option<Val> {
    to_jq_at(value, MAX_DEPTH)
}

fn to_jq_at(value: &Value, levels: usize) -> Option<Val> {
    Some(match value {
        Value::Null => Val::Null,
        Value::Bool(value) => Val::Bool(*value),
        Value::Number(number) => Val::from_num(&number.to_string()).ok()?,
        Value::String(text) => Val::utf8_str(text.clone()),
        Value::List(items) => {
            let below = levels.checked_sub(1)?;
            let items: Option<Vec<Val>> = items.iter().map(|item| to_jq_at(item, below)).collect();
            Val::Arr(Rc::new(items?))
        }
        Value::Map(entries) => {
            let below = levels.checked_sub(1)?;
            let entry = |(key, item): (&String, &Value)| {
                Some((Val::utf8_str(key.clone()), to_jq_at(item, below)?))
            };
            Val::obj(entries.iter().map(entry).collect::<Option<Map>>()?)
        }
    })
}

/// The value has been weighed, so its depth is bounded.
pub(super) fn from_jq(value: &Val) -> Result<Value, SelectorError> {
    Ok(match value {
        Val::Null => Value::Null,
        Val::Bool(value) => Value::Bool(*value),
        Val::Num(number) => number_from(number).map_or(Value::Null, Value::Number),
        Val::TStr(bytes) | Val::BStr(bytes) => {
            Value::String(String::from_utf8_lossy(bytes).into_owned())
        }
        Val::Arr(items) => items.iter().map(from_jq).collect::<Result<_, _>>()?,
        Val::Obj(entries) => {
            let entry = |(key, item): (&Val, &Val)| match from_jq(key)? {
                Value::String(key) => Ok((key, from_jq(item)?)),
                _ => Err(SelectorError::Failed {
                    detail: "object keys must be strings".to_owned(),
                }),
            };
            Value::Map(entries.iter().map(entry).collect::<Result<_, _>>()?)
        }
    })
}

/// Whole floats lose their `.0`, as in jq; infinities and NaN have no JSON form.
#[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
fn number_from(number: &Num) -> Option<Number> {
    match number {
        Num::Float(value) if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 => {
            Some(Number::from(*value as i64))
        }
        Num::Float(value) => Number::from_f64(*value),
        other => Number::parse(&other.to_string()),
    }
}
