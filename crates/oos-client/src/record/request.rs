//! What of a request is recorded, and by what requests are compared.

use super::HIDDEN;
use super::hide::Secrets;
use crate::directory;
use oos_model::Params;
use oos_sign::PROTOCOL_PARAMETERS;
use oos_transport::{CallContext, HttpRequest};

/// The canonical request without signature, nonce and date; hidden values in their place.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Recorded {
    pub(super) operation: String,
    pub(super) version: String,
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
    /// Of query and form body, sorted.
    pub(super) params: Vec<(String, String)>,
}

/// Values may hold what no rule knows to be a secret.
impl std::fmt::Debug for Recorded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recorded({} {})", self.operation, self.version)
    }
}

impl Recorded {
    /// What is recorded of this request. What is hidden goes into `secrets` too.
    pub(super) fn of(request: &HttpRequest, context: &CallContext, secrets: &mut Secrets) -> Self {
        let header = |name: &str| {
            let value = request.headers.get(name)?.to_str().ok()?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        for name in [
            "x-acs-security-token",
            "x-acs-accesskey-id",
            "x-acs-bearer-token",
        ] {
            secrets.extend(header(name));
        }
        secrets.extend(header("authorization").and_then(|text| {
            let (_, rest) = text.split_once("Credential=")?;
            Some(rest.split(',').next()?.to_owned())
        }));
        let params = parameters(request);
        let of = |name: &str| params.iter().find(|(known, _)| known == name);
        let value = |name: &str| of(name).map(|(_, value)| value.clone());
        let operation = header("x-acs-action").or_else(|| value("Action"));
        let operation = operation.unwrap_or_else(|| context.operation.clone().into_owned());
        let version = header("x-acs-version").or_else(|| value("Version"));
        let version = version.unwrap_or_default();
        Self {
            params: shown(params, &operation, secrets),
            operation,
            version,
            method: request.method.to_string(),
            host: request.endpoint.authority().to_owned(),
            path: request.path().to_owned(),
        }
    }

    /// The same without secret values that stand in other parameters too.
    pub(super) fn scrubbed(mut self, secrets: &Secrets) -> Self {
        for (_, value) in &mut self.params {
            *value = secrets.scrub(std::mem::take(value));
        }
        self
    }

    /// Whether one may stand for the other. A hidden value is like any other value.
    pub(super) fn matches(&self, other: &Self, any_host: bool) -> bool {
        self.differences(other, any_host).is_empty()
    }

    /// Where they differ; no value is told.
    pub(super) fn differences(&self, other: &Self, any_host: bool) -> Vec<String> {
        let mut found = Vec::new();
        for (what, same) in [
            ("the operation", self.operation == other.operation),
            ("the version", self.version == other.version),
            ("the method", self.method == other.method),
            ("the host", any_host || self.host == other.host),
            ("the path", self.path == other.path),
        ] {
            if !same {
                found.push(what.to_owned());
            }
        }
        let same = |a: &str, b: &str| a == b || a == HIDDEN || b == HIDDEN;
        for (name, value) in &self.params {
            match other.value(name) {
                Some(recorded) if same(value, recorded) => {}
                Some(_) => found.push(format!("the value of the parameter {name}")),
                None => found.push(format!("the parameter {name}, which is not recorded")),
            }
        }
        let absent = other.params.iter();
        let absent = absent.filter(|(name, _)| self.value(name).is_none());
        found.extend(absent.map(|(name, _)| format!("the parameter {name}, which is not sent")));
        found
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| &**value)
    }
}

/// The parameters of query and form body.
fn parameters(request: &HttpRequest) -> Vec<(String, String)> {
    let form = request.headers.get("content-type");
    let form = form.and_then(|value| value.to_str().ok());
    let is_form = form.is_some_and(|text| text.starts_with("application/x-www-form-urlencoded"));
    let body = std::str::from_utf8(request.body.as_bytes()).unwrap_or_default();
    let mut found = Vec::new();
    for text in [request.query(), if is_form { body } else { "" }] {
        let params = Params::parse(text).unwrap_or_default();
        found.extend(params.iter().map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
    found
}

/// The parameters that are recorded, sorted; hidden ones without their values.
fn shown(
    params: Vec<(String, String)>,
    operation: &str,
    secrets: &mut Secrets,
) -> Vec<(String, String)> {
    let mut shown = Vec::with_capacity(params.len());
    for (name, value) in params {
        if matches!(&*name, "AccessKeyId" | "SecurityToken" | "BearerToken") {
            secrets.extend(Some(value));
        } else if PROTOCOL_PARAMETERS.contains(&&*name) {
            // It belongs to the signature, or is recorded beside the parameters.
        } else if is_hidden(operation, &name, secrets) {
            // A token is drawn anew for every call: no secret, but never the same.
            if name != "ClientToken" {
                secrets.extend(Some(value));
            }
            shown.push((name, HIDDEN.to_owned()));
        } else {
            shown.push((name, value));
        }
    }
    shown.sort();
    shown
}

fn is_hidden(operation: &str, name: &str, secrets: &Secrets) -> bool {
    let declared = || {
        let known = directory::operation(operation);
        known
            .and_then(|known| known.parameter(name))
            .is_some_and(|info| info.sensitive)
    };
    name == "ClientToken" || secrets.is_hidden_name(name) || declared()
}
