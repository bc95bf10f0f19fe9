//! Nothing secret stands in any text of the client.

use super::support::{START, answer, refusal};
use oos_client::model::enums::TriggerType;
use oos_client::{Client, Error, Event, Observe};
use oos_clock::FakeClock;
use oos_credentials::{AccessKey, Static};
use oos_transport::{HttpResponse, Scripted, TransportError, TransportErrorKind};
use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

const SECRETS: [&str; 3] = ["hidden-secret", "hidden-token", "hidden-content"];

/// Keeps the text of every event.
#[derive(Debug, Default)]
struct Log(Mutex<String>);

impl Observe for Log {
    fn observe(&self, event: &Event<'_>) {
        writeln!(self.0.lock().unwrap(), "{event:?} {event:#?}").unwrap();
    }
}

fn texts(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        write!(text, " {error} {error:?}").unwrap();
        source = error.source();
    }
    text
}

/// The refusal of a wrong signature repeats the whole request.
fn mismatch(request: &oos_transport::HttpRequest) -> HttpResponse {
    let message = format!(
        "Specified signature does not match our calculation. server StringToSign is \
         [ACS3-HMAC-SHA256\nabc] server CanonicalRequest is [POST\n/\n{}\n\
         x-acs-security-token:hidden-token]",
        request.query()
    );
    let body = serde_json::json!({"Code": "SignatureDoesNotMatch", "Message": message});
    answer(400, &body.to_string())
}

#[tokio::test]
async fn no_text_holds_a_secret() {
    let transport = Scripted::new();
    transport.fail(TransportError::new(TransportErrorKind::Broken));
    transport.answer(refusal(503, "ServiceUnavailable"));
    transport.reply(|request| Ok(mismatch(request)));
    transport.answer(answer(200, r#"{"RequestId": 1, hidden-content"#));
    let key = AccessKey::new("testid", "hidden-secret").with_security_token("hidden-token");
    let log = Arc::new(Log::default());
    let client = Client::builder(Arc::new(transport.clone()), Arc::new(Static::of(key)))
        .with_region("cn-hangzhou")
        .with_clock(Arc::new(FakeClock::jumping(START)))
        .with_observer(log.clone())
        .build()
        .unwrap();
    let trigger = || client.trigger_execution("e", TriggerType::Event, "hidden-content");

    let prepared = trigger().prepare().await.unwrap();
    let mut text = format!("{client:?} {prepared:?} {transport:?}");
    let refused = trigger().send().await.unwrap_err();
    assert_eq!(refused.code(), Some("SignatureDoesNotMatch"));
    assert!(
        refused
            .api()
            .unwrap()
            .echo()
            .unwrap()
            .contains("hidden-content"),
        "kept apart"
    );
    text += &texts(&refused);
    let unreadable = trigger().send().await.unwrap_err();
    assert!(matches!(unreadable, Error::Decode(_)));
    text += &texts(&unreadable);
    text += &log.0.lock().unwrap();

    assert!(
        text.contains("TriggerExecution") && text.contains("503"),
        "{text}"
    );
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    for request in transport.requests() {
        let signed = request.headers["authorization"].to_str().unwrap();
        let (_, signature) = signed.rsplit_once("Signature=").unwrap();
        assert!(!text.contains(signature), "{signature}: {text}");
    }
}
