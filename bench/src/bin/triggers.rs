//! Triggers to child Success per second, in memory: through the engine's handle, and through the
//! signed client over the in-process transport. `cargo xtask bench triggers`.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use oos_bench::template::{EVENT, TEXT};
use oos_clock::SystemEntropy;
use oos_engine::{ActionRegistry, Attach, Engine, ExecutionStatus, NewExecution, Outcome, Parts};
use oos_engine::{StartRequest, TemplateReference, Tenant, TriggerKind, TriggerMessage};
use oos_local::LocalOos;
use oos_model::enums::TriggerType;
use oos_model::operations::{CreateTemplate, StartExecution};
use oos_template::Value;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

const IN_FLIGHT: usize = 64;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(1);

type Failure = Box<dyn Error>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let mut engine = Vec::new();
    let mut signed = Vec::new();
    for _ in 0..ROUNDS {
        engine.push(through_the_engine().await?);
        signed.push(through_the_client().await?);
    }
    print("engine handle", &mut engine);
    print("signed client, in process", &mut signed);
    Ok(())
}

fn print(what: &str, rates: &mut [f64]) {
    rates.sort_by(f64::total_cmp);
    let (least, median, most) = (rates[0], rates[rates.len() / 2], rates[rates.len() - 1]);
    println!("{what}: {median:.0} ({least:.0}-{most:.0}) triggers to child Success a second");
}

async fn through_the_engine() -> Result<f64, Failure> {
    let (engine, driver) = Engine::new(Parts {
        store: Arc::new(oos_store::MemoryStore::new(&oos_engine::KINDS)),
        clock: Arc::new(oos_clock::SystemClock),
        entropy: Arc::new(SystemEntropy),
        actions: ActionRegistry::new(),
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
    let mut done = 0_u32;
    while begin.elapsed() < ROUND {
        while under_way.len() < IN_FLIGHT {
            let message = TriggerMessage::new(TriggerKind::Event, content.clone());
            under_way.push(engine.trigger(&tenant, &parent.start.id, message, Attach::nothing()));
        }
        if let Some(outcome) = under_way.next().await
            && let Outcome::Triggered { child } = outcome?
        {
            last = child;
            done += 1;
        }
    }
    let rate = f64::from(done) / begin.elapsed().as_secs_f64();
    let child = engine.execution(&tenant, &last).await?.ok_or("no child")?;
    assert_eq!(child.head.status, ExecutionStatus::Success);
    driver.abort();
    Ok(rate)
}

async fn through_the_client() -> Result<f64, Failure> {
    let oos = LocalOos::builder().spawn();
    let client = oos.client();
    client.call(CreateTemplate::new("bench", TEXT)).send().await?;
    let started = StartExecution::new().with_template_name("bench");
    let parent = client.call(started).send().await?.output.execution.and_then(|e| e.execution_id);
    let parent = parent.ok_or("not started")?;
    let (begin, mut under_way) = (Instant::now(), FuturesUnordered::new());
    let mut done = 0_u32;
    while begin.elapsed() < ROUND {
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
    let child = oos.engine().execution(oos.tenant(), &child).await?.ok_or("no child")?;
    assert_eq!(child.head.status, ExecutionStatus::Success);
    Ok(rate)
}
