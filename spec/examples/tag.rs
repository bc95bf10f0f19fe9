//! Tags of templates, executions, parameters and others.
use oos_model::enums::ResourceType;
use oos_model::groups::tag::{ListTagResources, ListTagResourcesOutput, TagResources};
use oos_model::{Operation, Output, Paged, Params};

let call = TagResources::new(ResourceType::Template, ["nap"], [("team", "ops")]);
let mut params = Params::new();
call.to_params(&mut params);
assert_eq!(params.get("ResourceIds"), Some(r#"["nap"]"#));
assert_eq!(params.get("Tags"), Some(r#"{"team":"ops"}"#));

let body = br#"{"TagResources":{"TagResource":[{"ResourceId":"nap","TagKey":"team"}]}}"#;
let tags = ListTagResources::into_items(ListTagResourcesOutput::decode(body)?);
assert_eq!(tags[0].tag_key.as_deref(), Some("team"));
# Ok::<(), oos_model::DecodeError>(())
