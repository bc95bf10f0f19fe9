//! What there is to say about the templates that a template runs.

use std::sync::Arc;

use super::find::{Child, ChildName, FindChild, FoundChild};
use super::step::{Step, steps};
use super::{outputs, parameters};
use crate::code::{self, Code};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::expr::Expr;
use crate::template::Template;

/// So many templates may be embedded under each other (help page "acs-template", "at most three
/// layers"; `docs/semantics.md`, "Layers of templates").
pub const MAX_LAYERS: usize = 3;

/// Checks what the tasks of a template give to the templates that they run, and what is used of them;
/// that these are no triggers, have no mistakes, and embed neither each other nor too deeply.
///
/// `name` is the template's own name, if it has one. What can not be found is passed over, except that
/// an authoritative finder which lacks a `TemplateName` is told of as a hint.
#[must_use]
pub fn check(template: &Template, name: Option<&str>, find: &dyn FindChild) -> Vec<Diagnostic> {
    let mut checker = Checker {
        find,
        found: Vec::new(),
    };
    let above: Vec<String> = name.map(own_name).into_iter().collect();
    for step in steps(template) {
        checker.step(template, &step, &above);
    }
    checker.found
}

/// Product actions are looked up under either spelling; they are compared under one.
fn own_name(name: &str) -> String {
    name.replace("::", "-")
}

pub(super) struct Checker<'a> {
    find: &'a dyn FindChild,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn step(&mut self, template: &Template, step: &Step<'_>, above: &[String]) {
        let Some(child) = Child::of(step) else {
            return;
        };
        let (name, child) = match child {
            Child::Given(Ok(child)) => (None, child),
            // What is wrong inside the content of a template is told where it stands.
            Child::Computed | Child::Given(Err(_)) => return,
            Child::Named(wanted) => match self.find.find(&wanted) {
                None => return self.missing(step, &wanted),
                Some(FoundChild {
                    name,
                    template: Err(mistakes),
                }) => {
                    return self.refused(step, &name, &mistakes);
                }
                Some(FoundChild {
                    name,
                    template: Ok(child),
                }) => (Some(own_name(&name)), child),
            },
        };
        self.embed(step, name.as_deref(), &child, above);
        for finding in parameters::check(step, &child) {
            self.add(finding);
        }
        for finding in outputs::check(template, step, &child) {
            self.add(finding);
        }
    }

    fn missing(&mut self, step: &Step<'_>, wanted: &ChildName) {
        if let ChildName::Template { name, .. } = wanted
            && self.find.is_authoritative()
        {
            let span = step
                .properties
                .get("TemplateName")
                .map_or(step.span, Expr::span);
            let message = format!("there is no template {name} in the templates folder");
            self.found
                .push(Diagnostic::hint(code::CHILD_NOT_FOUND, span, message));
        }
    }

    fn refused(&mut self, step: &Step<'_>, name: &str, mistakes: &Diagnostics) {
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        let mut errors = mistakes.iter().filter(is_error);
        let first = errors.next().map(ToString::to_string).unwrap_or_default();
        let more = match errors.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let message = format!("the template {name} has mistakes: {first}{more}");
        self.add(Finding::certain(code::CHILD_REFUSED, step, message));
    }

    /// Layers, circles and triggers, in all templates under this task.
    fn embed(
        &mut self,
        step: &Step<'_>,
        name: Option<&str>,
        child: &Arc<Template>,
        above: &[String],
    ) {
        if let Some((trigger, _)) = child.trigger() {
            let name = name.unwrap_or("TemplateContent");
            let message = format!(
                "a template that is run by another one can not have a trigger, as {} of {name} is one",
                trigger.name
            );
            self.add(Finding::certain(code::CHILD_TRIGGER, step, message));
        }
        let mut chain = above.to_vec();
        if let Some(name) = name
            && above.iter().any(|other| other == name)
        {
            let message = format!("the template {name} runs itself");
            self.add(Finding::certain(code::CHILD_CYCLE, step, message));
            return;
        }
        chain.push(name.unwrap_or("TemplateContent").to_owned());
        if let Some(problem) = self.below(child, &mut chain, 1) {
            let (code, chain) = problem;
            let message = match code {
                code::CHILD_CYCLE => format!("templates run each other in a circle: {chain}"),
                _ => format!(
                    "templates can be embedded in each other {MAX_LAYERS} layers deep: {chain}"
                ),
            };
            self.add(Finding::certain(code, step, message));
        }
    }

    /// The first chain of templates that goes round or too deep; `layer` is this template's.
    fn below(
        &self,
        template: &Template,
        chain: &mut Vec<String>,
        layer: usize,
    ) -> Option<(Code, String)> {
        let mut seen = Vec::new();
        for step in steps(template) {
            let (name, child) = match Child::of(&step) {
                Some(Child::Given(Ok(child))) => (String::from("TemplateContent"), child),
                Some(Child::Named(wanted)) => match self.find.find(&wanted) {
                    Some(FoundChild {
                        name,
                        template: Ok(child),
                    }) => (own_name(&name), child),
                    _ => continue,
                },
                _ => continue,
            };
            let is_given = name == "TemplateContent";
            if !is_given && seen.contains(&name) {
                continue;
            }
            let goes_round = !is_given && chain.contains(&name);
            chain.push(name.clone());
            if goes_round {
                return Some((code::CHILD_CYCLE, chain.join(" > ")));
            }
            if layer >= MAX_LAYERS {
                return Some((code::CHILD_LAYERS, chain.join(" > ")));
            }
            let problem = self.below(&child, chain, layer + 1);
            if problem.is_some() {
                return problem;
            }
            chain.pop();
            seen.push(name);
        }
        None
    }

    fn add(&mut self, finding: Finding) {
        let Finding {
            mut diagnostic,
            is_certain,
        } = finding;
        if is_certain && self.find.is_authoritative() {
            diagnostic.severity = Severity::Error;
        }
        self.found.push(diagnostic);
    }
}

/// A finding that is an error if the finder is sure of its templates, or only ever a warning.
pub(super) struct Finding {
    pub(super) diagnostic: Diagnostic,
    pub(super) is_certain: bool,
}

impl Finding {
    pub(super) fn certain(code: Code, step: &Step<'_>, message: String) -> Self {
        Self {
            diagnostic: Diagnostic::warning(code, step.span, message),
            is_certain: true,
        }
    }

    pub(super) fn likely(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostic,
            is_certain: false,
        }
    }
}
