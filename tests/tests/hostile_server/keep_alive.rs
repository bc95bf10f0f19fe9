//! Connections that are kept, and closed at the worst moment.

use super::server::{Server, Then, good, raw, reply};
use super::world::{client, transport};
use oos::transport_hyper::HyperTransport;
use std::sync::Arc;
use std::time::Duration;

fn connect(server: &Server, transport: &HyperTransport) -> oos::Client {
    let endpoint = format!("http://{}", server.address);
    client(Arc::new(transport.clone()), &endpoint)
}

/// Every answer is followed by the end of its connection, unannounced. Calls that must not be made
/// twice are made once each, and none fails.
#[tokio::test]
async fn a_close_between_calls_costs_nothing() {
    for then in [Then::Close, Then::Reset] {
        let server = Server::start([good().then(then)]).await;
        let transport = transport().build();
        let client = connect(&server, &transport);
        for call in 1..=20 {
            client.cancel_execution("e").send().await.unwrap();
            settle().await;
            assert_eq!(server.requests().len(), call);
        }
        assert_eq!(server.connections(), 20);
    }
}

/// Lets the close arrive at the tasks of the connections.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

/// The close races with the next request: whatever wins, no call that must not be made twice is
/// made twice, and what failed says whether it may have been carried out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_close_that_races_with_a_request_is_told() {
    let server = Server::start([good().then(Then::Close)]).await;
    let client = connect(&server, &transport().build());
    let mut failed = 0;
    for _ in 0..200 {
        if let Err(error) = client.cancel_execution("e").send().await {
            assert_eq!(error.class(), "broken", "{error:?}");
            assert!(error.may_have_been_done() && error.attempts() == 1);
            failed += 1;
        }
    }
    let seen = server.requests().len();
    assert!(seen <= 200 && seen + failed >= 200, "{seen} {failed}");
}

#[tokio::test]
async fn an_announced_close_is_obeyed() {
    let server = Server::start([reply(
        "200 OK",
        "connection: close\r\n",
        br#"{"RequestId":"R"}"#,
    )])
    .await;
    let transport = transport().build();
    let client = connect(&server, &transport);
    for _ in 0..3 {
        client.cancel_execution("e").send().await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (3, 3));
}

#[tokio::test]
async fn a_whole_answer_keeps_its_connection() {
    for answer in [
        good(),
        raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        reply(
            "404 Not Found",
            "",
            br#"{"Code":"EntityNotExists.Execution"}"#,
        ),
        raw("HTTP/1.1 204 No Content\r\n\r\n"),
    ] {
        let server = Server::start([answer]).await;
        let client = connect(&server, &transport().build());
        for _ in 0..5 {
            let _ = client.cancel_execution("e").send().await;
        }
        assert_eq!((server.requests().len(), server.connections()), (5, 1));
    }
}

/// What was not read to its end, or was followed by more than it announced, is not used again.
#[tokio::test]
async fn a_spoilt_connection_is_not_used_again() {
    let hidden = r#"{"RequestId":"R"}HTTP/1.1 200 OK"#;
    let smuggled = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{hidden}\r\ncontent-length: 2\r\n\r\n{{}}"
    );
    let server = Server::start([raw(smuggled)]).await;
    let client = connect(&server, &transport().build());
    for _ in 0..3 {
        let answer = client.list_templates().send().await.unwrap();
        assert_eq!(answer.request_id.as_deref(), Some("R"));
        settle().await;
    }
    assert_eq!(server.connections(), 3);

    let server = Server::start([
        raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").then(Then::Stall),
        good(),
    ])
    .await;
    let impatient = transport().with_read_timeout(Duration::from_millis(60));
    let transport = impatient.build();
    connect(&server, &transport)
        .list_templates()
        .send()
        .await
        .unwrap();
    assert_eq!((server.connections(), transport.idle_connections()), (2, 1));
}

/// A client that goes away in the middle of an answer closes the connection.
#[tokio::test]
async fn a_dropped_call_drops_its_connection() {
    let server = Server::start([raw("").then(Then::Stall)]).await;
    let transport = transport().build();
    let client = connect(&server, &transport);
    let call = tokio::spawn(async move { client.cancel_execution("e").send().await });
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(transport.idle_connections(), 0);
}

/// The server keeps idle connections for 25 s; ours are given up before, by a clock that is ours.
#[tokio::test]
async fn an_old_connection_is_not_used() {
    let clock = oos::clock::FakeClock::at(time::macros::datetime!(2026-01-02 03:04:05 UTC));
    let transport = HyperTransport::builder(Arc::new(clock.clone())).build();
    let server = Server::start([good()]).await;
    let client = connect(&server, &transport);
    let check = async |pause: u64, connections: usize| {
        clock.advance(Duration::from_secs(pause));
        client.list_templates().send().await.unwrap();
        assert_eq!(server.connections(), connections, "{pause}");
    };
    check(0, 1).await;
    check(19, 1).await;
    check(20, 2).await;
    check(1, 2).await;
}

#[tokio::test]
async fn no_more_idle_connections_are_kept_than_wanted() {
    let server = Server::start([good()]).await;
    let transport = transport().with_max_idle_connections(4).build();
    let client = connect(&server, &transport);
    let calls = (0..32).map(|_| client.list_templates().send());
    for result in futures_util::future::join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(server.connections(), 32);
    assert_eq!(transport.idle_connections(), 4);
}
