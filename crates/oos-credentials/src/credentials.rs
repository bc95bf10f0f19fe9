//! What a source gives.

use oos_sign::AccessKey;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use time::OffsetDateTime;

/// An access key, how long it is good for, and the name of the source it came from. Clones share it.
#[derive(Clone)]
pub struct Credentials {
    shared: Arc<Shared>,
}

#[derive(Clone)]
struct Shared {
    access_key: AccessKey,
    expires_at: Option<OffsetDateTime>,
    provider: Cow<'static, str>,
}

impl Credentials {
    /// Credentials that do not expire. `provider` names the source in the form of the official
    /// clients, such as `static_ak`; it is sent with each request as `x-acs-credentials-provider`.
    pub fn new(access_key: AccessKey, provider: impl Into<Cow<'static, str>>) -> Self {
        Self {
            shared: Arc::new(Shared {
                access_key,
                expires_at: None,
                provider: provider.into(),
            }),
        }
    }

    /// The same credentials, good until then.
    #[must_use]
    pub fn expiring_at(mut self, time: OffsetDateTime) -> Self {
        Arc::make_mut(&mut self.shared).expires_at = Some(time);
        self
    }

    /// The same credentials under the name of a chain: `default` makes `default/env` of `env`.
    #[must_use]
    pub fn through(mut self, chain: &str) -> Self {
        let shared = Arc::make_mut(&mut self.shared);
        shared.provider = format!("{chain}/{}", shared.provider).into();
        self
    }

    /// The key to sign with.
    #[must_use]
    pub fn access_key(&self) -> &AccessKey {
        &self.shared.access_key
    }

    /// When they end to be good, in UTC; `None` if they do not.
    #[must_use]
    pub fn expires_at(&self) -> Option<OffsetDateTime> {
        self.shared.expires_at
    }

    /// The name of the source.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.shared.provider
    }

    /// Whether both are clones of one.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

/// Shows the id of the key, never the secret or the token.
impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("access_key", &self.shared.access_key)
            .field("expires_at", &self.shared.expires_at)
            .field("provider", &self.shared.provider)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let key = AccessKey::new("testid", "hidden").with_security_token("hidden");
        let shown = format!("{:#?}", Credentials::new(key, "static_sts"));
        assert!(
            shown.contains("testid") && shown.contains("static_sts"),
            "{shown}"
        );
        assert!(!shown.contains("hidden"), "{shown}");
    }
}
