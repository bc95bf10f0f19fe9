//! Templates by their names, as a folder of files gives them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::find::{ChildName, FindChild, FoundChild};
use crate::diagnostic::Diagnostics;
use crate::template::{Template, parse};

/// Templates by their names. A name answers `TemplateName`; `ACS-X-Y` and `ACS::X::Y` answer the
/// product action `ACS::X::Y`, in any letter case. Texts are parsed when they are first asked for.
#[derive(Debug, Default)]
pub struct Catalogue {
    templates: BTreeMap<String, Held>,
    /// Folded names to names, for product actions.
    actions: HashMap<String, String>,
    is_guess: bool,
}

#[derive(Debug)]
struct Held {
    text: Arc<str>,
    parsed: OnceLock<Result<Arc<Template>, Arc<Diagnostics>>>,
}

impl Catalogue {
    /// A catalogue without templates.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a template, unless there is one of that name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        self.add(name, text);
        self
    }

    /// The same templates, not known to be the very ones that will be run: see
    /// [`FindChild::is_authoritative`].
    #[must_use]
    pub fn as_guess(mut self) -> Self {
        self.is_guess = true;
        self
    }

    /// Adds a template, unless there is one of that name.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) {
        let name = name.into();
        if self.templates.contains_key(&name) {
            return;
        }
        self.actions
            .entry(folded(&name))
            .or_insert_with(|| name.clone());
        let text = text.into();
        let parsed = OnceLock::new();
        self.templates.insert(name, Held { text, parsed });
    }

    /// Adds the templates of another catalogue, except where there is one of that name.
    pub fn extend(&mut self, other: &Self) {
        for (name, held) in &other.templates {
            self.add(name.as_str(), Arc::clone(&held.text));
        }
    }

    /// The names in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.templates.keys().map(String::as_str)
    }

    /// The name and text of the template that answers this name.
    #[must_use]
    pub fn text(&self, name: &ChildName) -> Option<(&str, &Arc<str>)> {
        let (name, held) = self.held(name)?;
        Some((name, &held.text))
    }

    fn held(&self, name: &ChildName) -> Option<(&str, &Held)> {
        let name = match name {
            ChildName::Template { name, .. } => name,
            ChildName::Action(action) => self.actions.get(&folded(action))?,
        };
        let (name, held) = self.templates.get_key_value(name)?;
        Some((name, held))
    }
}

/// Both spellings of a product action, in any letter case, are one.
fn folded(name: &str) -> String {
    name.replace("::", "-").to_ascii_lowercase()
}

impl FindChild for Catalogue {
    fn find(&self, name: &ChildName) -> Option<FoundChild> {
        let (name, held) = self.held(name)?;
        let parse = || parse(&held.text).map(Arc::new).map_err(Arc::new);
        let template = held.parsed.get_or_init(parse).clone();
        Some(FoundChild::new(name, template))
    }

    fn is_authoritative(&self) -> bool {
        !self.is_guess
    }
}

/// The name of the template in a file of this name, and whether the file is JSON: what stands before
/// `.yml`, `.yaml` or `.json`, in any letter case. None for other files.
///
/// ```
/// use oos_template::children::template_name;
///
/// assert_eq!(template_name("ACS-ECS-RunCommand.yml"), Some(("ACS-ECS-RunCommand", false)));
/// assert_eq!(template_name("a.b.JSON"), Some(("a.b", true)));
/// assert_eq!(template_name("notes.txt"), None);
/// ```
#[must_use]
pub fn template_name(file: &str) -> Option<(&str, bool)> {
    let (name, extension) = file.rsplit_once('.').filter(|(name, _)| !name.is_empty())?;
    match extension.to_ascii_lowercase().as_str() {
        "yml" | "yaml" => Some((name, false)),
        "json" => Some((name, true)),
        _ => None,
    }
}

/// Whether `FormatVersion` stands at the top level of a text, as far as that can be told without parsing:
/// a template with a mistake in its syntax has to be found as well, so that the mistake is told.
///
/// ```
/// use oos_template::children::is_template;
///
/// assert!(is_template("Description: a\nFormatVersion: OOS-2019-06-01\n"));
/// assert!(!is_template("mocks: []\ninner:\n  FormatVersion: x\n"));
/// ```
#[must_use]
pub fn is_template(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let flow = text
        .split_inclusive('\n')
        .skip_while(|line| is_blank(line))
        .collect::<Vec<_>>();
    if flow
        .first()
        .is_some_and(|line| line.trim_start().starts_with('{'))
    {
        return in_braces(&flow.concat());
    }
    text.lines().any(starts_with_key)
}

/// Nothing, a comment, or the mark that begins a document.
fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line == "---"
}

const KEY: &str = "FormatVersion";

fn starts_with_key(line: &str) -> bool {
    let line = line.strip_prefix("--- ").unwrap_or(line);
    let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''));
    let rest = line.strip_prefix(['"', '\'']).unwrap_or(line);
    let rest = rest.strip_prefix(KEY).map(|rest| match quote {
        Some(quote) => rest.strip_prefix(quote).unwrap_or(rest),
        None => rest,
    });
    rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
}

/// Whether the key stands directly inside of the outermost braces.
fn in_braces(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut is_key = false;
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        if is_key && depth == 1 && starts_with_key(&text[at..]) {
            return true;
        }
        is_key = is_key && c.is_whitespace();
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            '"' => {
                while let Some((_, inner)) = rest.next() {
                    match inner {
                        '\\' => drop(rest.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        is_key = is_key || matches!(c, '{' | ',');
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_told_from_other_files() {
        let check = |text: &str, expected: bool| assert_eq!(is_template(text), expected, "{text}");
        check("FormatVersion: OOS-2019-06-01\nTasks: []", true);
        check("Description: a\n\"FormatVersion\": OOS-2019-06-01", true);
        check("'FormatVersion' : OOS-2019-06-01", true);
        check("\u{feff}FormatVersion: OOS-2019-06-01", true);
        check("---\nFormatVersion: OOS-2019-06-01", true);
        check("# why\r\nFormatVersion: OOS-2019-06-01\r\n", true);
        check("{ \"Tasks\": [], \"FormatVersion\": \"x\" }", true);
        check(
            "# nothing\n\n{ \"Tasks\": [], \"FormatVersion\": \"x\" }",
            true,
        );
        check(" {\"FormatVersion\": \"x\", broken", true);
        check("{FormatVersion: x}", true);
        check(
            "{\n  \"Description\": \"{\\\"\",\n  \"FormatVersion\": \"x\"}",
            true,
        );
        check("{ \"Content\": { \"FormatVersion\": \"x\" } }", false);
        check("{ \"Content\": \"{ FormatVersion: x }\" }", false);
        check("mocks: []\ninner:\n  FormatVersion: x", false);
        check("FormatVersions: x", false);
        check("the FormatVersion: x", false);
        check("", false);
        check("{\"a\": 1}", false);
    }

    #[test]
    fn actions_have_two_spellings_and_names_one() {
        let catalogue = Catalogue::new()
            .with("ACS-ECS-Start", "1")
            .with("ACS::ECS::Stop", "2")
            .with("child", "3")
            .with("child", "4");
        let text = |name: ChildName| {
            catalogue
                .text(&name)
                .map(|(name, text)| format!("{name}={text}"))
        };
        let action = |name: &str| text(ChildName::Action(name.to_owned()));
        let named = |name: &str| {
            let name = name.to_owned();
            text(ChildName::Template {
                name,
                version: Some("v9".to_owned()),
            })
        };
        assert_eq!(
            action("ACS::ECS::Start").as_deref(),
            Some("ACS-ECS-Start=1")
        );
        assert_eq!(
            action("acs::ecs::stop").as_deref(),
            Some("ACS::ECS::Stop=2")
        );
        assert_eq!(action("ACS::ECS::Other"), None);
        assert_eq!(named("child").as_deref(), Some("child=3"));
        assert_eq!(named("Child"), None);
        assert_eq!(named("ACS-ECS-Start").as_deref(), Some("ACS-ECS-Start=1"));
    }
}
