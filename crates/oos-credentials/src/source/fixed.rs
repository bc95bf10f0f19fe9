//! Credentials that the program itself has.

use crate::CredentialsErrorKind::Invalid;
use crate::key_text::{clean, odd_character};
use crate::{Credentials, CredentialsError, ProvideCredentials};
use oos_clock::BoxFuture;
use oos_sign::AccessKey;
use zeroize::Zeroizing;

const KEY: &str = "static_ak";
const TEMPORARY: &str = "static_sts";

/// Credentials that the program has in its hand. They go out under the name `static_ak`, with a
/// security token `static_sts`.
#[derive(Debug, Clone)]
pub struct Static {
    found: Result<Credentials, CredentialsError>,
}

impl Static {
    /// A long-lived key pair. White space around either, which files end in, is dropped. With a
    /// character in it that no key has, each call fails with a sentence that says which: the server
    /// would only say that the signature is wrong.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        let (id, secret) = (id.into(), Zeroizing::new(secret.into()));
        let part = |name: &str, text: &str| {
            let cleaned = clean(text).map(str::to_owned);
            cleaned.map_err(|index| {
                CredentialsError::new(Invalid, KEY, odd_character(index, name, ""))
            })
        };
        let id = part("the access key id", &id);
        let key = id.and_then(|id| Ok(AccessKey::new(id, part("the access key secret", &secret)?)));
        match key {
            Ok(key) => Self::of(key),
            Err(error) => Self { found: Err(error) },
        }
    }

    /// This key as it is, with or without a security token.
    #[must_use]
    pub fn of(key: AccessKey) -> Self {
        let provider = if key.security_token().is_some() {
            TEMPORARY
        } else {
            KEY
        };
        let found = Ok(Credentials::new(key, provider));
        Self { found }
    }
}

impl ProvideCredentials for Static {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(self.found.clone()))
    }

    fn name(&self) -> &str {
        self.found.as_ref().map_or(KEY, Credentials::provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_trimmed_and_odd_ones_refused() {
        let check = |id: &str, secret: &str, expected: Result<(&str, &str), &str>| {
            let found = Static::new(id, secret).found;
            let got = found.as_ref().map(|found| {
                let key = found.access_key();
                (key.id(), key.secret().expose())
            });
            let got =
                got.map_err(|error| error.problem().split(" is one").next().unwrap_or_default());
            assert_eq!(got, expected);
            assert!(!format!("{found:?}").contains("hidden"));
        };
        check("id\n", " hidden\r\n", Ok(("id", "hidden")));
        check("id", "", Ok(("id", "")));
        check(
            "id",
            "hidden\0",
            Err("character 7 of the access key secret"),
        );
        check("i d", "hidden", Err("character 2 of the access key id"));
    }
}
