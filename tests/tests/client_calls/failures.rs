//! What an error keeps.

use super::support::{answer, builder, client, refusal, with_header};
use oos_client::{Answer, Error, NoRetry};
use oos_model::operations::{CancelExecutionOutput, ListTemplatesOutput};
use oos_transport::{HttpResponse, Scripted, TransportError, TransportErrorKind};
use std::error::Error as _;
use std::sync::Arc;

async fn failure(response: HttpResponse) -> Error {
    let transport = Scripted::new();
    transport.answer(response);
    let client = builder(&transport)
        .with_retry_policy(Arc::new(NoRetry))
        .build()
        .unwrap();
    client.list_templates().send().await.unwrap_err()
}

#[tokio::test]
async fn refusals_keep_what_the_server_said() {
    let check =
        async |response: HttpResponse, code: Option<&str>, id: Option<&str>, shown: &str| {
            let (status, body) = (response.status.as_u16(), response.body.as_bytes().to_vec());
            let error = failure(response).await;
            assert_eq!(
                (error.status(), error.code(), error.request_id()),
                (Some(status), code, id)
            );
            assert_eq!(error.to_string(), shown);
            let Error::Service(error) = error else {
                panic!("{error:?}")
            };
            assert_eq!(error.raw(), body);
            assert!(error.source().is_none());
        };
    check(
        refusal(404, "EntityNotExists.Template"),
        Some("EntityNotExists.Template"),
        Some("R-9"),
        "ListTemplates: EntityNotExists.Template (HTTP 404): no [RequestId R-9]",
    )
    .await;
    check(
        answer(
            400,
            "<Error><RequestId>R-8</RequestId><Code>InvalidType</Code><Message>m</Message></Error>",
        ),
        Some("InvalidType"),
        Some("R-8"),
        "ListTemplates: InvalidType (HTTP 400): m [RequestId R-8]",
    )
    .await;
    let gateway = with_header(answer(502, "<html>"), "x-acs-request-id", "R-7");
    let error = failure(gateway).await;
    assert_eq!(
        (error.status(), error.code(), error.request_id()),
        (Some(502), None, Some("R-7"))
    );
    let Error::Service(error) = &error else {
        panic!("{error:?}")
    };
    assert_eq!((error.headers().len(), error.raw()), (1, &b"<html>"[..]));
}

#[tokio::test]
async fn each_kind_answers_the_questions() {
    let throttled = failure(refusal(400, "Throttling.User")).await;
    assert!(throttled.is_throttled() && throttled.is_retryable());
    assert!(throttled.may_have_been_sent() && !throttled.may_have_been_done());

    let fault = failure(refusal(500, "InternalError")).await;
    assert!(fault.is_retryable() && fault.may_have_been_done());

    let unreadable = failure(with_header(
        answer(200, "<html>"),
        "x-acs-request-id",
        "R-6",
    ))
    .await;
    let Error::Decode(decode) = &unreadable else {
        panic!("{unreadable:?}")
    };
    assert_eq!((decode.status(), decode.raw()), (200, &b"<html>"[..]));
    assert_eq!(unreadable.request_id(), Some("R-6"));
    assert!(unreadable.may_have_been_done() && !unreadable.is_retryable());
    assert!(unreadable.source().is_some());

    let empty = failure(answer(204, "")).await;
    assert!(matches!(empty, Error::Decode(_)), "{empty:?}");
}

#[tokio::test]
async fn an_error_remembers_the_attempts_before_the_last() {
    let transport = Scripted::new();
    transport.fail(TransportError::new(TransportErrorKind::Broken));
    transport.fail(TransportError::new(TransportErrorKind::Connect));
    transport.answer(refusal(404, "EntityNotExists.Template"));
    let error = client(&transport)
        .list_templates()
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.attempts(), error.code()),
        (3, Some("EntityNotExists.Template"))
    );
    assert!(
        error.may_have_been_sent() && error.may_have_been_done(),
        "the first may have been"
    );

    let transport = Scripted::new();
    for _ in 0..3 {
        transport.fail(TransportError::new(TransportErrorKind::Connect));
    }
    let error = client(&transport)
        .list_templates()
        .send()
        .await
        .unwrap_err();
    assert!(!error.may_have_been_sent() && !error.may_have_been_done());
    assert_eq!(error.transport_kind(), Some(TransportErrorKind::Connect));
    let source = error.source().unwrap().to_string();
    assert!(
        !error.to_string().contains(&source),
        "the source is not printed: {error}"
    );
}

#[tokio::test]
async fn a_region_that_is_none_is_not_sent() {
    let transport = Scripted::new();
    let call = client(&transport)
        .list_templates()
        .with(|list| list.with_region_id("evil.example/"));
    let error = call.send().await.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)), "{error:?}");
    assert!(
        error
            .source()
            .unwrap()
            .to_string()
            .contains("evil.example/")
    );
    assert!(transport.requests().is_empty() && !error.may_have_been_sent());
}

#[tokio::test]
async fn an_answer_keeps_what_the_output_does_not_know() {
    let transport = Scripted::new();
    transport.answer(with_header(
        answer(
            200,
            r#"{"Templates":[],"RequestId":"R-5","New":{"Field":7}}"#,
        ),
        "x-acs-trace-id",
        "T",
    ));
    let got: Answer<ListTemplatesOutput> =
        client(&transport).list_templates().send().await.unwrap();
    assert_eq!((got.status, got.request_id.as_deref()), (200, Some("R-5")));
    assert_eq!(got.raw_field("/New/Field"), Some(serde_json::json!(7)));
    assert_eq!(got.headers["x-acs-trace-id"], "T");

    transport.answer(with_header(answer(200, "{}"), "x-acs-request-id", "R-4"));
    let got: Answer<CancelExecutionOutput> = client(&transport)
        .cancel_execution("e")
        .send()
        .await
        .unwrap();
    assert_eq!(got.request_id.as_deref(), Some("R-4"));
}
