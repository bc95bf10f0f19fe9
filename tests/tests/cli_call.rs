//! `oos call` against a local OOS behind a socket.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod cli_program;

use cli_program::{Run, oos};
use oos_local::LocalOos;
use oos_sign::AccessKey;
use oos_tests::listener::listen;
use serde_json::json;
use std::net::SocketAddr;

const KEY_ID: &str = "LTAI5tTheKeyOfTheTests";
const SECRET: &str = "the-secret-of-the-tests";

const CREATE: [&str; 5] = [
    "CreateTemplate",
    "-p",
    "TemplateName=hello",
    "-p",
    "Content=@examples/hello.yml",
];

async fn local() -> SocketAddr {
    let local = LocalOos::builder()
        .access_key(AccessKey::new(KEY_ID, SECRET))
        .spawn();
    listen(local).await
}

/// Runs `oos call` against this endpoint.
async fn call(address: SocketAddr, arguments: &[&str]) -> Run {
    call_as(address, SECRET, arguments).await
}

async fn call_as(address: SocketAddr, secret: &str, arguments: &[&str]) -> Run {
    let endpoint = format!("http://{address}");
    let arguments: Vec<String> = ["call", "--endpoint", &endpoint, "--region", "cn-hangzhou"]
        .iter()
        .chain(arguments)
        .map(|text| (*text).to_owned())
        .collect();
    let secret = secret.to_owned();
    let run = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let environment = [
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", KEY_ID),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &secret),
        ];
        oos(&arguments, &environment)
    });
    run.await.expect("it runs")
}

#[tokio::test]
async fn any_operation_is_called_by_its_name() {
    let address = local().await;
    let made = call(address, &CREATE).await;
    assert_eq!((made.code, made.err.as_str()), (0, ""), "{made:?}");
    assert_eq!(made.document()["Template"]["TemplateName"], "hello");

    let params = r#"{"TemplateName":"hello","Parameters":{"who":"world"},"Tags":{"a":"b"}}"#;
    let started = call(address, &["StartExecution", "--params", params]).await;
    let started = started.document();
    let id = started["Execution"]["ExecutionId"].as_str().expect("an id");
    let filter = format!("ExecutionId={id}");
    let pointer = ["--pointer", "/Executions/0/Tags"];
    let shown = call(
        address,
        &[&["ListExecutions", "-p", &filter][..], &pointer].concat(),
    )
    .await;
    assert_eq!(shown.document(), json!({"a": "b"}), "{shown:?}");

    let nothing = call(address, &["ListTemplates", "--pointer", "/Gadget"]).await;
    assert_eq!((nothing.code, nothing.out.as_str()), (2, ""), "{nothing:?}");
    assert!(nothing.err.contains("/Gadget"), "{nothing:?}");
}

#[tokio::test]
async fn all_pages_are_one_answer() {
    let address = local().await;
    assert_eq!(call(address, &CREATE).await.code, 0);
    for _ in 0..12 {
        let started = call(address, &["StartExecution", "-p", "TemplateName=hello"]).await;
        assert_eq!(started.code, 0, "{started:?}");
    }
    let list = ["ListExecutions", "-p", "MaxResults=10"];
    let page = call(address, &list).await.document();
    assert_eq!(page["Executions"].as_array().map(Vec::len), Some(10));
    assert!(page["NextToken"].is_string());
    let all = call(address, &[&list[..], &["--all-pages"]].concat())
        .await
        .document();
    assert_eq!(all["Executions"].as_array().map(Vec::len), Some(12));
    assert_eq!(all.get("NextToken"), None);
}

#[tokio::test]
async fn mistakes_are_found_before_anything_is_sent() {
    // Nobody listens there.
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
    let check = async |arguments: &[&str], parts: &[&str]| {
        let run = call(nowhere, arguments).await;
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        for part in parts {
            assert!(run.err.contains(part), "{part} is not in {}", run.err);
        }
    };
    let typo = ["ListExecution", "-p", "A=1"];
    check(
        &typo,
        &["no operation ListExecution", "did you mean ListExecutions"],
    )
    .await;
    let typo = ["ListExecutions", "-p", "Stauts=Waiting", "-p", "Gadget=1"];
    check(
        &typo,
        &[
            "no parameter Stauts",
            "did you mean Status",
            "no parameter Gadget",
        ],
    )
    .await;
    let few = ["TriggerExecution", "-p", "Type=Event"];
    check(&few, &["TriggerExecution needs ExecutionId"]).await;
    check(
        &["GetTemplate", "-p", "TemplateName=t", "--all-pages"],
        &["has no pages"],
    )
    .await;
    let numbered = [
        "ListGitRepositories",
        "-p",
        "Owner=a",
        "-p",
        "Platform=b",
        "--all-pages",
    ];
    check(&numbered, &["numbered", "PageNumber"]).await;
    check(&["ListTemplates", "--params", "[]"], &["no JSON object"]).await;
    check(
        &["ListTemplates", "--params", "{\"A\":"],
        &["--params", "not JSON"],
    )
    .await;
    check(&["ListTemplates", "--pointer", "x"], &["no JSON pointer"]).await;

    let forced = call(nowhere, &["ListExecution", "--force", "--timeout", "2s"]).await;
    assert_eq!(forced.code, 5, "{forced:?}");
    let elsewhere = oos(
        &["call", "DescribeInstances", "--version", "2014-05-26"],
        &[],
    );
    assert_eq!(elsewhere.code, 2, "{elsewhere:?}");
    assert!(elsewhere.err.contains("--endpoint"), "{elsewhere:?}");
}

#[tokio::test]
async fn failures_have_the_codes_of_the_program() {
    let address = local().await;
    let refused = call(
        address,
        &["GetTemplate", "-p", "TemplateName=none", "--output", "json"],
    )
    .await;
    assert_eq!((refused.code, refused.err.as_str()), (3, ""), "{refused:?}");
    assert_eq!(
        refused.document()["error"]["code"],
        "EntityNotExists.Template"
    );
    let unknown = call(address, &["MakeCoffee", "--force"]).await;
    assert_eq!(unknown.code, 3, "{unknown:?}");
    assert!(
        unknown.err.contains("InvalidAction.NotFound"),
        "{unknown:?}"
    );
    let wrong = call_as(address, "PLANTED-SECRET", &["ListTemplates"]).await;
    assert_eq!(wrong.code, 3, "{wrong:?}");
    assert!(
        wrong.err.contains("access key secret is wrong"),
        "{}",
        wrong.err
    );
    assert!(!wrong.err.contains("PLANTED"), "{}", wrong.err);
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let arguments = [
        "call",
        "StartExecution",
        "--region",
        "cn-hangzhou",
        "--params",
        r#"{"TemplateName":"t","Parameters":{"password":"PLANTED-VALUE"},"Tags":{"a":"b c"}}"#,
        "--dry-run",
    ];
    let run = oos(&arguments, &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    let shown = run.document();
    assert_eq!(shown["method"], "POST");
    assert_eq!(shown["url"], "https://oos.cn-hangzhou.aliyuncs.com/");
    assert_eq!(shown["query"]["RegionId"], "cn-hangzhou");
    assert_eq!(shown["query"]["Tags"], r#"{"a":"b c"}"#);
    assert_eq!(shown["query"]["Parameters"], "***");
    assert_eq!(shown["headers"]["x-acs-action"], "StartExecution");
    let authorization = shown["headers"]["authorization"].as_str().expect("a text");
    assert!(
        authorization.starts_with("ACS3-HMAC-SHA256 Credential=***,SignedHeaders=host;")
            && authorization.ends_with("Signature=***"),
        "{authorization}"
    );
    assert!(!run.out.contains("PLANTED"), "{}", run.out);
}
