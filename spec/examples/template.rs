//! Templates: what executions run, with their versions.
use oos_model::groups::template::{CreateTemplate, CreateTemplateOutput};
use oos_model::{Operation, Output, Params};

let text = "FormatVersion: OOS-2019-06-01\nTasks:\n  - Name: nap\n    Action: ACS::Sleep\n    Properties: { Duration: PT1S }\n";
let call = CreateTemplate::new("nap", text).with_tags([("team", "ops")]);
let mut params = Params::new();
call.to_params(&mut params);
assert_eq!(params.get("Content"), Some(text));
assert_eq!(params.get("Tags"), Some(r#"{"team":"ops"}"#));

let body = br#"{"Template":{"TemplateName":"nap","TemplateVersion":"v1"},"RequestId":"R"}"#;
let template = CreateTemplateOutput::decode(body)?.template.expect("it was made");
assert_eq!(template.template_version.as_deref(), Some("v1"));
# Ok::<(), oos_model::DecodeError>(())
