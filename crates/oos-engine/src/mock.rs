//! Mock files: what the APIs of the cloud answer when there is no cloud (docs/mock-files.md).

mod answer;
mod fill;
mod read;

pub use answer::MockApi;
pub use read::{MockFileError, MockProblem};

use crate::ApiFailure;
use oos_template::{Map, Value};
use std::time::Duration;

/// The answers that one mock file gives.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct MockFile {
    entries: Vec<MockEntry>,
    default: Option<MockAnswer>,
    template_folders: Vec<String>,
}

/// Which calls an entry answers, and how.
#[derive(Debug, Clone)]
struct MockEntry {
    service: String,
    api: String,
    when: Map,
    /// In turn, the last one again and again; never empty.
    answers: Vec<MockAnswer>,
}

#[derive(Debug, Clone)]
struct MockAnswer {
    content: Result<Value, ApiFailure>,
    delay: Duration,
}

impl MockFile {
    /// Reads a mock file, YAML or JSON.
    ///
    /// # Errors
    /// [`MockFileError`] with every problem and its place: the first syntax error, or all others.
    ///
    /// ```
    /// let mock = oos_engine::MockFile::parse(
    ///     "mocks:\n  - { service: ECS, api: StartInstance, answers: [ { body: {} } ] }",
    /// )?;
    /// # Ok::<(), oos_engine::MockFileError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, MockFileError> {
        read::mock_file(text)
    }

    /// The folders of templates that tasks can run, as the file writes them: relative to the file.
    /// Whoever has read the file reads them.
    #[must_use]
    pub fn template_folders(&self) -> &[String] {
        &self.template_folders
    }
}
