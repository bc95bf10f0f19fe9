//! Inventory: what is installed on instances.
use oos_model::enums::FilterOperator;
use oos_model::groups::inventory::{SearchInventory, SearchInventoryOutput};
use oos_model::shapes::PropertyFilter;
use oos_model::{Operation, Output, Params};

let filter = PropertyFilter {
    name: Some("ACS:Application.Name".to_owned()),
    operator: Some(FilterOperator::Equal),
    value: Some(vec!["nginx".to_owned()]),
};
let call = SearchInventory::new().with_filter(vec![filter]);
let mut params = Params::new();
call.to_params(&mut params);
assert_eq!(params.get("Filter.1.Value.1"), Some("nginx"));

let body = br#"{"Entities":[{"InstanceId":"i-1"}]}"#;
let found = SearchInventoryOutput::decode(body)?.entities.expect("a list");
assert_eq!(found[0]["InstanceId"], "i-1");
# Ok::<(), oos_model::DecodeError>(())
