//! The settings of a transport.

use crate::{HyperTransport, tls::Roots};
use oos_clock::Clock;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// OOS closes a connection that was idle for 25 s (its `keep-alive: timeout=25`); ours go first, so
/// that a request seldom meets a connection that is just being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// The limits of the official clients.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(10);

const BODY_LIMIT: usize = 16 << 20;

/// Collects the settings of a [`HyperTransport`]; made by [`HyperTransport::builder`].
#[derive(Debug)]
#[must_use]
pub struct HyperTransportBuilder {
    pub(crate) settings: Settings,
}

#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) roots: Roots,
}

impl HyperTransportBuilder {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            settings: Settings {
                clock,
                connect_timeout: CONNECT_TIMEOUT,
                read_timeout: READ_TIMEOUT,
                idle_timeout: IDLE_TIMEOUT,
                body_limit: BODY_LIMIT,
                roots: Roots::System,
            },
        }
    }

    /// How long name lookup, TCP and TLS handshake together may take; 5 s if not set.
    pub fn with_connect_timeout(mut self, limit: Duration) -> Self {
        self.settings.connect_timeout = limit;
        self
    }

    /// How long an exchange may take from its beginning to the last byte of the answer, connecting
    /// included; 10 s if not set.
    pub fn with_read_timeout(mut self, limit: Duration) -> Self {
        self.settings.read_timeout = limit;
        self
    }

    /// How long a connection is kept without use; 20 s if not set. It should be less than what the
    /// server allows (25 s at OOS).
    pub fn with_idle_timeout(mut self, limit: Duration) -> Self {
        self.settings.idle_timeout = limit;
        self
    }

    /// The longest answer that is read, in bytes of the body; 16 MiB if not set.
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// Trusts the certificates of this PEM text, and these only, instead of the system's: for a
    /// proxy or a test server with an authority of its own.
    ///
    /// # Errors
    /// [`InvalidRoots`] if the text holds no certificate or a broken one.
    pub fn with_root_certificates(mut self, pem: &[u8]) -> Result<Self, InvalidRoots> {
        self.settings.roots = Roots::read(pem)?;
        Ok(self)
    }

    /// The transport. It opens no connection and reads no file yet.
    #[must_use]
    pub fn build(self) -> HyperTransport {
        HyperTransport::new(self.settings)
    }
}

/// A PEM text that gives no certificate authority to trust.
#[derive(Debug, Error)]
#[error("the PEM text holds no usable certificate: it needs `-----BEGIN CERTIFICATE-----` blocks")]
pub struct InvalidRoots {
    #[source]
    pub(crate) source: Option<Box<dyn std::error::Error + Send + Sync>>,
}
