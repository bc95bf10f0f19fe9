//! A server that throttles everyone.

use super::server::{Server, reply};
use super::world::transport;
use oos::client::{Backoff, Client};
use oos::clock::FakeClock;
use oos::credentials::Static;
use std::sync::Arc;
use std::time::Duration;
use time::macros::datetime;

/// Sixty-four tasks, five calls each, all refused: the requests that the server sees are the calls
/// and the hundred repeats of the budget, no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_is_met_with_a_bounded_number_of_repeats() {
    let body = br#"{"Code":"Throttling.User","Message":"slow down","RequestId":"R"}"#;
    let headers = "x-acs-retry-after: 400\r\n";
    let server = Server::start([reply("429 Too Many Requests", headers, body)]).await;
    let endpoint = format!("http://{}", server.address).parse().unwrap();
    // The pauses are made on a clock that jumps; the sockets are real.
    let clock = FakeClock::jumping(datetime!(2026-01-02 03:04:05 UTC));
    let patient = Duration::from_hours(10_000);
    let client = Client::builder(
        Arc::new(transport().build()),
        Arc::new(Static::new("id", "secret")),
    )
    .with_endpoint(endpoint)
    .with_clock(Arc::new(NoDeadline(clock)))
    .with_attempt_timeout(patient)
    .with_call_timeout(patient)
    .with_retry_policy(Arc::new(Backoff::default()))
    .build()
    .unwrap();
    let task = |client: Client| async move {
        for _ in 0..5 {
            let error = client.cancel_execution("e").send().await.unwrap_err();
            assert!(error.is_throttled() && !error.may_have_been_done());
            assert_eq!(error.retry_after(), Some(Duration::from_millis(400)));
        }
    };
    let tasks: Vec<_> = (0..64)
        .map(|_| tokio::spawn(task(client.clone())))
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(server.requests().len(), 64 * 5 + 100);
}

/// A jumping clock would end an attempt's deadline as soon as it is waited for; sleeps that long
/// never end here.
#[derive(Debug)]
struct NoDeadline(FakeClock);

impl oos::clock::Clock for NoDeadline {
    fn now(&self) -> time::OffsetDateTime {
        oos::clock::Clock::now(&self.0)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> oos::clock::BoxFuture<'static, ()> {
        if duration > Duration::from_hours(1) {
            return Box::pin(std::future::pending());
        }
        Box::pin(std::future::ready(()))
    }
}
