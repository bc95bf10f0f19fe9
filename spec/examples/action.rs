//! Actions: what the tasks of a template can do.
use oos_model::groups::action::{ListActions, ListActionsOutput};
use oos_model::{Output, Paged};

let _call = ListActions::new().with_oos_action_name("ACS::ECS").with_max_results(50);
let body = br#"{"Actions":[{"OOSActionName":"ACS::ECS::ReplaceSystemDisk","Popularity":"5"}],"NextToken":""}"#;
let page = ListActionsOutput::decode(body)?;
assert_eq!(ListActions::next_token(&page), None, "it is the last page");
let actions = ListActions::into_items(page);
assert_eq!(actions[0].popularity, Some(5), "numbers are read from texts too");
# Ok::<(), oos_model::DecodeError>(())
