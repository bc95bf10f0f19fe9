//! Calls per second on loopback, and what each costs the client in CPU and allocations, beside
//! the floor and peers. `cargo xtask bench calls`.
//!
//! The server is a process of its own and answers every request with the same few bytes, so that
//! CPU (getrusage) and allocations are the client's. Each round measures everyone once; the figures
//! are medians of the rounds, so that whatever else the machine does meets all of them.
//!
//! The floor is hyper-util's client with the same request ready-made. The peers come with the
//! feature `peers`; one of them speaks nothing but TLS and is measured beside ours with TLS.
//!
//! An argument measures only those whose name begins with it: for a profiler.

mod contender;
mod floor;
mod ours;
#[cfg(feature = "peers")]
mod peers;
mod sample;
mod server;

use contender::Contender;
use sample::{Sample, median};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;
use std::error::Error;
use std::sync::Arc;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

type Outcome = Result<(), Box<dyn Error>>;

const ROUNDS: usize = 7;
const IN_FLIGHT: [usize; 3] = [1, 16, 128];

fn main() -> Outcome {
    let argument = std::env::args().nth(1).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    if argument == "--serve" {
        return runtime.block_on(server::serve());
    }
    let server = server::start()?;
    runtime.block_on(measure(&server.addresses, &argument))
}

async fn measure(at: &server::Addresses, wanted: &str) -> Outcome {
    let content = r#"{"product":"ecs","name":"Instance:StateChange","level":"INFO"}"#.repeat(10);
    let content = Arc::from(content);
    let mut contenders = contenders(at, &content).await?;
    contenders.retain(|contender| contender.name().starts_with(wanted));
    for width in IN_FLIGHT {
        println!("{width} in flight");
        let mut samples: Vec<Vec<Sample>> = contenders.iter().map(|_| Vec::new()).collect();
        for _ in 0..ROUNDS {
            for (contender, samples) in contenders.iter().zip(&mut samples) {
                samples.push(sample::round(contender, &content, width).await?);
            }
        }
        report(&contenders, &samples);
    }
    Ok(())
}

async fn contenders(
    at: &server::Addresses,
    content: &str,
) -> Result<Vec<Arc<Contender>>, Box<dyn Error>> {
    let contenders = vec![
        Contender::Floor(Box::new(floor::Floor::new(at, content).await?)),
        Contender::Ours(ours::plain(at)?),
        #[cfg(feature = "peers")]
        Contender::AwsSsm(Box::new(peers::aws_ssm::client(at))),
        #[cfg(feature = "peers")]
        Contender::OursTls(ours::with_tls(at)?),
        #[cfg(feature = "peers")]
        Contender::AliAcs(peers::ali_acs::client(at)?),
    ];
    Ok(contenders.into_iter().map(Arc::new).collect())
}

fn report(contenders: &[Arc<Contender>], samples: &[Vec<Sample>]) {
    let of = |name: &str| {
        let index = contenders.iter().position(|one| one.name() == name)?;
        Some(&samples[index])
    };
    for (contender, samples) in contenders.iter().zip(samples) {
        let least = samples
            .iter()
            .map(|sample| sample.cpu)
            .fold(f64::INFINITY, f64::min);
        let (wall, cpu) = (
            median(samples, |one| one.wall),
            median(samples, |one| one.cpu),
        );
        println!(
            "  {:27} {:8.0} calls/s  {:6.1} µs CPU a call (least {:5.1})  {:6.1} allocations{}",
            contender.name(),
            1.0 / wall,
            cpu * 1e6,
            least * 1e6,
            median(samples, |one| one.allocations),
            contender
                .rival()
                .and_then(of)
                .map_or_else(String::new, |ours| format!(
                    "  oos makes {:.2} × the calls, at {:.2} × the CPU",
                    wall / median(ours, |one| one.wall),
                    median(ours, |one| one.cpu) / cpu,
                )),
        );
    }
}
