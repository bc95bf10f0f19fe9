//! Credentials from environment variables.

use crate::CredentialsErrorKind::{Invalid, NotConfigured};
use crate::{Credentials, CredentialsError, Host, ProvideCredentials, SystemHost};
use oos_clock::BoxFuture;
use oos_sign::AccessKey;
use std::sync::{Arc, OnceLock};

const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

const PROVIDER: &str = "env";

/// Credentials from `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, if set,
/// `ALIBABA_CLOUD_SECURITY_TOKEN`: the variables of the official clients.
///
/// An empty variable counts as not set. White space around a value is dropped, since values read
/// from files often end in a line break; other characters that no key has are refused, since the
/// server would only say that the signature is wrong. The variables are read once they are good,
/// and not again.
#[derive(Debug)]
pub struct Environment {
    host: Arc<dyn Host>,
    found: OnceLock<Credentials>,
}

impl Environment {
    /// The environment of this process.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Arc::new(SystemHost))
    }

    /// The environment of `host`.
    pub fn of(host: Arc<dyn Host>) -> Self {
        let found = OnceLock::new();
        Self { host, found }
    }

    fn find(&self) -> Result<Credentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let read = self.read()?;
        Ok(self.found.get_or_init(|| read).clone())
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        let key = match (self.variable(ID)?, self.variable(SECRET)?) {
            (Some(id), Some(secret)) => AccessKey::new(id, secret),
            (None, None) => {
                return Err(error(
                    NotConfigured,
                    format!("{ID} and {SECRET} are not set"),
                ));
            }
            (None, _) => return Err(error(Invalid, format!("{SECRET} is set, but {ID} is not"))),
            (_, None) => return Err(error(Invalid, format!("{ID} is set, but {SECRET} is not"))),
        };
        let key = match self.variable(TOKEN)? {
            Some(token) => key.with_security_token(token),
            None => key,
        };
        Ok(Credentials::new(key, PROVIDER))
    }

    fn variable(&self, name: &str) -> Result<Option<String>, CredentialsError> {
        let Some(value) = self.host.env(name) else {
            return Ok(None);
        };
        let value = value.trim();
        match value.chars().position(|c| !c.is_ascii_graphic()) {
            Some(index) => Err(error(
                Invalid,
                format!(
                    "character {} of {name} is one that no access key has: set it without blanks, \
                     line breaks and quotes of a word processor",
                    index + 1
                ),
            )),
            None => Ok((!value.is_empty()).then(|| value.to_owned())),
        }
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::new()
    }
}

impl ProvideCredentials for Environment {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(self.find()))
    }
}

fn error(kind: crate::CredentialsErrorKind, problem: String) -> CredentialsError {
    CredentialsError::new(kind, PROVIDER, problem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FakeHost;

    fn find(variables: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
        let mut host = FakeHost::new();
        for (name, value) in variables {
            host = host.with_env(*name, *value);
        }
        Environment::of(Arc::new(host)).find()
    }

    #[test]
    fn variables_become_a_key() {
        let check = |variables: &[(&str, &str)], expected: (&str, &str, Option<&str>)| {
            let found = find(variables).expect("credentials");
            let key = found.access_key();
            assert_eq!(
                (key.id(), key.secret().expose(), key.security_token()),
                expected
            );
            assert_eq!((found.provider(), found.expires_at()), ("env", None));
        };
        check(&[(ID, "id"), (SECRET, "s")], ("id", "s", None));
        check(&[(ID, "id\n"), (SECRET, " s\r\n")], ("id", "s", None));
        check(
            &[(ID, "id"), (SECRET, "s"), (TOKEN, "t=")],
            ("id", "s", Some("t=")),
        );
        check(&[(ID, "id"), (SECRET, "s"), (TOKEN, "")], ("id", "s", None));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_value() {
        let check = |variables: &[(&str, &str)], kind, part: &str| {
            let error = find(variables).expect_err("no credentials");
            assert_eq!(error.kind(), kind);
            let shown = format!("{error} {error:?}");
            assert!(shown.contains(part), "{shown}");
            assert!(!shown.contains("hidden"), "{shown}");
        };
        check(
            &[],
            NotConfigured,
            "_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not set",
        );
        check(&[(ID, ""), (SECRET, "\n")], NotConfigured, "are not set");
        check(&[(ID, "id")], Invalid, "_SECRET is not");
        check(&[(SECRET, "hidden")], Invalid, "_ID is not");
        check(
            &[(ID, "id"), (SECRET, "hidden\u{7}hidden")],
            Invalid,
            "character 7 of",
        );
        check(
            &[(ID, "id"), (SECRET, "hidden hidden")],
            Invalid,
            "character 7 of",
        );
        check(
            &[(ID, "id"), (SECRET, "s"), (TOKEN, "hidden\0")],
            Invalid,
            "SECURITY_TOKEN",
        );
        check(
            &[(ID, "\u{201c}id\u{201d}"), (SECRET, "hidden")],
            Invalid,
            "character 1 of",
        );
    }
}
