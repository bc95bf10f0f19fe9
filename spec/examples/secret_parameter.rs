//! Secret parameters: values that templates refer to as `{{ oos-secret:name }}`, kept by KMS.
use oos_model::groups::secret_parameter::{GetSecretParameter, GetSecretParameterOutput};
use oos_model::Output;

let call = GetSecretParameter::new("db-password").with_with_decryption(true);
assert_eq!(call.with_decryption, Some(true));

let body = br#"{"Parameter":{"Name":"db-password","Value":"hunter2"}}"#;
let output = GetSecretParameterOutput::decode(body)?;
assert!(!format!("{output:?}").contains("hunter2"), "Debug does not show it");
let secret = output.parameter.expect("it is there");
assert_eq!(secret.value.as_deref(), Some("hunter2"));
# Ok::<(), oos_model::DecodeError>(())
