//! An observer of one's own: it gives each call an observer that sums up the attempts, and prints one
//! line when the call ends. The transport is scripted, so the program needs neither network nor
//! credentials.

#![expect(clippy::print_stdout, reason = "this is a program")]

use oos::client::CallStart;
use oos::transport::{HttpResponse, Scripted, TransportError, TransportErrorKind};
use oos::{Event, Observe};
use std::sync::{Arc, Mutex};

/// Prints a line per call.
#[derive(Debug)]
struct Lines;

impl Observe for Lines {
    /// Events come to the observer of their call.
    fn observe(&self, _event: &Event<'_>) {}

    fn of_call(&self, call: &CallStart<'_>) -> Option<Box<dyn Observe>> {
        println!("{} goes to {}", call.operation, call.endpoint);
        Some(Box::new(Line::default()))
    }
}

/// What went wrong on the way.
#[derive(Debug, Default)]
struct Line {
    failures: Mutex<Vec<&'static str>>,
}

impl Observe for Line {
    fn observe(&self, event: &Event<'_>) {
        let mut failures = self
            .failures
            .lock()
            .expect("nothing panics while it is held");
        match event {
            Event::AttemptFailed { error, .. } => failures.push(error.class()),
            Event::CallEnded {
                operation, result, ..
            } => match result {
                Ok(answer) => println!("{operation}: {} after {failures:?}", answer.status),
                Err(error) => println!("{operation}: {error} after {failures:?}"),
            },
            _ => {}
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let transport = Scripted::new();
    transport.fail(TransportError::new(TransportErrorKind::Connect));
    let answer = HttpResponse::new(http::StatusCode::OK);
    transport.answer(answer.with_body(r#"{"Templates":[],"RequestId":"R-1"}"#));
    let client = oos::Builder::new()
        .with_region("cn-hangzhou")
        .with_access_key("testid", "testsecret")
        .with_transport(Arc::new(transport))
        .with_observer(Arc::new(Lines))
        .build()?;
    client.list_templates().send().await?;
    Ok(())
}
