//! Parameters: values that templates refer to as `{{ oos:name }}`.
use oos_model::documents::ValueConstraints;
use oos_model::enums::ParameterType;
use oos_model::groups::parameter::{CreateParameter, GetParameterOutput, GetParameters};
use oos_model::Output;

let limits = ValueConstraints { max_length: Some(20), ..Default::default() };
let call = CreateParameter::new("/web/port", ParameterType::String, "8080").with_constraints(limits);
assert_eq!(call.constraints.as_deref(), Some(r#"{"MaxLength":20}"#));

let several = GetParameters::new(["/web/port", "/web/host"]);
assert_eq!(several.names, r#"["/web/port","/web/host"]"#);

let body = br#"{"Parameter":{"Name":"/web/port","Value":"8080","ParameterVersion":1}}"#;
let parameter = GetParameterOutput::decode(body)?.parameter.expect("it is there");
assert_eq!(parameter.value.as_deref(), Some("8080"));
# Ok::<(), oos_model::DecodeError>(())
