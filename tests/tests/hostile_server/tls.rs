//! TLS that fails, and TLS that must not.

use super::authority::{Authority, Identity, acceptor};
use super::server::{Server, good};
use super::world::{client, transport};
use oos::client::Error;
use oos::transport::TransportErrorKind;
use oos::transport_hyper::{HyperTransportBuilder, TlsVersion};
use rustls::SupportedProtocolVersion;
use std::error::Error as _;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// A TLS server; whom it does not agree with gets no further.
async fn server(acceptor: TlsAcceptor) -> Server {
    let (server, listener) = Server::prepare([good()]).await;
    let shared = server.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), shared.clone());
            tokio::spawn(async move {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    server.take(&mut stream).await;
                }
            });
        }
    });
    server
}

fn port(server: &Server) -> &str {
    server.address.rsplit(':').next().unwrap()
}

async fn call(server: &Server, transport: HyperTransportBuilder) -> Result<(), Error> {
    let endpoint = format!("https://localhost:{}", port(server));
    let client = client(Arc::new(transport.build()), &endpoint);
    client.list_templates().send().await.map(drop)
}

fn trusting(authority: &Authority) -> HyperTransportBuilder {
    let pem = authority.pem.as_bytes();
    transport().with_root_certificates(pem).unwrap()
}

/// Nothing was sent, one attempt was made, and the causes name what is wrong.
fn is_refused(result: Result<(), Error>, server: &Server, cause: &str) {
    let error = result.unwrap_err();
    assert_eq!(
        error.transport_kind(),
        Some(TransportErrorKind::Tls),
        "{error:?}"
    );
    assert_eq!((error.class(), error.attempts()), ("tls", 1));
    assert!(!error.may_have_been_sent() && !error.is_retryable());
    assert_eq!(server.requests().len(), 0);
    let mut texts = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        texts = format!("{texts}: {error}");
        source = error.source();
    }
    assert!(texts.contains(cause), "{texts}");
}

#[tokio::test]
async fn a_server_that_is_trusted_answers() {
    let authority = Authority::new();
    for versions in [rustls::ALL_VERSIONS, TLS12, TLS13] {
        let server = server(acceptor(&authority.certify("localhost"), versions, None)).await;
        call(&server, trusting(&authority)).await.unwrap();
        assert_eq!(server.requests().len(), 1);
    }
    let identity = authority.certify("localhost");
    let server = server(acceptor(&identity, rustls::ALL_VERSIONS, None)).await;
    let added = transport().with_added_root_certificates(authority.pem.as_bytes());
    call(&server, added.unwrap()).await.unwrap();
}

static TLS12: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12];
static TLS13: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];

#[tokio::test]
async fn certificates_that_do_not_hold() {
    let authority = Authority::new();
    let check = async |identity: &Identity, trusted: &Authority, cause: &str| {
        let server = server(acceptor(identity, rustls::ALL_VERSIONS, None)).await;
        is_refused(call(&server, trusting(trusted)).await, &server, cause);
    };
    let good = authority.certify("localhost");
    check(&good, &Authority::new(), "invalid peer certificate").await;
    let other = authority.certify("oos.example");
    check(&other, &authority, "not valid for name").await;
    let old = authority.certify_with("localhost", |params| {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    });
    check(&old, &authority, "expired").await;
}

#[tokio::test]
async fn versions_that_are_too_old() {
    let authority = Authority::new();
    let server = server(acceptor(&authority.certify("localhost"), TLS12, None)).await;
    call(&server, trusting(&authority)).await.unwrap();
    let strict = trusting(&authority).with_oldest_tls(TlsVersion::Tls13);
    let error = call(&server, strict).await.unwrap_err();
    assert_eq!(error.class(), "tls", "{error:?}");
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));
}

#[tokio::test]
async fn client_certificates() {
    let (authority, clients) = (Authority::new(), Authority::new());
    for versions in [TLS12, TLS13] {
        let identity = authority.certify("localhost");
        let server = server(acceptor(&identity, versions, Some(&clients))).await;
        let shown = |identity: &Identity| {
            let (certificate, key) = (identity.certificate.as_bytes(), identity.key.as_bytes());
            trusting(&authority)
                .with_client_certificate(certificate, key)
                .unwrap()
        };
        is_refused(
            call(&server, trusting(&authority)).await,
            &server,
            "received fatal alert",
        );
        let stranger = shown(&Authority::new().certify("me"));
        is_refused(
            call(&server, stranger).await,
            &server,
            "received fatal alert",
        );
        call(&server, shown(&clients.certify("me"))).await.unwrap();
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told_apart() {
    let server = Server::start([good()]).await;
    let authority = Authority::new();
    let error = call(&server, trusting(&authority)).await.unwrap_err();
    assert!(!error.may_have_been_sent(), "{error:?}");
}

#[test]
fn pem_texts_that_do_not_hold_what_they_should() {
    let authority = Authority::new();
    let Identity { certificate, key } = authority.certify("me");
    let (certificate, key) = (certificate.as_bytes(), key.as_bytes());
    let check = |certificate: &[u8], key: &[u8], text: &str| {
        let refused = transport()
            .with_client_certificate(certificate, key)
            .unwrap_err();
        let shown = format!("{refused} {refused:?}");
        assert!(shown.contains(text), "{shown}");
        let secret = authority_line(key);
        assert!(secret.is_empty() || !shown.contains(&secret), "{shown}");
    };
    check(key, certificate, "BEGIN CERTIFICATE");
    check(certificate, certificate, "BEGIN PRIVATE KEY");
    check(certificate, b"", "BEGIN PRIVATE KEY");
    check(
        certificate,
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "PRIVATE KEY",
    );
    let builder = transport()
        .with_client_certificate(certificate, key)
        .unwrap();
    assert!(!format!("{builder:?}").contains(&authority_line(key)));
}

/// The first line of what a PEM text holds.
fn authority_line(pem: &[u8]) -> String {
    let text = String::from_utf8_lossy(pem).into_owned();
    text.lines().nth(1).unwrap_or_default().to_owned()
}
