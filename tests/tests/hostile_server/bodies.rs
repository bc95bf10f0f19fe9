//! Answers that are whole, and not what is wanted.

use super::server::{Reply, Server, Then, raw, reply};
use super::world::{Expected, check, client, transport};
use flate2::{Compression, write::GzEncoder};
use oos::client::Error;
use oos::transport_hyper::HyperTransportBuilder;
use std::io::Write;
use std::sync::Arc;

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn compressed(body: &[u8]) -> Reply {
    reply("200 OK", "content-encoding: gzip\r\n", body)
}

async fn failure(replies: &[Reply], transport: HyperTransportBuilder) -> Error {
    let server = Server::start(replies.iter().cloned()).await;
    let endpoint = format!("http://{}", server.address);
    let client = client(Arc::new(transport.build()), &endpoint);
    client.cancel_execution("e").send().await.unwrap_err()
}

#[tokio::test]
async fn statuses_that_are_no_success() {
    let check = async |status: &str, class, requests, done| {
        let code = status[..3].parse().ok();
        let expected = Expected {
            class: Some(class),
            status: code,
            requests,
            may_have_been_done: done,
        };
        let page = reply(status, "content-type: text/html\r\n", b"<html>no</html>");
        check(status, &[page], transport, &expected).await;
    };
    check("301 Moved Permanently", "refused", [1, 1], false).await;
    check("302 Found", "refused", [1, 1], false).await;
    check("307 Temporary Redirect", "refused", [1, 1], false).await;
    check("400 Bad Request", "refused", [1, 1], false).await;
    check("403 Forbidden", "refused", [1, 1], false).await;
    check("404 Not Found", "refused", [1, 1], false).await;
    check(
        "407 Proxy Authentication Required",
        "refused",
        [1, 1],
        false,
    )
    .await;
    check("429 Too Many Requests", "throttled", [3, 3], false).await;
    check("500 Internal Server Error", "server_fault", [3, 1], true).await;
    check("502 Bad Gateway", "server_fault", [3, 1], true).await;
    check("503 Service Unavailable", "server_fault", [3, 1], true).await;
    check("504 Gateway Timeout", "server_fault", [3, 1], true).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::start([super::server::good()]).await;
    let location = format!("location: http://{}/\r\n", other.address);
    let server = Server::start([reply("302 Found", &location, b"")]).await;
    let endpoint = format!("http://{}", server.address);
    let client = client(Arc::new(transport().build()), &endpoint);
    let error = client.list_templates().send().await.unwrap_err();
    assert_eq!((error.status(), other.connections()), (Some(302), 0));
}

#[tokio::test]
async fn a_page_of_a_gateway_keeps_status_headers_and_text() {
    let page = b"<html><h1>502 Bad Gateway</h1></html>";
    let headers = "content-type: text/html\r\nx-acs-request-id: R-7\r\nvia: gateway\r\n";
    let error = failure(&[reply("502 Bad Gateway", headers, page)], transport()).await;
    assert_eq!(
        (error.status(), error.request_id()),
        (Some(502), Some("R-7"))
    );
    let Error::Service(error) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.raw(), page);
    assert_eq!(error.headers()["via"], "gateway");
}

#[tokio::test]
async fn success_in_words_that_can_not_be_read() {
    let expected = Expected {
        class: Some("decode"),
        status: Some(200),
        requests: [1, 1],
        may_have_been_done: true,
    };
    for (kind, body) in [
        ("text/html", &b"<html>hello</html>"[..]),
        ("application/json", b""),
        ("application/json", b"{"),
        ("application/json", b"\xff\xfe"),
        ("application/json", br#"{"RequestId":1e999999}"#),
        ("image/png", b"\x89PNG"),
    ] {
        let headers = format!("content-type: {kind}\r\n");
        let answer = reply("200 OK", &headers, body);
        check(kind, &[answer], transport, &expected).await;
    }
    let expected = Expected {
        status: Some(204),
        ..expected
    };
    let empty = raw("HTTP/1.1 204 No Content\r\n\r\n");
    check("204", &[empty], transport, &expected).await;
}

/// The type is a claim; the words are what counts.
#[tokio::test]
async fn a_wrong_content_type_does_no_harm() {
    let expected = Expected {
        class: None,
        status: None,
        requests: [1, 1],
        may_have_been_done: false,
    };
    for kind in ["text/html", "application/xml", "nonsense", ""] {
        let headers = format!("content-type: {kind}\r\n");
        let answer = reply("200 OK", &headers, br#"{"RequestId":"R"}"#);
        check(kind, &[answer], transport, &expected).await;
    }
}

#[tokio::test]
async fn compressed_answers_are_read() {
    let body = gzip(br#"{"RequestId":"R-gz"}"#);
    let server = Server::start([compressed(&body)]).await;
    let endpoint = format!("http://{}", server.address);
    let client = client(Arc::new(transport().build()), &endpoint);
    let answer = client.list_templates().send().await.unwrap();
    assert_eq!(answer.request_id.as_deref(), Some("R-gz"));
    assert_eq!(&answer.raw[..], br#"{"RequestId":"R-gz"}"#);
    assert!(!answer.headers.contains_key("content-encoding"));
    assert!(server.requests()[0].contains("accept-encoding: gzip\r\n"));

    let refusal = gzip(br#"{"Code":"EntityNotExists.Execution","RequestId":"R-8"}"#);
    let headers = "content-encoding: gzip\r\n";
    let error = failure(&[reply("404 Not Found", headers, &refusal)], transport()).await;
    assert_eq!(error.code(), Some("EntityNotExists.Execution"));
}

#[tokio::test]
async fn damaged_compression_is_told_with_its_status() {
    let whole = gzip(br#"{"RequestId":"R-gz"}"#);
    let expected = Expected {
        class: Some("broken"),
        status: Some(200),
        requests: [3, 1],
        may_have_been_done: true,
    };
    let cut = compressed(&whole[..whole.len() - 5]);
    check("cut short", &[cut], transport, &expected).await;
    check("no gzip", &[compressed(b"{}")], transport, &expected).await;
    let mut damaged = whole;
    damaged[14] ^= 0xff;
    check("damaged", &[compressed(&damaged)], transport, &expected).await;
}

#[tokio::test]
async fn large_answers_are_read_up_to_the_limit() {
    let large = format!(
        r#"{{"RequestId":"R","Filler":"{}"}}"#,
        "a".repeat(10_000_000)
    );
    let bomb = gzip(large.as_bytes());
    let server = Server::start([reply("200 OK", "", large.as_bytes()), compressed(&bomb)]).await;
    let endpoint = format!("http://{}", server.address);
    let client = client(Arc::new(transport().build()), &endpoint);
    for _ in 0..2 {
        let answer = client.list_templates().send().await.unwrap();
        assert_eq!(answer.raw.len(), large.len());
    }

    let limited = || transport().with_body_limit(1 << 20);
    let expected = Expected {
        class: Some("too_large"),
        status: Some(200),
        requests: [1, 1],
        may_have_been_done: true,
    };
    let plain = reply("200 OK", "", large.as_bytes()).then(Then::Close);
    check("too large", &[plain], limited, &expected).await;
    check("a bomb", &[compressed(&bomb)], limited, &expected).await;
}
