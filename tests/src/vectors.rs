//! Signing vectors: the reader of `golden/sign` and of vector files, and the check of one vector.
//!
//! A vector is what an official signer was given and every stage it went through. The form is that of one
//! JSON object per vector; a golden directory holds the same object with each stage in a file of its own.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value};

mod check;

pub use check::{Difference, Report, check};

/// The stage files of a golden directory and the names of their fields in a vector.
const STAGES: [(&str, &str); 9] = [
    ("canonical-query.txt", "canonical_query"),
    ("canonical-request.txt", "canonical_request"),
    ("string-to-sign.txt", "string_to_sign"),
    ("signed-headers.txt", "signed_headers"),
    ("signature.txt", "signature"),
    ("authorization.txt", "authorization"),
    ("content-sha256.txt", "content_sha256"),
    ("signed-query.txt", "final_query"),
    ("signed-body.txt", "final_body"),
];

/// One vector.
#[derive(Debug)]
pub struct Vector {
    /// Its name, unique in its file.
    pub name: String,
    /// The scheme as on the wire.
    pub algorithm: String,
    /// The access key id.
    pub access_key_id: String,
    /// The secret: of documentation examples and tests only.
    pub access_key_secret: String,
    /// The security token of a temporary credential.
    pub security_token: Option<String>,
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// Decoded parameters; those of V1 lack `Signature`.
    pub query: Vec<(String, String)>,
    /// Header names and values in the spelling given, without `Authorization`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether the vector shows a habit that is to be accepted but not imitated.
    pub quirk: bool,
    expected: Map<String, Value>,
}

impl Vector {
    /// What the official signer had at a stage, if the vector tells.
    #[must_use]
    pub fn expected(&self, stage: &str) -> Option<&str> {
        self.expected.get(stage).and_then(Value::as_str)
    }

    /// Reads one vector from its JSON object.
    ///
    /// # Errors
    /// A sentence that names the field that is missing or of the wrong kind.
    pub fn from_json(value: &Value) -> Result<Self, String> {
        let name = text(value, "name")?;
        let field = |field: &str| text(value, field).map_err(|error| format!("{name}: {error}"));
        let pairs =
            |field: &str| pairs(value.get(field)).map_err(|error| format!("{name}: {error}"));
        let expected = value.get("expected").and_then(Value::as_object).cloned();
        let mut query = pairs("query")?;
        if value.get("query").is_none() {
            flatten("", value.get("params").unwrap_or(&Value::Null), &mut query);
        }
        Ok(Self {
            algorithm: field("algorithm")?,
            access_key_id: field("access_key_id")?,
            access_key_secret: field("access_key_secret")?,
            security_token: field("security_token").ok(),
            method: field("method")?,
            path: field("path")?,
            query,
            headers: pairs("headers")?,
            body: body(value).map_err(|error| format!("{name}: {error}"))?,
            quirk: value
                .get("quirk")
                .is_some_and(|quirk| *quirk != Value::Bool(false)),
            expected: expected.ok_or(format!("{name}: no object 'expected'"))?,
            name,
        })
    }
}

/// Reads a vector file: a JSON array of vectors.
///
/// # Errors
/// A sentence that says what is wrong with the text.
pub fn read_file(text: &str) -> Result<Vec<Vector>, String> {
    let values: Vec<Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    values.iter().map(Vector::from_json).collect()
}

/// Reads a golden directory: `request.json`, a file for each stage, and `quirk.txt` where it has one.
///
/// # Errors
/// A sentence that says which file is wrong.
pub fn read_directory(directory: &Path) -> Result<Vector, String> {
    let path = directory.join("request.json");
    let request =
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut value: Value =
        serde_json::from_str(&request).map_err(|error| format!("{}: {error}", path.display()))?;
    let name = directory
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    value["name"] = name.into();
    value["expected"] = Value::Object(Map::new());
    for (file, stage) in STAGES {
        if let Ok(text) = fs::read_to_string(directory.join(file)) {
            value["expected"][stage] = text.into();
        }
    }
    if directory.join("quirk.txt").exists() {
        value["quirk"] = true.into();
    }
    Vector::from_json(&value)
}

fn text(value: &Value, field: &str) -> Result<String, String> {
    let found = value.get(field).and_then(Value::as_str).map(str::to_owned);
    found.ok_or(format!("no text '{field}'"))
}

fn body(value: &Value) -> Result<Vec<u8>, String> {
    if let Ok(digits) = text(value, "body_base64") {
        return BASE64
            .decode(digits)
            .map_err(|error| format!("body_base64: {error}"));
    }
    if let Ok(body) = text(value, "body") {
        return Ok(body.into_bytes());
    }
    let mut form = Vec::new();
    flatten(
        "",
        value.get("body_params").unwrap_or(&Value::Null),
        &mut form,
    );
    Ok(check::encode_form(&form, "%20").into_bytes())
}

/// Names and values: an object, whose lists repeat their name and whose nulls vanish, or a list of pairs.
fn pairs(value: Option<&Value>) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Object(object)) => {
            for (name, value) in object {
                let values = value
                    .as_array()
                    .map_or(std::slice::from_ref(value), Vec::as_slice);
                let values = values.iter().filter(|value| !value.is_null());
                found.extend(values.map(|value| (name.clone(), plain(value))));
            }
        }
        Some(Value::Array(list)) => {
            for pair in list {
                let [name, value] = pair.as_array().map_or(&[][..], Vec::as_slice) else {
                    return Err("a pair is not a list of two".to_owned());
                };
                found.push((plain(name), plain(value)));
            }
        }
        Some(_) => return Err("names and values are neither an object nor a list".to_owned()),
    }
    Ok(found)
}

/// The rule of RPC parameters: list places from 1, levels joined with `.`, nulls dropped.
fn flatten(prefix: &str, value: &Value, into: &mut Vec<(String, String)>) {
    let name = |part: &str| {
        if prefix.is_empty() {
            part.to_owned()
        } else {
            format!("{prefix}.{part}")
        }
    };
    match value {
        Value::Null => {}
        Value::Object(object) => {
            object
                .iter()
                .for_each(|(part, value)| flatten(&name(part), value, into));
        }
        Value::Array(list) => {
            let places = list.iter().enumerate();
            places.for_each(|(at, value)| flatten(&name(&(at + 1).to_string()), value, into));
        }
        scalar => into.push((prefix.to_owned(), plain(scalar))),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
