//! Triggers to child Success per second, 64 in flight, in memory and durable: through the engine's
//! handle, through the signed client in process, and over HTTP on loopback; beside the ceiling that
//! the store sets with the same rows in the same commits. `cargo xtask bench triggers`.

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use oos_bench::template::{EVENT, TEXT};
use oos_clock::{SystemClock, SystemEntropy};
use oos_engine::{ActionRegistry, Attach, Engine, ExecutionStatus, NewExecution, Outcome, Parts};
use oos_engine::{StartRequest, TemplateReference, Tenant, TriggerKind, TriggerMessage};
use oos_local::{ListenOptions, LocalOos};
use oos_model::enums::TriggerType;
use oos_model::operations::{CreateTemplate, StartExecution};
use oos_store::{Changes, CommitError, MemoryStore, Page, Query, ReadError, SqliteStore, Store};
use oos_template::Value;
use std::error::Error;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const IN_FLIGHT: usize = 64;
const ROUNDS: usize = 5;
/// How long a round takes in memory,
const ROUND: Duration = Duration::from_secs(1);
/// and on a disk: about as long as the store alone takes for what is made in memory meanwhile.
const DURABLE_ROUND: Duration = Duration::from_secs(4);

type Failure = Box<dyn Error>;

/// The allocator of the command `oos`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is measured, in the order of a round; triggers to child Success a second, but for the last.
const FIGURES: [&str; 7] = [
    "in memory, engine handle",
    "in memory, signed client in process",
    "durable, the store alone with the same rows",
    "durable, engine handle",
    "durable, signed client in process",
    "durable, signed client over HTTP",
    "durable, engine handle, one alone, microseconds until its child is Success",
];

/// `triggers [WORDS]`: with words, only the figures whose names hold them, for a profiler.
///
/// All but the store has one thread, as in the command `oos dev`; the second core is the store's.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let words = std::env::args().nth(1).unwrap_or_default();
    let mut rates = vec![Vec::new(); FIGURES.len()];
    for round in 0..ROUNDS {
        let folder = Folder::new(round);
        for (figure, rates) in FIGURES.iter().zip(&mut rates) {
            if figure.contains(&words) {
                rates.push(measure(figure, &folder).await?);
            }
        }
    }
    for (figure, rates) in FIGURES.iter().zip(&mut rates) {
        rates.sort_by(f64::total_cmp);
        if let (Some(least), Some(most)) = (rates.first(), rates.last()) {
            let median = rates[rates.len() / 2];
            println!("{figure}: {median:.0} ({least:.0}-{most:.0})");
        }
    }
    Ok(())
}

async fn measure(figure: &str, folder: &Folder) -> Result<f64, Failure> {
    let memory = || Arc::new(MemoryStore::new(&oos_local::kinds()));
    let store = || folder.store(figure);
    match figure {
        "in memory, engine handle" => {
            Ok(through_the_engine(memory(), ROUND, IN_FLIGHT).await?.rate)
        }
        "in memory, signed client in process" => through_the_client(memory(), ROUND, false).await,
        "durable, the store alone with the same rows" => {
            let recording = Arc::new(Recording {
                inner: memory(),
                commits: Mutex::default(),
            });
            let recorder = Arc::clone(&recording) as Arc<dyn Store>;
            let done = through_the_engine(recorder, ROUND, IN_FLIGHT).await?.done;
            let commits = std::mem::take(&mut *recording.commits.lock().map_err(|_| "poisoned")?);
            replay(store()?, commits, done).await
        }
        "durable, engine handle" => Ok(through_the_engine(store()?, DURABLE_ROUND, IN_FLIGHT)
            .await?
            .rate),
        "durable, signed client in process" => {
            through_the_client(store()?, DURABLE_ROUND, false).await
        }
        "durable, signed client over HTTP" => {
            through_the_client(store()?, DURABLE_ROUND, true).await
        }
        _ => Ok(through_the_engine(store()?, DURABLE_ROUND, 1)
            .await?
            .median
            .as_secs_f64()
            * 1e6),
    }
}

/// Commits again what an engine has committed, one after the other as it did.
async fn replay(store: Arc<dyn Store>, commits: Vec<Changes>, done: u32) -> Result<f64, Failure> {
    let begin = Instant::now();
    for changes in commits {
        store.commit(changes).await?;
    }
    Ok(f64::from(done) / begin.elapsed().as_secs_f64())
}

/// What came of one round through the engine's handle.
struct Round {
    rate: f64,
    done: u32,
    /// The time until an answer.
    median: Duration,
}

async fn through_the_engine(
    store: Arc<dyn Store>,
    round: Duration,
    in_flight: usize,
) -> Result<Round, Failure> {
    let (engine, driver) = Engine::new(Parts {
        store,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        actions: ActionRegistry::new(),
        templates: Arc::new(oos_engine::NoTemplates),
    });
    let driver = tokio::spawn(driver.run());
    let tenant = Tenant::new("1000000000000000", "cn-hangzhou");
    let new = NewExecution {
        id: engine.new_execution_id(),
        tenant: tenant.clone(),
        template: TemplateReference::new("t-1", "bench", "v1", "hash"),
        content: TEXT.into(),
        parameters: Default::default(),
        request: StartRequest::automatic(),
        parent: None,
        executed_by: "root".into(),
    };
    let Outcome::Started(parent) = engine.start(new, Attach::nothing()).await? else {
        return Err("not started".into());
    };
    let content = Value::from_json(EVENT)?;
    let (begin, mut under_way, mut last) = (Instant::now(), FuturesUnordered::new(), String::new());
    let (mut done, mut times) = (0_u32, Vec::new());
    while begin.elapsed() < round {
        while under_way.len() < in_flight {
            let message = TriggerMessage::new(TriggerKind::Event, content.clone());
            let trigger = engine.trigger(&tenant, &parent.start.id, message, Attach::nothing());
            let sent = Instant::now();
            under_way.push(async move { (sent, trigger.await) });
        }
        if let Some((sent, outcome)) = under_way.next().await
            && let Outcome::Triggered { child } = outcome?
        {
            times.push(sent.elapsed());
            last = child;
            done += 1;
        }
    }
    times.sort_unstable();
    let median = times
        .get(times.len() / 2)
        .copied()
        .ok_or("nothing was done")?;
    let rate = f64::from(done) / begin.elapsed().as_secs_f64();
    let child = engine.execution(&tenant, &last).await?.ok_or("no child")?;
    assert_eq!(child.head.status, ExecutionStatus::Success);
    driver.abort();
    Ok(Round { rate, done, median })
}

async fn through_the_client(
    store: Arc<dyn Store>,
    round: Duration,
    http: bool,
) -> Result<f64, Failure> {
    let oos = LocalOos::builder().store(store).spawn();
    let client = if http {
        over_http(&oos).await?
    } else {
        oos.client()
    };
    client
        .call(CreateTemplate::new("bench", TEXT))
        .send()
        .await?;
    let started = StartExecution::new().with_template_name("bench");
    let parent = client
        .call(started)
        .send()
        .await?
        .output
        .execution
        .and_then(|e| e.execution_id);
    let parent = parent.ok_or("not started")?;
    let (begin, mut under_way) = (Instant::now(), FuturesUnordered::new());
    let mut done = 0_u32;
    while begin.elapsed() < round {
        while under_way.len() < IN_FLIGHT {
            let call = client.trigger_execution(parent.as_str(), TriggerType::Event, EVENT);
            under_way.push(tokio::spawn(call.send()));
        }
        if let Some(answer) = under_way.next().await {
            answer??;
            done += 1;
        }
    }
    let rate = f64::from(done) / begin.elapsed().as_secs_f64();
    let child = format!("{parent}.{done:04}");
    let child = oos
        .engine()
        .execution(oos.tenant(), &child)
        .await?
        .ok_or("no child")?;
    assert_eq!(child.head.status, ExecutionStatus::Success);
    Ok(rate)
}

async fn over_http(oos: &LocalOos) -> Result<oos::Client, Failure> {
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = oos.listen(ListenOptions::on(address)).await?;
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_endpoint(listener.endpoint())
        .with_access_key(oos.access_key().id(), oos.access_key().secret().expose())
        .build()?;
    tokio::spawn(listener.serve(std::future::pending::<()>()));
    Ok(client)
}

/// A store that remembers what was committed.
#[derive(Debug)]
struct Recording {
    inner: Arc<MemoryStore>,
    commits: Mutex<Vec<Changes>>,
}

impl Store for Recording {
    fn read(&self, query: Query) -> BoxFuture<'_, Result<Page, ReadError>> {
        self.inner.read(query)
    }

    fn commit(&self, changes: Changes) -> BoxFuture<'_, Result<(), CommitError>> {
        if let Ok(mut commits) = self.commits.lock() {
            commits.push(changes.clone());
        }
        self.inner.commit(changes)
    }
}

/// Data folders of one round, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(round: usize) -> Self {
        Self(std::env::temp_dir().join(format!("oos-bench-{}-{round}", std::process::id())))
    }

    fn store(&self, name: &str) -> Result<Arc<dyn Store>, Failure> {
        Ok(Arc::new(SqliteStore::open(
            &self.0.join(name),
            &oos_local::kinds(),
        )?))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
