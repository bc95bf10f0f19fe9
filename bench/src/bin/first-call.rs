//! From nothing to the first answered call of a local OOS in this process.
//! `cargo xtask bench first-call`.

use oos_local::LocalOos;
use oos_model::operations::ListExecutions;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let begin = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    runtime.block_on(async {
        let oos = LocalOos::builder().spawn();
        oos.client().call(ListExecutions::new()).send().await
    })?;
    println!(
        "first answered call after {:.2} ms",
        begin.elapsed().as_secs_f64() * 1e3
    );
    Ok(())
}
