//! What one call asks for itself, and calls of operations that are known by name only.

use super::support::{answer, builder, client, header, parameter, refusal};
use oos_client::model::Idempotency;
use oos_client::model::operations::{ListTemplates, StartExecution};
use oos_client::{DynamicOperation, Error};
use oos_transport::{Scripted, TransportError, TransportErrorKind};
use std::error::Error as _;
use std::time::Duration;

#[tokio::test]
async fn headers_and_parameters_of_one_call_are_sent() {
    let transport = Scripted::new();
    transport.answer(answer(200, "{}"));
    transport.answer(answer(200, "{}"));
    let client = client(&transport);
    let call = client
        .call(ListTemplates::new().with_template_name("old"))
        .header("X-Acs-Trace", "t-1")
        .header("x-plain", "p")
        .param("Brand", "new & shiny")
        .param("TemplateName", "other")
        .endpoint("https://oos-vpc.cn-hangzhou.aliyuncs.com".parse().unwrap());
    call.send().await.unwrap();
    client.call(ListTemplates::new()).send().await.unwrap();

    let [first, second] = &transport.requests()[..] else {
        panic!("two calls")
    };
    assert_eq!(
        first.endpoint.authority(),
        "oos-vpc.cn-hangzhou.aliyuncs.com"
    );
    assert_eq!(header(first, "x-acs-trace"), Some("t-1"));
    assert_eq!(header(first, "x-plain"), Some("p"));
    assert_eq!(parameter(first, "Brand").as_deref(), Some("new & shiny"));
    assert_eq!(first.query().matches("TemplateName").count(), 1);
    assert_eq!(parameter(first, "TemplateName").as_deref(), Some("other"));
    let signed = header(first, "authorization").unwrap();
    assert!(
        signed.contains(";x-acs-trace") && !signed.contains("x-plain"),
        "{signed}"
    );

    assert_eq!(header(second, "x-acs-trace"), None);
    assert_eq!(parameter(second, "Brand"), None);
}

#[tokio::test]
async fn what_the_client_writes_can_not_be_set() {
    let transport = Scripted::new();
    let list = || client(&transport).call(ListTemplates::new());
    let calls = [
        (list().header("Authorization", "mine"), "authorization"),
        (
            list().header("x-acs-security-token", "s3cr3t"),
            "x-acs-security-token",
        ),
        (list().header("x-a", "line\nbreak"), "x-a"),
        (list().param("Signature", "s3cr3t"), "Signature"),
        (list().param("", "x"), "without a name"),
    ];
    for (call, part) in calls {
        let error = call.send().await.unwrap_err();
        assert!(matches!(error, Error::NotSent(_)), "{error:?}");
        assert!(!error.may_have_been_sent());
        let cause = error.source().unwrap().to_string();
        assert!(cause.contains(part) && !cause.contains("s3cr3t"), "{cause}");
    }
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_prepared_call_is_signed_and_not_sent() {
    let transport = Scripted::new();
    let client = client(&transport);
    let call = client
        .call(StartExecution::new().with_template_name("t"))
        .header("x-acs-a", "1");
    let request = call.prepare().await.unwrap();
    assert!(
        header(&request, "authorization")
            .unwrap()
            .contains("x-acs-a")
    );
    assert_eq!(
        parameter(&request, "ClientToken").map(|token| token.len()),
        Some(36)
    );
    let dynamic = DynamicOperation::new("CreateTemplate")
        .param("TemplateName", "t")
        .param("Content", "c");
    let request = client
        .call_dynamic(dynamic)
        .client_token("t-1")
        .prepare()
        .await
        .unwrap();
    assert_eq!(
        request.query(),
        "ClientToken=t-1&Content=c&RegionId=cn-hangzhou&TemplateName=t"
    );
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_dynamic_call_goes_where_its_service_is() {
    let transport = Scripted::new();
    transport.answer(answer(200, r#"{"RequestId":"R-1","TotalCount":3}"#));
    let describe = DynamicOperation::new("DescribeInstances")
        .version("2014-05-26")
        .param("Tag.1.Key", "a");
    let found = client(&transport)
        .call_dynamic(describe)
        .endpoint("https://ecs.cn-hangzhou.aliyuncs.com".parse().unwrap())
        .timeout(Duration::from_secs(3))
        .send()
        .await
        .unwrap();
    assert_eq!(found.output["TotalCount"], 3);
    assert_eq!(found.request_id.as_deref(), Some("R-1"));
    let sent = &transport.requests()[0];
    assert_eq!(header(sent, "host"), Some("ecs.cn-hangzhou.aliyuncs.com"));
    assert_eq!(header(sent, "x-acs-action"), Some("DescribeInstances"));
    assert_eq!(header(sent, "x-acs-version"), Some("2014-05-26"));
    assert_eq!(sent.query(), "RegionId=cn-hangzhou&Tag.1.Key=a");
    assert_eq!(transport.contexts()[0].operation, "DescribeInstances");
}

#[tokio::test]
async fn operations_of_oos_are_known_by_name() {
    let check = async |name: &str, method: &str, host: &str| {
        let transport = Scripted::new();
        let operation = DynamicOperation::new(name.to_owned());
        let request = client(&transport)
            .call_dynamic(operation)
            .prepare()
            .await
            .unwrap();
        assert_eq!(
            (request.method.as_str(), request.endpoint.authority()),
            (method, host),
            "{name}"
        );
    };
    check("GetServiceSettings", "GET", "oos.cn-hangzhou.aliyuncs.com").await;
    check("ListTemplates", "POST", "oos.cn-hangzhou.aliyuncs.com").await;

    let transport = Scripted::new();
    let elsewhere = builder(&transport)
        .with_region("cn-beijing")
        .build()
        .unwrap();
    let pinned = DynamicOperation::new("ListApplications");
    let request = elsewhere.call_dynamic(pinned).prepare().await.unwrap();
    assert_eq!(request.endpoint.authority(), "oos.cn-hangzhou.aliyuncs.com");
    let without = DynamicOperation::new("ListTemplates").without_region();
    let request = elsewhere.call_dynamic(without).prepare().await.unwrap();
    assert_eq!(request.query(), "");
    let revision = DynamicOperation::new("CreateDeployRevision");
    let request = elsewhere.call_dynamic(revision).prepare().await.unwrap();
    assert_eq!(parameter(&request, "RegionId"), None);
}

#[tokio::test]
async fn a_dynamic_call_is_repeated_where_that_is_harmless() {
    let check = async |operation: DynamicOperation, attempts: usize| {
        let transport = Scripted::new();
        transport.fail(TransportError::new(TransportErrorKind::Broken));
        transport.answer(answer(200, "{}"));
        let shown = format!("{operation:?}");
        let result = client(&transport).call_dynamic(operation).send().await;
        assert_eq!(transport.requests().len(), attempts, "{shown}");
        assert_eq!(result.is_ok(), attempts == 2, "{shown}");
    };
    let other = |name: &str| DynamicOperation::new(name.to_owned()).version("2014-05-26");
    check(other("DescribeInstances"), 2).await;
    check(other("ListThings"), 2).await;
    check(other("StartInstance"), 1).await;
    check(other("RunInstances").param("ClientToken", "t"), 2).await;
    check(other("StartInstance").idempotency(Idempotency::Read), 2).await;
    check(other("RunInstances").idempotency(Idempotency::ByToken), 2).await;
    check(other("DescribeOnce").idempotency(Idempotency::No), 1).await;
    check(DynamicOperation::new("TriggerExecution"), 2).await;
    check(DynamicOperation::new("DeleteTemplate"), 1).await;
}

#[tokio::test]
async fn a_dynamic_answer_that_is_no_json_is_kept() {
    let transport = Scripted::new();
    transport.answer(answer(200, "<html>s3cr3t"));
    transport.answer(refusal(404, "InvalidAction.NotFound"));
    let client = client(&transport);
    let call = || client.call_dynamic(DynamicOperation::new("DescribeX").version("v"));
    let Err(Error::Decode(error)) = call().send().await else {
        panic!("it is no JSON")
    };
    assert_eq!(error.raw(), b"<html>s3cr3t");
    assert!(!format!("{error} {error:?}").contains("s3cr3t"));
    let error = call().send().await.unwrap_err();
    assert_eq!(
        (error.operation(), error.code()),
        ("DescribeX", Some("InvalidAction.NotFound"))
    );
}
