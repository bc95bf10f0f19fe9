//! The properties of a task against the table of its action: names, shapes, words.

use super::table::{ActionSpec, Need, PropertySpec, Shape, Words, spec};
use crate::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::Node;
use crate::expr::{Expr, ExprKind, nearest};
use crate::template::{Check, Task, suggest};
use crate::value::Value;

/// Properties in the spelling of the documentation: who reads them need not fold letter cases.
pub(crate) fn spelled(spec: &ActionSpec, mut properties: Expr) -> Expr {
    let ExprKind::Map(entries) = &mut properties.kind else {
        return properties;
    };
    let as_known = |name: &String| spec.property(name).is_none_or(|known| known.name == *name);
    if entries.keys().all(as_known) {
        return properties;
    }
    let mut spelled = indexmap::IndexMap::with_capacity(entries.len());
    let declared: Vec<String> = entries.keys().cloned().collect();
    for (name, value) in std::mem::take(entries) {
        let known = spec.property(&name).map(|known| known.name);
        let known = known.filter(|known| !declared.iter().any(|other| other == known));
        spelled.insert(known.map_or(name, str::to_owned), value);
    }
    *entries = spelled;
    properties
}

/// Checks names, shapes and words. `written` is the node of the properties: it knows where keys stand
/// and how they are spelled.
pub(super) fn check(check: &mut Check<'_>, task: &Task, written: Option<&Node>) {
    let Some(spec) = spec(task.action.kind()) else {
        return;
    };
    let action = task.action.canonical();
    check_needed(check, task, spec);
    let entries = written.and_then(Node::as_map).unwrap_or_default();
    for entry in entries {
        let Some(known) = spec.property(&entry.key) else {
            if !spec.open {
                let message = format!("{action} does not know the property {}", entry.key);
                let found = Diagnostic::warning(code::PROPERTY_UNKNOWN, entry.key_span, message);
                check.found.push(suggest(found, &entry.key, spec.names()));
            }
            continue;
        };
        if known.name != entry.key {
            let message = format!("the property is called {}", known.name);
            let found = Diagnostic::hint(code::PROPERTY_SPELLING, entry.key_span, message);
            check.found.push(found.with_fix(known.name));
        }
    }
    for known in spec.properties {
        if let Some(value) = task.properties.get(known.name) {
            check_shape(check, known, value);
            check_words(check, known, value);
        }
    }
}

fn check_needed(check: &mut Check<'_>, task: &Task, spec: &ActionSpec) {
    let action = task.action.canonical();
    let given = |name: &str| {
        let value = task.properties.get(name);
        value.is_some_and(|value| !value.as_literal().is_some_and(Value::is_null))
    };
    for known in spec.properties.iter().filter(|known| !given(known.name)) {
        let message = format!("{action} needs the property {}", known.name);
        let (code, span) = (code::PROPERTY_MISSING, task.name_span);
        match known.need {
            Need::Required => check.error(code, span, message),
            Need::Expected => {
                let message = format!(
                    "the help page of {action} asks for the property {}",
                    known.name
                );
                check.warning(code, span, message);
            }
            Need::Optional => {}
        }
    }
    for group in spec.any_of {
        if !group.iter().any(|name| task.properties.get(name).is_some()) {
            let message = format!("{action} needs the property {}", either(group));
            check.error(code::PROPERTY_MISSING, task.name_span, message);
        }
    }
}

/// `A or B`; a third name, an old spelling, is not offered.
fn either(names: &[&str]) -> String {
    names[..names.len().min(2)].join(" or ")
}

fn check_shape(check: &mut Check<'_>, known: &PropertySpec, value: &Expr) {
    if known.accepts.is_empty() {
        return;
    }
    let fits = known.accepts.iter().any(|shape| fits(*shape, value));
    if fits {
        return;
    }
    let wanted: Vec<&str> = known.accepts.iter().map(|shape| a(*shape)).collect();
    let message = format!("{} must be {}", known.name, wanted.join(" or "));
    let found = if is_hopeless(known.accepts, value) {
        Diagnostic::error(code::PROPERTY_VALUE, value.span(), message)
    } else {
        Diagnostic::warning(code::PROPERTY_VALUE, value.span(), message)
    };
    check.found.push(found);
}

/// Whether a written value has a shape, or may come to have it.
fn fits(shape: Shape, value: &Expr) -> bool {
    match &value.kind {
        // Text around references may be the JSON of anything.
        ExprKind::Reference(_)
        | ExprKind::Text(_)
        | ExprKind::Function(..)
        | ExprKind::Condition(_) => true,
        ExprKind::List(_) => shape == Shape::List,
        ExprKind::Map(_) => shape == Shape::Map,
        ExprKind::Literal(value) => literal_fits(shape, value),
    }
}

fn literal_fits(shape: Shape, value: &Value) -> bool {
    match value {
        Value::Null => true,
        // An empty text stands for nothing, and a text in brackets is the JSON of what it shows.
        Value::String(text) if text.trim().is_empty() => true,
        Value::String(text) => match shape {
            Shape::Text => true,
            Shape::Number => text.trim().parse::<f64>().is_ok(),
            Shape::Boolean => ["true", "false"]
                .iter()
                .any(|word| text.trim().eq_ignore_ascii_case(word)),
            Shape::List => text.trim_start().starts_with('['),
            Shape::Map => text.trim_start().starts_with('{'),
        },
        Value::Number(_) => matches!(shape, Shape::Number | Shape::Text),
        Value::Bool(_) => matches!(shape, Shape::Boolean | Shape::Text),
        Value::List(_) => shape == Shape::List,
        Value::Map(_) => shape == Shape::Map,
    }
}

/// A list or map in the place of something else can not be read as that; nor can anything be read as
/// a map. A single value in the place of a list is taken for a list of one.
fn is_hopeless(accepts: &[Shape], value: &Expr) -> bool {
    let is_container = match &value.kind {
        ExprKind::List(_) | ExprKind::Map(_) => true,
        ExprKind::Literal(value) => matches!(value, Value::List(_) | Value::Map(_)),
        _ => false,
    };
    is_container || accepts == [Shape::Map]
}

const fn a(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "a text",
        Shape::Number => "a number",
        Shape::Boolean => "true or false",
        Shape::List => "a list",
        Shape::Map => "a map",
    }
}

fn check_words(check: &mut Check<'_>, known: &PropertySpec, value: &Expr) {
    let (words, only) = match known.words {
        Words::Any => return,
        Words::Only(words) => (words, true),
        Words::Known(words) => (words, false),
    };
    for (text, span) in texts(value) {
        if text.is_empty() || words.iter().any(|word| word.eq_ignore_ascii_case(&text)) {
            continue;
        }
        let message = format!("{} is none that {} takes", quoted(&text), known.name);
        let found = if only {
            Diagnostic::error(code::PROPERTY_VALUE, span, message)
        } else {
            Diagnostic::warning(code::PROPERTY_VALUE, span, message)
        };
        let near = nearest(&text, words.iter().copied());
        let fix = near.map_or_else(|| words.join(", "), str::to_owned);
        check.found.push(found.with_fix(fix));
    }
}

fn quoted(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    format!("\"{short}\"")
}

/// The literal texts of a value, or of the items of a list.
fn texts(value: &Expr) -> Vec<(String, Span)> {
    let text = |expr: &Expr| {
        let value = expr.as_literal().filter(|value| !value.is_null())?;
        Some((value.to_text(), expr.span()))
    };
    match value.as_list() {
        Some(items) => items.iter().filter_map(text).collect(),
        None => text(value).into_iter().collect(),
    }
}
