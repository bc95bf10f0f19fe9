//! What was found in files.

use oos_template::{Diagnostic, Severity};

/// A file with what was found in it.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) file: String,
    pub(crate) text: String,
    /// In the order of the text.
    pub(crate) problems: Vec<Diagnostic>,
    /// So many more there were.
    pub(crate) omitted: usize,
}

impl Checked {
    /// The worst severity.
    pub(crate) fn worst(&self) -> Option<Severity> {
        self.problems.iter().map(|one| one.severity).max()
    }

    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.problems
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    }
}
