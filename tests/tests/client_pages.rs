//! Every paged operation of the spec, page by page, against scripted answers.

use futures_util::TryStreamExt;
use http::StatusCode;
use oos_client::model::operations::{self, ListGitRepositories, ListTemplates};
use oos_client::{Client, DynamicOperation, Error};
use oos_clock::FakeClock;
use oos_credentials::Static;
use oos_model::{Operation, Paged, ParameterInfo, ParameterKind, Params};
use oos_transport::{HttpRequest, HttpResponse, Scripted, TransportError, TransportErrorKind};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use time::macros::datetime;

fn client(transport: &Scripted) -> Client {
    let clock = FakeClock::jumping(datetime!(2026-01-02 03:04:05 UTC));
    Client::builder(
        Arc::new(transport.clone()),
        Arc::new(Static::new("testid", "testsecret")),
    )
    .with_region("cn-hangzhou")
    .with_clock(Arc::new(clock))
    .build()
    .expect("a client")
}

fn answer(body: &Value) -> HttpResponse {
    HttpResponse::new(StatusCode::OK).with_body(body.to_string())
}

/// An answer with these entries at `path`, such as `TagResources.TagResource`.
fn page(path: &str, items: Vec<Value>, token: Option<&str>) -> HttpResponse {
    let mut value = Value::Array(items);
    for part in path.rsplit('.') {
        value = json!({ part: value });
    }
    if let Some(token) = token {
        value["NextToken"] = token.into();
    }
    answer(&value)
}

fn sent(transport: &Scripted, name: &str) -> Vec<Option<String>> {
    let read = |request: &HttpRequest| {
        let params = Params::parse(request.query()).expect("a query");
        params.get(name).map(str::to_owned)
    };
    transport.requests().iter().map(read).collect()
}

/// An operation with something in each required parameter, and with `MaxResults`, if it has it.
fn filled<O: Operation>() -> O {
    let value = |info: &ParameterInfo| match info.kind {
        ParameterKind::JsonList => r#"["a"]"#,
        ParameterKind::JsonObject => r#"{"a":"b"}"#,
        ParameterKind::Integer | ParameterKind::Long => "2",
        _ => "a",
    };
    let wanted = |info: &&ParameterInfo| info.required || info.name == "MaxResults";
    let pairs = O::PARAMETERS.iter().filter(wanted);
    let params: Params<'_> = pairs.map(|info| (info.name, value(info))).collect();
    O::from_params(&params).expect("all that is required is there")
}

/// How the spec says that an operation is paged: the path of its entries, and one of them.
struct Paging {
    path: String,
    item: Value,
}

fn spec() -> &'static BTreeMap<String, Map<String, Value>> {
    static SPEC: OnceLock<BTreeMap<String, Map<String, Value>>> = OnceLock::new();
    SPEC.get_or_init(read_spec)
}

fn read_spec() -> BTreeMap<String, Map<String, Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/oos-2019-06-01.json");
    let spec = std::fs::read_to_string(path).expect("the spec");
    let spec: Value = serde_json::from_str(&spec).expect("JSON");
    let operations = spec["operations"].as_array().expect("operations");
    let paged = operations.iter().filter_map(|operation| {
        let name = operation["name"].as_str()?.to_owned();
        Some((name, operation["pagination"].as_object()?.clone()))
    });
    paged.collect()
}

fn paging(name: &str) -> Paging {
    let path = spec()[name]["items"].as_str().expect("a path").to_owned();
    let item = match name {
        "ListTagKeys" | "ListTagValues" => json!("text"),
        _ => json!({}),
    };
    Paging { path, item }
}

async fn follows_all_pages<O: Paged>()
where
    O::Item: Send + 'static,
{
    let Paging { path, item } = paging(O::NAME);
    let transport = Scripted::new();
    let script = || {
        transport.answer(page(&path, vec![item.clone(), item.clone()], Some("t 1&")));
        transport.answer(page(&path, vec![], Some("t2")));
        transport.answer(page(&path, vec![item.clone()], Some("")));
    };
    script();
    let items: Vec<O::Item> = client(&transport)
        .pages(filled::<O>())
        .into_items()
        .try_collect()
        .await
        .expect(O::NAME);
    assert_eq!(items.len(), 3, "{}", O::NAME);
    let tokens = [None, Some("t 1&".to_owned()), Some("t2".to_owned())];
    assert_eq!(sent(&transport, "NextToken"), tokens, "{}", O::NAME);
    let sizes = sent(&transport, "MaxResults");
    assert!(sizes.iter().all(|size| *size == sizes[0]), "{}", O::NAME);
    let has_size = O::PARAMETERS.iter().any(|info| info.name == "MaxResults");
    assert_eq!(sizes[0].is_some(), has_size, "{}", O::NAME);

    script();
    let pages = client(&transport).pages(filled::<O>()).into_stream();
    let pages: Vec<_> = pages.try_collect().await.expect(O::NAME);
    assert_eq!(pages.len(), 3, "{}", O::NAME);
}

async fn refuses_a_circle<O: Paged>()
where
    O::Item: Send + 'static,
{
    let Paging { path, item } = paging(O::NAME);
    let transport = Scripted::new();
    for token in ["t1", "t2", "t1"] {
        transport.answer(page(&path, vec![item.clone()], Some(token)));
    }
    let mut items = client(&transport).pages(filled::<O>()).into_items();
    for _ in 0..2 {
        let item = items.try_next().await.expect("the pages before are good");
        assert!(item.is_some(), "{}", O::NAME);
    }
    let Err(Error::Decode(error)) = items.try_next().await else {
        panic!("{} never ends", O::NAME)
    };
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    let cause = cause.unwrap_or_default();
    assert!(
        cause.contains("\"t1\"") && cause.contains("page 3"),
        "{cause}"
    );
    let rest: Vec<O::Item> = items.try_collect().await.expect("it has ended");
    assert_eq!((rest.len(), transport.remaining()), (0, 0), "{}", O::NAME);
}

macro_rules! token_paged {
    ($($operation:ident),+ $(,)?) => {
        const TOKEN_PAGED: &[&str] = &[$(stringify!($operation)),+];

        #[tokio::test]
        async fn lists_end_with_the_page_that_names_no_next() {
            $(follows_all_pages::<operations::$operation>().await;)+
        }

        #[tokio::test]
        async fn lists_that_would_never_end_are_errors() {
            $(refuses_a_circle::<operations::$operation>().await;)+
        }
    };
}

token_paged! {
    DescribeApplicationGroupBill, GetInventorySchema, GetParametersByPath,
    GetSecretParametersByPath, ListActions, ListApplicationGroups, ListApplications,
    ListExecutionLogs, ListExecutions, ListInstancePackageStates, ListInstancePatchStates,
    ListInstancePatches, ListInventoryEntries, ListOpsItems, ListParameterVersions,
    ListParameters, ListPatchBaselines, ListResourceExecutionStatus,
    ListSecretParameterVersions, ListSecretParameters, ListStateConfigurations, ListTagKeys,
    ListTagResources, ListTagValues, ListTaskExecutions, ListTemplateVersions, ListTemplates,
    SearchInventory,
}

#[test]
fn the_list_of_paged_operations_is_that_of_the_spec() {
    let by = |style: &str, answers: bool| -> Vec<String> {
        let wanted = spec().iter().filter(|(_, paging)| {
            let token = paging.get("output_token").is_some_and(Value::is_string);
            paging["style"] == style && token == answers
        });
        wanted.map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(by("token", true), TOKEN_PAGED);
    assert_eq!(TOKEN_PAGED.len(), 28);
    assert_eq!(by("page_number", false), ["ListGitRepositories"]);
    // It takes a token and answers none: its second page can not be asked for.
    assert_eq!(by("token", false), ["ListChatConfigurations"]);
}

fn repositories(names: &[&str]) -> HttpResponse {
    let repos: Vec<Value> = names
        .iter()
        .map(|name| json!({ "FullName": name }))
        .collect();
    answer(&json!({ "GitRepos": repos }))
}

#[tokio::test]
async fn numbered_pages_end_with_an_empty_one() {
    let transport = Scripted::new();
    transport.answer(repositories(&["a", "b"]));
    transport.answer(repositories(&["c"]));
    transport.answer(repositories(&["d"]));
    transport.answer(repositories(&[]));
    let list = ListGitRepositories::new("me", "github").with_page_size(2);
    let repos = client(&transport).numbered_pages(list).into_items();
    let names: Vec<_> = repos
        .map_ok(|repo| repo.full_name.unwrap_or_default())
        .try_collect()
        .await
        .expect("pages");
    assert_eq!(names, ["a", "b", "c", "d"]);
    let numbers = ["1", "2", "3", "4"].map(|number| Some(number.to_owned()));
    assert_eq!(sent(&transport, "PageNumber"), numbers);
    assert_eq!(
        sent(&transport, "PageSize"),
        [const { "2" }; 4].map(|two| Some(two.to_owned()))
    );
}

#[tokio::test]
async fn a_service_that_does_not_count_is_an_error() {
    let transport = Scripted::new();
    transport.answer(repositories(&["a", "b"]));
    transport.answer(repositories(&["a", "b"]));
    let list = ListGitRepositories::new("me", "github").with_page_number(7);
    let mut pages = client(&transport).numbered_pages(list);
    assert!(pages.next_page().await.expect("a page").is_some());
    let error = pages.next_page().await.expect_err("the same page");
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    assert!(
        cause.is_some_and(|cause| cause.contains("page 8")),
        "{error:?}"
    );
}

#[tokio::test]
async fn numbers_end_with_the_largest() {
    let transport = Scripted::new();
    transport.answer(repositories(&["a"]));
    let list = ListGitRepositories::new("me", "github").with_page_number(i32::MAX);
    let mut pages = client(&transport).numbered_pages(list);
    assert!(pages.next_page().await.expect("a page").is_some());
    assert!(pages.next_page().await.expect("the end").is_none());
}

#[tokio::test]
async fn a_stream_gives_what_came_before_the_error() {
    let transport = Scripted::new();
    transport.answer(page("Templates", vec![json!({}), json!({})], Some("t1")));
    transport.fail(TransportError::new(TransportErrorKind::Unsupported));
    let mut items = client(&transport).pages(ListTemplates::new()).into_items();
    for _ in 0..2 {
        assert!(items.try_next().await.expect("an entry").is_some());
    }
    assert!(items.try_next().await.is_err());
    assert!(items.try_next().await.expect("the end").is_none());
}

#[tokio::test]
async fn dynamic_pages_follow_their_tokens() {
    let transport = Scripted::new();
    transport.answer(page("Templates", vec![json!({})], Some("t1")));
    transport.answer(page("Templates", vec![], None));
    let list = DynamicOperation::new("ListTemplates").param("MaxResults", "1");
    let call = client(&transport)
        .call_dynamic(list)
        .header("x-acs-own", "1");
    let pages: Vec<_> = call
        .pages()
        .into_stream()
        .try_collect()
        .await
        .expect("pages");
    assert_eq!(pages.len(), 2);
    assert_eq!(sent(&transport, "NextToken"), [None, Some("t1".to_owned())]);
    let own = |request: &HttpRequest| request.headers.contains_key("x-acs-own");
    assert!(transport.requests().iter().all(own));

    for _ in 0..2 {
        transport.answer(page("Templates", vec![], Some("t1")));
    }
    let list = DynamicOperation::new("ListTemplates");
    let mut pages = client(&transport).call_dynamic(list).pages();
    assert!(pages.next_page().await.expect("a page").is_some());
    assert!(matches!(pages.next_page().await, Err(Error::Decode(_))));
}
