//! Client tokens: one effect for calls with the same token and the same parameters.

mod local_support;

use local_support::call;
use oos_clock::{Clock, FakeClock, SystemClock};
use oos_local::LocalOos;
use oos_sign::AccessKey;
use oos_store::{BoxFuture, Changes, CommitError, MemoryStore, Page, Query, ReadError, Store};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

const EVENT: &str = "
FormatVersion: OOS-2019-06-01
Parameters: { word: { Type: String, Default: a } }
Tasks:
- Name: trigger
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: ['Instance:StateChange'] }
- Name: choose
  Action: ACS::Choice
  Properties: { DefaultTask: ACS::END, Choices: [] }
";

const MESSAGE: &str = r#"{"product":"ECS","name":"Instance:StateChange"}"#;

async fn start(local: &LocalOos, further: &[(&str, &str)]) -> (u16, Value) {
    let params = [&[("TemplateContent", EVENT)], further].concat();
    call(local, "StartExecution", &params).await
}

fn id(body: &Value) -> String {
    body["Execution"]["ExecutionId"]
        .as_str()
        .expect("an id")
        .to_owned()
}

async fn trigger(local: &LocalOos, id: &str, content: &str, token: &str) -> (u16, Value) {
    let params = [
        ("ExecutionId", id),
        ("Type", "Event"),
        ("Content", content),
        ("ClientToken", token),
    ];
    call(local, "TriggerExecution", &params).await
}

async fn children(local: &LocalOos, id: &str) -> u64 {
    let (_, body) = call(local, "ListExecutions", &[("ParentExecutionId", id)]).await;
    body["TotalCount"].as_u64().expect("a count")
}

#[tokio::test]
async fn the_same_call_has_one_effect() {
    let local = LocalOos::builder().spawn();
    let parent = id(&start(&local, &[]).await.1);
    let (_, first) = trigger(&local, &parent, MESSAGE, "t").await;
    let (status, second) = trigger(&local, &parent, MESSAGE, "t").await;
    assert_eq!(status, 200, "{second}");
    assert_ne!(
        first["RequestId"], second["RequestId"],
        "each call has an id of its own"
    );
    assert_eq!(children(&local, &parent).await, 1);

    assert_eq!(trigger(&local, &parent, MESSAGE, "u").await.0, 200);
    assert_eq!(trigger(&local, &parent, MESSAGE, "").await.0, 200);
    assert_eq!(trigger(&local, &parent, MESSAGE, "").await.0, 200);
    assert_eq!(children(&local, &parent).await, 4);
}

#[tokio::test]
async fn a_repeated_start_is_answered_the_same() {
    let local = LocalOos::builder().spawn();
    let (_, first) = start(
        &local,
        &[("ClientToken", "t"), ("Parameters", "{\"word\":\"b\"}")],
    )
    .await;
    let again = [
        ("Parameters", "{\"word\":\"b\"}"),
        ("ClientToken", "t"),
        ("RegionId", "cn-hangzhou"),
    ];
    let (status, second) = start(&local, &again).await;
    assert_eq!(status, 200, "{second}");
    assert_eq!(first["Execution"], second["Execution"]);
    assert_eq!(first["Execution"]["Parameters"], "{\"word\":\"b\"}");
    let (_, list) = call(&local, "ListExecutions", &[]).await;
    assert_eq!(list["TotalCount"], 1);
}

#[tokio::test]
async fn other_parameters_are_refused() {
    let local = LocalOos::builder().spawn();
    let parent = id(&start(&local, &[("ClientToken", "t")]).await.1);
    let (status, body) = start(&local, &[("ClientToken", "t"), ("Description", "new")]).await;
    assert_eq!(
        (status, body["Code"].as_str()),
        (400, Some("IdempotentParameterMismatch"))
    );

    // The same token of another operation, or in another region, is another token.
    assert_eq!(trigger(&local, &parent, MESSAGE, "t").await.0, 200);
    assert_eq!(
        start(&local, &[("ClientToken", "t"), ("RegionId", "cn-beijing")])
            .await
            .0,
        200
    );
    let (status, body) = trigger(&local, &parent, "{}", "t").await;
    assert_eq!(
        (status, body["Code"].as_str()),
        (400, Some("IdempotentParameterMismatch"))
    );
    assert_eq!(children(&local, &parent).await, 1);
}

#[tokio::test]
async fn a_refusal_does_not_use_up_the_token() {
    let local = LocalOos::builder().spawn();
    let parent = id(&start(&local, &[]).await.1);
    assert_eq!(trigger(&local, &parent, "{", "t").await.0, 400);
    assert_eq!(trigger(&local, "exec-0", MESSAGE, "t").await.0, 404);
    assert_eq!(trigger(&local, &parent, MESSAGE, "t").await.0, 200);
    assert_eq!(children(&local, &parent).await, 1);
}

#[tokio::test]
async fn a_repeated_call_is_answered_after_the_execution_has_ended() {
    let local = LocalOos::builder().spawn();
    let parent = id(&start(&local, &[]).await.1);
    assert_eq!(trigger(&local, &parent, MESSAGE, "t").await.0, 200);
    assert_eq!(
        call(&local, "CancelExecution", &[("ExecutionId", &parent)])
            .await
            .0,
        200
    );
    assert_eq!(trigger(&local, &parent, MESSAGE, "t").await.0, 200);
    assert_eq!(trigger(&local, &parent, MESSAGE, "u").await.0, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_at_once_make_one_child() {
    let local = LocalOos::builder().spawn();
    for round in 0..20 {
        let parent = id(&start(&local, &[]).await.1);
        let token = format!("t-{round}");
        let calls = (0..8).map(|_| {
            let (local, parent, token) = (local.clone(), parent.clone(), token.clone());
            tokio::spawn(async move { trigger(&local, &parent, MESSAGE, &token).await })
        });
        for done in calls.collect::<Vec<_>>() {
            let (status, body) = done.await.expect("no call panics");
            assert_eq!(status, 200, "{body}");
        }
        assert_eq!(children(&local, &parent).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_at_once_start_one_execution() {
    let local = LocalOos::builder().spawn();
    let calls = (0..8).map(|_| {
        let local = local.clone();
        tokio::spawn(async move { id(&start(&local, &[("ClientToken", "t")]).await.1) })
    });
    let mut ids = Vec::new();
    for done in calls.collect::<Vec<_>>() {
        ids.push(done.await.expect("no call panics"));
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let (_, list) = call(&local, "ListExecutions", &[]).await;
    assert_eq!(list["TotalCount"], 1);
}

#[tokio::test]
async fn a_token_is_forgotten_after_its_retention() {
    let clock = FakeClock::at(SystemClock.now());
    // The signature window is as wide as the time that passes: the calls are signed by the real clock.
    let local = LocalOos::builder()
        .gateway_clock(Arc::new(clock.clone()))
        .signature_window(Duration::from_hours(48))
        .spawn();
    let parent = id(&start(&local, &[]).await.1);
    assert_eq!(trigger(&local, &parent, MESSAGE, "t").await.0, 200);
    clock.advance(oos_local::TOKEN_RETENTION);
    assert_eq!(trigger(&local, &parent, MESSAGE, "t").await.0, 200);
    assert_eq!(children(&local, &parent).await, 1);
    clock.advance(Duration::from_millis(1));
    assert_eq!(trigger(&local, &parent, MESSAGE, "t").await.0, 200);
    assert_eq!(children(&local, &parent).await, 2);
    // Remembered anew from now on.
    assert_eq!(trigger(&local, &parent, MESSAGE, "t").await.0, 200);
    assert_eq!(children(&local, &parent).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_servers_on_one_store_make_one_child() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(&oos_local::kinds()));
    let server = || {
        let builder = LocalOos::builder().store(Arc::clone(&store));
        builder
            .access_key(AccessKey::new("testid", "testsecret"))
            .spawn()
    };
    let servers = [server(), server()];
    for round in 0..20 {
        let parent = id(&start(&servers[0], &[]).await.1);
        let token = format!("t-{round}");
        let calls = (0..4).flat_map(|_| servers.clone()).map(|local| {
            let (parent, token) = (parent.clone(), token.clone());
            tokio::spawn(async move { trigger(&local, &parent, MESSAGE, &token).await })
        });
        for done in calls.collect::<Vec<_>>() {
            let (status, body) = done.await.expect("no call panics");
            assert_eq!(status, 200, "{body}");
        }
        assert_eq!(children(&servers[1], &parent).await, 1);
    }
}

#[tokio::test]
async fn tokens_that_are_over_are_removed() {
    let clock = FakeClock::at(SystemClock.now());
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(&oos_local::kinds()));
    let local = LocalOos::builder()
        .gateway_clock(Arc::new(clock.clone()))
        .signature_window(Duration::from_hours(48))
        .store(Arc::clone(&store))
        .spawn();
    let parent = id(&start(&local, &[]).await.1);
    let count = async || {
        let kinds = oos_local::kinds();
        let kind = kinds
            .iter()
            .find(|kind| kind.name == "token")
            .expect("a kind of tokens");
        store
            .read(Query::of(kind).limit(0).counted())
            .await
            .expect("it can be read")
            .total
    };
    for number in 0..10 {
        trigger(&local, &parent, MESSAGE, &format!("old-{number}")).await;
    }
    assert_eq!(count().await, Some(10));
    clock.advance(oos_local::TOKEN_RETENTION + Duration::from_secs(1));
    for number in 0..260 {
        trigger(&local, &parent, MESSAGE, &format!("new-{number}")).await;
    }
    assert_eq!(count().await, Some(260));
}

/// A store that counts how often it is asked for tokens, and may keep to itself that it has made a
/// commit.
#[derive(Debug)]
struct Watched {
    inner: MemoryStore,
    asked: AtomicU32,
    silent: AtomicBool,
}

impl Watched {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            inner: MemoryStore::new(&oos_local::kinds()),
            asked: AtomicU32::new(0),
            silent: AtomicBool::new(false),
        })
    }

    fn local(self: &Arc<Self>) -> LocalOos {
        let store = Arc::clone(self) as Arc<dyn Store>;
        LocalOos::builder().store(store).spawn()
    }
}

impl Store for Watched {
    fn read(&self, query: Query) -> BoxFuture<'_, Result<Page, ReadError>> {
        if query.kind.name == "token" {
            self.asked.fetch_add(1, Ordering::Relaxed);
        }
        self.inner.read(query)
    }

    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), CommitError>> {
        Box::pin(async move {
            self.inner.commit(changes).await?;
            if self.silent.swap(false, Ordering::Relaxed) {
                let source = "the disk went silent".into();
                return Err(CommitError::Unknown { source });
            }
            Ok(())
        })
    }
}

#[tokio::test]
async fn only_tokens_that_may_be_known_are_looked_up() {
    let store = Watched::new();
    let local = store.local();
    let parent = id(&start(&local, &[]).await.1);
    let count = async |token: &str, expected: u32| {
        let before = store.asked.load(Ordering::Relaxed);
        assert_eq!(trigger(&local, &parent, MESSAGE, token).await.0, 200);
        let asked = store.asked.load(Ordering::Relaxed) - before;
        assert_eq!(asked, expected, "{token}");
    };
    count("first", 1).await; // What has expired is looked for now and then.
    count("second", 0).await;
    count("second", 1).await;
    count("", 0).await;
    assert_eq!(children(&local, &parent).await, 3);

    // Another process does not remember it: its commit finds out.
    let other = store.local();
    assert_eq!(trigger(&other, &parent, MESSAGE, "second").await.0, 200);
    let (_, body) = trigger(&other, &parent, "{}", "second").await;
    assert_eq!(body["Code"], "IdempotentParameterMismatch");
    assert_eq!(children(&other, &parent).await, 3);
}

#[tokio::test]
async fn a_call_of_which_the_store_can_not_tell_is_answered_if_it_was_carried_out() {
    let store = Watched::new();
    let local = store.local();
    let parent = id(&start(&local, &[]).await.1);
    store.silent.store(true, Ordering::Relaxed);
    let (status, body) = trigger(&local, &parent, MESSAGE, "t").await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(children(&local, &parent).await, 1);

    store.silent.store(true, Ordering::Relaxed);
    let (status, body) = trigger(&local, &parent, MESSAGE, "").await;
    assert_eq!(status, 500, "without a token nobody can tell: {body}");
}
