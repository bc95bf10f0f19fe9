//! Why an exchange brought no answer.

use http::{HeaderMap, StatusCode};
use std::error::Error;
use std::fmt;

/// An exchange that brought no answer.
///
/// It says whether the request may have reached the server, which decides whether it is safe to
/// repeat a call that changes something. If the answer broke off after its head, status and headers
/// are kept.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
    head: Option<Box<(StatusCode, HeaderMap)>>,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request can not be sent as it is (a header or a target that HTTP does not allow, a
    /// target over the transport's limit). Nothing was sent; the same request will fail again.
    InvalidRequest,
    /// The transport is not set up to do this (TLS roots missing, host not allowed). Nothing was
    /// sent.
    Unsupported,
    /// No connection: name not found, refused, reset while connecting. Nothing was sent.
    Connect,
    /// The two sides agree on no TLS connection: certificate not trusted or not for this name,
    /// client certificate refused, no common version, no TLS at all. Nothing was sent.
    Tls,
    /// The proxy answered, but opened no connection to the server. Nothing was sent.
    Proxy,
    /// The proxy asks for a user name and a password (status 407). Nothing was sent.
    ProxyAuthentication,
    /// No connection within the time limit. Nothing was sent.
    ConnectTimeout,
    /// The connection broke after the request was begun: it may have been carried out.
    Broken,
    /// No answer within the time limit: the request may have been carried out.
    ReadTimeout,
    /// The answer is longer than the limit, as it came or once decompressed: the request was
    /// carried out.
    BodyTooLarge,
    /// The compressed answer is damaged or cut short: the request was carried out.
    Encoding,
}

impl TransportError {
    /// An error of this kind without a deeper cause.
    #[must_use]
    pub fn new(kind: TransportErrorKind) -> Self {
        Self {
            kind,
            source: None,
            head: None,
        }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error with the head of the answer that broke off.
    #[must_use]
    pub fn with_head(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        self.head = Some(Box::new((status, headers)));
        self
    }

    /// The status of the answer, if its head arrived.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.head.as_ref().map(|head| head.0)
    }

    /// The headers of the answer, if its head arrived.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.head.as_ref().map(|head| &head.1)
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether a time limit ended the exchange.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        use TransportErrorKind::{ConnectTimeout, ReadTimeout};
        matches!(self.kind, ConnectTimeout | ReadTimeout)
    }

    /// Whether the server may have received, and carried out, the request.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        use TransportErrorKind::{BodyTooLarge, Broken, Encoding, ReadTimeout};
        matches!(self.kind, Broken | ReadTimeout | BodyTooLarge | Encoding)
    }

    /// Whether another attempt may fare better, if it is safe to make one.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        use TransportErrorKind as Kind;
        matches!(
            self.kind,
            Kind::Connect
                | Kind::ConnectTimeout
                | Kind::Proxy
                | Kind::Broken
                | Kind::ReadTimeout
                | Kind::Encoding
        )
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            TransportErrorKind::InvalidRequest => "the request can not be sent over HTTP as it is",
            TransportErrorKind::Unsupported => "this transport does not do that",
            TransportErrorKind::Connect => "no connection to the server",
            TransportErrorKind::Tls => "no TLS connection that both sides accept",
            TransportErrorKind::Proxy => "the proxy opened no connection to the server",
            TransportErrorKind::ProxyAuthentication => {
                "the proxy asks for a user name and a password: give them in its address"
            }
            TransportErrorKind::ConnectTimeout => "no connection to the server in time",
            TransportErrorKind::Broken => "the connection broke before the answer was complete",
            TransportErrorKind::ReadTimeout => "no complete answer in time",
            TransportErrorKind::BodyTooLarge => "the answer is longer than the limit",
            TransportErrorKind::Encoding => "the compressed answer is damaged or cut short",
        })
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}
