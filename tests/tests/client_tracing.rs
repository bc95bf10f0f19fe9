//! What the tracing observer tells, and that none of it is secret.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use oos::client::Client;
use oos::clock::FakeClock;
use oos::credentials::{AccessKey, Static};
use oos::enums::TriggerType;
use oos::transport::{HttpResponse, Scripted, TransportError, TransportErrorKind};
use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use time::macros::datetime;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};

/// Keeps every span and event, fields and all, of every level.
#[derive(Debug, Clone, Default)]
struct Everything(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    last: AtomicU64,
    spans: Mutex<BTreeMap<u64, Fields>>,
    closed: Mutex<Vec<u64>>,
    events: Mutex<Vec<(u64, String, Fields)>>,
}

type Fields = BTreeMap<&'static str, String>;

struct Keep<'a>(&'a mut Fields);

impl Visit for Keep<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let id = self.0.last.fetch_add(1, Ordering::Relaxed) + 1;
        let mut fields = Fields::new();
        fields.insert("span", span.metadata().name().to_owned());
        span.record(&mut Keep(&mut fields));
        self.0.spans.lock().unwrap().insert(id, fields);
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut spans = self.0.spans.lock().unwrap();
        values.record(&mut Keep(spans.get_mut(&span.into_u64()).unwrap()));
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Keep(&mut fields));
        let span = event.parent().map_or(0, Id::into_u64);
        let level = event.metadata().level().to_string();
        self.0.events.lock().unwrap().push((span, level, fields));
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}

    fn try_close(&self, id: Id) -> bool {
        self.0.closed.lock().unwrap().push(id.into_u64());
        true
    }
}

fn client(transport: &Scripted) -> Client {
    let key = AccessKey::new("testid", "hidden-secret").with_security_token("hidden-token");
    let clock = FakeClock::jumping(datetime!(2026-01-02 03:04:05 UTC));
    Client::builder(Arc::new(transport.clone()), Arc::new(Static::of(key)))
        .with_region("cn-hangzhou")
        .with_clock(Arc::new(clock))
        .with_observer(Arc::new(oos::TracingObserver))
        .build()
        .unwrap()
}

fn good() -> HttpResponse {
    let mut answer = HttpResponse::new(http::StatusCode::OK).with_body(r#"{"RequestId":"R-1"}"#);
    let id = "R-1".parse().unwrap();
    answer.headers.insert("x-acs-request-id", id);
    answer
}

/// The refusal of a wrong signature repeats the whole request.
fn mismatch(request: &oos::transport::HttpRequest) -> HttpResponse {
    let message = format!(
        "Specified signature does not match our calculation. server StringToSign is \
         [ACS3-HMAC-SHA256\nabc] server CanonicalRequest is [POST\n/\n{}\n\
         x-acs-security-token:hidden-token]",
        request.query()
    );
    let body = serde_json::json!({"Code": "SignatureDoesNotMatch", "Message": message});
    HttpResponse::new(http::StatusCode::BAD_REQUEST).with_body(body.to_string())
}

#[tokio::test]
async fn one_span_per_call_and_one_event_per_attempt() {
    let transport = Scripted::new();
    transport.fail(
        TransportError::new(TransportErrorKind::Broken).with_source("connection reset by peer"),
    );
    transport.answer(good());
    transport.reply(|request| Ok(mismatch(request)));
    let seen = Everything::default();
    let _guard = tracing::subscriber::set_default(seen.clone());
    let client = client(&transport);
    let trigger = || client.trigger_execution("e", TriggerType::Event, "hidden-content");
    trigger().send().await.unwrap();
    trigger().send().await.unwrap_err();

    let spans = seen.0.spans.lock().unwrap().clone();
    let field = |span: u64, name: &str| spans[&span].get(name).cloned().unwrap_or_default();
    assert_eq!(spans.len(), 2);
    assert_eq!(*seen.0.closed.lock().unwrap(), [1, 2]);
    for span in [1, 2] {
        assert_eq!(field(span, "span"), "oos_call");
        assert_eq!(field(span, "operation"), "TriggerExecution");
        assert_eq!(
            field(span, "endpoint"),
            "https://oos.cn-hangzhou.aliyuncs.com"
        );
    }
    assert_eq!(
        (field(1, "attempts"), field(1, "status")),
        ("2".into(), "200".into())
    );
    assert_eq!(field(1, "request_id"), "R-1");
    assert_eq!(
        (field(2, "status"), field(2, "error_class")),
        ("400".into(), "refused".into())
    );
    assert_eq!(field(2, "error_code"), "SignatureDoesNotMatch");

    let events = seen.0.events.lock().unwrap().clone();
    let lines: Vec<String> = events
        .iter()
        .map(|(span, level, fields)| format!("{span} {level} {}", fields["message"]))
        .collect();
    assert_eq!(
        lines,
        [
            "1 WARN attempt failed",
            "1 DEBUG pausing",
            "1 DEBUG attempt succeeded",
            "2 WARN attempt failed",
        ]
    );
    let failed = &events[0].2;
    assert_eq!(failed["error_class"], "broken");
    assert!(
        failed["error"].ends_with("connection reset by peer"),
        "{failed:?}"
    );
    nothing_secret(&format!("{spans:?} {events:?}"), &transport);
}

fn nothing_secret(text: &str, transport: &Scripted) {
    for secret in ["hidden-secret", "hidden-token", "hidden-content"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let mut signatures = String::new();
    for request in transport.requests() {
        let signed = request.headers["authorization"].to_str().unwrap();
        let (_, signature) = signed.rsplit_once("Signature=").unwrap();
        writeln!(signatures, "{signature}").unwrap();
        assert!(!text.contains(signature), "{signature}: {text}");
    }
    assert_eq!(signatures.lines().count(), 3, "all were looked for");
}

#[tokio::test]
async fn a_call_that_is_not_sent_has_no_span() {
    let seen = Everything::default();
    let _guard = tracing::subscriber::set_default(seen.clone());
    let transport = Scripted::new();
    let client = client(&transport);
    let call = client.list_templates().send();
    drop(call);
    assert_eq!(
        seen.0.spans.lock().unwrap().len(),
        0,
        "nothing was sent yet"
    );

    transport.reply(|_| {
        Err(TransportError::new(TransportErrorKind::Connect).with_source("to be repeated"))
    });
    let error = client.list_templates().send().await.unwrap_err();
    assert_eq!(error.class(), "unsupported", "the script ended");
    assert_eq!(*seen.0.closed.lock().unwrap(), [1]);
}
