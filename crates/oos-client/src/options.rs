//! What is asked of one call only.

use http::{HeaderName, HeaderValue};
use oos_sign::PROTOCOL_PARAMETERS;
use oos_transport::Endpoint;
use std::fmt;
use std::time::Duration;
use thiserror::Error;

/// What is asked of this call only. Most calls ask nothing: then it allocates nothing.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) form_body: bool,
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) params: Vec<(String, String)>,
}

/// Headers and parameters may hold secrets: only their names are shown.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| -> Vec<String> {
            pairs.iter().map(|(name, _)| name.clone()).collect()
        };
        f.debug_struct("Options")
            .field("timeout", &self.timeout)
            .field("form_body", &self.form_body)
            .field("endpoint", &self.endpoint)
            .field("headers", &names(&self.headers))
            .field("params", &names(&self.params))
            .finish()
    }
}

/// Headers that the client, the signer or HTTP itself writes.
const OWN_HEADERS: [&str; 18] = [
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-acs-accesskey-id",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-credentials-provider",
    "x-acs-date",
    "x-acs-security-token",
    "x-acs-signature-nonce",
    "x-acs-version",
    "upgrade",
];

/// A header or parameter that a call can not carry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum OptionError {
    #[error("{0:?} is no name of a header: write it as in `x-acs-example`")]
    HeaderName(String),
    #[error(
        "the value of the header {0} can not be sent: use visible ASCII characters without line breaks"
    )]
    HeaderValue(String),
    #[error("the header {0} is written by the client itself: it can not be set for one call")]
    OwnHeader(String),
    #[error("the header {0} is set twice for one call")]
    TwiceHeader(String),
    #[error("a parameter without a name can not be sent")]
    NoName,
    #[error(
        "the parameter {0} belongs to the signature or names the call: it can not be set as a parameter"
    )]
    OwnParam(String),
}

impl Options {
    /// Whether the call can carry them.
    pub(crate) fn check(&self) -> Result<(), OptionError> {
        for (index, (name, value)) in self.headers.iter().enumerate() {
            check_header(name, value)?;
            let same = |(other, _): &(String, String)| other.eq_ignore_ascii_case(name);
            if self.headers[..index].iter().any(same) {
                return Err(OptionError::TwiceHeader(name.clone()));
            }
        }
        self.params
            .iter()
            .try_for_each(|(name, _)| check_param(name))
    }
}

fn check_header(name: &str, value: &str) -> Result<(), OptionError> {
    let parsed = HeaderName::from_bytes(name.as_bytes());
    let parsed = parsed.map_err(|_| OptionError::HeaderName(name.to_owned()))?;
    if OWN_HEADERS.contains(&parsed.as_str()) {
        return Err(OptionError::OwnHeader(parsed.as_str().to_owned()));
    }
    // HeaderValue::try_from allows bytes above ASCII, which would be signed in one reading and
    // verified in another.
    let sendable = value.is_ascii() && HeaderValue::try_from(value).is_ok();
    sendable
        .then_some(())
        .ok_or_else(|| OptionError::HeaderValue(parsed.as_str().to_owned()))
}

pub(crate) fn check_param(name: &str) -> Result<(), OptionError> {
    if name.is_empty() {
        return Err(OptionError::NoName);
    }
    // How the answer is written is the caller's to say.
    if name != "Format" && PROTOCOL_PARAMETERS.contains(&name) {
        return Err(OptionError::OwnParam(name.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_call_can_not_carry_is_named() {
        let check = |headers: &[(&str, &str)], params: &[&str], part: Option<&str>| {
            let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let options = Options {
                headers: headers.iter().map(pair).collect(),
                params: params.iter().map(|name| pair(&(name, "v"))).collect(),
                ..Options::default()
            };
            let found = options.check().err().map(|error| error.to_string());
            match (found, part) {
                (None, None) => {}
                (Some(text), Some(part)) => assert!(text.contains(part), "{text}"),
                (found, part) => panic!("{found:?} instead of {part:?}"),
            }
        };
        check(&[("x-acs-trace", "1"), ("x-other", "")], &["New"], None);
        check(&[("X-Acs-Date", "1")], &[], Some("x-acs-date"));
        check(&[("Host", "h")], &[], Some("host"));
        check(&[("a b", "1")], &[], Some("no name of a header"));
        check(&[("x", "a\nb")], &[], Some("value of the header x"));
        check(&[("x", "ä")], &[], Some("value of the header x"));
        check(&[("x", "1"), ("X", "2")], &[], Some("twice"));
        check(&[], &[""], Some("without a name"));
        check(&[], &["Signature"], Some("Signature"));
    }

    #[test]
    fn values_are_not_shown() {
        let options = Options {
            headers: vec![("x-secret".into(), "hunter2".into())],
            params: vec![("Value".into(), "hunter2".into())],
            ..Options::default()
        };
        let shown = format!("{options:?}");
        assert!(
            shown.contains("x-secret") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
