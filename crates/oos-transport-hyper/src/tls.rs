//! Which certificates are trusted and shown, and the TLS settings that follow.

use oos_transport::{TransportError, TransportErrorKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// The oldest version of TLS that is spoken. Older ones than these are broken, and not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246), the default.
    #[default]
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// A PEM text that TLS can not use. It does not repeat the text.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InvalidPem {
    /// No certificate authority to trust.
    #[error(
        "the PEM text holds no usable certificate: it needs `-----BEGIN CERTIFICATE-----` blocks"
    )]
    Certificates {
        /// What is wrong with one of the blocks, if there are any.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// No private key.
    #[error(
        "the PEM text holds no usable private key: it needs one `-----BEGIN PRIVATE KEY-----` \
         block (PKCS#8, PKCS#1 or SEC1, not encrypted)"
    )]
    PrivateKey {
        /// What is wrong with the block, if there is one.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

/// What a transport knows of TLS.
#[derive(Default)]
pub(crate) struct TlsSettings {
    /// The system's authorities are trusted unless the user gave others.
    roots: Option<Vec<CertificateDer<'static>>>,
    added: Vec<CertificateDer<'static>>,
    identity: Option<Identity>,
    pub(crate) oldest: TlsVersion,
}

struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl TlsSettings {
    pub(crate) fn trust_only(&mut self, pem: &[u8]) -> Result<(), InvalidPem> {
        self.roots = Some(authorities(pem)?);
        Ok(())
    }

    pub(crate) fn trust_too(&mut self, pem: &[u8]) -> Result<(), InvalidPem> {
        self.added.extend(authorities(pem)?);
        Ok(())
    }

    pub(crate) fn show(&mut self, certificates: &[u8], key: &[u8]) -> Result<(), InvalidPem> {
        let no_key = |source| InvalidPem::PrivateKey { source };
        let chain = certificates_of(certificates)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| no_key(Some(e.into())))?;
        provider()
            .key_provider
            .load_private_key(key.clone_key())
            .map_err(|error| no_key(Some(error.into())))?;
        self.identity = Some(Identity { chain, key });
        Ok(())
    }

    /// The settings for rustls. The crypto provider is passed explicitly, so that no other crate of
    /// the program can change it, nor has to install one.
    pub(crate) fn config(&self) -> Result<Arc<ClientConfig>, TransportError> {
        let builder = ClientConfig::builder_with_provider(Arc::new(provider()))
            .with_protocol_versions(versions(self.oldest))
            .map_err(unsupported)?
            .with_root_certificates(self.store()?);
        let config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some(Identity { chain, key }) => builder
                .with_client_auth_cert(chain.clone(), key.clone_key())
                .map_err(unsupported)?,
        };
        Ok(Arc::new(config))
    }

    fn store(&self) -> Result<RootCertStore, TransportError> {
        let mut store = match &self.roots {
            None => system_store(self.added.is_empty())?,
            Some(roots) => {
                let mut store = RootCertStore::empty();
                store.add_parsable_certificates(roots.iter().cloned());
                store
            }
        };
        store.add_parsable_certificates(self.added.iter().cloned());
        Ok(store)
    }
}

impl fmt::Debug for TlsSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TlsSettings")
            .field("given_roots", &self.roots.as_ref().map(Vec::len))
            .field("added_roots", &self.added.len())
            .field("shows_certificate", &self.identity.is_some())
            .field("oldest", &self.oldest)
            .finish()
    }
}

fn provider() -> rustls::crypto::CryptoProvider {
    rustls::crypto::ring::default_provider()
}

fn versions(oldest: TlsVersion) -> &'static [&'static SupportedProtocolVersion] {
    match oldest {
        TlsVersion::Tls12 => rustls::ALL_VERSIONS,
        TlsVersion::Tls13 => ONLY_TLS13,
    }
}

static ONLY_TLS13: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];

/// The certificates, each of which must be one that can be trusted.
fn authorities(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, InvalidPem> {
    let certificates = certificates_of(pem)?;
    let mut store = RootCertStore::empty();
    for certificate in &certificates {
        store.add(certificate.clone()).map_err(no_certificate)?;
    }
    Ok(certificates)
}

fn certificates_of(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, InvalidPem> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = read.map_err(no_certificate)?;
    if certificates.is_empty() {
        return Err(InvalidPem::Certificates { source: None });
    }
    Ok(certificates)
}

fn no_certificate(source: impl std::error::Error + Send + Sync + 'static) -> InvalidPem {
    let source = Some(source.into());
    InvalidPem::Certificates { source }
}

/// A system may hold certificates that rustls refuses; the others still count.
fn system_store(is_all: bool) -> Result<RootCertStore, TransportError> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(found.certs);
    if store.is_empty() && is_all {
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
