//! Resource groups, which things can be moved between.
use oos_model::enums::ResourceType;
use oos_model::groups::resource_group::ChangeResourceGroup;
use oos_model::{Idempotency, Operation};

let call = ChangeResourceGroup::new(ResourceType::Template, "nap", "rg-1");
assert_eq!(call.resource_id, "nap");
assert_eq!(ChangeResourceGroup::IDEMPOTENCY, Idempotency::No);
