//! Which certificate authorities are trusted, and the TLS settings that follow.

use crate::InvalidRoots;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use oos_transport::{TransportError, TransportErrorKind};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::sync::Arc;

/// Where the trusted authorities come from.
pub(crate) enum Roots {
    /// The system's, read at the first https exchange.
    System,
    /// The user's.
    Given(Arc<RootCertStore>),
}

impl Roots {
    pub(crate) fn read(pem: &[u8]) -> Result<Self, InvalidRoots> {
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(invalid)?;
            store.add(certificate).map_err(invalid)?;
        }
        if store.is_empty() {
            return Err(InvalidRoots { source: None });
        }
        Ok(Self::Given(Arc::new(store)))
    }

    fn store(&self) -> Result<Arc<RootCertStore>, TransportError> {
        match self {
            Self::System => system_store().map(Arc::new),
            Self::Given(store) => Ok(Arc::clone(store)),
        }
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => formatter.write_str("System"),
            Self::Given(store) => write!(formatter, "Given({} certificates)", store.len()),
        }
    }
}

fn invalid(source: impl std::error::Error + Send + Sync + 'static) -> InvalidRoots {
    InvalidRoots {
        source: Some(source.into()),
    }
}

/// The connector for https. The crypto provider is passed explicitly, so that no other crate of
/// the program can change it, nor has to install one.
pub(crate) fn connector(
    roots: &Roots,
    tcp: HttpConnector,
) -> Result<HttpsConnector<HttpConnector>, TransportError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unsupported)?
        .with_root_certificates(roots.store()?)
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_only()
        .enable_http1();
    Ok(connector.wrap_connector(tcp))
}

/// A system may hold certificates that rustls refuses; the others still count.
fn system_store() -> Result<RootCertStore, TransportError> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(found.certs);
    if store.is_empty() {
        return Err(match found.errors.into_iter().next() {
            Some(error) => unsupported(error),
            None => unsupported(
                "this system has no certificate authorities to trust: install its package \
                 `ca-certificates`, or name a PEM file in SSL_CERT_FILE",
            ),
        });
    }
    Ok(store)
}

fn unsupported(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::new(TransportErrorKind::Unsupported).with_source(source)
}
