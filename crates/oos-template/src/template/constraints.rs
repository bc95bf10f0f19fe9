//! Whether the constraints of a parameter, and its default, hold together.

use super::check::Check;
use super::output::DataType;
use super::parameter::Parameter;
use crate::code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::Node;
use crate::value::Value;

pub(super) fn check(check: &mut Check<'_>, parameter: &Parameter, node: &Node) {
    check_ranges(check, parameter, node);
    check_kinds(check, parameter.type_, node);
    check_allowed(check, parameter, node);
    check_default(check, parameter);
}

fn check_ranges(check: &mut Check<'_>, parameter: &Parameter, node: &Node) {
    let mut report = |key: &str, message: String| {
        let span = node.get(key).map_or(node.span, |value| value.span);
        check.error(code::CONSTRAINT, span, message);
    };
    if let (Some(min), Some(max)) = (parameter.min_length, parameter.max_length)
        && min > max
    {
        report(
            "MinLength",
            format!("MinLength {min} is larger than MaxLength {max}"),
        );
    }
    if let (Some(min), Some(max)) = (&parameter.min_value, &parameter.max_value)
        && min > max
    {
        report(
            "MinValue",
            format!("MinValue {min} is larger than MaxValue {max}"),
        );
    }
}

/// Constraints that no value of the type is held against.
fn check_kinds(check: &mut Check<'_>, type_: DataType, node: &Node) {
    let lengths = matches!(type_, DataType::String | DataType::List | DataType::Json);
    let texts = matches!(type_, DataType::String | DataType::List | DataType::Json);
    let numbers = matches!(type_, DataType::Number | DataType::Json);
    for (key, judged) in [
        ("MinLength", lengths),
        ("MaxLength", lengths),
        ("AllowedPattern", texts),
        ("MinValue", numbers),
        ("MaxValue", numbers),
    ] {
        let Some(value) = node.get(key).filter(|value| !judged && !value.is_null()) else {
            continue;
        };
        let message = format!("{key} has no meaning for a {type_}");
        check
            .found
            .push(Diagnostic::hint(code::CONSTRAINT, value.span, message));
    }
}

fn check_allowed(check: &mut Check<'_>, parameter: &Parameter, node: &Node) {
    let written = node.get("AllowedValues").and_then(Node::as_list);
    for value in written.unwrap_or_default() {
        let no_number = parameter.type_ == DataType::Number
            && !is_empty(&value.to_value())
            && parameter.type_.convert(value.to_value()).is_err();
        if no_number {
            let message = "no Number can be equal to this allowed value";
            check.warning(code::CONSTRAINT, value.span, message);
        }
    }
}

/// A default that is written out should fit the type and the constraints, unless it is empty:
/// templates say "not given" so.
fn check_default(check: &mut Check<'_>, parameter: &Parameter) {
    let Some(default) = &parameter.default else {
        return;
    };
    let Some(value) = default.to_literal().filter(|value| !is_empty(value)) else {
        return;
    };
    let mut report = |severity: Severity, message: String| {
        let mut found = Diagnostic::error(code::DEFAULT, default.span(), message);
        found.severity = severity;
        check.found.push(found);
    };
    let type_ = parameter.type_;
    let word = value.as_str().and_then(truth);
    match type_.convert(value) {
        Err(_) => match (type_, word) {
            (DataType::Boolean, Some(meant)) => {
                let message = format!("the default is a text; a Boolean is written {meant}");
                report(Severity::Hint, message);
            }
            (DataType::Boolean | DataType::Number, _) => {
                report(Severity::Error, format!("the default is no {type_}"));
            }
            _ => report(Severity::Warning, format!("the default is no {type_}")),
        },
        Ok(value) => {
            if let Some(problem) = parameter.violation(&value) {
                report(Severity::Warning, format!("the default {problem}"));
            }
        }
    }
}

/// The boolean that older YAML makes of a word.
fn truth(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" => Some(true),
        "no" | "off" | "n" => Some(false),
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}
