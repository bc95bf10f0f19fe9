//! Proxies that forward, tunnel, refuse and hang.

use super::authority::{Authority, acceptor};
use super::server::{Server, Then, good, raw, read_request, reply};
use super::world::{client, transport};
use oos::client::Error;
use oos::transport::TransportErrorKind;
use oos::transport_hyper::{HyperTransportBuilder, Proxies};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// `user:p@ss` in Base64.
const CREDENTIALS: &str = "Basic dXNlcjpwQHNz";

fn through(proxy: &Server) -> HyperTransportBuilder {
    let address = format!("http://user:p%40ss@{}", proxy.address);
    let proxies = Proxies::none()
        .with_http(&address)
        .and_then(|proxies| proxies.with_https(&address))
        .unwrap();
    transport()
        .with_proxies(proxies)
        .with_connect_timeout(Duration::from_millis(500))
}

async fn call(transport: HyperTransportBuilder, endpoint: &str) -> Result<(), Error> {
    let client = client(Arc::new(transport.build()), endpoint);
    client.cancel_execution("e").send().await.map(drop)
}

const PLAIN: &str = "http://oos.example:8080";
const SECURE: &str = "https://oos.example";

#[tokio::test]
async fn a_plain_call_names_its_whole_url() {
    let proxy = Server::start([good()]).await;
    call(through(&proxy), PLAIN).await.unwrap();
    let requests = proxy.requests();
    let request = requests[0].as_str();
    assert!(
        request.starts_with("POST http://oos.example:8080/?ExecutionId=e HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains("\r\nhost: oos.example:8080\r\n"),
        "{request}"
    );
    let credentials = format!("\r\nproxy-authorization: {CREDENTIALS}\r\n");
    assert!(request.contains(&credentials), "{request}");
}

/// A proxy that opens its tunnel, and the TLS server at its end in one.
async fn tunnel(authority: &Authority) -> (Server, Server) {
    let identity = authority.certify("oos.example");
    let acceptor = acceptor(&identity, rustls::ALL_VERSIONS, None);
    let (proxy, listener) = Server::prepare([raw("HTTP/1.1 200 Connected\r\n\r\n")]).await;
    let (server, _) = Server::prepare([good()]).await;
    let (asked, end) = (proxy.clone(), server.clone());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (asked, end, acceptor) = (asked.clone(), end.clone(), acceptor.clone());
            tokio::spawn(async move {
                asked.note(&read_request(&mut stream).await.unwrap());
                let opened = b"HTTP/1.1 200 Connection established\r\nvia: proxy\r\n\r\n";
                stream.write_all(opened).await.unwrap();
                end.take(&mut acceptor.accept(stream).await.unwrap()).await;
            });
        }
    });
    (proxy, server)
}

#[tokio::test]
async fn a_tls_call_goes_through_a_tunnel() {
    let authority = Authority::new();
    let (proxy, server) = tunnel(&authority).await;
    let trusting = through(&proxy).with_root_certificates(authority.pem.as_bytes());
    let client = client(Arc::new(trusting.unwrap().build()), SECURE);
    for _ in 0..3 {
        client.cancel_execution("e").send().await.unwrap();
    }
    let asked = proxy.requests();
    assert_eq!(asked.len(), 1, "the tunnel is kept");
    assert!(
        asked[0].starts_with("CONNECT oos.example:443 HTTP/1.1\r\n"),
        "{asked:?}"
    );
    assert!(asked[0].contains(CREDENTIALS), "{asked:?}");
    // The server at the end sees neither the proxy's credentials nor the whole URL.
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests[0].starts_with("POST /?ExecutionId=e HTTP/1.1\r\n"));
    assert!(!requests[0].contains("proxy-authorization"));
}

/// Class, kind, and the number of requests that the proxy saw; nothing was sent to the server, so
/// that repeating is safe even for a call that must not be made twice.
async fn check(
    replies: impl IntoIterator<Item = super::server::Reply>,
    endpoint: &str,
    expected: (TransportErrorKind, usize),
) {
    let proxy = Server::start(replies).await;
    let error = call(through(&proxy), endpoint).await.unwrap_err();
    let found = (error.transport_kind().unwrap(), proxy.requests().len());
    assert_eq!(found, expected, "{error:?}");
    assert!(!error.may_have_been_sent() && !error.may_have_been_done());
    let shown = format!("{error} {error:?}");
    for secret in ["p@ss", "p%40ss", CREDENTIALS] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn a_proxy_that_wants_credentials() {
    use TransportErrorKind::ProxyAuthentication;
    let wants = || {
        let headers = "proxy-authenticate: Basic realm=\"x\"\r\n";
        [reply(
            "407 Proxy Authentication Required",
            headers,
            b"<html>",
        )]
    };
    check(wants(), PLAIN, (ProxyAuthentication, 1)).await;
    check(wants(), SECURE, (ProxyAuthentication, 1)).await;
}

#[tokio::test]
async fn a_proxy_that_opens_no_tunnel() {
    use TransportErrorKind::{ConnectTimeout, Proxy};
    let refused = reply("403 Forbidden", "", b"not here");
    check([refused], SECURE, (Proxy, 3)).await;
    let gateway = reply("502 Bad Gateway", "", b"");
    check([gateway], SECURE, (Proxy, 3)).await;
    check(
        [raw("SSH-2.0\r\n\r\n").then(Then::Close)],
        SECURE,
        (Proxy, 3),
    )
    .await;
    check([raw("").then(Then::Close)], SECURE, (Proxy, 3)).await;
    let endless = raw(format!("HTTP/1.1 200 OK\r\nx: {}", "a".repeat(20_000)));
    check([endless], SECURE, (Proxy, 3)).await;
    check([raw("").then(Then::Stall)], SECURE, (ConnectTimeout, 3)).await;
}

#[tokio::test]
async fn a_proxy_that_hangs_with_a_plain_call() {
    let proxy = Server::start([raw("").then(Then::Stall)]).await;
    let impatient = through(&proxy).with_read_timeout(Duration::from_millis(60));
    let error = call(impatient, PLAIN).await.unwrap_err();
    // It may have passed the request on before.
    assert_eq!(
        error.transport_kind(),
        Some(TransportErrorKind::ReadTimeout)
    );
    assert!(error.may_have_been_done());
    assert_eq!((error.attempts(), proxy.requests().len()), (1, 1));
}

#[tokio::test]
async fn nobody_listens_where_the_proxy_should_be() {
    let (proxy, listener) = Server::prepare([good()]).await;
    drop(listener);
    for endpoint in [PLAIN, SECURE] {
        let error = call(through(&proxy), endpoint).await.unwrap_err();
        assert_eq!(
            error.transport_kind(),
            Some(TransportErrorKind::Connect),
            "{error:?}"
        );
        assert_eq!(error.attempts(), 3);
    }
}

#[tokio::test]
async fn this_machine_is_reached_without_a_proxy() {
    let (proxy, server) = (Server::start([good()]).await, Server::start([good()]).await);
    let port = server.address.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost"] {
        call(through(&proxy), &format!("http://{host}:{port}"))
            .await
            .unwrap();
    }
    assert_eq!((proxy.connections(), server.requests().len()), (0, 2));
}
