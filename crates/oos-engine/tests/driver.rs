//! What the driver promises as a future: when it ends, what it does first, and that it does not
//! starve anybody.

use futures_core::future::BoxFuture;
use oos_clock::{FakeClock, SeededEntropy};
use oos_engine::{Action, ActionCall, ActionRegistry, ActionReport, Attach, Driver, Engine};
use oos_engine::{
    ExecutionStatus, NewExecution, NoTemplates, Outcome, Parts, StartRequest, TemplateReference,
};
use oos_engine::{Tenant, TriggerKind, TriggerMessage};
use oos_store::{Changes, CommitError, MemoryStore, Page, Query, ReadError, Store};
use oos_template::Value;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use time::macros::datetime;

/// Writes down of which execution each commit is.
#[derive(Debug)]
struct Diary {
    inner: MemoryStore,
    commits: Mutex<Vec<String>>,
}

impl Store for Diary {
    fn read(&self, query: Query) -> BoxFuture<'_, Result<Page, ReadError>> {
        self.inner.read(query)
    }

    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), CommitError>> {
        let stream = changes.list().iter().find_map(|change| match change {
            oos_store::Change::Append { stream, .. } => Some(stream.clone()),
            _ => None,
        });
        self.commits.lock().expect("no panic").extend(stream);
        self.inner.commit(changes)
    }
}

/// An action that succeeds at once.
#[derive(Debug)]
struct Nothing;

impl Action for Nothing {
    fn run(&self, _: ActionCall) -> BoxFuture<'_, ActionReport> {
        Box::pin(async { ActionReport::success(Value::Null) })
    }
}

struct Bench {
    engine: Engine,
    driver: BoxFuture<'static, bool>,
    clock: FakeClock,
    diary: Arc<Diary>,
}

fn bench() -> Bench {
    let clock = FakeClock::at(datetime!(2026-01-01 00:00 UTC));
    let diary = Arc::new(Diary {
        inner: MemoryStore::new(&oos_engine::KINDS),
        commits: Mutex::default(),
    });
    let (engine, driver): (Engine, Driver) = Engine::new(Parts {
        store: Arc::clone(&diary) as Arc<dyn Store>,
        clock: Arc::new(clock.clone()),
        entropy: Arc::new(SeededEntropy::new(1)),
        actions: ActionRegistry::new().with("acs::executeapi", Nothing),
        templates: Arc::new(NoTemplates),
    });
    let driver = Box::pin(async move { driver.run().await.is_ok() });
    Bench {
        engine,
        driver,
        clock,
        diary,
    }
}

fn tenant() -> Tenant {
    Tenant::new("1", "r")
}

fn new(id: String, content: &str) -> NewExecution {
    NewExecution {
        id,
        tenant: tenant(),
        template: TemplateReference::new("t-1", "t", "v1", content),
        content: content.into(),
        parameters: oos_template::Map::new(),
        request: StartRequest::automatic(),
        parent: None,
        executed_by: String::new(),
    }
}

impl Bench {
    /// Polls the driver until it has nothing more to do for now; whether it has ended.
    fn turn(&mut self) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        // Work that yields needs a few polls.
        (0..8).any(|_| self.driver.as_mut().poll(&mut context).is_ready())
    }

    fn answer<T>(&mut self, future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..100 {
            if let Poll::Ready(answer) = future.as_mut().poll(&mut context) {
                return answer;
            }
            self.turn();
        }
        panic!("not answered");
    }

    fn start(&mut self, content: &str) -> String {
        let engine = self.engine.clone();
        match self.answer(engine.start(new(engine.new_execution_id(), content), Attach::nothing()))
        {
            Ok(Outcome::Started(execution)) => execution.start.id,
            other => panic!("{other:?}"),
        }
    }

    fn status(&mut self, id: &str) -> Option<(ExecutionStatus, String, u64)> {
        let engine = self.engine.clone();
        let tenant = tenant();
        let execution = self.answer(engine.execution(&tenant, id)).expect("reads");
        execution.map(|e| (e.head.status, e.head.status_message, e.head.tasks))
    }
}

const HEADER: &str = "FormatVersion: OOS-2019-06-01\nTasks:\n";

#[test]
fn jumps_that_go_round_come_to_an_end() {
    let mut bench = bench();
    let id = bench.start(&format!(
        "{HEADER}- {{ Name: a, Action: 'ACS::Choice', Properties: {{ DefaultTask: a, Choices: [] }} }}\n"
    ));
    let message = "More than 10000 tasks were run; do jumps go round?".to_owned();
    assert_eq!(
        bench.status(&id),
        Some((ExecutionStatus::Failed, message, 10_000))
    );
}

/// However many commands wait to be done, who is due has its turn before they are all done.
#[test]
fn a_timer_is_not_starved_by_commands() {
    let mut bench = bench();
    let sleep = "- { Name: s, Action: 'ACS::Sleep', Properties: { Duration: 5S } }\n";
    let trigger =
        "- { Name: e, Action: 'ACS::EventTrigger', Properties: { Product: E, Name: [ N ] } }\n";
    let sleeper = bench.start(&format!("{HEADER}{sleep}"));
    let triggers: Vec<String> = (0..50)
        .map(|_| bench.start(&format!("{HEADER}{trigger}")))
        .collect();
    bench.clock.advance(Duration::from_secs(5));
    bench.diary.commits.lock().expect("no panic").clear();
    let tenant = tenant();
    let mut context = Context::from_waker(Waker::noop());
    let mut asked: Vec<_> = triggers
        .iter()
        .map(|id| {
            let message = TriggerMessage::new(TriggerKind::Event, Value::Null);
            Box::pin(
                bench
                    .engine
                    .trigger(&tenant, id, message, Attach::nothing()),
            )
        })
        .collect();
    for command in &mut asked {
        assert!(command.as_mut().poll(&mut context).is_pending());
    }
    let (driver, diary) = (&mut bench.driver, &bench.diary);
    for _ in 0..8 {
        assert!(driver.as_mut().poll(&mut context).is_pending());
    }
    let commits = diary.commits.lock().expect("no panic");
    assert_eq!(commits.len(), 51);
    let place = commits
        .iter()
        .position(|stream| *stream == tenant.key(&sleeper));
    assert!(place.is_some_and(|place| place < 50), "the timer came last");
}

#[test]
fn the_driver_ends_with_its_last_handle() {
    let mut bench = bench();
    let id = bench.start(&format!(
        "{HEADER}- {{ Name: s, Action: 'ACS::Sleep', Properties: {{ Duration: 5S }} }}\n"
    ));
    assert!(!bench.turn());
    assert_eq!(
        bench.status(&id).map(|(status, ..)| status),
        Some(ExecutionStatus::Waiting)
    );
    let (other, _) = Engine::new(Parts {
        store: Arc::clone(&bench.diary) as Arc<dyn Store>,
        clock: Arc::new(bench.clock.clone()),
        entropy: Arc::new(SeededEntropy::new(2)),
        actions: ActionRegistry::new(),
        templates: Arc::new(NoTemplates),
    });
    bench.engine = other;
    assert!(bench.turn(), "nobody can ask it for anything any more");
}

/// An id that is taken is refused, whether its execution is in memory or only in the store.
#[test]
fn an_id_is_used_once() {
    let sleep = "- { Name: s, Action: 'ACS::Sleep', Properties: { Duration: 5S } }\n";
    let over = "- { Name: c, Action: 'ACS::Choice', Properties: { DefaultTask: 'ACS::END', Choices: [] } }\n";
    for tasks in [sleep, over] {
        let mut bench = bench();
        let content = format!("{HEADER}{tasks}");
        let id = bench.start(&content);
        let before = bench.status(&id);
        let engine = bench.engine.clone();
        let again = bench.answer(engine.start(new(id.clone(), &content), Attach::nothing()));
        let refused = again.expect_err("the id is taken").to_string();
        assert!(refused.contains("exists already"), "{refused}");
        assert_eq!(bench.status(&id), before);
        bench.clock.advance(Duration::from_secs(5));
        bench.turn();
        let status = bench.status(&id).map(|(status, ..)| status);
        assert_eq!(status, Some(ExecutionStatus::Success));
    }
}

/// Of two starts at the same time under one id one is carried out.
#[test]
fn an_id_is_used_once_at_the_same_time_as_well() {
    let mut bench = bench();
    let content =
        format!("{HEADER}- {{ Name: s, Action: 'ACS::Sleep', Properties: {{ Duration: 5S }} }}\n");
    let (engine, id) = (bench.engine.clone(), bench.engine.new_execution_id());
    let start = || engine.start(new(id.clone(), &content), Attach::nothing());
    let (one, other) = bench.answer(futures_util::future::join(start(), start()));
    assert!(matches!(one, Ok(Outcome::Started(_))), "{one:?}");
    let refused = other.expect_err("the id is taken").to_string();
    assert!(refused.contains("exists already"), "{refused}");
}

/// A command whose driver is gone says so.
#[test]
fn a_stopped_engine_says_so() {
    let Bench { engine, driver, .. } = bench();
    drop(driver);
    let tenant = tenant();
    let mut cancel = Box::pin(engine.cancel(&tenant, "exec-1", Attach::nothing()));
    let mut context = Context::from_waker(Waker::noop());
    match cancel.as_mut().poll(&mut context) {
        Poll::Ready(Err(oos_engine::CommandError::Stopped)) => {}
        other => panic!("{other:?}"),
    }
}

/// The next engine makes the attempts that the last one had under way, under the same name.
#[test]
fn an_attempt_is_made_again_under_the_same_name() {
    #[derive(Debug, Default, Clone)]
    struct Hanging(Arc<Mutex<Vec<String>>>);
    impl Action for Hanging {
        fn run(&self, call: ActionCall) -> BoxFuture<'_, ActionReport> {
            self.0.lock().expect("no panic").push(call.key.to_string());
            Box::pin(std::future::pending())
        }
    }
    let action = Hanging::default();
    let store = Arc::new(MemoryStore::new(&oos_engine::KINDS));
    let template = format!(
        "{HEADER}- {{ Name: a, Action: 'ACS::ExecuteAPI', Properties: {{ Service: S, API: A }} }}\n"
    );
    for life in 0..3 {
        let (engine, driver) = Engine::new(Parts {
            store: Arc::clone(&store) as Arc<dyn Store>,
            clock: Arc::new(FakeClock::at(datetime!(2026-01-01 00:00 UTC))),
            entropy: Arc::new(SeededEntropy::new(1)),
            actions: ActionRegistry::new().with("ACS::ExecuteAPI", action.clone()),
            templates: Arc::new(NoTemplates),
        });
        let mut driver = Box::pin(driver.run());
        let mut context = Context::from_waker(Waker::noop());
        let mut start =
            Box::pin(engine.start(new(engine.new_execution_id(), &template), Attach::nothing()));
        if life == 0 {
            assert!(start.as_mut().poll(&mut context).is_pending());
        }
        for _ in 0..4 {
            assert!(driver.as_mut().poll(&mut context).is_pending());
        }
    }
    let names = action.0.lock().expect("no panic");
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(
        names
            .iter()
            .all(|name| *name == names[0] && name.ends_with(".t0001/1")),
        "{names:?}"
    );
}

/// A product action that somebody has registered is run as an action; any other one is a template.
#[test]
fn a_registered_product_action_is_no_template() {
    #[derive(Debug)]
    struct Answer;
    impl Action for Answer {
        fn run(&self, call: ActionCall) -> BoxFuture<'_, ActionReport> {
            Box::pin(async move { ActionReport::success(call.properties) })
        }
    }
    let mut bench = bench();
    let (engine, driver) = Engine::new(Parts {
        store: Arc::clone(&bench.diary) as Arc<dyn Store>,
        clock: Arc::new(bench.clock.clone()),
        entropy: Arc::new(SeededEntropy::new(1)),
        actions: ActionRegistry::new().with("acs::my::answer", Answer),
        templates: Arc::new(NoTemplates),
    });
    bench.engine = engine;
    bench.driver = Box::pin(async move { driver.run().await.is_ok() });
    let mut check = |action: &str, status, message: &str| {
        let id = bench.start(&format!(
            "{HEADER}- {{ Name: a, Action: '{action}', Properties: {{ n: 7 }} }}\n"
        ));
        bench.turn();
        let (got, told, _) = bench.status(&id).expect("it is there");
        assert_eq!(got, status, "{told}");
        assert!(told.starts_with(message), "{told}");
    };
    check("ACS::My::Answer", ExecutionStatus::Success, "");
    check(
        "ACS::My::Other",
        ExecutionStatus::Failed,
        "There is no template for the product action ACS::My::Other",
    );
}
