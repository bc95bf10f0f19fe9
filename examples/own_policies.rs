//! A retry policy, an observer and a rule for endpoints of one's own. The transport is scripted, so
//! the program needs neither network nor credentials.

#![expect(clippy::print_stdout, reason = "this is a program")]

use oos::client::{Decision, EndpointError, EndpointQuery, Failure};
use oos::transport::{HttpResponse, Scripted};
use oos::{Endpoint, Event, Observe, ResolveEndpoint, RetryPolicy};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Repeats what may be repeated once, after a tenth of a second.
#[derive(Debug)]
struct OnceMore;

impl RetryPolicy for OnceMore {
    fn decide(&self, failure: &Failure<'_>) -> Decision {
        if failure.attempts < 2 && failure.is_safe() && failure.error.is_retryable() {
            Decision::RetryAfter(Duration::from_millis(100))
        } else {
            Decision::Stop
        }
    }
}

/// Counts failed attempts.
#[derive(Debug, Default)]
struct Failures(AtomicU32);

impl Observe for Failures {
    fn observe(&self, event: &Event<'_>) {
        if let Event::AttemptFailed { .. } = event {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Sends the calls of one region into its private network, all others to the public endpoints.
#[derive(Debug)]
struct PrivateAtHome;

impl ResolveEndpoint for PrivateAtHome {
    fn resolve(&self, query: &EndpointQuery<'_>) -> Result<Endpoint, EndpointError> {
        let region = query.region.ok_or(EndpointError::NoRegion)?;
        let host = match region {
            "cn-hangzhou" => "https://oos-vpc.cn-hangzhou.aliyuncs.com".to_owned(),
            other => format!("https://oos.{other}.aliyuncs.com"),
        };
        host.parse()
            .map_err(|_| EndpointError::Region(region.to_owned()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let transport = Scripted::new();
    transport.answer(HttpResponse::new(http::StatusCode::SERVICE_UNAVAILABLE));
    transport.answer(HttpResponse::new(http::StatusCode::OK).with_body(r#"{"Templates":[]}"#));

    let failures = Arc::new(Failures::default());
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_access_key("testid", "testsecret")
        .with_transport(Arc::new(transport.clone()))
        .into_client_builder()?
        .with_retry_policy(Arc::new(OnceMore))
        .with_observer(Arc::clone(&failures) as Arc<dyn Observe>)
        .with_endpoints(Arc::new(PrivateAtHome))
        .build()?;
    client.list_templates().send().await?;

    let endpoint = &transport.requests()[0].endpoint;
    let count = failures.0.load(Ordering::Relaxed);
    println!("{count} attempt failed, then {endpoint} answered");
    Ok(())
}
