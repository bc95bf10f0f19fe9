//! What is used of the template that a task runs.

use super::check::Finding;
use super::step::Step;
use crate::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::expr::{Expr, Reference};
use crate::template::{Template, suggest};

/// Selectors and references that name an output which the child does not have. They give nothing, and
/// fail nobody: a warning.
pub(super) fn check(template: &Template, step: &Step<'_>, child: &Template) -> Vec<Finding> {
    let task = step.task;
    let mut unknown: Vec<(&str, Span)> = Vec::new();
    for output in task.outputs.values() {
        let text = output.selector.as_literal_str();
        if let Some(name) = text.and_then(first_name).filter(|name| !has(child, name)) {
            unknown.push((name, output.selector.span()));
        }
    }
    let declared = |name: &str| {
        let loops = task.loop_.iter().flat_map(|loop_| loop_.outputs.keys());
        let mut all = task.outputs.keys().chain(loops);
        all.any(|known| known.eq_ignore_ascii_case(name))
    };
    for expr in expressions(template) {
        expr.visit_references(&mut |reference, span| {
            if let Reference::Output { task: of, output } = reference
                && of.eq_ignore_ascii_case(step.name)
                && !declared(output)
                && !has(child, output)
            {
                unknown.push((output, span));
            }
        });
    }
    unknown
        .into_iter()
        .map(|(name, span)| tell(name, span, child))
        .collect()
}

fn tell(name: &str, span: Span, child: &Template) -> Finding {
    let message = format!("the template that is run has no output {name}");
    let found = Diagnostic::warning(code::CHILD_OUTPUT, span, message);
    Finding::likely(suggest(
        found,
        name,
        child.outputs.keys().map(String::as_str),
    ))
}

fn has(child: &Template, name: &str) -> bool {
    child
        .outputs
        .keys()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// Everything in a template in which a reference to an output may stand.
fn expressions(template: &Template) -> impl Iterator<Item = &Expr> {
    let of_tasks = template.tasks.iter().flat_map(|task| {
        let loops = task.loop_.iter().flat_map(|loop_| {
            let short = loop_.short_form.values();
            [&loop_.items]
                .into_iter()
                .chain(&loop_.rate_control)
                .chain(short)
        });
        let selectors = task.outputs.values().map(|output| &output.selector);
        [&task.properties]
            .into_iter()
            .chain(&task.when)
            .chain(loops)
            .chain(selectors)
    });
    let outputs = template.outputs.values().map(|output| &output.value);
    of_tasks.chain(outputs).chain(template.conditions.values())
}

/// The output that a selector begins with: `.name`, or `name` if it can be no function of jq, whose
/// names have no capital letters.
fn first_name(selector: &str) -> Option<&str> {
    let text = selector.trim();
    let (dotted, rest) = match text.strip_prefix('.') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let ends = after.trim_start().is_empty() || after.trim_start().starts_with(['.', '[', '|']);
    let is_name = dotted || name.contains(|c: char| c.is_ascii_uppercase());
    (begins && ends && is_name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::first_name;

    #[test]
    fn names_at_the_start_of_selectors() {
        for (selector, expected) in [
            (".stackId", Some("stackId")),
            ("stackId", Some("stackId")),
            (" .ids[0]", Some("ids")),
            (".a.b | length", Some("a")),
            (".ids []", Some("ids")),
            ("length", None),
            (".", None),
            (".[0]", None),
            (".a == 1", None),
            (".a, .b", None),
            ("map(.x)", None),
            ("[.a]", None),
            (".[\"a\"]", None),
            (".\"a\"", None),
            (".a-b", None),
        ] {
            assert_eq!(first_name(selector), expected, "{selector}");
        }
    }
}
