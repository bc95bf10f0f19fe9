//! What the client learns from refusals: the server's time, and when to come again. No test
//! sleeps: the clock is a fake one that jumps.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use oos_client::model::enums::TriggerType;
use oos_client::{Backoff, Client, ClientBuilder, Error, Event, NoRetry, Observe};
use oos_clock::{Clock, FakeClock, SeededEntropy};
use oos_credentials::Static;
use oos_transport::{HttpResponse, Scripted, TransportError, TransportErrorKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use time::macros::datetime;

/// What the wrong clock of this machine shows; the server's shows 20 minutes more.
const START: time::OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);
const SERVER: &str = "Fri, 02 Jan 2026 03:24:05 GMT";
const CORRECTED: &str = "2026-01-02T03:24:05Z";

fn builder(transport: &Scripted, clock: &FakeClock) -> ClientBuilder {
    let credentials = Arc::new(Static::new("testid", "testsecret"));
    Client::builder(Arc::new(transport.clone()), credentials)
        .with_region("cn-hangzhou")
        .with_clock(Arc::new(clock.clone()))
        .with_entropy(Arc::new(SeededEntropy::new(7)))
}

fn client(transport: &Scripted) -> Client {
    let clock = FakeClock::jumping(START);
    builder(transport, &clock).build().unwrap()
}

fn good() -> HttpResponse {
    HttpResponse::new(http::StatusCode::OK).with_body(r#"{"RequestId":"R"}"#)
}

fn refusal(status: u16, code: &str, headers: &[(&'static str, &str)]) -> HttpResponse {
    let status = http::StatusCode::from_u16(status).unwrap();
    let body = format!(r#"{{"Code":"{code}","Message":"no"}}"#);
    let mut response = HttpResponse::new(status).with_body(body);
    for (name, value) in headers {
        response.headers.insert(*name, value.parse().unwrap());
    }
    response
}

fn expired(date: &str) -> HttpResponse {
    refusal(400, "InvalidTimeStamp.Expired", &[("date", date)])
}

fn dates(transport: &Scripted) -> Vec<String> {
    let requests = transport.requests();
    let date = |request: &oos_transport::HttpRequest| {
        request.headers["x-acs-date"].to_str().unwrap().to_owned()
    };
    requests.iter().map(date).collect()
}

/// Keeps the events in one line each.
#[derive(Debug, Default)]
struct Log(Mutex<Vec<String>>);

impl Observe for Log {
    fn observe(&self, event: &Event<'_>) {
        let line = match event {
            Event::AttemptStarted { attempt, .. } => format!("attempt {attempt}"),
            Event::AttemptSucceeded { status, .. } => format!("answered {status}"),
            Event::AttemptFailed { error, .. } => format!("failed: {}", error.class()),
            Event::ClockCorrected { skew, .. } => format!("clock {}", skew.seconds()),
            Event::Pausing { next_attempt, .. } => format!("pause before {next_attempt}"),
            Event::BudgetSpent { attempts, .. } => format!("budget spent after {attempts}"),
            Event::CallEnded {
                attempts, result, ..
            } => format!("ended after {attempts}: {}", result.is_ok()),
            other => panic!("{other:?}"),
        };
        self.0.lock().unwrap().push(line);
    }
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_once_and_remembered() {
    let transport = Scripted::new();
    transport.answer(expired(SERVER));
    transport.answer(good());
    transport.answer(good());
    let clock = FakeClock::jumping(START);
    let log = Arc::new(Log::default());
    let client = builder(&transport, &clock)
        .with_retry_policy(Arc::new(NoRetry))
        .with_observer(log.clone())
        .build()
        .unwrap();
    assert_eq!(client.clock_skew(), None);
    // Not even a call that must not be made twice is put at risk: it was refused.
    client.cancel_execution("e").send().await.unwrap();
    client.list_templates().send().await.unwrap();

    assert_eq!(
        dates(&transport),
        ["2026-01-02T03:04:05Z", CORRECTED, CORRECTED]
    );
    assert_eq!(clock.elapsed(), Duration::ZERO, "no pause");
    let skew = client.clock_skew().unwrap();
    assert_eq!(skew.seconds(), 1200);
    assert_eq!(
        skew.to_string(),
        "the clock of this machine is 1200 s behind the server's: set it, or let it be set (NTP); \
         until then the dates of calls are corrected"
    );
    assert_eq!(
        *log.0.lock().unwrap(),
        [
            "attempt 1",
            "failed: refused",
            "clock 1200",
            "attempt 2",
            "answered 200",
            "ended after 2: true",
            "attempt 1",
            "answered 200",
            "ended after 1: true",
        ]
    );
}

#[tokio::test]
async fn a_date_is_corrected_only_where_that_helps() {
    let check = async |answers: &[HttpResponse], requests: usize, skew: Option<i64>| {
        let transport = Scripted::new();
        answers.iter().cloned().for_each(|a| transport.answer(a));
        let client = client(&transport);
        let error = client.list_templates().send().await.unwrap_err();
        assert_eq!(transport.requests().len(), requests, "{error}");
        let learnt = client.clock_skew().map(oos_client::ClockSkew::seconds);
        assert_eq!(learnt, skew, "{error}");
        error
    };
    // Once per call, whatever the server says after that.
    let ahead = "Fri, 02 Jan 2026 02:04:05 GMT";
    let error = check(&[expired(ahead), expired(SERVER)], 2, Some(-3600)).await;
    assert_eq!(error.clock_skew().unwrap().seconds(), -3600);
    assert!(
        error.to_string().contains("3600 s ahead of the server's"),
        "{error}"
    );
    // The server's own time agrees with ours: something else is wrong.
    check(&[expired("Fri, 02 Jan 2026 03:04:40 GMT")], 1, None).await;
    check(&[expired("yesterday")], 1, None).await;
    check(&[refusal(400, "InvalidTimeStamp.Expired", &[])], 1, None).await;
    check(
        &[refusal(400, "InvalidParameter", &[("date", SERVER)])],
        1,
        None,
    )
    .await;
    // What follows the correction is repeated as ever.
    let busy = refusal(503, "ServiceUnavailable", &[]);
    check(&[expired(SERVER), busy.clone(), busy], 3, Some(1200)).await;
}

#[tokio::test]
async fn calls_at_once_learn_the_same() {
    let transport = Scripted::new();
    for _ in 0..3 {
        transport.reply(|request| {
            let date = request.headers["x-acs-date"].to_str().unwrap();
            Ok(if date == CORRECTED {
                good()
            } else {
                expired(SERVER)
            })
        });
    }
    let client = client(&transport);
    client.list_templates().send().await.unwrap();
    client.list_templates().send().await.unwrap();
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn headers_that_name_a_time_are_throttling() {
    let check = async |answer: HttpResponse, throttled: bool, pause: Option<u64>| {
        let transport = Scripted::new();
        transport.answer(answer);
        transport.answer(good());
        let clock = FakeClock::jumping(START);
        let client = builder(&transport, &clock).build().unwrap();
        let result = client.cancel_execution("e").send().await;
        let class = result.as_ref().err().map(Error::class);
        assert_eq!(result.is_ok(), throttled, "{class:?}");
        if let Some(pause) = pause {
            let waited = clock.elapsed();
            let bounds = Duration::from_millis(pause)..=Duration::from_millis(pause + 100);
            assert!(bounds.contains(&waited), "{waited:?}");
        }
    };
    let told = [("x-acs-retry-after", "2500")];
    check(refusal(400, "Busy", &told), true, Some(2500)).await;
    let left = [("x-ratelimit-user-api", "Limit:1,Remain:0,TimeLeft:700")];
    check(refusal(403, "Busy", &left), true, Some(700)).await;
    let enough = [("x-ratelimit-user", "Limit:9,Remain:4,TimeLeft:700")];
    check(refusal(403, "Busy", &enough), false, None).await;
    let seconds = [("retry-after", "3")];
    check(refusal(409, "Busy", &seconds), true, Some(3000)).await;
    check(refusal(302, "", &seconds), false, None).await;
    check(refusal(400, "ThrottlingException", &[]), true, None).await;
    // The server's fault may have come after its work, whatever the header.
    check(refusal(503, "Oops", &seconds), false, None).await;
}

/// Every call fails a hundred times over: the budget of the client bounds what is sent.
#[tokio::test]
async fn a_storm_of_refusals_is_not_answered_with_one_of_repeats() {
    let check = async |budget: u32, calls: usize, expected: usize| {
        let transport = Scripted::new();
        for _ in 0..1000 {
            transport.answer(refusal(429, "Throttling.User", &[]));
        }
        let clock = FakeClock::jumping(START);
        let client = builder(&transport, &clock)
            .with_retry_budget(budget)
            .build()
            .unwrap();
        for _ in 0..calls {
            let error = client.list_templates().send().await.unwrap_err();
            assert!(error.is_throttled() && error.is_retryable());
        }
        assert_eq!(transport.requests().len(), expected);
    };
    check(0, 10, 10).await;
    check(5, 10, 15).await;
    check(100, 100, 200).await;
}

#[tokio::test]
async fn the_spent_budget_is_told() {
    let transport = Scripted::new();
    transport.fail(TransportError::new(TransportErrorKind::Connect));
    let clock = FakeClock::jumping(START);
    let log = Arc::new(Log::default());
    let client = builder(&transport, &clock)
        .with_retry_budget(0)
        .with_observer(log.clone())
        .build()
        .unwrap();
    client.list_templates().send().await.unwrap_err();
    let lines = log.0.lock().unwrap().clone();
    assert_eq!(
        lines,
        [
            "attempt 1",
            "failed: connect",
            "budget spent after 1",
            "ended after 1: false"
        ]
    );
}

/// The head of an answer that broke off says who to ask about it.
#[tokio::test]
async fn a_broken_answer_keeps_its_status_and_id() {
    let transport = Scripted::new();
    let mut headers = http::HeaderMap::new();
    headers.insert("x-acs-request-id", "R-3".parse().unwrap());
    let broken = TransportError::new(TransportErrorKind::Broken);
    transport.fail(broken.with_head(http::StatusCode::OK, headers));
    let call = client(&transport).cancel_execution("e");
    let error = call.send().await.unwrap_err();
    assert_eq!(
        (error.status(), error.request_id(), error.attempts()),
        (Some(200), Some("R-3"), 1)
    );
    assert!(error.may_have_been_sent() && error.may_have_been_done());
}

#[tokio::test]
async fn jitter_is_drawn_from_the_whole_range() {
    let transport = Scripted::new();
    for _ in 0..200 {
        transport.fail(TransportError::new(TransportErrorKind::Connect));
    }
    let clock = FakeClock::jumping(START);
    let client = builder(&transport, &clock)
        .with_retry_policy(Arc::new(Backoff::default().with_max_attempts(2)))
        .build()
        .unwrap();
    let mut pauses = Vec::new();
    for _ in 0..100 {
        let before = clock.elapsed();
        let call = client.trigger_execution("e", TriggerType::Event, "{}");
        call.send().await.unwrap_err();
        pauses.push(clock.elapsed().saturating_sub(before).as_millis());
    }
    pauses.sort_unstable();
    assert!(pauses[9] < 30 && pauses[90] > 70, "{pauses:?}");
    assert!(pauses[99] <= 100, "{pauses:?}");
}
