//! Settings of the service: where the records of executions are delivered.
use oos_model::groups::service_settings::{GetServiceSettings, SetServiceSettings};
use oos_model::{Operation, Params};

assert_eq!(GetServiceSettings::METHOD, "GET", "the only operation that is not sent with POST");
let call = SetServiceSettings::new()
    .with_delivery_oss_enabled(true)
    .with_delivery_oss_bucket_name("records");
let mut params = Params::new();
call.to_params(&mut params);
assert_eq!(params.get("DeliveryOssEnabled"), Some("true"));
