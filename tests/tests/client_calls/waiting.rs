//! Waiting for executions, and following the child of a message.

use super::support::{START, answer, builder, parameter, refusal};
use futures_util::TryStreamExt;
use oos_client::model::enums::{ExecutionStatus, TriggerType};
use oos_client::{Client, FollowErrorKind, NoRetry, Wait, WaitErrorKind, Waited};
use oos_clock::{Clock, FakeClock};
use oos_transport::{HttpResponse, Scripted, TransportError, TransportErrorKind};
use serde_json::{Value, json};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

fn executions(list: &[Value]) -> HttpResponse {
    answer(200, &json!({ "Executions": list }).to_string())
}

fn execution(status: &str) -> HttpResponse {
    executions(&[json!({
        "ExecutionId": "exec-1", "Status": status, "Outputs": "{\"password\":\"hunter2\"}",
    })])
}

fn world() -> (Scripted, FakeClock, Client) {
    let (transport, clock) = (Scripted::new(), FakeClock::jumping(START));
    let client = builder(&transport)
        .with_clock(Arc::new(clock.clone()))
        .with_retry_policy(Arc::new(NoRetry))
        .build()
        .unwrap();
    (transport, clock, client)
}

fn wait(client: &Client) -> Wait {
    let pauses = (Duration::from_millis(100), Duration::from_secs(1));
    client
        .wait("exec-1")
        .limit(Duration::from_secs(10))
        .pauses(pauses.0, pauses.1)
}

#[tokio::test]
async fn an_execution_is_asked_for_until_it_has_ended() {
    let (transport, clock, client) = world();
    for status in ["Started", "Running", "Waiting", "Failed"] {
        transport.answer(execution(status));
    }
    let before = clock.elapsed();
    let ended = wait(&client).until_ended().await.unwrap();
    assert_eq!(ended.status, Some(ExecutionStatus::Failed));
    let passed = clock.elapsed().saturating_sub(before);
    let full = Duration::from_millis(100 + 200 + 400);
    assert!(passed > full / 2 && passed <= full, "{passed:?}");
    for request in transport.requests() {
        assert_eq!(
            parameter(&request, "ExecutionId").as_deref(),
            Some("exec-1")
        );
    }
}

#[tokio::test]
async fn an_execution_that_ends_otherwise_is_told_at_once() {
    use ExecutionStatus::{Failed, Success, Waiting};

    let check = async |statuses: &[&str], wanted: ExecutionStatus, reached: bool| {
        let (transport, _, client) = world();
        for status in statuses {
            transport.answer(execution(status));
        }
        let waited = wait(&client).until(wanted).await.unwrap();
        assert_eq!(waited.is_reached(), reached, "{statuses:?}");
        assert_eq!(transport.remaining(), 0, "{statuses:?}");
        assert!(!format!("{waited:?}").contains("hunter2"));
        let status = waited.into_execution().status.unwrap().to_string();
        assert_eq!(Some(&*status), statuses.last().copied());
    };
    check(&["Running", "Waiting"], Waiting, true).await;
    check(&["Running", "Success"], Waiting, false).await;
    check(&["Waiting", "Cancelled"], Success, false).await;
    check(&["Failed"], Failed, true).await;

    let (transport, _, client) = world();
    transport.answer(execution("Skipped"));
    let waited = wait(&client).until_waiting().await.unwrap();
    assert!(matches!(waited, Waited::EndedOtherwise(_)));
}

#[tokio::test]
async fn when_the_time_is_up_the_last_sight_is_told() {
    let (transport, clock, client) = world();
    for _ in 0..200 {
        transport.answer(execution("Running"));
    }
    let before = clock.elapsed();
    let error = wait(&client).until_ended().await.unwrap_err();
    assert_eq!(
        clock.elapsed().saturating_sub(before),
        Duration::from_secs(10)
    );
    assert_eq!(error.kind(), WaitErrorKind::TimedOut);
    let last = error.last_seen().unwrap();
    assert_eq!(last.status, Some(ExecutionStatus::Running));
    assert!(error.to_string().contains("exec-1 is Running"), "{error}");
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    assert!(error.source().is_none());
}

#[tokio::test]
async fn failures_that_may_pass_are_waited_out() {
    let (transport, _, client) = world();
    transport.answer(refusal(400, "Throttling.User"));
    transport.fail(TransportError::new(TransportErrorKind::Broken));
    transport.answer(execution("Running"));
    for _ in 0..4 {
        transport.answer(refusal(503, "ServiceUnavailable"));
    }
    transport.answer(execution("Success"));
    let ended = wait(&client).until_ended().await.unwrap();
    assert_eq!(ended.status, Some(ExecutionStatus::Success));

    for _ in 0..5 {
        transport.answer(refusal(503, "ServiceUnavailable"));
    }
    let error = wait(&client).until_ended().await.unwrap_err();
    assert_eq!(
        (error.kind(), transport.remaining()),
        (WaitErrorKind::Call, 0)
    );
    let call = error.into_call_error().unwrap();
    assert_eq!(call.code(), Some("ServiceUnavailable"));
}

#[tokio::test]
async fn a_refusal_ends_the_wait() {
    let (transport, _, client) = world();
    transport.answer(execution("Running"));
    transport.answer(refusal(403, "NoPermission"));
    let error = wait(&client).until_ended().await.unwrap_err();
    assert_eq!(error.kind(), WaitErrorKind::Call);
    assert_eq!(error.call_error().unwrap().code(), Some("NoPermission"));
    assert!(error.last_seen().is_some() && error.source().is_some());
}

#[tokio::test]
async fn an_execution_that_is_not_there_is_asked_for_three_times() {
    let (transport, _, client) = world();
    transport.answer(executions(&[]));
    transport.answer(executions(&[]));
    transport.answer(execution("Success"));
    assert!(wait(&client).until_ended().await.is_ok());
    for _ in 0..3 {
        transport.answer(executions(&[json!({ "ExecutionId": "exec-2" })]));
    }
    let error = wait(&client).until_ended().await.unwrap_err();
    assert_eq!(error.kind(), WaitErrorKind::NotFound);
    assert!(error.to_string().contains("exec-1"), "{error}");
    assert_eq!(transport.remaining(), 0);
}

#[tokio::test]
async fn changes_are_a_stream() {
    let (transport, _, client) = world();
    for status in ["Running", "Running", "Waiting", "Waiting", "Success"] {
        transport.answer(execution(status));
    }
    let seen: Vec<String> = wait(&client)
        .changes()
        .map_ok(|execution| execution.status.unwrap().to_string())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(seen, ["Running", "Waiting", "Success"]);
}

fn child(number: u32, start: &str) -> Value {
    json!({ "ExecutionId": format!("exec-1.{number:04}"), "StartDate": start, "Status": "Running" })
}

const EARLY: &str = "2026-01-02T03:00:00Z";
const LATE: &str = "2026-01-02T03:04:05Z";

#[tokio::test]
async fn the_first_new_child_is_followed() {
    let (transport, _, client) = world();
    transport.answer(executions(&[child(2, LATE), child(1, EARLY)]));
    transport.answer(answer(200, r#"{"RequestId":"R-1"}"#));
    transport.answer(executions(&[child(2, LATE), child(1, EARLY)]));
    transport.answer(refusal(503, "ServiceUnavailable"));
    transport.answer(executions(&[
        child(4, LATE),
        child(3, LATE),
        child(2, LATE),
        child(1, EARLY),
    ]));
    let found = client
        .trigger_and_follow("exec-1", TriggerType::Event, "{}")
        .client_token("t-1")
        .send()
        .await
        .unwrap();
    assert_eq!(found.execution_id(), "exec-1.0003");
    assert_eq!(found.request_id(), Some("R-1"));
    assert_eq!(found.execution().status, Some(ExecutionStatus::Running));
    let requests = transport.requests();
    let parameter = |index: usize, name: &str| parameter(&requests[index], name);
    assert_eq!(parameter(0, "ParentExecutionId").as_deref(), Some("exec-1"));
    assert_eq!(parameter(0, "SortField").as_deref(), Some("StartDate"));
    assert_eq!(parameter(0, "SortOrder").as_deref(), Some("Descending"));
    assert_eq!(parameter(1, "ClientToken").as_deref(), Some("t-1"));

    transport.answer(executions(&[json!({
        "ExecutionId": "exec-1.0003", "Status": "Success",
    })]));
    let ended = found.wait().until_ended().await.unwrap();
    assert_eq!(ended.status, Some(ExecutionStatus::Success));
}

#[tokio::test]
async fn of_very_many_children_the_newest_page_is_enough() {
    let page = |numbers: &mut dyn Iterator<Item = u32>| {
        let start = |number| if number < 1000 { EARLY } else { LATE };
        let list: Vec<Value> = numbers.map(|number| child(number, start(number))).collect();
        let page = json!({ "Executions": list, "NextToken": "t1" });
        answer(200, &page.to_string())
    };
    let (transport, _, client) = world();
    transport.answer(page(&mut (901..=1000).rev()));
    transport.answer(answer(200, "{}"));
    // An old one comes into the page that was not in it before: 901 has been deleted.
    transport.answer(page(&mut (902..=1001).rev().chain([900])));
    let found = client
        .trigger_and_follow("exec-1", TriggerType::Event, "{}")
        .send()
        .await
        .unwrap();
    assert_eq!(found.execution_id(), "exec-1.1001");
}

#[tokio::test]
async fn no_child_is_an_error_with_a_reason() {
    let (transport, clock, client) = world();
    transport.answer(executions(&[]));
    transport.answer(answer(200, r#"{"RequestId":"R-1"}"#));
    for _ in 0..100 {
        transport.answer(executions(&[]));
    }
    let before = clock.elapsed();
    let error = client
        .trigger_and_follow("exec-1", TriggerType::Event, "{}")
        .client_token("t-1")
        .limit(Duration::from_secs(3))
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        clock.elapsed().saturating_sub(before),
        Duration::from_secs(3)
    );
    assert_eq!(error.kind(), FollowErrorKind::NoChild);
    assert_eq!(
        (error.is_accepted(), error.request_id()),
        (true, Some("R-1"))
    );
    let text = error.to_string();
    assert!(
        text.contains("filter") && text.contains("ClientToken"),
        "{text}"
    );
}

#[tokio::test]
async fn it_is_told_whether_the_message_was_accepted() {
    let (transport, _, client) = world();
    let follow = || client.trigger_and_follow("exec-1", TriggerType::Event, "{}");
    transport.answer(refusal(403, "NoPermission"));
    let error = follow().send().await.unwrap_err();
    assert!(!error.is_accepted() && error.request_id().is_none());

    transport.answer(executions(&[]));
    transport.answer(refusal(404, "EntityNotExists.Execution"));
    let error = follow().send().await.unwrap_err();
    assert!(!error.is_accepted());
    assert_eq!(
        error.call_error().unwrap().code(),
        Some("EntityNotExists.Execution")
    );

    transport.answer(executions(&[]));
    transport.answer(answer(200, r#"{"RequestId":"R-1"}"#));
    transport.answer(refusal(403, "NoPermission"));
    let error = follow().send().await.unwrap_err();
    assert_eq!(error.kind(), FollowErrorKind::Call);
    assert_eq!(error.request_id(), Some("R-1"));
    assert!(error.source().is_some());
}
