//! A program to run, and what it printed.

use std::fmt;
use zeroize::Zeroizing;

/// A program and its arguments, passed on as they are: no shell reads them.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    program: String,
    arguments: Vec<String>,
}

impl Command {
    /// A program without arguments: a path, or a name that is looked up in `PATH`.
    pub fn new(program: impl Into<String>) -> Self {
        let program = program.into();
        let arguments = Vec::new();
        Self { program, arguments }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with_argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// The program.
    #[must_use]
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The arguments.
    #[must_use]
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }
}

/// Arguments may be passwords: only their number is shown.
impl fmt::Debug for Command {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Command")
            .field("program", &self.program)
            .field("arguments", &self.arguments.len())
            .finish()
    }
}

/// How a program ended, and what it printed to its standard output; that is wiped from memory when
/// dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandOutput {
    code: Option<i32>,
    stdout: Zeroizing<Vec<u8>>,
}

impl CommandOutput {
    /// The end of a program: its exit code (`None` if a signal ended it) and its output.
    pub fn new(code: Option<i32>, stdout: impl Into<Vec<u8>>) -> Self {
        let stdout = Zeroizing::new(stdout.into());
        Self { code, stdout }
    }

    /// Whether it ended with exit code 0.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code == Some(0)
    }

    /// The exit code; `None` if a signal ended it.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.code
    }

    /// What it printed.
    #[must_use]
    pub fn stdout(&self) -> &[u8] {
        &self.stdout
    }
}

/// What such programs print are credentials: only the length is shown.
impl fmt::Debug for CommandOutput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CommandOutput")
            .field("code", &self.code)
            .field("stdout", &format_args!("{} bytes", self.stdout.len()))
            .finish()
    }
}
