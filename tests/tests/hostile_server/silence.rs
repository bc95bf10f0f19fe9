//! Servers that say nothing, or too slowly.

use super::server::{Server, Then, good, raw};
use super::world::{Expected, check, client, transport};
use oos::client::Error;
use oos::transport_hyper::HyperTransportBuilder;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

fn impatient() -> HyperTransportBuilder {
    transport().with_read_timeout(Duration::from_millis(60))
}

#[tokio::test]
async fn a_silent_server_ends_in_a_timeout() {
    let expected = |status| Expected {
        class: Some("timeout"),
        status,
        requests: [3, 1],
        may_have_been_done: true,
    };
    let stalled = |text: &str| [raw(text).then(Then::Stall)];
    check("silence", &stalled(""), impatient, &expected(None)).await;
    let head = stalled("HTTP/1.1 200 OK\r\ncontent-le");
    check("half a head", &head, impatient, &expected(None)).await;
    let body = stalled("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"Req");
    check("half a body", &body, impatient, &expected(Some(200))).await;
    let chunks = stalled("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n");
    check("half the chunks", &chunks, impatient, &expected(Some(200))).await;
    // What was meant to keep the client waiting is no answer.
    let informed = stalled("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n");
    check("only hints", &informed, impatient, &expected(None)).await;
}

/// A server that sends the head of its answer byte by byte: each pause is short, the whole is not.
#[tokio::test]
async fn a_dripping_head_ends_in_a_timeout() {
    let (server, listener) = Server::prepare([good()]).await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                while super::server::read_request(&mut stream).await.is_some() {
                    let mut drip = tokio::time::interval(Duration::from_millis(5));
                    let endless = b"HTTP/1.1 200 OK\r\nx: "
                        .iter()
                        .chain(std::iter::repeat(&b'a'));
                    for byte in endless {
                        drip.tick().await;
                        if stream.write_all(&[*byte]).await.is_err() {
                            return;
                        }
                    }
                }
            });
        }
    });
    let endpoint = format!("http://{}", server.address);
    let client = client(Arc::new(impatient().build()), &endpoint);
    let error = client.cancel_execution("e").send().await.unwrap_err();
    assert_eq!(error.class(), "timeout", "{error:?}");
    assert!(error.may_have_been_done());
}

/// A body that drips for ever keeps the read timeout content; the attempt's limit ends it.
#[tokio::test]
async fn a_dripping_body_ends_with_the_attempt() {
    let (server, listener) = Server::prepare([good()]).await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = super::server::read_request(&mut stream).await;
                let head = b"HTTP/1.1 200 OK\r\ncontent-length: 9999999\r\n\r\n";
                let _ = stream.write_all(head).await;
                let mut drip = tokio::time::interval(Duration::from_millis(5));
                while stream.write_all(b" ").await.is_ok() {
                    drip.tick().await;
                }
            });
        }
    });
    let endpoint = format!("http://{}", server.address).parse().unwrap();
    let client = oos::Builder::new()
        .with_endpoint(endpoint)
        .with_access_key("id", "secret")
        .with_transport(Arc::new(impatient().build()))
        .with_attempt_timeout(Duration::from_millis(200))
        .with_max_attempts(1)
        .build()
        .unwrap();
    let error = client.list_templates().send().await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert!(error.may_have_been_sent());
}

/// Slow is not silent: a body whose pauses are short is read to its end.
#[tokio::test]
async fn a_slow_body_is_read() {
    let (server, listener) = Server::prepare([good()]).await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = super::server::read_request(&mut stream).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 19\r\n\r\n";
        stream.write_all(head).await.unwrap();
        let mut drip = tokio::time::interval(Duration::from_millis(10));
        for byte in br#"{"RequestId":"R-1"}"# {
            drip.tick().await;
            stream.write_all(&[*byte]).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    let endpoint = format!("http://{}", server.address);
    let slow = transport().with_read_timeout(Duration::from_millis(150));
    let client = client(Arc::new(slow.build()), &endpoint);
    let answer = client.list_templates().send().await.unwrap();
    assert_eq!(answer.request_id.as_deref(), Some("R-1"));
}
