//! The first program: sends a message to the trigger of an execution in the cloud. Needs
//! `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, and the execution's id as
//! its argument.

#![expect(clippy::print_stdout, reason = "this is a program")]

use oos::enums::TriggerType;
use oos::messages::EventMessage;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let execution = std::env::args().nth(1).ok_or("name an execution")?;
    let message = EventMessage::new("ECS", "Instance:StateChange")
        .with_content([("resourceId", "i-1"), ("state", "Stopped")]);
    let client = oos::connect("cn-hangzhou")?;
    let call = client.trigger_execution(execution, TriggerType::Event, message);
    let answer = call.send().await?;
    println!("sent, RequestId {}", answer.request_id.unwrap_or_default());
    Ok(())
}
