//! Conditions: named boolean functions, which may name each other.

use indexmap::IndexMap;

use super::check::Check;
use crate::code;
use crate::document::{Entry, Node, NodeKind};
use crate::expr::Expr;

/// Reads all conditions, each after those it names, so that names can be replaced by what they mean.
pub(super) fn read_all(check: &mut Check<'_>, node: Option<&Node>) -> IndexMap<String, Expr> {
    let entries = node
        .and_then(|node| check.map(node, "Conditions"))
        .unwrap_or_default();
    let mut pending: Vec<&Entry> = entries.iter().collect();
    while !pending.is_empty() {
        let waits = |entry: &&Entry| pending.iter().any(|other| names(&entry.value, &other.key));
        let (waiting, ready): (Vec<_>, Vec<_>) = pending.iter().copied().partition(waits);
        if ready.is_empty() {
            for entry in waiting {
                let message = format!("the condition {} depends on itself", entry.key);
                check.error(code::CONDITION_CYCLE, entry.key_span, message);
            }
            break;
        }
        for entry in ready {
            let expr = check.condition(&entry.value);
            check.conditions.insert(entry.key.clone(), expr);
        }
        pending = waiting;
    }
    let read = &check.conditions;
    let ordered = entries
        .iter()
        .filter_map(|entry| read.get_key_value(&entry.key));
    ordered
        .map(|(name, expr)| (name.clone(), expr.clone()))
        .collect()
}

/// Whether a plain text anywhere in a condition is the given name. More than needed is harmless: it
/// only orders the reading, except for a text that equals the condition's own name.
fn names(node: &Node, name: &str) -> bool {
    match &node.kind {
        NodeKind::String(text) => text.eq_ignore_ascii_case(name),
        NodeKind::List(items) => items.iter().any(|item| names(item, name)),
        NodeKind::Map(entries) => entries.iter().any(|entry| {
            // The sides of a comparison are values, not names of conditions.
            entry.key != "Fn::Equals" && names(&entry.value, name)
        }),
        _ => false,
    }
}
