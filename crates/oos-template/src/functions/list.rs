//! Lists: selecting, joining, sets.

use super::Call;
use crate::expr::EvalError;
use crate::value::Value;

/// `[index, list]` or `[key, map]`; what is not there is null.
pub(super) fn select(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [key, from] = call.items(argument)?;
    let from = match from {
        Value::String(text) => Value::from_json(&text)
            .map_err(|_| call.error("takes a list or a map, not a string"))?,
        other => other,
    };
    match from {
        Value::List(mut items) => {
            let at = position(call.integer(&key)?, items.len());
            Ok(at.map_or(Value::Null, |at| items.swap_remove(at)))
        }
        Value::Map(mut entries) => Ok(entries.swap_remove(&call.text(key)?).unwrap_or(Value::Null)),
        Value::Null => Ok(Value::Null),
        other => Err(call.error(format!("takes a list or a map, not a {}", other.kind()))),
    }
}

/// `[start, end, list]`, the end exclusive, negative ones counted from the list's end.
pub(super) fn range_select(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [start, end, list] = call.items(argument)?;
    let (start, end) = (call.integer(&start)?, call.integer(&end)?);
    let items = call.list(list)?;
    let bound = |index: i64| {
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let index = if index < 0 {
            index.saturating_add(length)
        } else {
            index
        };
        usize::try_from(index.clamp(0, length)).unwrap_or(0)
    };
    Ok(items
        .get(bound(start)..bound(end))
        .unwrap_or_default()
        .iter()
        .cloned()
        .collect())
}

/// An index into a list of some length; negative ones count from its end.
fn position(index: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let index = if index < 0 {
        index.checked_add(length)?
    } else {
        index
    };
    usize::try_from(index).ok().filter(|_| index < length)
}

pub(super) fn first(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let items = call.list(argument)?;
    Ok(items.into_iter().next().unwrap_or_default())
}

pub(super) fn last(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let mut items = call.list(argument)?;
    Ok(items.pop().unwrap_or_default())
}

/// The values as a list.
#[expect(clippy::unnecessary_wraps, reason = "the signature of the table")]
pub(super) fn list_join(_: &Call, argument: Value) -> Result<Value, EvalError> {
    Ok(match argument {
        Value::List(items) => Value::List(items),
        other => Value::List(vec![other]),
    })
}

/// Takes one level of lists away; nulls, as failed loop items leave them, go too.
pub(super) fn merge_list(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let mut merged = Vec::new();
    for item in call.list(argument)? {
        match item {
            Value::List(items) => merged.extend(items),
            Value::Null => {}
            other => merged.push(other),
        }
    }
    Ok(Value::List(merged))
}

pub(super) fn union(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let lists = lists(call, argument)?;
    Ok(distinct(lists.into_iter().flatten()))
}

pub(super) fn intersection(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let lists = lists(call, argument)?;
    let in_all = |item: &Value| lists.iter().all(|list| list.contains(item));
    Ok(distinct(
        lists.iter().flatten().filter(|item| in_all(item)).cloned(),
    ))
}

/// The union without the intersection.
pub(super) fn difference(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let lists = lists(call, argument)?;
    let in_all = |item: &Value| lists.iter().all(|list| list.contains(item));
    Ok(distinct(
        lists.iter().flatten().filter(|item| !in_all(item)).cloned(),
    ))
}

fn lists(call: &Call, argument: Value) -> Result<Vec<Vec<Value>>, EvalError> {
    let lists = call.list(argument)?.into_iter().map(|item| call.list(item));
    let lists: Vec<Vec<Value>> = lists.collect::<Result<_, _>>()?;
    // Every item is compared with every other.
    if lists.iter().map(Vec::len).sum::<usize>() > MAX_SET {
        return Err(EvalError::TooLarge {
            limit: "5000 items of sets",
        });
    }
    Ok(lists)
}

const MAX_SET: usize = 5000;

/// In the order of first appearance.
fn distinct(items: impl Iterator<Item = Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    Value::List(kept)
}

/// `[batches, list]`: sizes of batches that differ by one at most.
pub(super) fn calculate_batch(call: &Call, argument: Value) -> Result<Value, EvalError> {
    let [batches, list] = call.items(argument)?;
    let batches = call.integer(&batches)?;
    let items = call.list(list)?.len();
    if batches < 1 {
        return Err(call.error("takes at least 1 batch"));
    }
    let batches = usize::try_from(batches).unwrap_or(usize::MAX).min(items);
    let size = |at: usize| items / batches + usize::from(at < items % batches);
    let sizes = (0..batches).map(|at| i64::try_from(size(at)).unwrap_or(i64::MAX));
    Ok(sizes.map(Value::from).collect())
}
