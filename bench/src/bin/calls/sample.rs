//! One round of one contender.

use crate::COUNTED;
use crate::contender::Contender;
use cpu_time::ProcessTime;
use stats_alloc::Region;
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;
use tokio::task::JoinSet;

const CALLS: usize = 12_000;

/// What one round showed, per call; times in seconds.
#[derive(Clone, Copy)]
pub struct Sample {
    pub wall: f64,
    pub cpu: f64,
    pub allocations: f64,
}

/// Calls one after the other in as many tasks as shall be in flight, after some unmeasured ones.
pub async fn round(
    contender: &Arc<Contender>,
    content: &Arc<str>,
    width: usize,
) -> Result<Sample, Box<dyn Error>> {
    all(contender, content, (width, 20)).await?;
    let (allocated, cpu, wall) = (Region::new(COUNTED), ProcessTime::now(), Instant::now());
    all(contender, content, (width, CALLS / width)).await?;
    let made = (CALLS / width * width) as f64;
    let change = allocated.change();
    Ok(Sample {
        wall: wall.elapsed().as_secs_f64() / made,
        cpu: cpu.elapsed().as_secs_f64() / made,
        allocations: (change.allocations + change.reallocations) as f64 / made,
    })
}

async fn all(
    contender: &Arc<Contender>,
    content: &Arc<str>,
    (width, each): (usize, usize),
) -> Result<(), Box<dyn Error>> {
    let mut tasks = JoinSet::new();
    for _ in 0..width {
        let (contender, content) = (Arc::clone(contender), Arc::clone(content));
        tasks.spawn(async move {
            for _ in 0..each {
                contender
                    .call(&content)
                    .await
                    .map_err(|error| told(&*error))?;
            }
            Ok::<(), String>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

fn told(error: &dyn Error) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

pub fn median(samples: &[Sample], of: fn(&Sample) -> f64) -> f64 {
    let mut values: Vec<f64> = samples.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
