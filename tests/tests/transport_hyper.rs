//! The hyper transport against servers that misbehave, on loopback.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use oos_clock::{FakeClock, SystemClock};
use oos_transport::{
    CallContext, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use oos_transport_hyper::{HyperTransport, HyperTransportBuilder};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use time::macros::datetime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-acs-request-id: R\r\n\r\nhello";

/// A server whose connections are handled by `serve` one after the other; gives its address.
async fn server<F>(serve: impl Fn(TcpStream, usize) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        for number in 1.. {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, number));
        }
    });
    address
}

/// A server that answers every request with the text that `answer` makes of connection number,
/// number of the request on it, and the request.
async fn answering(
    answer: impl Fn(usize, usize, &str) -> String + Copy + Send + Sync + 'static,
) -> String {
    server(move |mut stream, connection| async move {
        let mut requests = 0;
        while let Some(request) = read_request(&mut stream).await {
            requests += 1;
            let text = answer(connection, requests, &request);
            stream.write_all(text.as_bytes()).await.unwrap();
        }
    })
    .await
}

/// Head and body of the next request; `None` at the end of the connection.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    loop {
        let mut byte = [0];
        if stream.read(&mut byte).await.unwrap_or(0) == 0 {
            return None;
        }
        text.push(byte[0]);
        if text.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let head = String::from_utf8(text.clone()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    text.extend(body);
    Some(String::from_utf8(text).unwrap())
}

fn builder() -> HyperTransportBuilder {
    HyperTransport::builder(Arc::new(SystemClock))
}

fn request(address: &str) -> HttpRequest {
    let endpoint = format!("http://{address}").parse().unwrap();
    let mut request = HttpRequest::new(http::Method::POST, endpoint, "/?A=%20%2A");
    request.headers.insert("host", address.parse().unwrap());
    request
}

async fn send(
    transport: &HyperTransport,
    request: HttpRequest,
) -> Result<HttpResponse, TransportError> {
    transport.send(request, &CallContext::new("Test")).await
}

async fn expect_failure(address: &str, kind: TransportErrorKind, may_have_been_sent: bool) {
    let error = send(&builder().build(), request(address))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), kind, "{error:?}");
    assert_eq!(error.may_have_been_sent(), may_have_been_sent);
}

#[tokio::test]
async fn an_answer_arrives_whole() {
    let address = answering(|_, _, _| HELLO.to_owned()).await;
    let answer = send(&builder().build(), request(&address)).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-acs-request-id"), Some("R"));
    assert_eq!(answer.body.as_bytes(), b"hello");
}

#[tokio::test]
async fn target_headers_and_body_go_out_as_given() {
    let address = answering(|_, _, request| {
        format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{request}",
            request.len()
        )
    })
    .await;
    let mut given = request(&address);
    given
        .headers
        .insert("host", "signed.example:99".parse().unwrap());
    given
        .headers
        .insert("authorization", "ACS3-HMAC-SHA256 x".parse().unwrap());
    given.body = "a=b".into();
    let answer = send(&builder().build(), given).await.unwrap();
    let echo = String::from_utf8(answer.body.as_bytes().to_vec()).unwrap();
    let (head, body) = echo.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines.remove(0), "POST /?A=%20%2A HTTP/1.1");
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "accept-encoding: gzip",
            "authorization: ACS3-HMAC-SHA256 x",
            "content-length: 3",
            "host: signed.example:99"
        ]
    );
    assert_eq!(body, "a=b");
}

#[tokio::test]
async fn chunks_are_joined_and_an_empty_answer_is_one() {
    let check = |text: &'static str, status: u16, body: &'static [u8]| async move {
        let address = answering(move |_, _, _| text.to_owned()).await;
        let answer = send(&builder().build(), request(&address)).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_bytes()),
            (status, body)
        );
    };
    check("HTTP/1.1 204 No Content\r\n\r\n", 204, b"").await;
    check(
        "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 4\r\n\r\n<h1>",
        502,
        b"<h1>",
    )
    .await;
    check(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n",
        200,
        b"abcdef",
    )
    .await;
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let address = answering(|_, _, _| {
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
            .to_owned()
    })
    .await;
    let answer = send(&builder().build(), request(&address)).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), Some("http://127.0.0.1:1/"));
}

#[tokio::test]
async fn connections_are_reused() {
    let address = answering(|connection, number, _| {
        format!("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{connection}/{number}")
    })
    .await;
    let transport = builder().build();
    for expected in ["1/1", "1/2", "1/3"] {
        let answer = send(&transport, request(&address)).await.unwrap();
        assert_eq!(answer.body.as_bytes(), expected.as_bytes());
        // The connection goes back to the pool in a task of its own.
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_closed_idle_connection_costs_no_call() {
    let address = server(|mut stream, _| async move {
        let _ = read_request(&mut stream).await;
        let _ = stream.write_all(HELLO.as_bytes()).await;
    })
    .await;
    let transport = builder().build();
    for _ in 0..3 {
        // At worst the close is met before a byte went out; then it is safe to send again.
        let answer = match send(&transport, request(&address)).await {
            Err(error) if !error.may_have_been_sent() => send(&transport, request(&address)).await,
            answer => answer,
        };
        assert_eq!(answer.unwrap().body.as_bytes(), b"hello");
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_connection_reset_before_the_answer_is_broken() {
    let address = server(|mut stream, _| async move {
        let _ = read_request(&mut stream).await;
    })
    .await;
    expect_failure(&address, TransportErrorKind::Broken, true).await;
}

#[tokio::test]
async fn an_answer_cut_short_is_broken() {
    let address = server(|mut stream, _| async move {
        let _ = read_request(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhel")
            .await;
    })
    .await;
    expect_failure(&address, TransportErrorKind::Broken, true).await;
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_broken() {
    let address = answering(|_, _, _| "SSH-2.0-OpenSSH_9.6\r\n\r\n".to_owned()).await;
    expect_failure(&address, TransportErrorKind::Broken, true).await;
}

#[tokio::test]
async fn a_refused_port_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    expect_failure(&address, TransportErrorKind::Connect, false).await;
}

#[tokio::test]
async fn a_target_over_the_limit_is_refused() {
    let mut given = request("127.0.0.1:1");
    given.target = format!("/?a={}", "b".repeat(65_534));
    let error = send(&builder().build(), given).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(
        source.contains("65538 bytes") && source.contains("form body"),
        "{source}"
    );
}

#[tokio::test]
async fn a_too_long_answer_is_refused() {
    let check = |text: &'static str| async move {
        let address = answering(move |_, _, _| text.to_owned()).await;
        let transport = builder().with_body_limit(5).build();
        let error = send(&transport, request(&address)).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::BodyTooLarge);
        assert!(error.may_have_been_sent() && !error.is_retryable());
    };
    check("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nhello!").await;
    check("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n")
        .await;
}

/// Moves a fake clock once the server has done its part, so that nobody waits for real time.
async fn failure_after(
    limit: Duration,
    address: &str,
    ready: Arc<tokio::sync::Notify>,
) -> TransportError {
    let clock = FakeClock::at(datetime!(2026-01-02 03:04:05 UTC));
    let transport = HyperTransport::builder(Arc::new(clock.clone()))
        .with_read_timeout(limit)
        .build();
    let given = request(address);
    let sending = tokio::spawn(async move { send(&transport, given).await });
    ready.notified().await;
    // The client may not have read yet what it waits after.
    while !sending.is_finished() {
        clock.advance(limit);
        tokio::task::yield_now().await;
    }
    sending.await.unwrap().unwrap_err()
}

#[tokio::test]
async fn a_stalled_answer_ends_at_the_read_timeout() {
    for part in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhel",
    ] {
        let ready = Arc::new(tokio::sync::Notify::new());
        let signal = Arc::clone(&ready);
        let address = server(move |mut stream, _| {
            let signal = Arc::clone(&signal);
            async move {
                let _ = read_request(&mut stream).await;
                stream.write_all(part.as_bytes()).await.unwrap();
                signal.notify_one();
                let _ = read_request(&mut stream).await;
            }
        })
        .await;
        let error = failure_after(Duration::from_secs(10), &address, ready).await;
        assert_eq!(error.kind(), TransportErrorKind::ReadTimeout);
        assert!(error.is_timeout() && error.may_have_been_sent());
    }
}

/// A listener whose queue is full neither refuses nor accepts: the connection hangs. TLS gives the
/// same without a trick: a server that never says a word hangs the handshake.
#[tokio::test]
async fn a_hanging_handshake_ends_at_the_connect_timeout() {
    let ready = Arc::new(tokio::sync::Notify::new());
    let signal = Arc::clone(&ready);
    let address = server(move |mut stream, _| {
        let signal = Arc::clone(&signal);
        async move {
            let mut hello = [0; 1];
            let _ = stream.read_exact(&mut hello).await;
            signal.notify_one();
            let _ = read_request(&mut stream).await;
        }
    })
    .await;
    let clock = FakeClock::at(datetime!(2026-01-02 03:04:05 UTC));
    let transport = HyperTransport::builder(Arc::new(clock.clone()))
        .with_connect_timeout(Duration::from_secs(3))
        .with_root_certificates(AUTHORITY)
        .unwrap()
        .build();
    let mut given = request(&address);
    given.endpoint = format!("https://{address}").parse().unwrap();
    let sending = tokio::spawn(async move { send(&transport, given).await });
    ready.notified().await;
    clock.advance(Duration::from_secs(3));
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::ConnectTimeout);
    assert!(error.is_timeout() && !error.may_have_been_sent());
}

#[tokio::test]
async fn a_server_without_tls_gives_no_tls_connection() {
    let address = server(|mut stream, _| async move {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = read_request(&mut stream).await;
    })
    .await;
    let transport = builder().with_root_certificates(AUTHORITY).unwrap().build();
    let mut given = request(&address);
    given.endpoint = format!("https://{address}").parse().unwrap();
    let error = send(&transport, given).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Tls);
    assert!(!error.is_retryable() && !error.may_have_been_sent());
}

#[tokio::test]
async fn roots_that_hold_no_certificate_are_refused() {
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in [&b""[..], b"no PEM", broken] {
        let error = builder()
            .with_root_certificates(pem)
            .unwrap_err()
            .to_string();
        assert!(error.contains("BEGIN CERTIFICATE"), "{error}");
    }
}

/// A certificate authority made for this test; its key was thrown away.
const AUTHORITY: &[u8] = b"-----BEGIN CERTIFICATE-----
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
