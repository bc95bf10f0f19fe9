//! Which template a task runs, and the seam that finds it.

use std::borrow::Cow;
use std::sync::Arc;

use super::step::Step;
use crate::actions::ActionKind;
use crate::diagnostic::Diagnostics;
use crate::expr::Expr;
use crate::template::{Template, parse};
use crate::value::Value;

/// The name of a template that a task runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a template is run by its name or as a product action"
)]
pub enum ChildName {
    /// `TemplateName` of `ACS::Template`.
    Template {
        /// The name, case-sensitive.
        name: String,
        /// `TemplateVersion`, such as `v2`; the newest when absent.
        version: Option<String>,
    },
    /// A product action, `ACS::<Product>::<Name>`, in any letter case.
    Action(String),
}

/// The template that a task runs.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Child {
    /// One that has to be found.
    Named(ChildName),
    /// One that is given with the task, as `TemplateContent`; none that can be read, if it has mistakes.
    Given(Result<Arc<Template>, Diagnostics>),
    /// Only values of parameters or outputs tell which.
    Computed,
}

/// A template that was found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FoundChild {
    /// Its name, the same however it was asked for.
    pub name: String,
    /// The template, or what is wrong with it.
    pub template: Result<Arc<Template>, Arc<Diagnostics>>,
}

impl FoundChild {
    /// A template under its name.
    #[must_use]
    pub fn new(name: impl Into<String>, template: Result<Arc<Template>, Arc<Diagnostics>>) -> Self {
        let name = name.into();
        Self { name, template }
    }
}

/// Finds templates that tasks run. Does no I/O: whoever has them elsewhere fetches them first.
pub trait FindChild {
    /// The template of this name, if there is one.
    fn find(&self, name: &ChildName) -> Option<FoundChild>;

    /// Whether these are the very templates that will be run. If not, a template of the right name may
    /// still be another version than the one that runs, and what does not fit is told as a warning.
    fn is_authoritative(&self) -> bool {
        true
    }
}

/// Finds nothing.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to be set")]
pub struct NoChildren;

impl FindChild for NoChildren {
    fn find(&self, _: &ChildName) -> Option<FoundChild> {
        None
    }

    fn is_authoritative(&self) -> bool {
        false
    }
}

impl Child {
    /// The template that a task runs; none if it runs no other one.
    #[must_use]
    pub fn of(step: &Step<'_>) -> Option<Self> {
        match step.action.kind() {
            ActionKind::Product => {
                let action = step.action.as_str().to_owned();
                Some(Self::Named(ChildName::Action(action)))
            }
            ActionKind::Template => Some(Self::embedded(step)),
            _ => None,
        }
    }

    fn embedded(step: &Step<'_>) -> Self {
        let given = |name: &str| step.properties.get(name);
        if let Some(name) = given("TemplateName") {
            let literal = name.as_literal_str().filter(|name| !name.is_empty());
            let version =
                given("TemplateVersion").map(|version| version.as_literal().map(Value::to_text));
            return match (literal, version) {
                (Some(name), Some(Some(version))) => Self::named(name, Some(version)),
                (Some(name), None) => Self::named(name, None),
                _ => Self::Computed,
            };
        }
        let content = given("TemplateContent").or_else(|| given("Content"));
        let content = content.and_then(Expr::to_literal);
        let text: Cow<'_, str> = match &content {
            Some(Value::String(text)) if !text.is_empty() => text.into(),
            Some(map @ Value::Map(_)) => map.to_json_string().into(),
            _ => return Self::Computed,
        };
        Self::Given(parse(&text).map(Arc::new))
    }

    fn named(name: &str, version: Option<String>) -> Self {
        let version = version.filter(|version| !version.is_empty());
        let name = name.to_owned();
        Self::Named(ChildName::Template { name, version })
    }
}

impl std::fmt::Display for ChildName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Template {
                name,
                version: None,
            } => f.write_str(name),
            Self::Template {
                name,
                version: Some(version),
            } => write!(f, "{name} {version}"),
            Self::Action(action) => f.write_str(action),
        }
    }
}
