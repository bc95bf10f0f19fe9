//! What a client knows of a request before it is signed.

use std::fmt;

use time::OffsetDateTime;

use crate::Pairs;

/// The two things a signature needs from outside: they are arguments, so that signing stays pure.
#[derive(Clone, Copy, Debug)]
pub struct SigningParams<'a> {
    /// When the request is sent; servers accept about 15 minutes to either side.
    pub date: OffsetDateTime,
    /// Never used twice with one key: 128 random bits, anew for every attempt.
    pub nonce: &'a str,
}

/// A request to be signed, borrowed from its owner.
///
/// Two kinds exist. The usual one, [`SignableRequest::rpc`] or [`SignableRequest::new`], lets the signer
/// write every protocol header or parameter. [`SignableRequest::prepared`] is for callers who write all
/// of them themselves and want the signature only.
#[derive(Clone, Copy)]
pub struct SignableRequest<'a> {
    method: &'a str,
    host: &'a str,
    path: &'a str,
    operation: Option<(&'a str, &'a str)>,
    format: Option<&'a str>,
    query: Pairs<'a>,
    headers: Pairs<'a>,
    sign_also: &'a [&'a str],
    body: &'a [u8],
    content_type: Option<&'a str>,
    form_body: bool,
    prepared: bool,
}

impl<'a> SignableRequest<'a> {
    /// A call of an RPC operation, such as all those of OOS: `POST /` with the parameters in the query.
    ///
    /// `host` is the value of the Host header, with the port unless it is the default one.
    pub fn rpc(
        host: &'a str,
        operation: &'a str,
        version: &'a str,
        parameters: impl Into<Pairs<'a>>,
    ) -> Self {
        Self::new("POST", host, "/")
            .with_operation(operation, version)
            .with_query(parameters)
    }

    /// Any other request. `path` is percent-encoded as it will be sent; empty means `/`.
    #[must_use]
    pub fn new(method: &'a str, host: &'a str, path: &'a str) -> Self {
        Self {
            method,
            host,
            path,
            operation: None,
            format: Some("JSON"),
            query: Pairs::EMPTY,
            headers: Pairs::EMPTY,
            sign_also: &[],
            body: &[],
            content_type: None,
            form_body: false,
            prepared: false,
        }
    }

    /// A request that already has every protocol header (ACS3) or parameter (V1) but the signature:
    /// the signer adds nothing else. For ACS3 the headers must include the host and the date.
    pub fn prepared(
        method: &'a str,
        path: &'a str,
        query: impl Into<Pairs<'a>>,
        headers: impl Into<Pairs<'a>>,
        body: &'a [u8],
    ) -> Self {
        let request = Self {
            body,
            prepared: true,
            ..Self::new(method, "", path)
        };
        request.with_query(query).with_headers(headers)
    }

    /// Another method, in upper case.
    #[must_use]
    pub fn with_method(mut self, method: &'a str) -> Self {
        self.method = method;
        self
    }

    /// The operation and the version of its API, sent as `x-acs-action` and `x-acs-version` or as
    /// `Action` and `Version`.
    #[must_use]
    pub fn with_operation(mut self, operation: &'a str, version: &'a str) -> Self {
        self.operation = Some((operation, version));
        self
    }

    /// The parameters, decoded and in any order.
    #[must_use]
    pub fn with_query(mut self, query: impl Into<Pairs<'a>>) -> Self {
        self.query = query.into();
        self
    }

    /// Further headers the caller will send. ACS3 signs those that start with `x-acs-`; in a prepared
    /// request `host` and `content-type` too.
    #[must_use]
    pub fn with_headers(mut self, headers: impl Into<Pairs<'a>>) -> Self {
        self.headers = headers.into();
        self
    }

    /// Names of further headers to sign, such as `user-agent`; each must be among the headers.
    #[must_use]
    pub fn with_also_signed(mut self, names: &'a [&'a str]) -> Self {
        self.sign_also = names;
        self
    }

    /// A body of the caller's own, exactly as it will be sent.
    #[must_use]
    pub fn with_body(mut self, content_type: Option<&'a str>, body: &'a [u8]) -> Self {
        self.content_type = content_type;
        self.body = body;
        self
    }

    /// Moves the parameters from the query to a form body, which [`crate::SignedParts::form_body`] returns:
    /// for requests too long for a URL.
    #[must_use]
    pub fn with_form_body(mut self) -> Self {
        self.form_body = true;
        self
    }

    /// No `Format` parameter. V1 adds `Format=JSON` to what does not name a format, since servers
    /// answer in XML without it (help page "Request signatures").
    #[must_use]
    pub fn without_format(mut self) -> Self {
        self.format = None;
        self
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The value of the Host header; empty in a prepared request.
    #[must_use]
    pub fn host(&self) -> &'a str {
        self.host
    }

    /// The path, percent-encoded; empty means `/`.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// The operation and its version, if the signer is to write them.
    #[must_use]
    pub fn operation(&self) -> Option<(&'a str, &'a str)> {
        self.operation
    }

    /// The `Format` that V1 adds, if any.
    #[must_use]
    pub fn format(&self) -> Option<&'a str> {
        self.format
    }

    /// The parameters.
    #[must_use]
    pub fn query(&self) -> Pairs<'a> {
        self.query
    }

    /// The further headers.
    #[must_use]
    pub fn headers(&self) -> Pairs<'a> {
        self.headers
    }

    /// The names of further headers to sign.
    #[must_use]
    pub fn also_signed(&self) -> &'a [&'a str] {
        self.sign_also
    }

    /// The caller's own body.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// The content type of the caller's own body; in a prepared request it is among the headers.
    #[must_use]
    pub fn content_type(&self) -> Option<&'a str> {
        self.content_type
    }

    /// Whether the parameters move to a form body.
    #[must_use]
    pub fn has_form_body(&self) -> bool {
        self.form_body
    }

    /// Whether the signer adds nothing but the signature.
    #[must_use]
    pub fn is_prepared(&self) -> bool {
        self.prepared
    }
}

impl fmt::Debug for SignableRequest<'_> {
    /// Shows names, never values: parameters and headers may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignableRequest")
            .field("method", &self.method)
            .field("host", &self.host)
            .field("path", &self.path)
            .field("operation", &self.operation)
            .field("query", &self.query)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_names_only() {
        let request = SignableRequest::rpc(
            "h",
            "CreateSecretParameter",
            "2019-06-01",
            &[("Value", "hidden")],
        )
        .with_headers(&[("x-acs-security-token", "hidden")])
        .with_body(None, b"hidden");
        let shown = format!("{request:?}");
        assert!(shown.contains("Value") && shown.contains("CreateSecretParameter"));
        assert!(!shown.contains("hidden"), "{shown}");
    }
}
