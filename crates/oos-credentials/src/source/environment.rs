//! Credentials from environment variables.

use crate::CredentialsErrorKind::{Invalid, NotConfigured};
use crate::key_text::Found;
use crate::machine::variable;
use crate::{Credentials, CredentialsError, Host, ProvideCredentials, SystemHost};
use oos_clock::BoxFuture;
use std::sync::{Arc, OnceLock};
use zeroize::Zeroizing;

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
        let get = |name| variable(&*self.host, name);
        let (id, secret, token) = (get(ID), get(SECRET).map(Zeroizing::new), get(TOKEN));
        let token = token.map(Zeroizing::new);
        match (&id, &secret) {
            (None, None) => {
                let problem = format!("{ID} and {SECRET} are not set");
                return Err(error(NotConfigured, problem));
            }
            (None, _) => return Err(error(Invalid, format!("{SECRET} is set, but {ID} is not"))),
            (_, None) => return Err(error(Invalid, format!("{ID} is set, but {SECRET} is not"))),
            (Some(_), Some(_)) => {}
        }
        let found = Found {
            id: (ID, id.as_deref()),
            secret: (SECRET, secret.as_deref().map(String::as_str)),
            token: (TOKEN, token.as_deref().map(String::as_str)),
            place: "",
        };
        Ok(Credentials::new(found.key(PROVIDER)?, PROVIDER))
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

    fn name(&self) -> &str {
        PROVIDER
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
