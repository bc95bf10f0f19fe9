//! The rules of `ACS::ExecuteHttpRequest`.

use super::check::check_selector;
use crate::code;
use crate::diagnostic::Diagnostic;
use crate::expr::{Expr, nearest};
use crate::template::{Check, Task};

/// The operators of the help page.
const OPERATORS: &[&str] = &["Equals", "In", "NotIn"];

/// Checks what the answer has to fit, and that only a POST has a body.
pub(super) fn check(check: &mut Check<'_>, task: &Task) {
    let method = task.properties.get("Method").and_then(Expr::as_literal_str);
    if method.is_some_and(|method| method.eq_ignore_ascii_case("GET"))
        && let Some(body) = task.properties.get("Body")
        && !body.as_literal().is_some_and(crate::Value::is_null)
    {
        check.warning(code::PROPERTY_VALUE, body.span(), "a GET has no Body");
    }
    for key in ["CheckFor", "WaitFor"] {
        let rules = task
            .properties
            .get(key)
            .filter(|rules| rules.as_map().is_some());
        let Some(rules) = rules else { continue };
        match rules.get("Rules") {
            None => {
                let message = format!("{key} has no Rules");
                check.error(code::PROPERTY_MISSING, rules.span(), message);
            }
            Some(rules) => rules
                .as_list()
                .unwrap_or_default()
                .iter()
                .for_each(|rule| check_rule(check, rule)),
        }
    }
}

fn check_rule(check: &mut Check<'_>, rule: &Expr) {
    if rule.as_map().is_none() {
        return;
    }
    for key in ["PropertySelector", "Operator", "Value"] {
        if rule.get(key).is_none() {
            let message = format!("the rule has no {key}");
            check.error(code::PROPERTY_MISSING, rule.span(), message);
        }
    }
    check_selector(check, rule.get("PropertySelector"));
    let Some(operator) = rule.get("Operator") else {
        return;
    };
    let Some(word) = operator.as_literal_str() else {
        return;
    };
    if !OPERATORS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
    {
        let message = format!("the operator {word} is none of {}", OPERATORS.join(", "));
        let found = Diagnostic::warning(code::PROPERTY_VALUE, operator.span(), message);
        let near = nearest(word, OPERATORS.iter().copied());
        check.found.push(found.with_fix(near.unwrap_or("Equals")));
    }
}
