//! Credentials that the program itself has.

use crate::{Credentials, CredentialsError, ProvideCredentials};
use oos_clock::BoxFuture;
use oos_sign::AccessKey;

/// Credentials that the program has in its hand. They go out under the name `static_ak`, with a
/// security token `static_sts`.
#[derive(Debug, Clone)]
pub struct Static {
    credentials: Credentials,
}

impl Static {
    /// A long-lived key pair.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self::of(AccessKey::new(id, secret))
    }

    /// This key, with or without a security token.
    #[must_use]
    pub fn of(key: AccessKey) -> Self {
        let provider = if key.security_token().is_some() {
            "static_sts"
        } else {
            "static_ak"
        };
        let credentials = Credentials::new(key, provider);
        Self { credentials }
    }
}

impl ProvideCredentials for Static {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Ok(self.credentials.clone())))
    }

    fn name(&self) -> &str {
        self.credentials.provider()
    }
}
