//! The key pair of a caller, and its secret.

use std::fmt;
use std::sync::Arc;

use ring::hmac;
use zeroize::Zeroizing;

use crate::sendable::is_word;

/// A secret text: never shown, wiped from memory when dropped.
///
/// ```
/// let secret = oos_sign::SecretKey::new("testsecret");
/// assert_eq!(format!("{secret:?}"), "SecretKey(***)");
/// ```
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Takes the text as it is; it is neither trimmed nor checked.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    /// The text itself, for a signer of one's own. Never log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

/// An access key: its id, its secret and, for temporary credentials, the security token.
///
/// Cloning is cheap: the clones share one set of HMAC keys that were made ready by
/// [`AccessKey::new`]. Those ready keys are derived from the secret and live as long as the last clone.
#[derive(Clone)]
pub struct AccessKey(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    id: String,
    secret: SecretKey,
    security_token: Option<SecretKey>,
    sendable: bool,
    acs3: hmac::Key,
    rpc_v1: hmac::Key,
}

impl AccessKey {
    /// A long-lived key pair. An empty secret is accepted: some servers use one for tests.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        let secret = SecretKey::new(secret);
        // HMAC-SHA1 uses the secret with `&` appended, a leftover of OAuth 1.0 (help page "Request signatures").
        let v1_secret = Zeroizing::new(format!("{}&", secret.expose()));
        let id = id.into();
        Self(Arc::new(Inner {
            sendable: is_word(&id) && !id.contains(','),
            id,
            acs3: hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes()),
            rpc_v1: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, v1_secret.as_bytes()),
            secret,
            security_token: None,
        }))
    }

    /// The same key with the security token that STS handed out with it.
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<String>) -> Self {
        let token = SecretKey::new(token);
        let inner = Arc::make_mut(&mut self.0);
        inner.sendable &= is_word(token.expose());
        inner.security_token = Some(token);
        self
    }

    /// The access key id: an identifier, not a secret.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The secret, for a signer of one's own.
    #[must_use]
    pub fn secret(&self) -> &SecretKey {
        &self.0.secret
    }

    /// The security token, if these are temporary credentials. A secret: never log it.
    #[must_use]
    pub fn security_token(&self) -> Option<&str> {
        self.0.security_token.as_ref().map(SecretKey::expose)
    }

    /// Whether id and token can stand in a header: known once, asked for every signature.
    pub(crate) fn is_sendable(&self) -> bool {
        self.0.sendable
    }

    pub(crate) fn acs3(&self) -> &hmac::Key {
        &self.0.acs3
    }

    pub(crate) fn rpc_v1(&self) -> &hmac::Key {
        &self.0.rpc_v1
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("id", &self.0.id)
            .field("secret", &self.0.secret)
            .field("security_token", &self.0.security_token)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_id_and_no_secret() {
        let key = AccessKey::new("testid", "hidden-secret").with_security_token("hidden-token");
        let shown = format!("{key:?} {key:#?} {:?}", key.secret());
        assert!(shown.contains("testid"));
        assert!(!shown.contains("hidden"), "{shown}");
    }

    #[test]
    fn a_token_does_not_reach_the_other_clones() {
        let key = AccessKey::new("testid", "testsecret");
        let temporary = key.clone().with_security_token("token");
        assert_eq!(key.security_token(), None);
        assert_eq!(temporary.security_token(), Some("token"));
        assert_eq!(temporary.id(), "testid");
        assert_eq!(temporary.secret().expose(), "testsecret");
    }
}
