//! The pages of a list.

use super::support::{answer, client, parameter};
use oos_client::Error;
use oos_client::model::operations::ListTemplates;
use oos_transport::{Scripted, TransportError, TransportErrorKind};

fn page(names: &[&str], next: &str) -> oos_transport::HttpResponse {
    let entry = |name: &&str| serde_json::json!({ "TemplateName": name });
    let templates: Vec<_> = names.iter().map(entry).collect();
    answer(
        200,
        &serde_json::json!({ "Templates": templates, "NextToken": next }).to_string(),
    )
}

#[tokio::test]
async fn pages_follow_their_tokens() {
    let transport = Scripted::new();
    transport.answer(page(&["a", "b"], "t1"));
    transport.answer(page(&[], "t2"));
    transport.answer(page(&["c"], ""));
    let mut pages = client(&transport).pages(ListTemplates::new());
    let names: Vec<_> = pages
        .items(100)
        .await
        .unwrap()
        .into_iter()
        .map(|t| t.template_name)
        .collect();
    assert_eq!(names, ["a", "b", "c"].map(|name| Some(name.to_owned())));
    let tokens: Vec<_> = transport
        .requests()
        .iter()
        .map(|request| parameter(request, "NextToken"))
        .collect();
    assert_eq!(tokens, [None, Some("t1".to_owned()), Some("t2".to_owned())]);
    assert!(pages.next_page().await.unwrap().is_none());
}

#[tokio::test]
async fn a_limit_ends_the_list() {
    let transport = Scripted::new();
    transport.answer(page(&["a", "b"], "t1"));
    transport.answer(page(&["c", "d"], "t2"));
    let items = client(&transport)
        .pages(ListTemplates::new())
        .items(3)
        .await
        .unwrap();
    assert_eq!((items.len(), transport.remaining()), (3, 0));
}

#[tokio::test]
async fn a_failed_page_is_asked_for_again() {
    let transport = Scripted::new();
    transport.answer(page(&["a"], "t1"));
    transport.fail(TransportError::new(TransportErrorKind::Unsupported));
    transport.answer(page(&["b"], ""));
    let mut pages = client(&transport).pages(ListTemplates::new());
    assert!(pages.next_page().await.unwrap().is_some());
    assert!(pages.next_page().await.is_err());
    assert!(pages.next_page().await.unwrap().is_some());
    let last = transport.requests().pop().unwrap();
    assert_eq!(parameter(&last, "NextToken").as_deref(), Some("t1"));
}

#[tokio::test]
async fn a_list_without_end_is_an_error() {
    let transport = Scripted::new();
    transport.answer(page(&["a"], "t1"));
    transport.answer(page(&["a"], "t1"));
    let error = client(&transport)
        .pages(ListTemplates::new())
        .items(100)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Decode(_)), "{error:?}");
}
