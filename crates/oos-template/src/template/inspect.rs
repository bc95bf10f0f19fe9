//! Everything that can be told of a text at once.

use std::collections::HashSet;

use super::Template;
use super::read;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::document::{self, Limits};

/// Most findings that are told of one text.
const MAX_FINDINGS: usize = 200;

/// What was found in a text.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Inspection {
    /// The template as far as it could be read: none if the text is malformed or no map. Tasks,
    /// outputs and the like that have mistakes may be missing; run it only if there is no error.
    pub template: Option<Template>,
    /// Errors, warnings and hints in the order of the text, none of them twice. At most 200: errors are
    /// kept before warnings, warnings before hints.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there were.
    pub omitted: usize,
}

/// Reads and checks a template in YAML or JSON, and tells all that was found: the first syntax error, or
/// all other problems at once.
///
/// ```
/// use oos_template::{Severity, inspect};
///
/// let found = inspect("FormatVersion: OOS-2019-06-01\nTasks:\n- { Name: a, Action: ACS::Pause, Tmeout: 3 }\n");
/// assert!(found.template.is_some() && !found.has_errors());
/// assert_eq!(found.diagnostics[0].severity, Severity::Warning);
/// ```
#[must_use]
pub fn inspect(text: &str) -> Inspection {
    let document = match document::read_all(text, Limits::TEMPLATE) {
        Ok(document) => document,
        Err(malformed) => return Inspection::of(malformed),
    };
    let (template, found) = read::read(text, &document);
    let mut inspection = Inspection {
        template,
        diagnostics: Vec::new(),
        omitted: 0,
    };
    inspection.add(found);
    inspection.add(document.repeated.into_iter().map(as_warning));
    inspection
}

/// Reads and checks a template in YAML or JSON.
///
/// # Errors
/// The first syntax error, or all other problems at once (with the warnings about the same text).
///
/// ```
/// let refused = oos_template::parse("FormatVersion: OOS-2019-06-01\nTasks:\n- Name: a\n").unwrap_err();
/// assert_eq!(refused.to_string(), "3:3: error[OOS111]: the task a has no Action");
/// ```
pub fn parse(text: &str) -> Result<Template, Diagnostics> {
    inspect(text).into_result()
}

/// Whatever reads templates in the cloud, the usual readers of YAML and JSON take the last one of two
/// equal keys without a word.
fn as_warning(mut repeated: Diagnostic) -> Diagnostic {
    repeated.severity = Severity::Warning;
    repeated
}

impl Inspection {
    /// Of a text that can not even be read.
    pub(crate) fn of(malformed: Diagnostic) -> Self {
        Self {
            template: None,
            diagnostics: vec![malformed],
            omitted: 0,
        }
    }

    /// Whether the template is refused.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|found| found.severity == Severity::Error)
    }

    /// Adds what else was found, for instance about other templates that this one runs.
    pub fn add(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        let mut all = std::mem::take(&mut self.diagnostics);
        all.extend(found);
        let mut seen = HashSet::new();
        all.retain(|d| seen.insert((d.code, d.span, d.message.clone())));
        if all.len() > MAX_FINDINGS {
            self.omitted += all.len() - MAX_FINDINGS;
            all.sort_by_key(|d| (std::cmp::Reverse(d.severity), d.span.start));
            all.truncate(MAX_FINDINGS);
        }
        all.sort_by_key(|d| (d.span.start, d.code));
        self.diagnostics = all;
    }

    /// The template if there is no error, with what else was found in [`Template::warnings`].
    ///
    /// # Errors
    /// All that was found, if there is an error among it.
    pub fn into_result(self) -> Result<Template, Diagnostics> {
        match self.template {
            Some(mut template)
                if self
                    .diagnostics
                    .iter()
                    .all(|found| found.severity != Severity::Error) =>
            {
                template.warnings = self.diagnostics;
                Ok(template)
            }
            _ => Err(Diagnostics::sorted(self.diagnostics)),
        }
    }
}
