//! The client in a program that is not async: one runtime, and `block_on` around every call. Here
//! it talks to a local OOS inside of the process, so it needs neither network nor credentials.

#![expect(clippy::print_stdout, reason = "this is a program")]

use oos_local::LocalOos;
use std::time::Duration;

const TEMPLATE: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
  - Name: rest
    Action: ACS::Sleep
    Properties: { Duration: PT1S }
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = runtime.block_on(async { LocalOos::builder().spawn() });
    let client = local.client();

    runtime.block_on(client.create_template("rest", TEMPLATE).send())?;
    let started = runtime.block_on(client.start_execution("rest").send())?;
    let execution = started.output.execution.and_then(|one| one.execution_id);
    let execution = execution.ok_or("the answer names no execution")?;

    let wait = client.wait(execution).limit(Duration::from_secs(30));
    let ended = runtime.block_on(wait.until_ended())?;
    println!("it ended: {}", ended.status.ok_or("it has no status")?);
    Ok(())
}
