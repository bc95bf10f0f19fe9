//! The seam for what sources need of the machine.

mod command;
mod fake;
mod process;
mod system;

pub use command::{Command, CommandOutput};
pub use fake::FakeHost;
pub use system::SystemHost;

use oos_clock::BoxFuture;
use std::fmt::Debug;
use std::io;
use std::path::Path;

/// The machine as a source of credentials sees it: environment, small files, and programs that
/// print credentials.
///
/// Contract: reading changes nothing. `read_file` and `run` bound what they read. Dropping the
/// future of `run` ends the program.
pub trait Host: Debug + Send + Sync + 'static {
    /// The value of an environment variable; `None` if it is not set. What is not Unicode in it
    /// is replaced by U+FFFD.
    fn env(&self, name: &str) -> Option<String>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// As the system reports them; [`io::ErrorKind::FileTooLarge`] beyond 1 MiB,
    /// [`io::ErrorKind::InvalidInput`] for what is no file, such as a pipe: it could wait for ever.
    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Runs a program to its end, without a shell, with nothing to read.
    ///
    /// # Errors
    /// As the system reports them; [`io::ErrorKind::FileTooLarge`] if it prints more than 1 MiB. A
    /// program that ends with a failure is no error: see [`CommandOutput::is_success`].
    fn run(&self, command: &Command) -> BoxFuture<'_, io::Result<CommandOutput>>;
}

/// The longest file and output that are read: credentials are a few KB.
pub(crate) const LIMIT: u64 = 1 << 20;
