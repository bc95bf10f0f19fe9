//! This machine.

use super::process::Running;
use super::{Command, CommandOutput, Host, LIMIT};
use oos_clock::BoxFuture;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// This machine: the one place of the SDK that reads the environment.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemHost;

impl Host for SystemHost {
    #[expect(clippy::disallowed_methods, reason = "this is the port")]
    fn env(&self, name: &str) -> Option<String> {
        let value = std::env::var_os(name)?.into_string();
        Some(value.unwrap_or_else(|odd| odd.to_string_lossy().into_owned()))
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        // A pipe that nobody writes to would hold up whoever polls us: even opening it waits.
        let kind = fs::metadata(path)?.file_type();
        if !kind.is_file() && !kind.is_dir() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        read_bounded(File::open(path)?)
    }

    fn run(&self, command: &Command) -> BoxFuture<'_, io::Result<CommandOutput>> {
        match Running::start(command) {
            Ok(running) => Box::pin(running),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }
}

const USUAL: usize = 16 << 10;

pub(super) fn read_bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    // Room for what is usual: a vector that grows leaves secrets behind where it was.
    let mut bytes = Vec::with_capacity(USUAL);
    let read = reader.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if u64::try_from(read).is_ok_and(|read| read <= LIMIT) {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::FileTooLarge.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_bounded() {
        let limit = usize::try_from(LIMIT).expect("1 MiB");
        let check = |length: usize, expected: Result<usize, io::ErrorKind>| {
            let read = read_bounded(&vec![0; length][..]).map(|bytes| bytes.len());
            assert_eq!(read.map_err(|error| error.kind()), expected);
        };
        check(0, Ok(0));
        check(limit, Ok(limit));
        check(limit + 1, Err(io::ErrorKind::FileTooLarge));
        let endless = read_bounded(io::repeat(0)).map_err(|error| error.kind());
        assert_eq!(endless, Err(io::ErrorKind::FileTooLarge));
    }

    #[cfg(unix)]
    #[test]
    fn only_files_are_read() {
        let check = |path: &str| {
            let read = SystemHost.read_file(Path::new(path));
            read.map_err(|error| error.kind())
        };
        assert_eq!(check("/dev/zero"), Err(io::ErrorKind::InvalidInput));
        assert_eq!(check("/"), Err(io::ErrorKind::IsADirectory));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let missing = SystemHost.read_file(Path::new("no/such/file"));
        assert_eq!(
            missing.map_err(|error| error.kind()),
            Err(io::ErrorKind::NotFound)
        );
        assert_eq!(SystemHost.env("OOS_NO_SUCH_VARIABLE"), None);
    }
}
