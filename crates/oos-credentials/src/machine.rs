//! Questions to the machine that several sources ask.

use crate::CredentialsErrorKind::{Invalid, NotConfigured};
use crate::{CredentialsError, Host};
use std::io;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A variable that is set and not blank, without white space around it: to the official clients an
/// empty variable is not set.
pub(crate) fn variable(host: &dyn Host, name: &str) -> Option<String> {
    let value = Zeroizing::new(host.env(name)?);
    let trimmed = value.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Whether a switch is on: `true` in any letter case, as in the official clients.
pub(crate) fn is_on(host: &dyn Host, name: &str) -> bool {
    variable(host, name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// A path in which a leading `~` means the home directory.
///
/// # Errors
/// A sentence if the home directory is not known.
pub(crate) fn path(host: &dyn Host, text: &str) -> Result<PathBuf, String> {
    let rest = match text.strip_prefix('~') {
        Some("") => "",
        Some(rest) if rest.starts_with(['/', '\\']) => &rest[1..],
        _ => return Ok(PathBuf::from(text)),
    };
    let home = variable(host, "HOME").or_else(|| variable(host, "USERPROFILE"));
    match home {
        Some(home) => Ok(Path::new(&home).join(rest)),
        None => Err(format!("{text} can not be found, since HOME is not set")),
    }
}

/// The bytes of a file, wiped when dropped.
///
/// # Errors
/// `NotConfigured` if it is not there, `Invalid` if it can not be read.
pub(crate) fn file(
    host: &dyn Host,
    provider: &'static str,
    path: &Path,
) -> Result<Zeroizing<Vec<u8>>, CredentialsError> {
    let shown = path.display();
    host.read_file(path).map(Zeroizing::new).map_err(|cause| {
        let (kind, problem) = match cause.kind() {
            io::ErrorKind::NotFound => (NotConfigured, format!("{shown} is not there")),
            io::ErrorKind::PermissionDenied => {
                let problem = format!("{shown} may not be read: give this user access to it");
                (Invalid, problem)
            }
            io::ErrorKind::FileTooLarge => (
                Invalid,
                format!("{shown} is longer than 1 MiB: it is no such file"),
            ),
            io::ErrorKind::InvalidInput | io::ErrorKind::IsADirectory => {
                (Invalid, format!("{shown} is no file that can be read"))
            }
            _ => (Invalid, format!("{shown} can not be read")),
        };
        CredentialsError::new(kind, provider, problem).with_source(cause)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FakeHost;

    #[test]
    fn home_is_found_as_the_system_names_it() {
        let check = |variable: &str, text: &str, expected: Result<&str, &str>| {
            let host = FakeHost::new().with_env(variable, "/home/me");
            let found = path(&host, text);
            let expected = expected.map(PathBuf::from).map_err(str::to_owned);
            assert_eq!(found, expected, "{variable} {text}");
        };
        check(
            "HOME",
            "~/.aliyun/config.json",
            Ok("/home/me/.aliyun/config.json"),
        );
        check("USERPROFILE", "~/x", Ok("/home/me/x"));
        check("HOME", "~other/x", Ok("~other/x"));
        check("HOME", "/etc/x", Ok("/etc/x"));
        check(
            "OTHER",
            "~/x",
            Err("~/x can not be found, since HOME is not set"),
        );
    }

    #[test]
    fn blank_variables_are_not_set() {
        let host = FakeHost::new()
            .with_env("A", " \n")
            .with_env("B", "TRUE\n")
            .with_env("C", "1");
        assert_eq!(variable(&host, "A"), None);
        assert!(is_on(&host, "B") && !is_on(&host, "C") && !is_on(&host, "D"));
    }
}
