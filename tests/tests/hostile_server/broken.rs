//! Connections that break while an answer is awaited.

use super::server::{Then, good, raw, reply};
use super::world::{Expected, check, transport};

const HEAD: &str = "HTTP/1.1 200 OK\r\nx-acs-request-id: R\r\ncontent-length: 99\r\n\r\n";

fn broken(status: Option<u16>) -> Expected {
    Expected {
        class: Some("broken"),
        status,
        requests: [3, 1],
        may_have_been_done: true,
    }
}

#[tokio::test]
async fn before_the_answer() {
    for then in [Then::Close, Then::Reset] {
        check("no byte", &[raw("").then(then)], transport, &broken(None)).await;
        let begun = raw("HTTP/1.1 200 OK\r\ncontent-le").then(then);
        check("in the head", &[begun], transport, &broken(None)).await;
    }
}

#[tokio::test]
async fn in_the_middle_of_the_answer() {
    // RST may overtake the head; FIN comes after it, so the status is known.
    let cut = raw(format!("{HEAD}{{\"Req")).then(Then::Close);
    check("in the body", &[cut], transport, &broken(Some(200))).await;
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"Req\r\n";
    let cut = raw(chunked).then(Then::Close);
    check("in the chunks", &[cut], transport, &broken(Some(200))).await;
    let lies = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n";
    let lies = raw(lies).then(Then::Close);
    check("no chunk size", &[lies], transport, &broken(Some(200))).await;
}

#[tokio::test]
async fn no_answer_of_http() {
    for text in [
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    ] {
        let answer = raw(text).then(Then::Close);
        check(text, &[answer], transport, &broken(None)).await;
    }
    let endless = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "a".repeat(1 << 20));
    let answer = raw(endless).then(Then::Close);
    check("an endless head", &[answer], transport, &broken(None)).await;
    let headers = "x: y\r\n".repeat(1000);
    let many = reply("200 OK", &headers, b"{}").then(Then::Close);
    check("many headers", &[many], transport, &broken(None)).await;
}

#[tokio::test]
async fn one_break_is_mended_for_reads() {
    let replies = [raw("").then(Then::Reset), good()];
    let server = super::server::Server::start(replies).await;
    let endpoint = format!("http://{}", server.address);
    let client = super::world::client(std::sync::Arc::new(transport().build()), &endpoint);
    client.list_templates().send().await.unwrap();
    assert_eq!((server.requests().len(), server.connections()), (2, 2));
    let nonce = |request: &String| {
        let mut lines = request.lines();
        let line = lines.find(|line| line.starts_with("x-acs-signature-nonce"));
        line.unwrap().to_owned()
    };
    let requests = server.requests();
    assert_ne!(nonce(&requests[0]), nonce(&requests[1]), "signed anew");
}
