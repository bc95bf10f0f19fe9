//! Ops items: things to look after, with the resources concerned.
use oos_model::enums::OpsItemSeverity;
use oos_model::groups::ops_item::{CreateOpsItem, CreateOpsItemRequired, DeleteOpsItems};
use oos_model::enums::OpsItemCategory;
use oos_model::{Operation, Params};

let call = CreateOpsItem::new(CreateOpsItemRequired {
    category: OpsItemCategory::Security,
    severity: OpsItemSeverity::High,
    source: "scan".to_owned(),
    title: "An open port".to_owned(),
})
.with_resources(["acs:ecs:cn-hangzhou:1:instance/i-1"]);
assert_eq!(call.resources_json()?.map(|arns| arns.len()), Some(1));

let mut params = Params::new();
let delete = DeleteOpsItems::new().with_ops_item_ids(["oi-1", "oi-2"]);
delete.to_params(&mut params);
assert_eq!(params.get("OpsItemIds.2"), Some("oi-2"));
# Ok::<(), oos_model::JsonTextError>(())
