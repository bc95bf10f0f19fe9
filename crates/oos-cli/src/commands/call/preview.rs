//! A request that would be sent.

use oos::client::directory;
use oos::model::Params;
use oos::transport::HttpRequest;
use serde_json::{Map, Value, json};

const HIDDEN: &str = "***";

/// Headers that a real call has with other values, or that are secret.
const OTHERWISE: [&str; 3] = [
    "x-acs-credentials-provider",
    "x-acs-security-token",
    "x-acs-accesskey-id",
];

/// The request without its signature, and without values that the API marks as sensitive.
pub(super) fn of(request: &HttpRequest) -> Value {
    let mut headers = Map::new();
    for (name, value) in &request.headers {
        let value = value.to_str().unwrap_or_default();
        headers.insert(name.to_string(), shown(name.as_str(), value).into());
    }
    let operation = request.headers.get("x-acs-action");
    let operation = operation.and_then(|value| value.to_str().ok());
    let form = std::str::from_utf8(request.body.as_bytes()).unwrap_or_default();
    json!({
        "method": request.method.as_str(),
        "url": format!("{}{}", request.endpoint, request.path()),
        "headers": headers,
        "query": parameters(operation, request.query()),
        "form": parameters(operation, form),
    })
}

fn shown(name: &str, value: &str) -> String {
    if name == "authorization" {
        let signed = value
            .split(',')
            .find(|part| part.starts_with("SignedHeaders="));
        let scheme = value.split(' ').next().unwrap_or_default();
        let signed = signed.unwrap_or_default();
        return format!("{scheme} Credential={HIDDEN},{signed},Signature={HIDDEN}");
    }
    if OTHERWISE.contains(&name) {
        return HIDDEN.to_owned();
    }
    value.to_owned()
}

fn parameters(operation: Option<&str>, text: &str) -> Map<String, Value> {
    let info = operation.and_then(directory::operation);
    let is_sensitive = |name: &str| {
        let found = info.and_then(|info| info.parameter(name));
        found.is_some_and(|found| found.sensitive)
    };
    let params = Params::parse(text).unwrap_or_default();
    let pairs = params.iter().map(|(name, value)| {
        let value = if is_sensitive(name) { HIDDEN } else { value };
        (name.to_owned(), Value::from(value))
    });
    pairs.collect()
}
