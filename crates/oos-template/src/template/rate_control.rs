//! The items of a loop and its rate control, as far as they are written out.

use indexmap::IndexMap;

use super::check::{Check, suggest};
use crate::code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::expr::Expr;
use crate::value::{Number, Value};

/// A loop takes at most this many items (help page "Task loops").
const MAX_ITEMS: usize = 1000;

/// Values that have to be one of a few words.
const WORDS: &[(&str, &[&str])] = &[
    ("Mode", &["Concurrency", "Batch"]),
    (
        "BatchPauseOption",
        &["Automatic", "FirstBatchPause", "EveryBatchPause"],
    ),
];

/// Values that are numbers or percentages, or lists of them.
const AMOUNTS: &[&str] = &["MaxErrors", "Concurrency", "Batch", "ConcurrencyInBatches"];

pub(super) fn check_items(check: &mut Check<'_>, items: &Expr) {
    let written = items.as_literal();
    let is_json_list = |value: &Value| {
        let parsed = value.as_str().and_then(|text| Value::from_json(text).ok());
        parsed.is_some_and(|value| value.as_list().is_some())
    };
    if written.is_some_and(|value| !is_json_list(value)) || items.as_map().is_some() {
        check.error(code::LOOP, items.span(), "Items must be a list");
    }
    if let Some(list) = items.as_list().filter(|list| list.len() > MAX_ITEMS) {
        let message = format!(
            "Items has {} items; a loop takes at most {MAX_ITEMS}",
            list.len()
        );
        check.error(code::LOOP, items.span(), message);
    }
}

/// A rate control: a map, or an expression that gives one.
pub(super) fn check(check: &mut Check<'_>, control: &Expr) {
    if let Some(entries) = control.as_map() {
        check_entries(check, entries);
        return;
    }
    let json = control.as_literal().is_some_and(|value| {
        let parsed = value.as_str().and_then(|text| Value::from_json(text).ok());
        parsed.is_none_or(|value| value.as_map().is_none())
    });
    if json || control.as_list().is_some() {
        check.warning(code::LOOP, control.span(), "RateControl should be a map");
    }
}

/// The entries of a rate control, or the short form beside the items.
pub(super) fn check_entries(check: &mut Check<'_>, entries: &IndexMap<String, Expr>) {
    for (key, words) in WORDS {
        let Some(expr) = entries.get(*key) else {
            continue;
        };
        let Some(text) = expr.as_literal().filter(|value| !value.is_null()) else {
            continue;
        };
        let text = text.to_text();
        if !words.iter().any(|word| word.eq_ignore_ascii_case(&text)) {
            let message = format!("{key} must be {}", words.join(" or "));
            let found = Diagnostic::error(code::LOOP, expr.span(), message);
            check
                .found
                .push(suggest(found, &text, words.iter().copied()));
        }
    }
    for key in AMOUNTS {
        let Some(expr) = entries.get(*key) else {
            continue;
        };
        for amount in expr.as_list().unwrap_or(std::slice::from_ref(expr)) {
            check_amount(check, key, amount);
        }
    }
    check_names(check, entries);
}

fn check_amount(check: &mut Check<'_>, key: &str, amount: &Expr) {
    let Some(value) = amount.as_literal().filter(|value| !value.is_null()) else {
        return;
    };
    let text = value.to_text();
    let text = text.trim();
    let is_amount = Number::parse(text.strip_suffix('%').unwrap_or(text).trim()).is_some();
    if !is_amount && !text.is_empty() {
        let message = format!("{key} should be a number or a percentage");
        check.warning(code::LOOP, amount.span(), message);
    }
}

/// Slips of the pen; other keys may be notes.
fn check_names(check: &mut Check<'_>, entries: &IndexMap<String, Expr>) {
    let known = || {
        let words = WORDS.iter().map(|(key, _)| *key);
        words.chain(AMOUNTS.iter().copied())
    };
    for (key, value) in entries {
        if known().any(|known| known == key) {
            continue;
        }
        let message = format!("a rate control has no key {key}");
        let found = Diagnostic::warning(code::UNKNOWN_KEY, value.span(), message);
        let mut found = suggest(found, key, known());
        if found.fix.is_none() {
            found.severity = Severity::Hint;
        }
        check.found.push(found);
    }
}
