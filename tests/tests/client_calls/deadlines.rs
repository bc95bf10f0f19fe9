//! Time limits, kept by dropping what takes too long.

use super::support::{START, answer};
use oos_client::{Backoff, Client, ClientBuilder, Error, NoRetry, TimeLimit};
use oos_clock::{Clock, FakeClock};
use oos_credentials::{Credentials, CredentialsError, ProvideCredentials, Static};
use oos_transport::{
    BoxFuture, CallContext, HttpRequest, HttpResponse, Scripted, Transport, TransportError,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Answers after a time, and counts the exchanges that were dropped before.
#[derive(Debug)]
struct Late {
    clock: FakeClock,
    after: Duration,
    dropped: Arc<AtomicU32>,
}

struct CountDrop(Arc<AtomicU32>, bool);

impl Drop for CountDrop {
    fn drop(&mut self) {
        if !self.1 {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Transport for Late {
    fn send<'a>(
        &'a self,
        _request: HttpRequest,
        _context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(async {
            let mut exchange = CountDrop(Arc::clone(&self.dropped), false);
            self.clock.sleep(self.after).await;
            exchange.1 = true;
            Ok(answer(200, "{}"))
        })
    }
}

struct World {
    clock: FakeClock,
    dropped: Arc<AtomicU32>,
    builder: ClientBuilder,
}

fn world(after: Duration) -> World {
    let (clock, dropped) = (FakeClock::jumping(START), Arc::default());
    let late = Late {
        clock: clock.clone(),
        after,
        dropped: Arc::clone(&dropped),
    };
    let builder = Client::builder(Arc::new(late), Arc::new(Static::new("i", "s")))
        .with_region("cn-hangzhou")
        .with_clock(Arc::new(clock.clone()));
    World {
        clock,
        dropped,
        builder,
    }
}

fn limit(error: &Error) -> TimeLimit {
    match error {
        Error::Timeout(error) => error.limit(),
        other => panic!("{other:?}"),
    }
}

const S: fn(u64) -> Duration = Duration::from_secs;

#[tokio::test]
async fn an_answer_in_time_is_one() {
    let World {
        clock,
        dropped,
        builder,
    } = world(S(14));
    builder
        .build()
        .unwrap()
        .list_templates()
        .send()
        .await
        .unwrap();
    assert_eq!(
        (clock.elapsed(), dropped.load(Ordering::Relaxed)),
        (S(14), 0)
    );
    assert_eq!(clock.sleepers(), 0, "the deadline is forgotten");
}

#[tokio::test]
async fn an_attempt_ends_at_its_limit() {
    let World {
        clock,
        dropped,
        builder,
    } = world(S(16));
    let client = builder
        .with_retry_policy(Arc::new(NoRetry))
        .build()
        .unwrap();
    let error = client.list_templates().send().await.unwrap_err();
    assert_eq!(limit(&error), TimeLimit::Attempt);
    assert_eq!(
        error.to_string(),
        "ListTemplates: the attempt was given up after 15000 ms"
    );
    assert!(error.is_retryable() && error.may_have_been_sent() && error.may_have_been_done());
    assert_eq!(
        (clock.elapsed(), dropped.load(Ordering::Relaxed)),
        (S(15), 1)
    );
}

#[tokio::test]
async fn attempts_end_with_the_call() {
    let World {
        clock,
        dropped,
        builder,
    } = world(S(16));
    let policy = Backoff::default()
        .with_max_attempts(100)
        .with_max_pause(Duration::ZERO);
    let client = builder.with_retry_policy(Arc::new(policy)).build().unwrap();
    let error = client.list_templates().send().await.unwrap_err();
    assert_eq!(
        (clock.elapsed(), dropped.load(Ordering::Relaxed)),
        (S(60), 4)
    );
    assert_eq!((limit(&error), error.attempts()), (TimeLimit::Attempt, 4));

    let error = client
        .list_templates()
        .timeout(S(20))
        .send()
        .await
        .unwrap_err();
    assert_eq!((limit(&error), error.attempts()), (TimeLimit::Call, 2));
    assert!(!error.is_retryable());
    assert_eq!(
        (clock.elapsed(), dropped.load(Ordering::Relaxed)),
        (S(80), 6)
    );
}

#[tokio::test]
async fn a_call_without_a_token_is_not_repeated_after_its_time() {
    let World {
        dropped, builder, ..
    } = world(S(16));
    let error = builder
        .build()
        .unwrap()
        .cancel_execution("e")
        .send()
        .await
        .unwrap_err();
    assert_eq!((error.attempts(), dropped.load(Ordering::Relaxed)), (1, 1));
}

/// Never has any.
#[derive(Debug)]
struct Never;

impl ProvideCredentials for Never {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn waiting_for_credentials_counts_and_sends_nothing() {
    let transport = Scripted::new();
    let client = Client::builder(Arc::new(transport.clone()), Arc::new(Never))
        .with_region("cn-hangzhou")
        .with_clock(Arc::new(FakeClock::jumping(START)))
        .build()
        .unwrap();
    let error = client.cancel_execution("e").send().await.unwrap_err();
    assert_eq!((limit(&error), error.attempts()), (TimeLimit::Attempt, 3));
    assert!(!error.may_have_been_sent() && !error.may_have_been_done());
    assert!(transport.requests().is_empty());
}
