//! Applications: what groups of resources belong to. Only the endpoint of `cn-hangzhou` knows them.
use oos_model::groups::application::{CreateApplication, GetApplicationOutput};
use oos_model::{Operation, Output};

let _call = CreateApplication::new("shop")
    .with_application_source(serde_json::json!({ "Platform": "github", "Owner": "me" }));
assert_eq!(CreateApplication::PINNED_REGION, Some("cn-hangzhou"));

let body = br#"{"Application":{"Name":"shop","ApplicationSource":"{\"Owner\":\"me\"}"}}"#;
let application = GetApplicationOutput::decode(body)?.application.expect("it is there");
let source = application.application_source_json()?.expect("it has one");
assert_eq!(source["Owner"], "me");
# Ok::<(), Box<dyn std::error::Error>>(())
