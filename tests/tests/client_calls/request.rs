//! What goes onto the wire.

use super::support::{START, answer, builder, client, header, parameter};
use oos_client::model::enums::TriggerType;
use oos_client::model::operations::{
    CreateTemplate, DescribeRegions, GetServiceSettings, TriggerExecution,
};
use oos_credentials::{AccessKey, Static};
use oos_sign::{Claims, ReceivedRequest, verify};
use oos_transport::{HttpRequest, Scripted};
use std::sync::Arc;

/// What a server does with the request: reads its claims and verifies its signature.
fn claims_of(request: &HttpRequest, key: &AccessKey) -> Claims {
    let headers: Vec<(&str, &[u8])> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let received = ReceivedRequest {
        method: request.method.as_str(),
        path: request.path(),
        raw_query: request.query(),
        headers: &headers,
        body: request.body.as_bytes(),
    };
    let claims = Claims::read(&received).unwrap();
    verify(&received, &claims, key).unwrap();
    claims
}

fn key() -> AccessKey {
    AccessKey::new("testid", "testsecret")
}

#[tokio::test]
async fn a_trigger_is_sent_to_the_letter() {
    let transport = Scripted::new();
    transport.answer(answer(200, r#"{"RequestId":"R-1"}"#));
    client(&transport)
        .trigger_execution("exec-1", TriggerType::Event, r#"{"name":"a b*"}"#)
        .client_token("t-1")
        .send()
        .await
        .unwrap();
    let sent = &transport.requests()[0];
    assert_eq!(sent.method, "POST");
    assert_eq!(
        sent.endpoint.to_string(),
        "https://oos.cn-hangzhou.aliyuncs.com"
    );
    assert_eq!(
        sent.target,
        "/?ClientToken=t-1&Content=%7B%22name%22%3A%22a%20b%2A%22%7D&ExecutionId=exec-1\
         &RegionId=cn-hangzhou&Type=Event"
    );
    assert!(sent.body.is_empty());
    let expected = [
        ("accept", "application/json"),
        ("host", "oos.cn-hangzhou.aliyuncs.com"),
        ("user-agent", concat!("oos-rs/", env!("CARGO_PKG_VERSION"))),
        ("x-acs-action", "TriggerExecution"),
        (
            "x-acs-content-sha256",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        ("x-acs-credentials-provider", "static_ak"),
        ("x-acs-date", "2026-01-02T03:04:05Z"),
        ("x-acs-version", "2019-06-01"),
    ];
    for (name, value) in expected {
        assert_eq!(header(sent, name), Some(value), "{name}");
    }
    let nonce = header(sent, "x-acs-signature-nonce").unwrap();
    assert_eq!(nonce.len(), 32);
    assert_eq!(
        sent.headers.len(),
        expected.len() + 2,
        "nonce and authorization"
    );
    let context = &transport.contexts()[0];
    assert_eq!(
        (&*context.operation, context.attempt),
        ("TriggerExecution", 1)
    );

    let claims = claims_of(sent, &key());
    assert_eq!((claims.access_key_id(), claims.nonce()), ("testid", nonce));
    assert_eq!(claims.date(), START);
    let signed = header(sent, "authorization").unwrap();
    assert!(signed.contains(
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;\
         x-acs-date;x-acs-signature-nonce;x-acs-version,"
    ));
}

#[tokio::test]
async fn temporary_credentials_send_their_token() {
    let transport = Scripted::new();
    let key = key().with_security_token("token");
    let client = oos_client::Client::builder(
        Arc::new(transport.clone()),
        Arc::new(Static::of(key.clone())),
    )
    .with_region("cn-hangzhou")
    .build()
    .unwrap();
    let prepared = client.list_templates().prepare().await.unwrap();
    assert_eq!(header(&prepared, "x-acs-security-token"), Some("token"));
    assert_eq!(
        header(&prepared, "x-acs-credentials-provider"),
        Some("static_sts")
    );
    assert_eq!(claims_of(&prepared, &key).security_token(), Some("token"));
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn tokens_and_regions_are_filled_in_where_they_belong() {
    let client = client(&Scripted::new());
    let trigger = || client.trigger_execution("e", TriggerType::Event, "{}");
    let sent = trigger().prepare().await.unwrap();
    let token = parameter(&sent, "ClientToken").unwrap();
    assert_eq!(token.len(), 36, "{token}");
    let other = trigger().prepare().await.unwrap();
    assert_ne!(parameter(&other, "ClientToken").unwrap(), token);

    let given = TriggerExecution::new("e", TriggerType::Event, "{}").with_client_token("mine");
    let sent = client.call(given).prepare().await.unwrap();
    assert_eq!(parameter(&sent, "ClientToken").as_deref(), Some("mine"));

    let sent = client
        .list_templates()
        .client_token("x")
        .prepare()
        .await
        .unwrap();
    assert_eq!(
        parameter(&sent, "ClientToken"),
        None,
        "the operation has none"
    );
    assert_eq!(parameter(&sent, "RegionId").as_deref(), Some("cn-hangzhou"));

    let elsewhere = client
        .list_templates()
        .with(|list| list.with_region_id("cn-beijing"));
    let sent = elsewhere.prepare().await.unwrap();
    assert_eq!(parameter(&sent, "RegionId").as_deref(), Some("cn-beijing"));
    assert_eq!(sent.endpoint.authority(), "oos.cn-beijing.aliyuncs.com");
    assert_eq!(sent.query().matches("RegionId").count(), 1);

    let sent = client.call(DescribeRegions::new()).prepare().await.unwrap();
    assert_eq!(header(&sent, "x-acs-action"), Some("DescribeRegions"));
}

#[tokio::test]
async fn an_explicit_endpoint_wins_and_may_be_plain_http() {
    let client = builder(&Scripted::new())
        .with_endpoint("http://127.0.0.1:4060".parse().unwrap())
        .with_user_agent("my-tool/2")
        .build()
        .unwrap();
    let sent = client.list_templates().prepare().await.unwrap();
    assert_eq!(sent.endpoint.to_string(), "http://127.0.0.1:4060");
    assert_eq!(header(&sent, "host"), Some("127.0.0.1:4060"));
    assert!(header(&sent, "user-agent").unwrap().ends_with(" my-tool/2"));
    claims_of(&sent, &key());
}

#[tokio::test]
async fn the_method_is_the_operations() {
    let sent = client(&Scripted::new())
        .call(GetServiceSettings::new())
        .form_body()
        .prepare()
        .await
        .unwrap();
    assert_eq!(sent.method, "GET");
    assert!(sent.body.is_empty(), "a GET has no form body");
    claims_of(&sent, &key());
}

/// Characters that need three bytes on the wire decide, not those in the text.
#[tokio::test]
async fn long_parameters_move_to_a_form_body() {
    let check = async |content: String, asked: bool, moved: bool| {
        let client = client(&Scripted::new());
        let mut call = client.call(CreateTemplate::new("t", content.clone()));
        if asked {
            call = call.form_body();
        }
        let sent = call.prepare().await.unwrap();
        let text = std::str::from_utf8(sent.body.as_bytes()).unwrap();
        assert_eq!((sent.query().is_empty(), !text.is_empty()), (moved, moved));
        let form = moved.then_some("application/x-www-form-urlencoded");
        assert_eq!(header(&sent, "content-type"), form);
        let carried = if moved { text } else { sent.query() };
        let params = oos_model::Params::parse(carried).unwrap();
        assert_eq!(params.get("Content"), Some(&*content));
        claims_of(&sent, &key());
    };
    check("a".repeat(61_000), false, false).await;
    check("a".repeat(62_000), false, true).await;
    check("{".repeat(20_000), false, false).await;
    check("{".repeat(21_000), false, true).await;
    check("字".repeat(7_000), false, true).await;
    check("short".to_owned(), false, false).await;
    check("short".to_owned(), true, true).await;
}

#[test]
fn a_client_that_can_not_work_is_not_built() {
    let check = |region: Option<&str>, program: Option<&str>, part: &str| {
        let transport = Scripted::new();
        let mut builder =
            oos_client::Client::builder(Arc::new(transport), Arc::new(Static::new("i", "s")));
        if let Some(region) = region {
            builder = builder.with_region(region);
        }
        if let Some(program) = program {
            builder = builder.with_user_agent(program);
        }
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    };
    check(None, None, "no region");
    check(Some("cn hangzhou"), None, "`cn hangzhou`");
    check(Some("x.evil.example/"), None, "no region id");
    check(Some("cn-hangzhou"), Some("a\nb"), "user-agent");
}
