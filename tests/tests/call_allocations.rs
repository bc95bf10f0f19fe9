//! How often a call asks for memory, counted: client, signature and transport over a real socket,
//! against a server that asks for none. A program of its own, since the count is of the process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use oos::enums::TriggerType;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What a call may ask for. The figures are those measured; less is welcome, more needs a reason.
const TRIGGER_EXECUTION: usize = 22;
const GET_TEMPLATE: usize = 20;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\n\
    content-length: 52\r\nx-acs-request-id: 4F6A1B2C-0000-0000-0000-000000000001\r\n\r\n\
    {\"RequestId\":\"4F6A1B2C-0000-0000-0000-000000000001\"}";

/// Answers without allocating: requests are not kept, and their length does not matter.
async fn serve(listener: TcpListener) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = [0; 16 * 1024];
    while let Ok(1..) = read(&mut stream, &mut bytes).await {
        stream.write_all(ANSWER).await.unwrap();
    }
}

async fn read(stream: &mut TcpStream, bytes: &mut [u8]) -> std::io::Result<usize> {
    let mut length = 0;
    while !bytes[..length].ends_with(b"\r\n\r\n") {
        match stream.read(&mut bytes[length..]).await? {
            0 => return Ok(0),
            more => length += more,
        }
    }
    Ok(length)
}

const CALLS: usize = 100;

/// Allocations and reallocations of a call, rounded up.
async fn per_call(call: impl AsyncFn()) -> usize {
    for _ in 0..CALLS {
        call().await;
    }
    let region = Region::new(COUNTED);
    for _ in 0..CALLS {
        call().await;
    }
    let made = region.change();
    (made.allocations + made.reallocations).div_ceil(CALLS)
}

#[tokio::test(flavor = "current_thread")]
async fn calls_stay_within_their_allocations() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener));
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_endpoint(endpoint.parse().unwrap())
        .with_access_key("testid", "testsecret")
        .with_proxies(oos::Proxies::none())
        .build()
        .unwrap();
    let content = r#"{"product":"ecs","name":"Instance:StateChange","level":"INFO"}"#.repeat(10);

    let trigger = per_call(async || {
        let call = client.trigger_execution("exec-1a2b3c", TriggerType::Event, content.as_str());
        call.send().await.unwrap();
    })
    .await;
    let get = per_call(async || {
        client.get_template("restart").send().await.unwrap();
    })
    .await;
    let found = format!("TriggerExecution {trigger}, GetTemplate {get}");
    assert!(
        trigger <= TRIGGER_EXECUTION && get <= GET_TEMPLATE,
        "{found}"
    );
    if std::env::args().any(|argument| argument == "--nocapture") {
        println!("{found}");
    }
}
