//! What a task gives to the template that it runs.

use indexmap::IndexMap;

use super::check::Finding;
use super::step::Step;
use crate::actions::ActionKind;
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::expr::Expr;
use crate::template::{Template, suggest};
use crate::value::Value;

/// Parameters that are missing, unknown, or have a written value that does not fit.
pub(super) fn check(step: &Step<'_>, child: &Template) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(given) = given(step) else {
        return findings;
    };
    let name = |wanted: &str| given.keys().any(|name| name.eq_ignore_ascii_case(wanted));
    let required = child
        .parameters
        .iter()
        .filter(|(_, parameter)| parameter.default.is_none());
    let missing: Vec<&str> = required
        .map(|(wanted, _)| wanted.as_str())
        .filter(|wanted| !name(wanted))
        .collect();
    if !missing.is_empty() {
        let (is, plural) = if missing.len() == 1 {
            ("is", "")
        } else {
            ("are", "s")
        };
        let message = format!("the parameter{plural} {} {is} required", missing.join(", "));
        findings.push(Finding::certain(
            code::CHILD_PARAMETER_MISSING,
            step,
            message,
        ));
    }
    for (name, value) in given {
        let declared = child
            .parameters
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        let Some((declared, _)) = declared else {
            let message = format!("the template that is run declares no parameter {name}");
            let found = Diagnostic::warning(code::CHILD_PARAMETER_UNKNOWN, value.span(), message);
            let known = child.parameters.keys().map(String::as_str);
            findings.push(Finding::likely(suggest(found, name, known)));
            continue;
        };
        if let Some(message) = misfit(child, declared, value) {
            let found = Diagnostic::warning(code::CHILD_PARAMETER_VALUE, value.span(), message);
            findings.push(Finding::likely(found));
        }
    }
    findings
}

/// The parameters as far as they are written out: `Parameters` of `ACS::Template`, all properties of a
/// product action.
fn given<'t>(step: &Step<'t>) -> Option<&'t IndexMap<String, Expr>> {
    static NONE: std::sync::LazyLock<IndexMap<String, Expr>> =
        std::sync::LazyLock::new(IndexMap::new);
    if step.action.kind() == ActionKind::Product {
        return match step.properties.as_literal() {
            Some(Value::Null) => Some(&NONE),
            _ => step.properties.as_map(),
        };
    }
    match step.properties.get("Parameters") {
        None => Some(&NONE),
        Some(parameters) => parameters.as_map(),
    }
}

/// What is wrong with a value that is written out. Null, and what is empty, stands for "not given".
fn misfit(child: &Template, name: &str, value: &Expr) -> Option<String> {
    let value = value.to_literal()?;
    let is_empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    if is_empty {
        return None;
    }
    child.misfit(name, &value)
}
