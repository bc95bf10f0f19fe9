//! Parameters and their constraints.

use super::check::Check;
use super::constraints;
use super::output::DataType;
use super::pattern::Pattern;
use crate::code;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::{Entry, Node, NodeKind};
use crate::expr::Expr;
use crate::value::{Number, Value};

/// A declared parameter.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Parameter {
    /// The declared type.
    pub type_: DataType,
    /// A text, or a map of texts by language.
    pub description: Option<Value>,
    /// The name shown to people: a text, or a map of texts by language.
    pub label: Option<Value>,
    /// The value when none is given. A parameter without one is required.
    pub default: Option<Expr>,
    /// If not empty: the values it may have.
    pub allowed_values: Vec<Value>,
    /// What a text must match as a whole.
    pub allowed_pattern: Option<Pattern>,
    /// Fewest characters of a text, or items of a list.
    pub min_length: Option<u64>,
    /// Most characters of a text, or items of a list.
    pub max_length: Option<u64>,
    /// Smallest number.
    pub min_value: Option<Number>,
    /// Largest number.
    pub max_value: Option<Number>,
    /// What to tell a person whose value does not fit: a text, or a map of texts by language.
    pub constraint_description: Option<Value>,
    /// Whether the value is hidden wherever it would be shown.
    pub no_echo: bool,
    /// A hint for consoles.
    pub association_property: Option<String>,
    /// More hints for consoles.
    pub association_property_metadata: Option<Value>,
    /// Where the name stands.
    pub span: Span,
}

const KEYS: &[&str] = &[
    "Type",
    "Description",
    "Label",
    "Default",
    "AllowedValues",
    "AllowedPattern",
    "MinLength",
    "MaxLength",
    "MinValue",
    "MaxValue",
    "ConstraintDescription",
    "NoEcho",
    "AssociationProperty",
    "AssociationPropertyMetadata",
];

pub(super) fn read(check: &mut Check<'_>, entry: &Entry) -> Parameter {
    check_name(check, entry);
    let entries = check.map(&entry.value, "a parameter").unwrap_or_default();
    check.unknown_keys(entries, KEYS, "a parameter", Severity::Hint);
    let get = |key: &str| entry.value.get(key).filter(|node| is_written(node));
    let value = |key: &str| get(key).map(Node::to_value);
    let type_ = get("Type").map_or(DataType::String, |node| read_type(check, node));
    let parameter = Parameter {
        type_,
        description: value("Description"),
        label: value("Label"),
        default: entry.value.get("Default").map(|node| check.expr(node)),
        allowed_values: get("AllowedValues")
            .map(|n| allowed_values(check, n))
            .unwrap_or_default(),
        allowed_pattern: get("AllowedPattern").and_then(|node| pattern(check, node)),
        min_length: get("MinLength").and_then(|node| length(check, node, "MinLength")),
        max_length: get("MaxLength").and_then(|node| length(check, node, "MaxLength")),
        min_value: get("MinValue").and_then(|node| number(check, node, "MinValue")),
        max_value: get("MaxValue").and_then(|node| number(check, node, "MaxValue")),
        constraint_description: value("ConstraintDescription"),
        no_echo: get("NoEcho").is_some_and(|node| node.to_value().is_truthy()),
        association_property: get("AssociationProperty")
            .and_then(Node::text)
            .map(str::to_owned),
        association_property_metadata: value("AssociationPropertyMetadata"),
        span: entry.key_span,
    };
    constraints::check(check, &parameter, &entry.value);
    parameter
}

fn check_name(check: &mut Check<'_>, entry: &Entry) {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '\\');
    if entry.key.is_empty() || !entry.key.chars().all(fits) {
        let message = format!("\"{}\" is no parameter name", entry.key);
        check.found.push(
            Diagnostic::error(code::PARAMETER_NAME, entry.key_span, message)
                .with_fix("use letters, digits, _ and -"),
        );
    }
}

/// Whether something stands there that can be judged: not nothing, and no reference.
fn is_written(node: &Node) -> bool {
    !node.is_null() && node.as_str().is_none_or(|text| !text.contains("{{"))
}

/// Letter case does not matter, and the other names of output types are taken too.
fn read_type(check: &mut Check<'_>, node: &Node) -> DataType {
    let text = node.text().unwrap_or_default();
    if let Some(type_) = DataType::parse(text) {
        return type_;
    }
    if let Some(type_) = DataType::parse_output(text) {
        if text.eq_ignore_ascii_case(type_.as_str()) {
            let message = format!("the type is called {type_}");
            let found = Diagnostic::hint(code::SPELLING, node.span, message);
            check.found.push(found.with_fix(type_.as_str()));
        }
        return type_;
    }
    let message = format!("\"{text}\" is no parameter type");
    let found = Diagnostic::error(code::PARAMETER_TYPE, node.span, message);
    check
        .found
        .push(found.with_fix("String, Number, Boolean, List or Json"));
    DataType::Json
}

fn allowed_values(check: &mut Check<'_>, node: &Node) -> Vec<Value> {
    if let NodeKind::List(items) = &node.kind {
        items.iter().map(Node::to_value).collect()
    } else {
        check.wrong_shape(node, "AllowedValues", "a list");
        Vec::new()
    }
}

fn pattern(check: &mut Check<'_>, node: &Node) -> Option<Pattern> {
    let text = check.text(node, "AllowedPattern")?;
    let pattern = Pattern::compile(text);
    if pattern.is_none() {
        let message = "AllowedPattern is no regular expression; values are not checked against it";
        check
            .found
            .push(Diagnostic::warning(code::CONSTRAINT, node.span, message));
    }
    pattern
}

fn length(check: &mut Check<'_>, node: &Node, key: &str) -> Option<u64> {
    let number = number(check, node, key)?;
    let length = number.as_i64().and_then(|n| u64::try_from(n).ok());
    if length.is_none() {
        let message = format!("{key} must be a whole number from 0");
        check
            .found
            .push(Diagnostic::error(code::CONSTRAINT, node.span, message));
    }
    length
}

fn number(check: &mut Check<'_>, node: &Node, key: &str) -> Option<Number> {
    let number = node.text().and_then(|text| Number::parse(text.trim()));
    if number.is_none() {
        check.found.push(Diagnostic::error(
            code::CONSTRAINT,
            node.span,
            format!("{key} must be a number"),
        ));
    }
    number
}

impl Parameter {
    /// Which constraint a value of the right type breaks; the sentence continues "the value".
    pub(crate) fn violation(&self, value: &Value) -> Option<String> {
        if !self.allowed_values.is_empty() {
            let allowed = |value: &Value| self.allowed_values.iter().any(|a| a.loose_eq(value));
            let fits = match value {
                Value::List(items) => allowed(value) || items.iter().all(allowed),
                value => allowed(value),
            };
            if !fits {
                return Some(format!("must be one of {}", shown(&self.allowed_values)));
            }
        }
        match value {
            Value::String(text) => self
                .length_violation(text.chars().count(), "characters")
                .or_else(|| {
                    let pattern = self.allowed_pattern.as_ref().filter(|p| !p.matches(text))?;
                    Some(format!("must match the pattern {}", pattern.as_str()))
                }),
            Value::List(items) => self.length_violation(items.len(), "items"),
            Value::Number(number) => self.value_violation(number),
            _ => None,
        }
    }

    fn length_violation(&self, length: usize, unit: &str) -> Option<String> {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        if let Some(min) = self.min_length.filter(|min| length < *min) {
            return Some(format!("must have at least {min} {unit}"));
        }
        let max = self.max_length.filter(|max| length > *max)?;
        Some(format!("must have at most {max} {unit}"))
    }

    fn value_violation(&self, number: &Number) -> Option<String> {
        if let Some(min) = self.min_value.as_ref().filter(|min| number < min) {
            return Some(format!("must be at least {min}"));
        }
        let max = self.max_value.as_ref().filter(|max| number > max)?;
        Some(format!("must be at most {max}"))
    }
}

fn shown(values: &[Value]) -> String {
    let texts: Vec<String> = values.iter().take(10).map(Value::to_text).collect();
    let more = if values.len() > 10 { ", …" } else { "" };
    format!("{}{more}", texts.join(", "))
}
