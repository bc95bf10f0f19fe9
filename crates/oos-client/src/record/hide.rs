//! What is not recorded.

use super::HIDDEN;
use oos_model::ApiError;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A shorter value may stand in an answer by chance.
const SHORTEST: usize = 4;

/// Rules for names, and the secret values that were met.
#[derive(Clone, Default)]
pub(super) struct Secrets {
    names: BTreeSet<String>,
    values: BTreeSet<String>,
}

/// Neither is shown.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({} values)", self.values.len())
    }
}

/// A name that holds one of these, whatever its case, belongs to a secret.
const TELLING: [&str; 8] = [
    "password",
    "passwd",
    "secret",
    "accesskey",
    "securitytoken",
    "privatekey",
    "credential",
    "authorization",
];

impl Secrets {
    pub(super) fn hide_name(&mut self, name: &str) {
        self.names.insert(name.to_ascii_lowercase());
    }

    pub(super) fn is_hidden_name(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        // Names and counts of secret parameters are no secrets.
        let telling = TELLING.iter().any(|part| lower.contains(part));
        self.names.contains(&lower) || telling
    }

    /// The body of an answer as it is recorded.
    pub(super) fn shown(&self, operation: &str, status: u16, body: &[u8]) -> String {
        let text = match serde_json::from_slice::<Value>(body) {
            Ok(mut value) => {
                hide_echo(status, body, &mut value);
                self.hide_in(operation.contains("Secret"), &mut value);
                value.to_string()
            }
            Err(_) => without_echo(status, body),
        };
        self.scrub(text)
    }

    /// The text without the secret values that were met.
    pub(super) fn scrub(&self, mut text: String) -> String {
        // The longer first: one may be a part of another.
        let mut values: Vec<&String> = self.values.iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        for value in values {
            if text.contains(&**value) {
                text = text.replace(&**value, HIDDEN);
            }
            // As it stands in a JSON text.
            let escaped = Value::from(&**value).to_string();
            let escaped = &escaped[1..escaped.len() - 1];
            if text.contains(escaped) {
                text = text.replace(escaped, HIDDEN);
            }
        }
        text
    }

    fn hide_in(&self, of_secrets: bool, value: &mut Value) {
        match value {
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| self.hide_in(of_secrets, item)),
            Value::Object(members) => self.hide_members(of_secrets, members),
            _ => {}
        }
    }

    fn hide_members(&self, of_secrets: bool, members: &mut Map<String, Value>) {
        for (name, value) in members {
            // Parameters of an execution may hold secrets; those of the parameter store are a list.
            let sensitive = match &**name {
                "Parameters" => !value.is_array(),
                "Value" => of_secrets,
                "DeployParameters" | "Configuration" => true,
                name => self.is_hidden_name(name),
            };
            match value {
                Value::String(text) if sensitive => HIDDEN.clone_into(text),
                Value::Object(inner) if sensitive && name == "Parameters" => inner.clear(),
                other => self.hide_in(of_secrets, other),
            }
        }
    }
}

impl Extend<String> for Secrets {
    fn extend<I: IntoIterator<Item = String>>(&mut self, values: I) {
        let long = values.into_iter().filter(|value| value.len() >= SHORTEST);
        self.values.extend(long);
    }
}

/// The answer to a wrong signature repeats the whole request.
fn hide_echo(status: u16, body: &[u8], value: &mut Value) {
    let error = ApiError::decode(status, body);
    if error.echo().is_none() {
        return;
    }
    for name in ["Message", "message"] {
        if let Some(message) = value.get_mut(name) {
            *message = error.message().into();
        }
    }
}

/// A text that is no JSON: XML, or a page of a proxy. The repeated request reaches up to the end of
/// the message.
fn without_echo(status: u16, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body).into_owned();
    if ApiError::decode(status, body).echo().is_none() {
        return text;
    }
    let lower = text.to_ascii_lowercase();
    let marks = ["server string", "server canonical"];
    let Some(start) = marks.iter().filter_map(|mark| lower.find(mark)).min() else {
        return HIDDEN.to_owned();
    };
    let end = lower[start..].find("</message>");
    let rest = end.map_or("", |end| &text[start + end..]);
    format!("{}{HIDDEN}{rest}", &text[..start])
}
