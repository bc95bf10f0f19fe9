//! The listener of a local OOS, over real sockets.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod dev_support;

use dev_support::{Served, Socket};
use oos_clock::FakeClock;
use oos_local::{ListenError, ListenOptions, LocalOos};
use oos_model::enums::TriggerType;
use oos_sign::{Acs3, RpcV1, Sign};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use time::macros::datetime;
use tokio::io::AsyncWriteExt;

const HEAD: &str = "GET / HTTP/1.1\r\nhost: localhost\r\n";

const WATCH: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: stopped
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: ['Instance:StateChange'] }
- Name: done
  Action: ACS::Choice
  Properties: { DefaultTask: ACS::END, Choices: [] }
";

/// A template that is longer than `http::Uri` can hold once it is encoded.
fn long_template() -> String {
    format!("{WATCH}# {}\n", "说明".repeat(5_600))
}

#[tokio::test]
async fn the_real_client_reaches_it() {
    let served = Served::new().await;
    let key = served.local.access_key();
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_endpoint(
            format!("http://{}", served.address)
                .parse()
                .expect("an endpoint"),
        )
        .with_access_key(key.id(), key.secret().expose())
        .build()
        .expect("it is complete");
    client
        .create_template("watch", WATCH)
        .send()
        .await
        .expect("it is good");
    let started = client
        .start_execution("watch")
        .send()
        .await
        .expect("it starts");
    let id = started
        .output
        .execution
        .and_then(|one| one.execution_id)
        .expect("an id");
    let message = r#"{"product":"ECS","name":"Instance:StateChange"}"#;
    client
        .trigger_execution(&id, TriggerType::Event, message)
        .send()
        .await
        .expect("it waits");
    let children = client
        .list_executions()
        .with(|all| all.with_parent_execution_id(&id))
        .send()
        .await
        .expect("a list");
    assert_eq!(children.output.total_count, Some(1));
    let refused = client
        .trigger_execution("exec-0", TriggerType::Event, "{}")
        .send()
        .await;
    assert_eq!(
        refused.expect_err("there is none").code(),
        Some("EntityNotExists.Execution")
    );
    served.ended().await;
}

#[tokio::test]
async fn a_target_beyond_what_a_uri_holds_is_read() {
    let served = Served::new().await;
    let content = long_template();
    let check = async |signer: &dyn Sign, method: &str, name: &str| {
        let parameters = [("TemplateName", name), ("Content", content.as_str())];
        let create = served.signed(signer, method, "CreateTemplate", &parameters);
        assert!(create.find(" HTTP/1.1") > Some(98_000), "{}", create.len());
        let get = served.signed(signer, method, "GetTemplate", &parameters[..1]);
        let answers = served.exchange(format!("{create}{get}").as_bytes()).await;
        assert_eq!(answers.len(), 2, "{answers:?}");
        assert_eq!(answers[0].status, 200, "{:?}", answers[0]);
        assert_eq!(answers[1].body["Content"], content.as_str());
    };
    check(&Acs3, "POST", "by-acs3").await;
    check(&RpcV1, "GET", "by-v1").await;
}

#[tokio::test]
async fn requests_on_one_connection_are_answered_in_order_whatever_their_pieces() {
    let served = Served::new().await;
    let content = long_template();
    let mut sent = String::new();
    for name in ["a", "b"] {
        let parameters = [("TemplateName", name), ("Content", content.as_str())];
        sent += &served.signed(&Acs3, "POST", "CreateTemplate", &parameters);
        sent += &served.signed(&Acs3, "POST", "GetTemplate", &parameters[..1]);
    }
    let mut socket = served.connect().await;
    let pieces = sent.as_bytes().chunks(7_919);
    for piece in pieces {
        socket.send(piece).await;
        tokio::task::yield_now().await;
    }
    for name in ["a", "a", "b", "b"] {
        let answer = socket.answer().await.expect("an answer");
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.body["Template"]["TemplateName"], name);
        assert!(
            answer.head.contains("keep-alive: timeout=25\r\n"),
            "{}",
            answer.head
        );
    }
}

#[tokio::test]
async fn every_byte_may_come_alone() {
    let served = Served::new().await;
    let body = "Action=ListExecutions";
    let form = format!(
        "POST /?a=b HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let chunked = "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n\
                   3;x\r\na=b\r\n0\r\n\r\n";
    let mut socket = served.connect().await;
    for byte in format!("{form}{chunked}{HEAD}\r\n").bytes() {
        socket.send(&[byte]).await;
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        let answer = socket.answer().await.expect("an answer");
        assert_eq!(answer.refusal(), (400, "MissingSignature", false));
    }
}

#[tokio::test]
async fn only_its_own_names_are_answered() {
    let served = Served::new().await;
    let check = async |host: &str, code: &str, parts: &[&str]| {
        let sent = format!("GET / HTTP/1.1\r\n{host}\r\n");
        let answers = served.exchange(sent.as_bytes()).await;
        let [answer] = &answers[..] else {
            panic!("{host}: {answers:?}")
        };
        assert_eq!(answer.refusal().1, code, "{host}");
        for part in parts {
            assert!(
                answer.message().contains(part),
                "{host}: {}",
                answer.message()
            );
        }
    };
    let endpoint = served.address.to_string();
    let passes = "MissingSignature";
    check(&format!("host: {endpoint}\r\n"), passes, &[]).await;
    check("Host: localhost:1\r\n", passes, &[]).await;
    check("Host: [::1]\r\n", passes, &[]).await;
    let own = format!("endpoint `{endpoint}`");
    check(
        "host: evil.example\r\n",
        "InvalidHost",
        &["`evil.example`", &own],
    )
    .await;
    check("", "InvalidHost", &["no Host header", &endpoint]).await;
    let mending = "Config(endpoint=\"127.0.0.1:4060\", protocol=\"HTTP\")";
    check(
        "host: http://127.0.0.1:4060\r\n",
        "InvalidHost",
        &["scheme `http`", mending],
    )
    .await;
}

#[tokio::test]
async fn what_is_too_much_or_ambiguous_is_refused_and_the_connection_ends() {
    let served = Served::new().await;
    let check = async |sent: String, status: u16, code: &str| {
        let answers = served.exchange(sent.as_bytes()).await;
        let start: String = sent.chars().take(60).collect();
        let [answer] = &answers[..] else {
            panic!("{start:?}: {answers:?}")
        };
        assert_eq!(answer.refusal(), (status, code, true), "{start:?}");
        let id = answer.body["RequestId"].as_str().expect("an id");
        assert!(
            answer.head.contains(&format!("x-acs-request-id: {id}\r\n")),
            "{answer:?}"
        );
    };
    let next = "GET /smuggled HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let post = |headers: &str, body: &str| {
        format!("POST / HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n\r\n{body}{next}")
    };
    let long = |length: usize| {
        format!(
            "GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n",
            "a".repeat(length)
        )
    };
    check(long(256 * 1024), 414, "RequestTargetTooLong").await;
    check(long(1024 * 1024), 414, "RequestTargetTooLong").await;
    check(
        post(&format!("x: {}", "y".repeat(70_000)), ""),
        431,
        "RequestHeadersTooLarge",
    )
    .await;
    check(
        post(&"x: y\r\n".repeat(120), ""),
        431,
        "RequestHeadersTooLarge",
    )
    .await;
    check(post("content-length: 4194305", "x"), 413, "RequestTooLarge").await;
    let chunk = format!("400001\r\n{}\r\n0\r\n\r\n", "x".repeat(0x40_0001));
    check(
        post("transfer-encoding: chunked", &chunk),
        413,
        "RequestTooLarge",
    )
    .await;
    let both = "content-length: 5\r\ntransfer-encoding: chunked";
    check(post(both, "0\r\n\r\n"), 400, "MalformedRequest").await;
    check(
        post("content-length: 0\r\ncontent-length: 0", ""),
        400,
        "MalformedRequest",
    )
    .await;
    check(
        post("transfer-encoding: chunked", "zz\r\n"),
        400,
        "MalformedRequest",
    )
    .await;
    check(
        post("transfer-encoding: chunked", "1\r\nab\r\n"),
        400,
        "MalformedRequest",
    )
    .await;
    check(
        String::from("\u{16}\u{3}\u{1}\u{2}\u{0}"),
        400,
        "MalformedRequest",
    )
    .await;
    check(
        String::from("CONNECT / HTTP/1.1\r\n\r\n"),
        400,
        "UnsupportedHTTPMethod",
    )
    .await;
    check(format!("POST /{HEAD}\r\n"), 400, "MalformedRequest").await;
}

#[tokio::test]
async fn a_body_up_to_the_limit_is_read() {
    let served = Served::new().await;
    let body = "a".repeat(4 * 1024 * 1024);
    let sent = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n{body}{HEAD}\r\n",
        body.len()
    );
    let answers = served.exchange(sent.as_bytes()).await;
    let codes: Vec<_> = answers.iter().map(dev_support::Answer::refusal).collect();
    assert_eq!(codes, [(400, "MissingSignature", false); 2]);
}

/// A listener whose time stands still.
async fn timeless() -> (Served, FakeClock) {
    let clock = FakeClock::at(datetime!(2026-01-01 00:00 UTC));
    let builder = LocalOos::builder().gateway_clock(Arc::new(clock.clone()));
    let served = Served::with(builder, |options| {
        options
            .idle_limit(Duration::from_secs(25))
            .head_limit(Duration::from_secs(10))
            .body_limit(Duration::from_secs(30))
            .drain_limit(Duration::from_mins(1))
    });
    (served.await, clock)
}

/// Waits until somebody waits for exactly this time.
async fn until_waiting(clock: &FakeClock, time: Duration) {
    while clock.next_wake() != Some(time) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn who_is_too_slow_is_told_so() {
    let (served, clock) = timeless().await;
    let check = async |sent: &str, seconds: u64, refused: bool| {
        let mut socket = served.connect().await;
        socket.send(sent.as_bytes()).await;
        let limit = Duration::from_secs(seconds);
        until_waiting(&clock, limit).await;
        clock.advance(limit);
        let answer = socket.answer().await;
        let refusal = answer.as_ref().map(dev_support::Answer::refusal);
        let expected = refused.then_some((408, "RequestTimeout", true));
        assert_eq!(refusal, expected, "{sent}");
        assert!(socket.line().await.is_empty(), "the connection has ended");
    };
    check("", 25, false).await;
    check("GET", 10, true).await;
    check(HEAD, 10, true).await;
    check(
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\nab",
        30,
        true,
    )
    .await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_up_to_its_limit_from_the_last_answer() {
    let (served, clock) = timeless().await;
    let mut socket = served.connect().await;
    for _ in 0..3 {
        socket.send(format!("{HEAD}\r\n").as_bytes()).await;
        let answer = socket.answer().await.expect("an answer");
        assert_eq!(answer.refusal(), (400, "MissingSignature", false));
        until_waiting(&clock, Duration::from_secs(25)).await;
        clock.advance(Duration::from_secs(24));
    }
    clock.advance(Duration::from_secs(1));
    assert!(socket.line().await.is_empty());
}

#[tokio::test]
async fn who_comes_when_all_connections_are_taken_waits() {
    let served = Served::with(LocalOos::builder(), |options| options.most_connections(1)).await;
    let one = format!("{HEAD}\r\n");
    let mut first = served.connect().await;
    first.send(one.as_bytes()).await;
    first.answer().await.expect("an answer");
    let mut second = served.connect().await;
    second.send(one.as_bytes()).await;
    for _ in 0..5 {
        first.send(one.as_bytes()).await;
        first.answer().await.expect("an answer");
    }
    let early = second.0.get_mut().try_read(&mut [0]);
    let kind = early.expect_err("nobody has answered").kind();
    assert_eq!(kind, std::io::ErrorKind::WouldBlock);
    drop(first);
    assert!(second.answer().await.is_some());
}

/// A request that is under way: its head is read, its body is not.
async fn under_way(served: &Served) -> Socket {
    let mut socket = served.connect().await;
    let head =
        "POST / HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n";
    socket.send(head.as_bytes()).await;
    assert_eq!(socket.line().await, "HTTP/1.1 100 Continue\r\n");
    assert_eq!(socket.line().await, "\r\n");
    socket
}

#[tokio::test]
async fn at_the_end_calls_under_way_are_answered_and_idle_connections_closed() {
    let (mut served, _clock) = timeless().await;
    let mut idle = served.connect().await;
    idle.send(format!("{HEAD}\r\n").as_bytes()).await;
    idle.answer().await.expect("an answer");
    let mut busy = under_way(&served).await;
    served.end();
    assert!(idle.line().await.is_empty(), "it has nothing to wait for");
    busy.send(b"a=b").await;
    let answer = busy.answer().await.expect("an answer");
    assert_eq!(answer.refusal(), (400, "MissingSignature", true));
    let address = served.address;
    served.ended().await;
    let refused = tokio::net::TcpStream::connect(address).await;
    assert!(refused.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn who_never_finishes_does_not_keep_it_from_ending() {
    let (mut served, clock) = timeless().await;
    let mut busy = under_way(&served).await;
    until_waiting(&clock, Duration::from_secs(30)).await;
    clock.advance(Duration::from_secs(1));
    served.end();
    while clock.sleepers() < 2 {
        tokio::task::yield_now().await;
    }
    // The limit of the body comes before that of the end.
    clock.advance(Duration::from_secs(29));
    let answer = busy.answer().await.expect("an answer");
    assert_eq!(answer.refusal(), (408, "RequestTimeout", true));
    drop(busy);
    served.ended().await;

    let clock = FakeClock::at(datetime!(2026-01-01 00:00 UTC));
    let builder = LocalOos::builder().gateway_clock(Arc::new(clock.clone()));
    let mut served = Served::with(builder, |options| {
        options.drain_limit(Duration::from_secs(5))
    })
    .await;
    let mut busy = under_way(&served).await;
    until_waiting(&clock, Duration::from_secs(30)).await;
    served.end();
    until_waiting(&clock, Duration::from_secs(5)).await;
    clock.advance(Duration::from_secs(5));
    served.ended().await;
    assert!(busy.answer().await.is_none(), "it was cut off");
}

#[tokio::test]
async fn a_client_that_closes_its_side_is_answered() {
    let served = Served::new().await;
    let mut socket = served.connect().await;
    socket
        .send(format!("{HEAD}connection: close\r\n\r\n").as_bytes())
        .await;
    socket.0.get_mut().shutdown().await.expect("it is open");
    let answer = socket.answer().await.expect("an answer");
    assert_eq!(answer.refusal(), (400, "MissingSignature", true));
    assert!(socket.line().await.is_empty());
}

#[tokio::test]
async fn other_machines_are_let_in_only_by_name() {
    let local = LocalOos::builder().spawn();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0"] {
        let address: SocketAddr = address.parse().expect("an address");
        let refused = local.listen(ListenOptions::on(address)).await;
        assert!(
            matches!(refused, Err(ListenError::NotLoopback { .. })),
            "{address}: {refused:?}"
        );
    }
    let open = ListenOptions::on(SocketAddr::from(([0, 0, 0, 0], 0))).allow_other_machines();
    let listener = local.listen(open).await.expect("a free port");
    let endpoint = format!("http://127.0.0.1:{}", listener.local_addr().port());
    assert_eq!(listener.endpoint().to_string(), endpoint);
    let taken = local.listen(ListenOptions::on(listener.local_addr()).allow_other_machines());
    assert!(matches!(taken.await, Err(ListenError::Bind { .. })));
}
