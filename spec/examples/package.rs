//! Packages: software (extensions) on instances.
use oos_model::enums::ConfigureAction;
use oos_model::groups::package::UpdateInstancePackageState;
use oos_model::{Operation, Params};

let call = UpdateInstancePackageState::new("i-1", "ACS-Extension-java", ConfigureAction::Install)
    .with_parameters([("username", "web")]);
let mut params = Params::new();
call.to_params(&mut params);
assert_eq!(params.get("ConfigureAction"), Some("install"));
assert_eq!(params.get("Parameters"), Some(r#"{"username":"web"}"#));
