//! The streams of the process: everything that is printed goes through here.

use std::fmt;
use std::io::{self, IsTerminal, Read, Write};

/// Where to print and where to read from.
pub(crate) struct Console {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    input: Box<dyn Read>,
    colour: bool,
    colour_of_errors: bool,
}

impl Console {
    /// The streams of this process; in colour where a terminal shows them and `NO_COLOR` is not set.
    pub(crate) fn system() -> Self {
        let wanted = !is_set("NO_COLOR");
        Self {
            colour: wanted && io::stdout().is_terminal(),
            colour_of_errors: wanted && io::stderr().is_terminal(),
            out: Box::new(io::stdout()),
            // Not locked for good: another thread that breaks down has to be able to say so.
            err: Box::new(io::stderr()),
            input: Box::new(io::stdin()),
        }
    }

    /// Whether standard output shows colours.
    pub(crate) fn colour(&self) -> bool {
        self.colour
    }

    /// Whether standard error shows colours.
    pub(crate) fn colour_of_errors(&self) -> bool {
        self.colour_of_errors
    }

    /// Prints a result.
    ///
    /// # Errors
    /// The stream can not be written; most often, its reader has gone.
    pub(crate) fn print(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Prints a complaint. If that fails there is nobody left to tell.
    pub(crate) fn complain(&mut self, text: &str) {
        let written = self.err.write_all(text.as_bytes());
        drop(written.and_then(|()| self.err.flush()));
    }

    /// Standard input.
    pub(crate) fn input(&mut self) -> &mut dyn Read {
        &mut *self.input
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Console")
            .field("colour", &self.colour)
            .finish_non_exhaustive()
    }
}

/// Whether a variable is set to something (no-color.org: "when present and not an empty string").
#[expect(
    clippy::disallowed_methods,
    reason = "the terminal's settings are this crate's business"
)]
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
