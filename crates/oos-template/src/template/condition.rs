//! Conditions: named boolean functions, which may name each other.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::check::Check;
use crate::code;
use crate::document::{Entry, Node, NodeKind};
use crate::expr::Named;
use crate::functions::{self, FunctionInfo};

/// Evaluating a condition recurses over its levels and those of the conditions it names.
const MAX_LEVELS: usize = 128;

/// Reads all conditions, each after those it names, so that names can be replaced by what they mean.
/// The result is in written order.
pub(super) fn read_all(check: &mut Check<'_>, node: Option<&Node>) -> IndexMap<String, Named> {
    let entries = node
        .and_then(|node| check.map(node, "Conditions"))
        .unwrap_or_default();
    let mut waits = waits_for(entries);
    let mut ready: Vec<usize> = (0..entries.len())
        .filter(|at| waits[*at].is_empty())
        .collect();
    let mut done = vec![false; entries.len()];
    while let Some(at) = ready.pop() {
        done[at] = true;
        read(check, &entries[at]);
        for (other, needs) in waits.iter_mut().enumerate() {
            let before = needs.len();
            needs.retain(|needed| *needed != at);
            if before > 0 && needs.is_empty() {
                ready.push(other);
            }
        }
    }
    for (entry, _) in entries.iter().zip(&done).filter(|(_, done)| !**done) {
        let message = format!("the condition {} depends on itself", entry.key);
        check.error(code::CONDITION_CYCLE, entry.key_span, message);
    }
    let named = entries
        .iter()
        .filter_map(|entry| check.conditions.get_key_value(&entry.key));
    named
        .map(|(name, condition)| (name.clone(), condition.clone()))
        .collect()
}

fn read(check: &mut Check<'_>, entry: &Entry) {
    let condition = check.condition(&entry.value);
    let levels = condition.levels();
    if levels > MAX_LEVELS {
        let message = format!("the condition {} is nested too deep", entry.key);
        check.error(code::TOO_DEEP, entry.key_span, message);
        return;
    }
    let named = Named {
        name: entry.key.clone(),
        condition: Arc::new(condition),
        levels,
    };
    check.conditions.insert(entry.key.clone(), named);
}

/// The conditions each condition names, by index.
fn waits_for(entries: &[Entry]) -> Vec<Vec<usize>> {
    let lower = |text: &str| text.to_ascii_lowercase();
    let places: HashMap<String, usize> = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| (lower(&entry.key), at))
        .collect();
    let waits = |entry: &Entry| {
        let mut found = Vec::new();
        collect(&entry.value, &places, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    };
    entries.iter().map(waits).collect()
}

/// Plain text counts as the name of a condition only where a condition is expected; elsewhere it is a
/// value.
fn collect(node: &Node, places: &HashMap<String, usize>, found: &mut Vec<usize>) {
    match &node.kind {
        NodeKind::String(text) => found.extend(places.get(&text.to_ascii_lowercase())),
        NodeKind::Map(entries) => {
            for entry in entries {
                let conditions =
                    functions::find(&entry.key).map_or(0, FunctionInfo::leading_conditions);
                let arguments = match &entry.value.kind {
                    NodeKind::List(items) => items.as_slice(),
                    _ => std::slice::from_ref(&entry.value),
                };
                for (at, argument) in arguments.iter().enumerate() {
                    if at < conditions {
                        collect(argument, places, found);
                    } else {
                        collect_inside(argument, places, found);
                    }
                }
            }
        }
        NodeKind::List(_) => collect_inside(node, places, found),
        _ => {}
    }
}

/// Conditions in the arguments of functions inside a value.
fn collect_inside(node: &Node, places: &HashMap<String, usize>, found: &mut Vec<usize>) {
    match &node.kind {
        NodeKind::List(items) => {
            for item in items {
                collect_inside(item, places, found);
            }
        }
        NodeKind::Map(_) => collect(node, places, found),
        _ => {}
    }
}
