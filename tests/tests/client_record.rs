//! Recording and replaying: nothing secret is recorded, and what is recorded answers again.

use http::{HeaderMap, HeaderValue, StatusCode};
use oos_client::model::enums::TriggerType;
use oos_client::model::operations::{
    CreateSecretParameter, GetSecretParameter, ListTemplates, StartExecution,
};
use oos_client::record::{Cassette, Recorder, Replay};
use oos_client::{Client, DynamicOperation, Error, NoRetry};
use oos_clock::{FakeClock, SeededEntropy};
use oos_credentials::{AccessKey, Static};
use oos_local::LocalOos;
use oos_sign::{RpcV1, Sign};
use oos_transport::{HttpResponse, Scripted, Transport, TransportError, TransportErrorKind};
use std::error::Error as _;
use std::sync::Arc;
use time::macros::datetime;

const PLANTED: [&str; 7] = [
    "PLANTED-SECRET",
    "PLANTED-KEY-ID",
    "PLANTED-TOKEN",
    "PLANTED-VALUE",
    "PLANTED-PASSWORD",
    "PLANTED-OWN",
    "PLANTED-QUOTE",
];

fn client(transport: Arc<dyn Transport>, key: AccessKey, seed: u64) -> Client {
    let clock = FakeClock::jumping(datetime!(2026-01-02 03:04:05 UTC));
    Client::builder(transport, Arc::new(Static::of(key)))
        .with_region("cn-hangzhou")
        .with_clock(Arc::new(clock))
        .with_entropy(Arc::new(SeededEntropy::new(seed)))
        .with_retry_policy(Arc::new(NoRetry))
        .build()
        .expect("a client")
}

fn planted_key() -> AccessKey {
    AccessKey::new("PLANTED-KEY-ID", "PLANTED-SECRET").with_security_token("PLANTED-TOKEN")
}

fn plain_key() -> AccessKey {
    AccessKey::new("other", "other")
}

fn answer(status: u16, body: &str) -> HttpResponse {
    let mut headers = HeaderMap::new();
    headers.insert("x-acs-request-id", HeaderValue::from_static("R-1"));
    headers.insert("set-cookie", HeaderValue::from_static("PLANTED-SECRET"));
    HttpResponse::new(StatusCode::from_u16(status).expect("a status"))
        .with_headers(headers)
        .with_body(body.to_owned())
}

/// Makes calls with secrets in all places that are known.
async fn calls(client: &Client) {
    let secret = CreateSecretParameter::new("name", "PLANTED-VALUE");
    drop(
        client
            .call(secret)
            .header("x-acs-own", "PLANTED-OWN")
            .send()
            .await,
    );
    drop(client.call(GetSecretParameter::new("name")).send().await);
    let start = StartExecution::new()
        .with_template_name("t")
        .with_parameters(r#"{"password":"PLANTED-PASSWORD"}"#);
    drop(client.call(start).send().await);
    let other = DynamicOperation::new("CreateThing")
        .version("v")
        .param("DbPassword", "PLANTED-PASSWORD")
        .param("Own", "PLANTED-OWN")
        .param("Comment", "it says PLANTED-VALUE");
    drop(client.call_dynamic(other).send().await);
    drop(client.call(ListTemplates::new()).form_body_and_send().await);
}

trait FormBody {
    async fn form_body_and_send(self) -> Result<(), Error>;
}

impl FormBody for oos_client::Call<ListTemplates> {
    async fn form_body_and_send(self) -> Result<(), Error> {
        self.form_body().send().await.map(drop)
    }
}

fn script() -> Scripted {
    let cloud = Scripted::new();
    cloud.answer(answer(200, r#"{"Parameter":{"Value":"PLANTED-VALUE"}}"#));
    cloud.answer(answer(
        200,
        r#"{"Parameter":{"Name":"name","Value":"PLANTED-\"QUOTE"}}"#,
    ));
    cloud.answer(answer(
        200,
        r#"{"Execution":{"ExecutionId":"exec-1","Parameters":{"password":"PLANTED-PASSWORD"},
            "Outputs":"{\"AccessKeySecret\":\"x\"}","AccessKeySecret":"PLANTED-SECRET"}}"#,
    ));
    cloud.answer(answer(
        400,
        r#"{"Code":"SignatureDoesNotMatch","Message":"Specified signature does not match our calculation. server StringToSign is [PLANTED-KEY-ID] server CanonicalRequest is [POST PLANTED-OWN]"}"#,
    ));
    cloud.answer(answer(
        400,
        "<Error><Code>SignatureDoesNotMatch</Code><Message>No. server string to sign is:GET&amp;PLANTED-OWN</Message></Error>",
    ));
    cloud
}

#[tokio::test]
async fn nothing_secret_is_recorded() {
    let signers: [Option<Arc<dyn Sign>>; 2] = [None, Some(Arc::new(RpcV1))];
    for signer in signers {
        let recorder = Recorder::new(Arc::new(script())).hide("own");
        let keys = Arc::new(Static::of(planted_key()));
        let builder = Client::builder(Arc::new(recorder.clone()), keys)
            .with_region("cn-hangzhou")
            .with_retry_policy(Arc::new(NoRetry));
        let builder = match signer {
            Some(signer) => builder.with_signer(signer),
            None => builder,
        };
        calls(&builder.build().expect("a client")).await;
        let cassette = recorder.cassette();
        assert_eq!(cassette.len(), 5);
        let text = cassette.to_string();
        for planted in PLANTED {
            assert!(!text.contains(planted), "{planted} stands in {text}");
        }
        for word in [
            "Signature=",
            "ACS3-HMAC",
            "Credential=",
            "SignatureNonce",
            "QUOTE",
            "cookie",
        ] {
            assert!(!text.contains(word), "{word} stands in {text}");
        }
        let shown = format!("{recorder:?} {cassette:?}");
        assert!(!shown.contains("PLANTED"), "{shown}");
        assert!(text.contains("exec-1") && text.contains("R-1"), "{text}");
    }
}

#[tokio::test]
async fn a_recording_answers_any_key_and_any_time() {
    let recorder = Recorder::new(Arc::new(script())).hide("own");
    calls(&client(Arc::new(recorder.clone()), planted_key(), 1)).await;
    let cassette: Cassette = recorder.cassette().to_string().parse().expect("a cassette");
    assert_eq!(cassette, recorder.cassette());

    for replay in [
        Replay::new(cassette.clone()),
        Replay::new(cassette).strict_order(),
    ] {
        let replay = replay.hide("own");
        calls(&client(Arc::new(replay.clone()), plain_key(), 2)).await;
        assert_eq!(replay.remaining(), 0);
    }
}

#[tokio::test]
async fn failures_are_replayed_as_they_were() {
    let cloud = Scripted::new();
    cloud.fail(TransportError::new(TransportErrorKind::ReadTimeout));
    cloud.answer(answer(
        404,
        r#"{"Code":"EntityNotExists.Execution","Message":"no"}"#,
    ));
    let recorder = Recorder::new(Arc::new(cloud));
    let trigger = async |transport: Arc<dyn Transport>| {
        let client = client(transport, plain_key(), 1);
        let call = || {
            client
                .trigger_execution("exec-1", TriggerType::Event, "{}")
                .send()
        };
        [
            call().await.expect_err("it fails"),
            call().await.expect_err("it fails"),
        ]
    };
    let [first, second] = trigger(Arc::new(recorder.clone())).await;
    let [again, twice] = trigger(Arc::new(Replay::new(recorder.cassette()))).await;
    assert_eq!(first.transport_kind(), again.transport_kind());
    assert!(again.may_have_been_sent());
    assert_eq!(second.code(), twice.code());
    assert_eq!(twice.status(), Some(404));
    assert_eq!(twice.request_id(), Some("R-1"));
}

fn cause(error: &Error) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = error.to_string();
        cause = error.source();
    }
    text
}

fn list(name: &str) -> ListTemplates {
    ListTemplates::new().with_template_name(name)
}

/// Two lists, of `a` and of `b`, and a template.
async fn two_lists_and_a_template() -> Cassette {
    let cloud = Scripted::new();
    for _ in 0..3 {
        cloud.answer(answer(200, "{}"));
    }
    let recorder = Recorder::new(Arc::new(cloud));
    let recording = client(Arc::new(recorder.clone()), plain_key(), 1);
    for name in ["a", "b"] {
        let listed = recording.call(list(name)).send().await;
        listed.expect("it is scripted");
    }
    let got = recording.get_template("t").send().await;
    got.expect("it is scripted");
    recorder.cassette()
}

#[tokio::test]
async fn what_is_not_recorded_is_named_by_its_nearest() {
    let replay = Replay::new(two_lists_and_a_template().await);
    let replaying = client(Arc::new(replay), plain_key(), 2);
    let unknown = replaying.call(list("PLANTED-VALUE")).send().await;
    let error = unknown.expect_err("unknown");
    assert_eq!(
        error.transport_kind(),
        Some(TransportErrorKind::Unsupported)
    );
    let text = cause(&error);
    assert!(
        text.contains("exchange 1, ListTemplates") && text.contains("parameter TemplateName"),
        "{text}"
    );
    assert!(!text.contains("PLANTED"), "{text}");
    let unknown = replaying.delete_template("t").send().await;
    let text = cause(&unknown.expect_err("unknown"));
    assert!(text.contains("the operation"), "{text}");
}

#[tokio::test]
async fn an_exchange_is_replayed_once_in_any_order_or_strictly() {
    let cassette = two_lists_and_a_template().await;
    let replay = Replay::new(cassette.clone());
    let replaying = client(Arc::new(replay), plain_key(), 2);
    for name in ["b", "a"] {
        let listed = replaying.call(list(name)).send().await;
        listed.expect("in any order");
    }
    let again = replaying.call(list("a")).send().await;
    let text = cause(&again.expect_err("it is used"));
    assert!(text.contains("GetTemplate"), "{text}");

    let strict = Replay::new(cassette).strict_order();
    let replaying = client(Arc::new(strict), plain_key(), 2);
    let second = replaying.call(list("b")).send().await;
    let text = cause(&second.expect_err("the order"));
    assert!(text.contains("in its order comes exchange 1"), "{text}");
}

#[tokio::test]
async fn hosts_count_unless_it_is_said_that_they_do_not() {
    let elsewhere = |replay: Replay| {
        let keys = Arc::new(Static::of(plain_key()));
        Client::builder(Arc::new(replay), keys)
            .with_region("cn-hangzhou")
            .with_endpoint("http://127.0.0.1:1".parse().expect("an endpoint"))
            .build()
            .expect("a client")
    };
    let cassette = two_lists_and_a_template().await;
    let other = elsewhere(Replay::new(cassette.clone()));
    let error = other.call(list("a")).send().await;
    let text = cause(&error.expect_err("another host"));
    assert!(text.contains("host"), "{text}");
    let other = elsewhere(Replay::new(cassette).any_host());
    let listed = other.call(list("a")).send().await;
    listed.expect("hosts do not count");
}

#[tokio::test]
async fn a_local_oos_can_be_recorded() {
    let local = LocalOos::builder().spawn();
    let recorder = Recorder::new(Arc::new(local.transport()));
    let client = |transport: Arc<dyn Transport>| {
        Client::builder(transport, Arc::new(Static::of(local.access_key().clone())))
            .with_region("cn-hangzhou")
            .with_endpoint(local.endpoint())
            .build()
            .expect("a client")
    };
    let content = "FormatVersion: OOS-2019-06-01\nTasks:\n  - Name: a\n    Action: ACS::Sleep\n    Properties: { Duration: PT1S }\n";
    let work = async |client: Client| {
        client.create_template("t", content).send().await?;
        let shown = client.get_template("t").send().await?;
        Ok::<_, Error>(shown.output.content)
    };
    let first = work(client(Arc::new(recorder.clone())))
        .await
        .expect("it works");
    let replay = Replay::new(recorder.cassette()).strict_order();
    let replayed = work(client(Arc::new(replay)))
        .await
        .expect("it is recorded");
    assert_eq!(first.as_deref(), Some(content));
    assert_eq!(first, replayed);
}
