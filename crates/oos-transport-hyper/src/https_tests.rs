//! The https path against a server with an authority of its own.

use crate::HyperTransport;
use oos_clock::SystemClock;
use oos_transport::{
    CallContext, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Gives the port of a server that answers the first request of each connection with `hello`.
async fn server() -> u16 {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(acceptor.clone(), stream));
        }
    });
    port
}

async fn answer(acceptor: TlsAcceptor, stream: TcpStream) {
    // A client that does not trust us hangs up here.
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a whole head"));
    }
    let text = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    stream.write_all(text).await.expect("the client listens");
    stream.shutdown().await.expect("an orderly end");
}

async fn get(roots: &[u8], host: &str, port: u16) -> Result<HttpResponse, TransportError> {
    let transport = HyperTransport::builder(Arc::new(SystemClock))
        .with_root_certificates(roots)
        .expect("certificates")
        .build();
    let endpoint = format!("https://{host}:{port}")
        .parse()
        .expect("an endpoint");
    let request = HttpRequest::new(http::Method::GET, endpoint, "/");
    transport.send(request, &CallContext::new("Test")).await
}

#[tokio::test]
async fn a_trusted_server_answers() {
    let port = server().await;
    let answer = get(AUTHORITY, "localhost", port).await.expect("an answer");
    assert_eq!(answer.body.as_bytes(), b"hello");
}

#[tokio::test]
async fn a_stranger_is_no_connection() {
    let port = server().await;
    for (roots, host) in [(OTHER_AUTHORITY, "localhost"), (AUTHORITY, "127.0.0.1")] {
        let error = get(roots, host, port).await.expect_err("not trusted");
        assert_eq!(error.kind(), TransportErrorKind::Connect, "{error:?}");
        assert!(!error.may_have_been_sent());
    }
}

const AUTHORITY: &[u8] = b"\
-----BEGIN CERTIFICATE-----
MIIBoTCCAUegAwIBAgIUPLxGNb2xQxFzOm/GCEHrDFfkglowCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSb29zIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyNDA4MTkzM1oY
DzIxMjYxMDMxMDgxOTMzWjAdMRswGQYDVQQDDBJvb3MgdGVzdCBhdXRob3JpdHkw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQMR1b6sHxZmCStqGpR+R2+m9VJmizz
Y6fETlBECWf6ejvhtJbg/opLWzhZ0lCTo1JwoMOI3IFFjtde6A72xn3Xo2MwYTAd
BgNVHQ4EFgQU/WcvpTDH32n2W+e45SJ2PHWe5qcwHwYDVR0jBBgwFoAU/WcvpTDH
32n2W+e45SJ2PHWe5qcwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQw
CgYIKoZIzj0EAwIDSAAwRQIhAPDE3RHadz+FkoGpmI/G45aIsKOLNrj+apTlR1D1
w8ETAiAxL5LIH+QOhPmEFJnJSphEm2P7aytjCtYUCD/sLR9BEQ==
-----END CERTIFICATE-----
";

const OTHER_AUTHORITY: &[u8] = b"\
-----BEGIN CERTIFICATE-----
MIIBkTCCATegAwIBAgIUOqEU+CjnRy+iJvFAWRxOUwS4kzswCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSb29zIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyNDA3NTM1N1oY
DzIxMjYxMDMxMDc1MzU3WjAdMRswGQYDVQQDDBJvb3MgdGVzdCBhdXRob3JpdHkw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASWGd/KUn9yQw3OAtoYvKINZb8eZqKv
kT8waMasay17S4tcdQGZrrVWis7MMYDodcNl9GxWwFERYIiHZOoEJ9g7o1MwUTAd
BgNVHQ4EFgQUvIMiY577+IPvgXfu4yi8NXvt9LswHwYDVR0jBBgwFoAUvIMiY577
+IPvgXfu4yi8NXvt9LswDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF
AiACcOyJXKnySmn23bV+wpv6YS4TPa99HKRBPdLgVcSogAIhAMQj/+WnAimuk2SO
DEwxfLNwmjXzFy+WjLeRFJotP5XA
-----END CERTIFICATE-----
";

/// For the name `localhost`, from the authority above.
const CERTIFICATE: &[u8] = b"\
-----BEGIN CERTIFICATE-----
MIIBrTCCAVOgAwIBAgIUQLCsgw6BQ50+zxF4pkGrhgw4UBIwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSb29zIHRlc3QgYXV0aG9yaXR5MCAXDTI2MTEyNDA4MTkzM1oY
DzIxMjYxMDMxMDgxOTMzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAAS/HZ8BbSoH7Fw5GdXC58j6JvkRoQ27i98AhbZbGKPD
DuqELjomYHiVPNmV0LMtYO/bjPivSLv+v1RlOhpVX5RVo3gwdjAUBgNVHREEDTAL
gglsb2NhbGhvc3QwCQYDVR0TBAIwADATBgNVHSUEDDAKBggrBgEFBQcDATAdBgNV
HQ4EFgQUfaCfoa9I3wjLKg0i39+r1CiFCcEwHwYDVR0jBBgwFoAU/WcvpTDH32n2
W+e45SJ2PHWe5qcwCgYIKoZIzj0EAwIDSAAwRQIgNMdHCTi80+AykfV2km61+tgq
FsD8xO+592GOrKXBNbMCIQCgKnvSCD7XN+r7yHRPNTMXYhGmI2j5xEkpDEmpgpOG
ww==
-----END CERTIFICATE-----
";

/// Guards nothing but this test.
const KEY: &[u8] = b"\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaQebd2u9qglCYQQy
II5qxIS7WeHG7DgeYJzWox4mKqihRANCAAS/HZ8BbSoH7Fw5GdXC58j6JvkRoQ27
i98AhbZbGKPDDuqELjomYHiVPNmV0LMtYO/bjPivSLv+v1RlOhpVX5RV
-----END PRIVATE KEY-----
";
