//! The seam between tasks that run another template and the templates that there are.

use crate::{TemplateReference, Tenant};
use futures_core::future::BoxFuture;
use oos_template::actions::{ActionKind, ActionName};
use oos_template::{Map, Value};
use std::fmt::Debug;
use std::sync::Arc;

/// Finds the templates that `ACS::Template` and product actions run.
///
/// Contract: `find` reads and changes nothing; what it finds may change from call to call. An error
/// is a sentence for the author of the template and fails the task, so a finder that can not read for
/// a while may try again itself. It may be asked the same again after a crash, and dropping the
/// future abandons the search.
pub trait FindTemplate: Debug + Send + Sync + 'static {
    /// Finds a template.
    fn find(&self, query: TemplateQuery) -> BoxFuture<'_, Result<FoundTemplate, String>>;
}

/// Which template is wanted, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateQuery {
    /// Whose execution wants it.
    pub tenant: Tenant,
    /// Which one.
    pub wanted: WantedTemplate,
}

/// Which template a task runs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WantedTemplate {
    /// A stored one: `TemplateName` of `ACS::Template`.
    Named {
        /// Its name.
        name: String,
        /// Its version, `v1`, `v2`, …; the newest unless given.
        version: Option<String>,
    },
    /// The one behind a product action, named as the template writes it, such as
    /// `ACS::ECS::StopInstance`.
    Action(String),
    /// This text: `TemplateContent` of `ACS::Template`. The finder has only to say what its hash is.
    Content(Arc<str>),
}

/// A template that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundTemplate {
    /// Where it comes from; `hash` is that of the content.
    pub reference: TemplateReference,
    /// Its text.
    pub content: Arc<str>,
}

impl FoundTemplate {
    /// The template with this text.
    #[must_use]
    pub fn new(reference: TemplateReference, content: impl Into<Arc<str>>) -> Self {
        let content = content.into();
        Self { reference, content }
    }
}

impl WantedTemplate {
    /// The sentence of a finder that does not have this template, with what can be done about it.
    #[must_use]
    pub fn missing(&self) -> String {
        match self {
            Self::Named {
                name,
                version: None,
            } => format!(
                "There is no template `{name}`: create it, or put a file `{name}.yml` into the \
                 templates folder"
            ),
            Self::Named {
                name,
                version: Some(version),
            } => format!("There is no version {version} of the template `{name}`"),
            Self::Action(action) => format!(
                "There is no template for the product action {action}: put a file `{}.yml` into \
                 the templates folder",
                action.replace("::", "-")
            ),
            Self::Content(_) => String::from("Templates given as TemplateContent are not run here"),
        }
    }

    /// What the properties of a task ask for (help page "acs-template"; `Content` is an older name of
    /// `TemplateContent`).
    pub(crate) fn of(action: &ActionName, properties: &Value) -> Result<Self, String> {
        if action.kind() == ActionKind::Product {
            return Ok(Self::Action(action.as_str().to_owned()));
        }
        let given = |name: &str| properties.get(name).filter(|value| !is_empty(value));
        let content = given("TemplateContent").or_else(|| given("Content"));
        match (given("TemplateName"), content) {
            (Some(Value::String(name)), None) => Ok(Self::Named {
                name: name.clone(),
                version: given("TemplateVersion").map(Value::to_text),
            }),
            (Some(name), None) => Err(format!(
                "TemplateName has to be a text, not {}",
                name.to_json_string()
            )),
            (None, Some(content @ Value::Map(_))) => {
                Ok(Self::Content(content.to_json_string().into()))
            }
            (None, Some(Value::String(text))) => Ok(Self::Content(text.as_str().into())),
            (None, Some(other)) => Err(format!(
                "TemplateContent has to be a map, not a {}",
                other.kind()
            )),
            (None, None) => Err(String::from("TemplateName or TemplateContent is missing")),
            (Some(_), Some(_)) => Err(String::from(
                "Give either TemplateName or TemplateContent, not both",
            )),
        }
    }
}

/// The parameters that a task gives to the template that it runs: `Parameters` of `ACS::Template`,
/// all properties of a product action.
pub(crate) fn parameters(action: &ActionName, properties: &Value) -> Result<Map, String> {
    let given = match action.kind() {
        ActionKind::Product => Some(properties),
        _ => properties.get("Parameters"),
    };
    match given {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Map(map)) => Ok(map.clone()),
        Some(other) => Err(format!(
            "Parameters has to be a map, not {}",
            other.to_json_string()
        )),
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// Finds nothing: for engines that run no template out of another.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing to be set")]
pub struct NoTemplates;

impl FindTemplate for NoTemplates {
    fn find(&self, query: TemplateQuery) -> BoxFuture<'_, Result<FoundTemplate, String>> {
        Box::pin(async move { Err(query.wanted.missing()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(action: &str, properties: &str) -> Result<WantedTemplate, String> {
        let action = ActionName::parse(action).expect("an action");
        WantedTemplate::of(&action, &Value::from_json(properties).expect("a value"))
    }

    #[test]
    fn properties_say_which_template() {
        let named = |version: Option<&str>| {
            Ok(WantedTemplate::Named {
                name: "a".to_owned(),
                version: version.map(str::to_owned),
            })
        };
        let content = |text: &str| Ok(WantedTemplate::Content(text.into()));
        let check = |properties: &str, expected| {
            assert_eq!(
                wanted("ACS::Template", properties),
                expected,
                "{properties}"
            );
        };
        check(r#"{"TemplateName":"a"}"#, named(None));
        check(r#"{"TemplateName":"a","TemplateVersion":""}"#, named(None));
        check(
            r#"{"TemplateName":"a","TemplateVersion":"v2","TemplateContent":null}"#,
            named(Some("v2")),
        );
        check(r#"{"TemplateContent":{"A":1}}"#, content(r#"{"A":1}"#));
        check(r#"{"Content":"A: 1"}"#, content("A: 1"));
        let refused = |properties: &str, part: &str| {
            let reason = wanted("ACS::Template", properties).expect_err(properties);
            assert!(reason.contains(part), "{reason}");
        };
        refused("{}", "is missing");
        refused(r#"{"TemplateName":""}"#, "is missing");
        refused(r#"{"TemplateName":7}"#, "not 7");
        refused(r#"{"TemplateContent":[1]}"#, "not a list");
        refused(
            r#"{"TemplateName":"a","TemplateContent":{"A":1}}"#,
            "not both",
        );
        assert_eq!(
            wanted("ACS::ECS::StopInstance", r#"{"TemplateName":"a"}"#),
            Ok(WantedTemplate::Action("ACS::ECS::StopInstance".to_owned()))
        );
    }

    #[test]
    fn parameters_stand_where_the_action_has_them() {
        let check = |action: &str, properties: &str, expected: Result<&str, &str>| {
            let name = ActionName::parse(action).expect("an action");
            let got = parameters(&name, &Value::from_json(properties).expect("a value"));
            let got = got.map(|map| Value::Map(map).to_json_string());
            assert_eq!(
                got.as_deref().map_err(String::as_str),
                expected,
                "{action} {properties}"
            );
        };
        check(
            "ACS::Template",
            r#"{"Parameters":{"a":1}}"#,
            Ok(r#"{"a":1}"#),
        );
        check("ACS::Template", r#"{"Parameters":null,"b":1}"#, Ok("{}"));
        check(
            "ACS::Template",
            r#"{"Parameters":[]}"#,
            Err("Parameters has to be a map, not []"),
        );
        check("ACS::ECS::StopInstance", r#"{"a":1}"#, Ok(r#"{"a":1}"#));
        check("ACS::ECS::StopInstance", "null", Ok("{}"));
    }
}
