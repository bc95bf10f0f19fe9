//! One exchange as one line.

use super::request::Recorded;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use oos_transport::{HttpResponse, TransportError, TransportErrorKind};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// A request and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exchange {
    pub(super) request: Recorded,
    pub(super) outcome: Outcome,
}

/// What came of a request.
#[derive(Clone, PartialEq)]
pub(super) enum Outcome {
    Answered {
        status: StatusCode,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: String,
    },
    Failed(TransportErrorKind),
}

/// An answer may hold what no rule knows to be a secret.
impl std::fmt::Debug for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answered { status, body, .. } => {
                write!(f, "Answered({status}, {} bytes)", body.len())
            }
            Self::Failed(kind) => write!(f, "Failed({kind:?})"),
        }
    }
}

const KINDS: [TransportErrorKind; 11] = [
    TransportErrorKind::InvalidRequest,
    TransportErrorKind::Unsupported,
    TransportErrorKind::Connect,
    TransportErrorKind::Tls,
    TransportErrorKind::Proxy,
    TransportErrorKind::ProxyAuthentication,
    TransportErrorKind::ConnectTimeout,
    TransportErrorKind::Broken,
    TransportErrorKind::ReadTimeout,
    TransportErrorKind::BodyTooLarge,
    TransportErrorKind::Encoding,
];

impl Outcome {
    pub(super) fn replay(&self) -> Result<HttpResponse, TransportError> {
        match self {
            Self::Failed(kind) => {
                Err(TransportError::new(*kind).with_source("the recorded exchange failed so"))
            }
            Self::Answered {
                status,
                headers,
                body,
            } => {
                let headers: HeaderMap = headers.iter().cloned().collect();
                Ok(HttpResponse::new(*status)
                    .with_headers(headers)
                    .with_body(body.clone()))
            }
        }
    }
}

impl Exchange {
    /// The line, its members always in the same order.
    pub(super) fn to_line(&self) -> String {
        let Recorded {
            operation,
            version,
            method,
            host,
            path,
            params,
        } = &self.request;
        let mut line = Line::default();
        line.member("operation", &json!(operation));
        line.member("version", &json!(version));
        line.member("method", &json!(method));
        line.member("host", &json!(host));
        line.member("path", &json!(path));
        line.member("params", &json!(params));
        match &self.outcome {
            Outcome::Failed(kind) => line.member("error", &json!(format!("{kind:?}"))),
            Outcome::Answered {
                status,
                headers,
                body,
            } => {
                let pair = |(name, value): &(HeaderName, HeaderValue)| {
                    json!([name.as_str(), value.to_str().unwrap_or_default()])
                };
                line.member("status", &json!(status.as_u16()));
                line.member("headers", &headers.iter().map(pair).collect());
                line.member("body", &json!(body));
            }
        }
        line.0 + "}"
    }

    /// # Errors
    /// What is wrong with the line.
    pub(super) fn read(line: &str) -> Result<Self, &'static str> {
        let Ok(Value::Object(line)) = serde_json::from_str(line) else {
            return Err("is no JSON object");
        };
        let request = Recorded {
            operation: text(&line, "operation").ok_or("has no text `operation`")?,
            version: text(&line, "version").ok_or("has no text `version`")?,
            method: text(&line, "method").ok_or("has no text `method`")?,
            host: text(&line, "host").ok_or("has no text `host`")?,
            path: text(&line, "path").ok_or("has no text `path`")?,
            params: pairs(&line, "params").ok_or("has no list of pairs `params`")?,
        };
        let outcome = outcome(&line)?;
        Ok(Self { request, outcome })
    }
}

/// An object being written.
#[derive(Default)]
struct Line(String);

impl Line {
    fn member(&mut self, name: &str, value: &Value) {
        let before = if self.0.is_empty() { '{' } else { ',' };
        write!(self.0, "{before}\"{name}\":{value}").expect("a text takes everything");
    }
}

fn outcome(line: &Map<String, Value>) -> Result<Outcome, &'static str> {
    if let Some(name) = line.get("error") {
        let kind = KINDS
            .into_iter()
            .find(|kind| name.as_str() == Some(&format!("{kind:?}")));
        return kind
            .map(Outcome::Failed)
            .ok_or("has an `error` that is not known");
    }
    let status = line.get("status").and_then(Value::as_u64);
    let status = status
        .and_then(|status| u16::try_from(status).ok())
        .and_then(|status| StatusCode::from_u16(status).ok())
        .ok_or("has neither a `status` nor an `error`")?;
    let headers = pairs(line, "headers").ok_or("has no list of pairs `headers`")?;
    let headers: Option<Vec<_>> = headers
        .into_iter()
        .map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::try_from(value).ok()?))
        })
        .collect();
    Ok(Outcome::Answered {
        status,
        headers: headers.ok_or("has `headers` that HTTP does not allow")?,
        body: text(line, "body").ok_or("has no text `body`")?,
    })
}

fn text(line: &Map<String, Value>, name: &str) -> Option<String> {
    Some(line.get(name)?.as_str()?.to_owned())
}

fn pairs(line: &Map<String, Value>, name: &str) -> Option<Vec<(String, String)>> {
    let pair = |pair: &Value| match pair.as_array()?.as_slice() {
        [Value::String(name), Value::String(value)] => Some((name.clone(), value.clone())),
        _ => None,
    };
    line.get(name)?.as_array()?.iter().map(pair).collect()
}
