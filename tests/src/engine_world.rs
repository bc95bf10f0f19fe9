//! A world for tests of the engine: one engine with its driver, a clock that stands still, a store
//! whose failures are planned, and an API that remembers its calls. Everything runs in the thread of
//! the test and only when it is told to, so that a run is a function of what the test does.

mod dump;
mod store;
mod templates;

pub use dump::{Dump, raw_dump};
use templates::Folder;

pub use store::{Fate, PlannedStore, Put, TOKEN};

use futures_core::future::BoxFuture;
use oos_clock::{Clock, FakeClock, SeededEntropy};
use oos_engine::FindTemplate;
use oos_engine::actions::ExecuteApi;
use oos_engine::{ActionRegistry, ApiAnswer, ApiCall, Attach, CallApi, CommandError, Engine};
use oos_engine::{MockApi, MockFile, NewExecution, Outcome, Parts, ReadProblem, StartError};
use oos_engine::{StartRequest, TemplateReference, Tenant, TriggerMessage};
use oos_template::{Map, Value};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;

/// When every world begins.
pub const BEGINNING: OffsetDateTime = datetime!(2026-01-01 00:00 UTC);

/// What a command brought; a start that was refused shows its reason as a text.
pub type Answer = Result<Outcome, Failure>;

/// Why a command brought nothing.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "tests look at every one")]
pub enum Failure {
    /// The start was refused before it became a command.
    Start(String),
    /// The command failed.
    Command(CommandError),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start(text) => formatter.write_str(text),
            Self::Command(error) => write!(formatter, "{error}"),
        }
    }
}

/// An engine with all that is around it.
#[derive(Debug)]
pub struct World {
    /// The service clock.
    pub clock: FakeClock,
    /// The store.
    pub store: Arc<PlannedStore>,
    entropy: Arc<SeededEntropy>,
    api: Arc<RememberingApi>,
    templates: Arc<Folder>,
    life: Life,
}

/// One life of the engine, from its start to a crash.
struct Life {
    engine: Engine,
    driver: BoxFuture<'static, Result<(), ReadProblem>>,
    woken: Arc<Woken>,
    /// The driver has ended of itself: it could not read the store at its start.
    ended: bool,
}

impl World {
    /// A world that has just begun; the mock file answers the APIs.
    #[must_use]
    pub fn new(mock: MockFile, seed: u64) -> Self {
        Self::with_templates(mock, seed, BTreeMap::new())
    }

    /// A world that has just begun, with these templates by their names for tasks to run.
    #[must_use]
    pub fn with_templates(mock: MockFile, seed: u64, templates: BTreeMap<String, String>) -> Self {
        let clock = FakeClock::at(BEGINNING);
        let store = Arc::new(PlannedStore::new());
        let entropy = Arc::new(SeededEntropy::new(seed));
        let mock = MockApi::new(vec![mock], Arc::new(clock.clone()));
        let api = Arc::new(RememberingApi {
            mock,
            calls: Mutex::default(),
        });
        let templates = Arc::new(Folder(templates));
        let life = Life::new(&clock, &store, &entropy, &api, &templates);
        Self {
            clock,
            store,
            entropy,
            api,
            templates,
            life,
        }
    }

    /// The tenant whose executions these are.
    #[must_use]
    pub fn tenant() -> Tenant {
        Tenant::new("1000000000000000", "cn-hangzhou")
    }

    /// Drops the engine with everything that it has under way, and starts another one.
    pub fn restart(&mut self) {
        let Self {
            clock,
            store,
            entropy,
            api,
            templates,
            ..
        } = self;
        self.life = Life::new(clock, store, entropy, api, templates);
    }

    /// Whether the driver gave up because it could not read the store at its start.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.life.ended
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.life.engine.clone()
    }

    /// All calls of APIs up to now, in their order.
    #[must_use]
    pub fn calls(&self) -> Vec<ApiCall> {
        let calls = self.api.calls.lock();
        calls.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets the driver work until it waits for time or for commands.
    pub fn settle(&mut self) {
        self.ask(Vec::<BoxFuture<'static, ()>>::new());
    }

    /// Moves the time on from timer to timer, and lets the driver work at each.
    pub fn advance(&mut self, duration: Duration) {
        self.settle();
        let end = self.clock.elapsed() + duration;
        while let Some(next) = self.clock.next_wake() {
            if self.clock.elapsed() + next > end {
                break;
            }
            self.clock.advance(next);
            self.settle();
        }
        self.clock.advance(end.saturating_sub(self.clock.elapsed()));
        self.settle();
    }

    /// Polls the driver and these futures until they have all ended, or nothing moves any more
    /// without time; what has not ended then is dropped.
    pub fn ask<T>(&mut self, futures: Vec<BoxFuture<'static, T>>) -> Vec<Option<T>> {
        self.ask_a_little(futures, u32::MAX)
    }

    /// The same, but with at most so many polls of the driver.
    pub fn ask_a_little<T>(
        &mut self,
        mut futures: Vec<BoxFuture<'static, T>>,
        polls: u32,
    ) -> Vec<Option<T>> {
        let waker = Waker::from(Arc::clone(&self.life.woken));
        let mut context = Context::from_waker(&waker);
        let mut answers: Vec<Option<T>> = futures.iter().map(|_| None).collect();
        let mut look = |answers: &mut Vec<Option<T>>, context: &mut Context<'_>| {
            for (future, answer) in futures.iter_mut().zip(answers) {
                if answer.is_none()
                    && let Poll::Ready(got) = future.as_mut().poll(context)
                {
                    *answer = Some(got);
                }
            }
        };
        look(&mut answers, &mut context);
        for _ in 0..polls {
            self.life.woken.0.store(false, Ordering::SeqCst);
            self.life.poll(&mut context);
            look(&mut answers, &mut context);
            let all = !answers.is_empty() && answers.iter().all(Option::is_some);
            if all || !self.life.woken.0.load(Ordering::SeqCst) {
                break;
            }
        }
        answers
    }

    /// What starts an execution of this template.
    #[must_use]
    pub fn start(&self, content: &str, parameters: &Map, attach: Attach) -> Command {
        let engine = self.engine();
        let new = match new_execution(&engine, content, parameters) {
            Ok(new) => new,
            Err(problem) => return Box::pin(async move { Err(Failure::Start(problem)) }),
        };
        Box::pin(async move {
            engine
                .start(new, attach)
                .await
                .map_err(|error| match error {
                    StartError::Command(error) => Failure::Command(error),
                    other => Failure::Start(other.to_string()),
                })
        })
    }

    /// What sends a message to a trigger.
    #[must_use]
    pub fn trigger(&self, id: &str, message: TriggerMessage, attach: Attach) -> Command {
        let (engine, id) = (self.engine(), id.to_owned());
        Box::pin(async move {
            let answer = engine.trigger(&Self::tenant(), &id, message, attach).await;
            answer.map_err(Failure::Command)
        })
    }

    /// What cancels an execution.
    #[must_use]
    pub fn cancel(&self, id: &str, attach: Attach) -> Command {
        let (engine, id) = (self.engine(), id.to_owned());
        Box::pin(async move {
            let answer = engine.cancel(&Self::tenant(), &id, attach).await;
            answer.map_err(Failure::Command)
        })
    }

    /// One command; `None` if it is not answered however long the driver works.
    pub fn answer(&mut self, command: Command) -> Option<Answer> {
        self.ask(vec![command]).pop().flatten()
    }
}

/// A command on its way.
pub type Command = BoxFuture<'static, Answer>;

/// Who starts everything in a world.
const USER: &str = "root(1000000000000000)";

fn new_execution(engine: &Engine, content: &str, parameters: &Map) -> Result<NewExecution, String> {
    let id = engine.new_execution_id();
    let template = oos_template::parse(content).map_err(|problems| format!("{problems}"))?;
    let parameters = template
        .bind_parameters(
            parameters,
            &engine.pseudo_parameters(&World::tenant(), &id, USER),
        )
        .map_err(|problems| format!("{problems:?}"))?;
    Ok(NewExecution {
        id,
        tenant: World::tenant(),
        // The text itself names the text as well as its hash does.
        template: TemplateReference::new("t-1", "the-template", "v1", content),
        content: content.into(),
        parameters,
        request: StartRequest::automatic(),
        parent: None,
        executed_by: USER.into(),
    })
}

impl Life {
    fn new(
        clock: &FakeClock,
        store: &Arc<PlannedStore>,
        entropy: &Arc<SeededEntropy>,
        api: &Arc<RememberingApi>,
        templates: &Arc<Folder>,
    ) -> Self {
        let (engine, driver) = Engine::new(Parts {
            store: Arc::clone(store) as Arc<dyn oos_store::Store>,
            clock: Arc::new(clock.clone()),
            entropy: Arc::clone(entropy) as Arc<dyn oos_clock::Entropy>,
            actions: ActionRegistry::new().with(
                "ACS::ExecuteAPI",
                ExecuteApi::new(Arc::clone(api) as Arc<dyn CallApi>),
            ),
            templates: Arc::clone(templates) as Arc<dyn FindTemplate>,
        });
        Self {
            engine,
            driver: Box::pin(driver.run()),
            woken: Arc::default(),
            ended: false,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        if !self.ended && self.driver.as_mut().poll(context).is_ready() {
            self.ended = true;
        }
    }
}

impl std::fmt::Debug for Life {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Life")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[derive(Debug)]
struct RememberingApi {
    mock: MockApi,
    calls: Mutex<Vec<ApiCall>>,
}

impl CallApi for RememberingApi {
    fn call(&self, call: ApiCall) -> BoxFuture<'_, ApiAnswer> {
        let calls = self.calls.lock();
        calls
            .unwrap_or_else(PoisonError::into_inner)
            .push(call.clone());
        self.mock.call(call)
    }
}

/// A value of the test's own, written as JSON.
///
/// # Panics
/// If it is no JSON.
#[must_use]
pub fn json(text: &str) -> Value {
    Value::from_json(text).expect("the test writes JSON")
}
