//! Request, answer, and the seam that turns one into the other.

use crate::{Body, BoxFuture, Endpoint, TransportError};
use http::{HeaderMap, Method, StatusCode};
use std::borrow::Cow;
use std::fmt::{self, Debug};

/// Sends one request and brings one answer.
///
/// Contract:
/// * The target, the headers and the body go onto the wire byte for byte; a transport may add
///   headers that HTTP itself needs (`content-length`, `connection`), never change or drop one.
/// * A transport that asks for compressed answers (`accept-encoding`, unless the caller set it)
///   decompresses them, and drops `content-encoding` and `content-length` of such an answer.
/// * One call is one exchange: no silent resending, no redirects followed. The caller signs each
///   attempt anew, so that a transport that resends would send a used nonce. Taking another
///   connection for a request of which no byte went out is no resending.
/// * An answer of any status is `Ok`. `Err` means that there is no complete answer, and
///   [`TransportError::may_have_been_sent`] is false only if no byte of the request was sent.
/// * Dropping the future ends the exchange; the connection is not used again.
pub trait Transport: Debug + Send + Sync + 'static {
    /// Does the exchange.
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>>;
}

/// A request as it stands on the wire.
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Scheme and authority of the server.
    pub endpoint: Endpoint,
    /// Path and query, encoded already. Plain text and not `http::Uri`, which refuses more than
    /// 65,534 bytes.
    pub target: String,
    /// The headers; the caller sets Host, since it signs it.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
}

impl HttpRequest {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: Method, endpoint: Endpoint, target: impl Into<String>) -> Self {
        let (headers, body) = (HeaderMap::new(), Body::empty());
        Self {
            method,
            endpoint,
            target: target.into(),
            headers,
            body,
        }
    }

    /// The path: the target up to the `?`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The query: the target after the `?`, empty if there is none.
    #[must_use]
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }
}

/// The query and most headers carry parameters and signatures: neither is shown.
impl Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(http::HeaderName::as_str).collect();
        formatter
            .debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("endpoint", &format_args!("{}", self.endpoint))
            .field("path", &self.path())
            .field("query", &format_args!("{} bytes", self.query().len()))
            .field("headers", &names)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// An answer of any status.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Body,
}

impl HttpResponse {
    /// An answer without headers and body.
    #[must_use]
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Body::empty(),
        }
    }

    /// The same answer with these headers.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// The same answer with this body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// The text of a header, if it is there and is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What a transport may know of the call that it serves: for logs, recordings and tests.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallContext {
    /// The operation, such as `TriggerExecution`.
    pub operation: Cow<'static, str>,
    /// Which attempt of the call this is, from 1.
    pub attempt: u32,
}

impl CallContext {
    /// The first attempt of a call.
    #[must_use]
    pub fn new(operation: impl Into<Cow<'static, str>>) -> Self {
        Self {
            operation: operation.into(),
            attempt: 1,
        }
    }

    /// The same call at this attempt, counted from 1.
    #[must_use]
    pub fn at_attempt(mut self, attempt: u32) -> Self {
        self.attempt = attempt;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn debug_shows_neither_query_nor_header_values() {
        let endpoint = "http://127.0.0.1:1".parse().expect("an endpoint");
        let mut request = HttpRequest::new(Method::POST, endpoint, "/?Signature=s3cr3t");
        request
            .headers
            .insert("authorization", HeaderValue::from_static("s3cr3t"));
        request.body = "s3cr3t".into();
        let shown = format!("{request:?}");
        assert!(!shown.contains("s3cr3t"), "{shown}");
        assert!(
            shown.contains("authorization") && shown.contains("16 bytes"),
            "{shown}"
        );
    }

    #[test]
    fn a_target_splits_at_its_first_question_mark() {
        let check = |target: &str, path: &str, query: &str| {
            let endpoint = "http://127.0.0.1:1".parse().expect("an endpoint");
            let request = HttpRequest::new(Method::GET, endpoint, target);
            assert_eq!((request.path(), request.query()), (path, query));
        };
        check("/", "/", "");
        check("/?a=b?c", "/", "a=b?c");
        check("/p", "/p", "");
    }
}
