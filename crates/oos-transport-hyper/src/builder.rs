//! The settings of a transport.

use crate::tls::{InvalidPem, TlsSettings, TlsVersion};
use crate::{HyperTransport, Proxies};
use oos_clock::Clock;
use std::sync::Arc;
use std::time::Duration;

/// OOS closes a connection that was idle for 25 s (its `keep-alive: timeout=25`); ours go first, so
/// that a request seldom meets a connection that is just being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// The limits of the official clients.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(10);

const BODY_LIMIT: usize = 16 << 20;
const MAX_IDLE: usize = 128;

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
    pub(crate) max_idle: usize,
    pub(crate) proxies: Proxies,
    pub(crate) tls: TlsSettings,
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
                max_idle: MAX_IDLE,
                proxies: Proxies::none(),
                tls: TlsSettings::default(),
            },
        }
    }

    /// How long name lookup, TCP and TLS handshake together may take; 5 s if not set.
    pub fn with_connect_timeout(mut self, limit: Duration) -> Self {
        self.settings.connect_timeout = limit;
        self
    }

    /// How long the server may be silent: from the request to the whole head of the answer, and
    /// then from each piece of the body to the next; 10 s if not set. The time of the whole
    /// exchange is limited by whoever asks for it, by dropping its future.
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

    /// How many connections to one server are kept without use; 128 if not set.
    pub fn with_max_idle_connections(mut self, most: usize) -> Self {
        self.settings.max_idle = most;
        self
    }

    /// The longest answer that is read, in bytes of the body, compressed and decompressed; 16 MiB
    /// if not set.
    pub fn with_body_limit(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// Goes through these proxies; straight to every server if not set. This crate reads no
    /// environment.
    pub fn with_proxies(mut self, proxies: Proxies) -> Self {
        self.settings.proxies = proxies;
        self
    }

    /// Trusts the certificates of this PEM text, and these only, instead of the system's: for a
    /// test server with an authority of its own.
    ///
    /// # Errors
    /// [`InvalidPem`] if the text holds no certificate or a broken one.
    pub fn with_root_certificates(mut self, pem: &[u8]) -> Result<Self, InvalidPem> {
        self.settings.tls.trust_only(pem)?;
        Ok(self)
    }

    /// Trusts the certificates of this PEM text too: for a company's proxy that opens TLS.
    ///
    /// # Errors
    /// [`InvalidPem`] if the text holds no certificate or a broken one.
    pub fn with_added_root_certificates(mut self, pem: &[u8]) -> Result<Self, InvalidPem> {
        self.settings.tls.trust_too(pem)?;
        Ok(self)
    }

    /// Shows this certificate to servers that ask for one. The first PEM text is the certificate
    /// and those that stand between it and its authority, the second its private key.
    ///
    /// # Errors
    /// [`InvalidPem`] if one of the texts does not hold what it should.
    pub fn with_client_certificate(
        mut self,
        certificates: &[u8],
        key: &[u8],
    ) -> Result<Self, InvalidPem> {
        self.settings.tls.show(certificates, key)?;
        Ok(self)
    }

    /// Speaks no older version of TLS than this; TLS 1.2 if not set.
    pub fn with_oldest_tls(mut self, version: TlsVersion) -> Self {
        self.settings.tls.oldest = version;
        self
    }

    /// The transport. It opens no connection and reads no file yet.
    #[must_use]
    pub fn build(self) -> HyperTransport {
        HyperTransport::new(self.settings)
    }
}
