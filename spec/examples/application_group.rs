//! Application groups: the resources of an application in one region, and how they are deployed.
use oos_model::groups::application_group::{DeployApplicationGroup, GetApplicationGroupOutput};
use oos_model::{JsonText, Output};

let settings = JsonText::object([("Parameters", serde_json::json!({ "ZoneId": "cn-hangzhou-h" }))]);
let call = DeployApplicationGroup::new("shop", "shop-hangzhou", settings);
assert_eq!(call.deploy_parameters_json()?["Parameters"]["ZoneId"], "cn-hangzhou-h");

let body = br#"{"ApplicationGroup":{"Name":"shop-hangzhou","Status":"Created"}}"#;
let group = GetApplicationGroupOutput::decode(body)?.application_group.expect("it is there");
assert_eq!(group.status.as_deref(), Some("Created"));
# Ok::<(), Box<dyn std::error::Error>>(())
