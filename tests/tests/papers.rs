//! What the papers say is compared with what the code does.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use oos_local::LocalOos;
use oos_sign::{Acs3, Sign, SignableRequest, SigningParams};
use oos_transport::{CallContext, HttpRequest, Transport};
use std::path::Path;

fn paper(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code and status that a local OOS answers to a call of this operation without parameters.
async fn call(oos: &LocalOos, operation: &str) -> (u16, String) {
    let nonce = oos_clock::hex32(&oos_clock::SystemEntropy);
    let date = oos_clock::Clock::now(&oos_clock::SystemClock);
    let endpoint = oos.endpoint();
    let no_parameters: [(&str, &str); 0] = [];
    let request = SignableRequest::rpc(
        endpoint.authority(),
        operation,
        "2019-06-01",
        &no_parameters,
    );
    let params = SigningParams {
        date,
        nonce: &nonce,
    };
    let signed = Acs3
        .sign(&request, oos.access_key(), &params)
        .expect("it can be signed");
    let mut headers = HeaderMap::new();
    for (name, value) in signed.headers() {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        headers.insert(name, HeaderValue::from_str(value).expect("a value"));
    }
    let mut request = HttpRequest::new(Method::POST, endpoint, "/");
    request.headers = headers;
    let response = oos
        .transport()
        .send(request, &CallContext::new(operation.to_owned()))
        .await;
    let response = response.expect("an answer");
    let body: serde_json::Value =
        serde_json::from_slice(response.body.as_bytes()).expect("a JSON body");
    let code = body["Code"].as_str().unwrap_or_default().to_owned();
    (response.status.as_u16(), code)
}

#[tokio::test]
async fn coverage_tells_which_operations_are_run() {
    let oos = LocalOos::builder().spawn();
    let paper = paper("docs/coverage.md");
    let mut rows = 0;
    for row in paper
        .lines()
        .filter(|line| line.ends_with("| yes |") || line.ends_with("| no |"))
    {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, operation, _, "yes", local, _] = cells[..] else {
            continue;
        };
        let (status, code) = call(&oos, operation).await;
        assert_ne!(code, "InvalidAction.NotFound", "{operation} does not exist");
        let run = (status, code.as_str()) != (501, "NotImplemented");
        assert_eq!(local == "yes", run, "{operation}: {status} {code}");
        rows += 1;
    }
    assert_eq!(rows, 104);
    assert_eq!(
        call(&oos, "MakeCoffee").await,
        (404, "InvalidAction.NotFound".to_owned())
    );
}

/// `docs/checks.md` is made from the table of rules: `UPDATE_PAPERS=1` writes it anew.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment to write what it compares"
)]
fn the_page_of_checks_tells_every_rule() {
    let mut rules: Vec<_> = oos_template::Code::all().collect();
    rules.sort_by_key(|rule| rule.code);
    let mut page = String::from(CHECKS);
    for rule in rules {
        let text = rule.text.replace('|', "\\|");
        let line = format!("| `{}` | {} | {text} |\n", rule.code, rule.title);
        page.push_str(&line);
    }
    if std::env::var_os("UPDATE_PAPERS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/checks.md");
        std::fs::write(&path, &page).expect("the page can be written");
    }
    assert!(
        paper("docs/checks.md") == page,
        "docs/checks.md is not what the rules say: run this test with UPDATE_PAPERS=1"
    );
}

const CHECKS: &str = "\
# Checks

What `oos check`, CreateTemplate and StartExecution of a local OOS look for in a template. `oos explain CODE`
shows each rule with an example and the mended example.

An **error** is what the service refuses or what can only fail. A **warning** works, most likely not as it is
meant. A **hint** works, and could be written better. Where the documentation is silent the milder one is
chosen (`docs/semantics.md`, the part Templates). All findings of a text are told at once, in its order, but
a syntax error ends the reading; at most 200 are told, errors first.

| code | what is found | the rule |
| --- | --- | --- |
";
