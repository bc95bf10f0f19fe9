//! Which failures are repeated, and how.

use super::support::{answer, builder, client, header, parameter, refusal, with_header};
use oos_client::model::enums::TriggerType;
use oos_client::model::operations::{CancelExecution, ListTemplates, TriggerExecution};
use oos_client::{Backoff, Event, NoRetry, Observe};
use oos_clock::{Clock, FakeClock};
use oos_credentials::{BoxFuture, Credentials, CredentialsError, CredentialsErrorKind};
use oos_credentials::{ProvideCredentials, Static};
use oos_model::Operation;
use oos_transport::TransportErrorKind::{
    BodyTooLarge, Broken, Connect, ConnectTimeout, InvalidRequest, ReadTimeout, Unsupported,
};
use oos_transport::{HttpResponse, Scripted, TransportError, TransportErrorKind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

type Outcome = Result<HttpResponse, TransportErrorKind>;

/// A script of so many equal outcomes.
fn script(outcome: &Outcome, times: usize) -> Scripted {
    let transport = Scripted::new();
    for _ in 0..times {
        match outcome {
            Ok(response) => transport.answer(response.clone()),
            Err(kind) => transport.fail(TransportError::new(*kind)),
        }
    }
    transport
}

/// How many attempts an operation makes when every one ends so.
async fn attempts<O: Operation>(operation: O, outcome: &Outcome) -> usize {
    let transport = script(outcome, 10);
    let error = client(&transport).call(operation).send().await.unwrap_err();
    let made = transport.requests().len();
    assert_eq!(error.attempts() as usize, made);
    made
}

/// Attempts of an operation that reads, of one with a `ClientToken`, of one without.
#[tokio::test]
async fn each_failure_has_its_attempts() {
    let check = async |outcome: Outcome, [reads, by_token, neither]: [usize; 3]| {
        let trigger = TriggerExecution::new("e", TriggerType::Event, "{}");
        assert_eq!(
            attempts(ListTemplates::new(), &outcome).await,
            reads,
            "{outcome:?}"
        );
        assert_eq!(attempts(trigger, &outcome).await, by_token, "{outcome:?}");
        assert_eq!(
            attempts(CancelExecution::new("e"), &outcome).await,
            neither,
            "{outcome:?}"
        );
    };
    // Not sent: always safe.
    check(Err(Connect), [3, 3, 3]).await;
    check(Err(ConnectTimeout), [3, 3, 3]).await;
    // Perhaps carried out: safe only where twice is as good as once.
    check(Err(Broken), [3, 3, 1]).await;
    check(Err(ReadTimeout), [3, 3, 1]).await;
    check(Ok(refusal(500, "InternalError")), [3, 3, 1]).await;
    check(Ok(refusal(503, "ServiceUnavailable")), [3, 3, 1]).await;
    check(Ok(answer(502, "<html>Bad Gateway</html>")), [3, 3, 1]).await;
    // Refused for now: surely not carried out.
    check(Ok(refusal(400, "Throttling.User")), [3, 3, 3]).await;
    check(Ok(refusal(429, "TooMany")), [3, 3, 3]).await;
    check(Ok(refusal(503, "Throttling")), [3, 3, 3]).await;
    // Nothing would change.
    check(Err(InvalidRequest), [1, 1, 1]).await;
    check(Err(Unsupported), [1, 1, 1]).await;
    check(Err(BodyTooLarge), [1, 1, 1]).await;
    check(Ok(refusal(400, "InvalidParameter")), [1, 1, 1]).await;
    check(Ok(refusal(403, "Forbidden.RAM")), [1, 1, 1]).await;
    check(Ok(refusal(404, "EntityNotExists.Execution")), [1, 1, 1]).await;
    check(Ok(refusal(501, "NotImplemented")), [1, 1, 1]).await;
    check(Ok(answer(302, "")), [1, 1, 1]).await;
    check(Ok(answer(200, "no JSON")), [1, 1, 1]).await;
}

#[tokio::test]
async fn attempts_share_the_token_and_nothing_else() {
    let transport = Scripted::new();
    transport.fail(TransportError::new(Broken));
    transport.answer(with_header(
        refusal(429, "Throttling"),
        "x-acs-retry-after",
        "5000",
    ));
    transport.answer(answer(200, r#"{"RequestId":"R"}"#));
    let trigger = client(&transport).trigger_execution("e", TriggerType::Event, "{}");
    trigger.send().await.unwrap();

    let requests = transport.requests();
    let distinct = |read: &dyn Fn(&oos_transport::HttpRequest) -> String| {
        let mut all: Vec<String> = requests.iter().map(read).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    assert_eq!(requests.len(), 3);
    assert_eq!(
        distinct(&|request| parameter(request, "ClientToken").unwrap()),
        1
    );
    assert_eq!(distinct(&|request| request.target.clone()), 1);
    for name in ["x-acs-signature-nonce", "authorization"] {
        assert_eq!(
            distinct(&|request| header(request, name).unwrap().to_owned()),
            3,
            "{name}"
        );
    }
    let date = |index: usize| header(&requests[index], "x-acs-date").unwrap().to_owned();
    assert!(
        date(2) > date(1),
        "five seconds have passed: {} {}",
        date(1),
        date(2)
    );
    let attempts: Vec<u32> = transport
        .contexts()
        .iter()
        .map(|context| context.attempt)
        .collect();
    assert_eq!(attempts, [1, 2, 3]);
}

/// Keeps the pauses.
#[derive(Debug, Default)]
struct Pauses(Mutex<Vec<Duration>>);

impl Observe for Pauses {
    fn observe(&self, event: &Event<'_>) {
        if let Event::Pausing { pause, .. } = event {
            self.0.lock().unwrap().push(*pause);
        }
    }
}

async fn pauses(outcome: &Outcome, policy: Backoff) -> Vec<Duration> {
    let pauses = Arc::new(Pauses::default());
    let client = builder(&script(outcome, 20))
        .with_observer(pauses.clone())
        .with_retry_policy(Arc::new(policy))
        .with_call_timeout(Duration::from_hours(1))
        .build()
        .unwrap();
    let _ = client.list_templates().send().await;
    pauses.0.lock().unwrap().clone()
}

#[tokio::test]
async fn pauses_grow_and_obey_the_server() {
    let ms = Duration::from_millis;
    let within = |pauses: &[Duration], bounds: &[(u64, u64)]| {
        assert_eq!(pauses.len(), bounds.len());
        for (pause, (low, high)) in pauses.iter().zip(bounds) {
            assert!(
                (ms(*low)..=ms(*high)).contains(pause),
                "{pauses:?} {bounds:?}"
            );
        }
    };
    let policy = || Backoff::default().with_max_attempts(6);
    let broken = Err(Broken);
    within(
        &pauses(&broken, policy()).await,
        &[(0, 100), (0, 200), (0, 400), (0, 800), (0, 1600)],
    );
    let short = policy().with_max_pause(ms(150));
    within(
        &pauses(&broken, short).await,
        &[(0, 100), (0, 150), (0, 150), (0, 150), (0, 150)],
    );
    let throttled = Ok(refusal(400, "Throttling"));
    within(
        &pauses(&throttled, policy().with_max_attempts(3)).await,
        &[(0, 500), (0, 1000)],
    );
    let told = Ok(with_header(
        refusal(429, "Throttling"),
        "x-acs-retry-after",
        "1500",
    ));
    within(
        &pauses(&told, policy().with_max_attempts(2)).await,
        &[(1500, 1600)],
    );
    let forever = Ok(with_header(refusal(503, ""), "retry-after", "86400"));
    within(
        &pauses(&forever, policy().with_max_attempts(2)).await,
        &[(120_000, 120_100)],
    );
}

#[tokio::test]
async fn a_pause_beyond_the_deadline_is_not_made() {
    let transport = Scripted::new();
    transport.answer(with_header(
        refusal(429, "Throttling"),
        "x-acs-retry-after",
        "61000",
    ));
    let clock = FakeClock::jumping(super::support::START);
    let client = builder(&transport)
        .with_clock(Arc::new(clock.clone()))
        .build()
        .unwrap();
    let error = client.list_templates().send().await.unwrap_err();
    assert!(error.is_throttled());
    assert_eq!((error.attempts(), clock.elapsed()), (1, Duration::ZERO));
}

#[tokio::test]
async fn a_client_that_only_fails_stops_repeating() {
    let transport = script(&Err(Connect), 1000);
    let client = client(&transport);
    for _ in 0..200 {
        client.list_templates().send().await.unwrap_err();
    }
    assert_eq!(
        transport.requests().len(),
        200 + 100,
        "a hundred repeats are allowed"
    );
}

#[tokio::test]
async fn a_policy_of_ones_own_decides() {
    let transport = script(&Err(Connect), 10);
    let client = builder(&transport)
        .with_retry_policy(Arc::new(NoRetry))
        .build()
        .unwrap();
    client.list_templates().send().await.unwrap_err();
    assert_eq!(transport.requests().len(), 1);
}

/// Fails so many times, then has credentials.
#[derive(Debug)]
struct Slow(AtomicUsize, CredentialsErrorKind);

impl ProvideCredentials for Slow {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let Self(failures, kind) = self;
        let failed = failures
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_ok();
        if failed {
            let error = CredentialsError::new(*kind, "slow", "does not answer");
            return Box::pin(std::future::ready(Err(error)));
        }
        Box::pin(async { Static::new("testid", "testsecret").provide().await })
    }
}

#[tokio::test]
async fn credentials_that_are_late_are_asked_again() {
    let check = async |failures: usize, kind, succeeds: bool| {
        let transport = Scripted::new();
        transport.answer(answer(200, "{}"));
        let credentials = Arc::new(Slow(AtomicUsize::new(failures), kind));
        let client = oos_client::Client::builder(Arc::new(transport.clone()), credentials)
            .with_region("cn-hangzhou")
            .with_clock(Arc::new(FakeClock::jumping(super::support::START)))
            .build()
            .unwrap();
        // Not even a call that must not be made twice was sent.
        let result = client.cancel_execution("e").send().await;
        assert_eq!(result.is_ok(), succeeds, "{result:?}");
        if let Err(error) = result {
            assert!(
                matches!(error, oos_client::Error::Credentials(_)),
                "{error:?}"
            );
            assert!(!error.may_have_been_sent());
        }
    };
    check(2, CredentialsErrorKind::Unavailable, true).await;
    check(3, CredentialsErrorKind::Unavailable, false).await;
    check(1, CredentialsErrorKind::NotConfigured, false).await;
}
