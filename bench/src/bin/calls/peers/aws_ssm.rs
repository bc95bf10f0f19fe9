//! aws-sdk-ssm: `SendAutomationSignal`, the nearest to `TriggerExecution` that it has.

use crate::Outcome;
use crate::server::Addresses;
use aws_sdk_ssm::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_ssm::types::SignalType;
use aws_sdk_ssm::{Client, Config};

pub fn client(at: &Addresses) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("cn-hangzhou"))
        .endpoint_url(format!("http://{}", at.plain))
        .credentials_provider(Credentials::new(
            "testid",
            "testsecret",
            None,
            None,
            "bench",
        ))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

pub async fn call(client: &Client, content: &str) -> Outcome {
    client
        .send_automation_signal()
        .automation_execution_id("exec-1a2b3c")
        .signal_type(SignalType::Approve)
        .payload("Comment", vec![content.to_owned()])
        .send()
        .await?;
    Ok(())
}
