//! A machine made of data.

use super::{Command, CommandOutput, Host};
use oos_clock::BoxFuture;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A fake for tests: it has what was put in, and nothing else.
#[derive(Clone, Default)]
pub struct FakeHost {
    env: BTreeMap<String, String>,
    files: BTreeMap<PathBuf, Result<Vec<u8>, io::ErrorKind>>,
    commands: Vec<(Command, End)>,
}

/// How a program of a fake ends.
#[derive(Clone)]
enum End {
    Output(CommandOutput),
    Error(io::ErrorKind),
    Never,
}

impl FakeHost {
    /// A machine with no variable, no file and no program.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with this environment variable.
    #[must_use]
    pub fn with_env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// The same with this file.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), Ok(bytes.into()));
        self
    }

    /// The same with a file that can not be read.
    #[must_use]
    pub fn with_broken_file(mut self, path: impl Into<PathBuf>, error: io::ErrorKind) -> Self {
        self.files.insert(path.into(), Err(error));
        self
    }

    /// The same with a program that ends so when run with exactly these arguments.
    #[must_use]
    pub fn with_command(mut self, command: Command, output: CommandOutput) -> Self {
        self.commands.push((command, End::Output(output)));
        self
    }

    /// The same with a program that can not be run, or prints too much.
    #[must_use]
    pub fn with_broken_command(mut self, command: Command, error: io::ErrorKind) -> Self {
        self.commands.push((command, End::Error(error)));
        self
    }

    /// The same with a program that does not end.
    #[must_use]
    pub fn with_endless_command(mut self, command: Command) -> Self {
        self.commands.push((command, End::Never));
        self
    }
}

impl Host for FakeHost {
    fn env(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned()
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = self.files.get(path).cloned();
        let found = found.unwrap_or(Err(io::ErrorKind::NotFound));
        found.map_err(io::Error::from)
    }

    fn run(&self, command: &Command) -> BoxFuture<'_, io::Result<CommandOutput>> {
        let found = self.commands.iter().find(|(known, _)| known == command);
        let result = match found.map(|(_, end)| end.clone()) {
            Some(End::Never) => return Box::pin(std::future::pending()),
            Some(End::Output(output)) => Ok(output),
            Some(End::Error(kind)) => Err(kind.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        Box::pin(std::future::ready(result))
    }
}

/// Names only: the values are credentials, even if made up.
impl fmt::Debug for FakeHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FakeHost")
            .field("env", &self.env.keys())
            .field("files", &self.files.keys())
            .finish_non_exhaustive()
    }
}
