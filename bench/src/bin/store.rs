//! Units a second of the durable store, beside a bare SQLite with the same rows: a unit puts a
//! record of 200 bytes and appends an entry of 500 bytes. `cargo xtask bench store`.
//!
//! Live: as many executions as waiters, each with eight units, then the next ones take their place.
//! Spread: 1,000 executions in turn, as far from each other as can be.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use oos_store::{Changes, Expect, Field, Kind, Query, Record, SqliteStore, Store};
use rusqlite::Connection;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

static STEP: Kind = Kind::records("step", &[Field::text("status")], &[&["status"]]);
static EVENT: Kind = Kind::log("event");
const ROWS: usize = 1000;
const UNITS: usize = 8;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(600);

type Failure = Box<dyn Error + Send + Sync>;

/// Units a second, and units a transaction.
type Rate = (f64, f64);

#[derive(Debug, Clone, Copy)]
enum Keys {
    Live(usize),
    Spread,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("oos-bench-store-{}", std::process::id()));
    for waiters in [1, 16, 64, 128] {
        for keys in [Keys::Live(waiters), Keys::Spread] {
            let mut figures = [Vec::new(), Vec::new(), Vec::new()];
            for _ in 0..ROUNDS {
                let store = SqliteStore::open(folder.join("store"), &[&STEP, &EVENT])?;
                figures[0].push(tokio::spawn(ours(store, waiters, keys)).await??);
                figures[1].push(bare(&folder.join("bare"), waiters, keys, true)?);
                figures[2].push(bare(&folder.join("log"), waiters, keys, false)?);
                std::fs::remove_dir_all(&folder)?;
            }
            let [ours, bare, log] = figures.map(|mut rates| median(&mut rates));
            println!(
                "{waiters} waiters, {keys:?}, units a second: {}",
                shown(&ours)
            );
            println!("    bare, streams indexed: {}", shown(&bare));
            println!("    bare, streams not indexed: {}", shown(&log));
            println!("    ours / bare: {:.2}", ours.1.0 / bare.1.0);
        }
    }
    let rate = reads(&folder).await?;
    println!("reads of one record, one at a time: {rate:.0} a second");
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

/// The least, the median and the most.
fn median(rates: &mut [Rate]) -> (Rate, Rate, Rate) {
    rates.sort_by(|one, other| one.0.total_cmp(&other.0));
    (rates[0], rates[rates.len() / 2], rates[rates.len() - 1])
}

fn shown((least, median, most): &(Rate, Rate, Rate)) -> String {
    let grouped = median.1;
    format!(
        "{:.0} ({:.0}-{:.0}), {grouped:.1} a transaction",
        median.0, least.0, most.0
    )
}

impl Keys {
    /// The key of the execution that a unit belongs to.
    fn at(self, unit: usize) -> String {
        let number = match self {
            Self::Live(many) => unit / (many * UNITS) * many + unit % many,
            Self::Spread => unit * 7919 % ROWS,
        };
        format!("exec-0123456789abcdef0123.{number:06}")
    }
}

fn record(key: String) -> Record {
    Record::new(key)
        .with("status", "Running")
        .with_body(vec![b'r'; 160])
}

async fn fill(store: &SqliteStore) -> Result<(), Failure> {
    let all = (0..ROWS).map(|unit| record(Keys::Spread.at(unit)));
    let all = all.fold(Changes::new(), |all, one| all.put(&STEP, one, Expect::Any));
    Ok(store.commit(all).await?)
}

async fn ours(store: SqliteStore, waiters: usize, keys: Keys) -> Result<Rate, Failure> {
    fill(&store).await?;
    let (before, begin, mut done) = (store.transactions(), Instant::now(), 0);
    let mut under_way = FuturesUnordered::new();
    while begin.elapsed() < ROUND {
        while under_way.len() < waiters {
            let changes = Changes::new().put(&STEP, record(keys.at(done)), Expect::Any);
            let changes = changes.append(&EVENT, keys.at(done), vec![b'e'; 500]);
            under_way.push(store.commit(changes));
            done += 1;
        }
        if let Some(answer) = under_way.next().await {
            answer?;
        }
    }
    while let Some(answer) = under_way.next().await {
        answer?;
    }
    Ok(rate(done, begin.elapsed(), store.transactions() - before))
}

/// The same rows in groups of this size, by one thread that waits for nobody.
fn bare(folder: &Path, group: usize, keys: Keys, indexed: bool) -> Result<Rate, Failure> {
    std::fs::create_dir_all(folder)?;
    let connection = Connection::open(folder.join("bare.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;
         CREATE TABLE step (key TEXT PRIMARY KEY, version INTEGER, status TEXT, body BLOB)
            WITHOUT ROWID;
         CREATE INDEX by_status ON step (status, key);
         CREATE TABLE event (number INTEGER PRIMARY KEY, stream TEXT, body BLOB);",
    )?;
    if indexed {
        connection.execute_batch("CREATE INDEX by_stream ON event (stream)")?;
    }
    let mut put = connection.prepare(
        "INSERT INTO step VALUES (?1, 1, 'Running', ?2)
            ON CONFLICT DO UPDATE SET version = version + 1, body = ?2",
    )?;
    let mut append = connection.prepare("INSERT INTO event (stream, body) VALUES (?1, ?2)")?;
    connection.execute_batch("BEGIN")?;
    for unit in 0..ROWS {
        put.execute((Keys::Spread.at(unit), vec![b'r'; 160]))?;
    }
    connection.execute_batch("COMMIT")?;
    let (begin, mut done, mut transactions) = (Instant::now(), 0, 0);
    while begin.elapsed() < ROUND {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..group {
            put.execute((keys.at(done), vec![b'r'; 160]))?;
            append.execute((keys.at(done), vec![b'e'; 500]))?;
            done += 1;
        }
        connection.execute_batch("COMMIT")?;
        transactions += 1;
    }
    Ok(rate(done, begin.elapsed(), transactions))
}

async fn reads(folder: &Path) -> Result<f64, Failure> {
    let store = SqliteStore::open(folder, &[&STEP, &EVENT])?;
    fill(&store).await?;
    let (begin, mut done) = (Instant::now(), 0);
    while begin.elapsed() < ROUND {
        let page = store.read(Query::key(&STEP, Keys::Spread.at(done))).await?;
        assert_eq!(page.records.len(), 1);
        done += 1;
    }
    Ok(rate(done, begin.elapsed(), 1).0)
}

fn rate(done: usize, elapsed: Duration, transactions: u64) -> Rate {
    let done = done as f64;
    (
        done / elapsed.as_secs_f64(),
        done / transactions.max(1) as f64,
    )
}
