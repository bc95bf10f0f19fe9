//! Why an exchange brought no answer.

use std::error::Error;
use std::fmt;

/// An exchange that brought no answer.
///
/// It says whether the request may have reached the server, which decides whether it is safe to
/// repeat a call that changes something.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
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
    /// No connection: name not found, refused, TLS handshake failed. Nothing was sent.
    Connect,
    /// No connection within the time limit. Nothing was sent.
    ConnectTimeout,
    /// The connection broke after the request was begun: it may have been carried out.
    Broken,
    /// No answer within the time limit: the request may have been carried out.
    ReadTimeout,
    /// The answer is longer than the limit: the request was carried out.
    BodyTooLarge,
}

impl TransportError {
    /// An error of this kind without a deeper cause.
    #[must_use]
    pub fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
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
        use TransportErrorKind::{BodyTooLarge, Broken, ReadTimeout};
        matches!(self.kind, Broken | ReadTimeout | BodyTooLarge)
    }

    /// Whether another attempt may fare better, if it is safe to make one.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        use TransportErrorKind::{BodyTooLarge, InvalidRequest, Unsupported};
        !matches!(self.kind, InvalidRequest | Unsupported | BodyTooLarge)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            TransportErrorKind::InvalidRequest => "the request can not be sent over HTTP as it is",
            TransportErrorKind::Unsupported => "this transport does not do that",
            TransportErrorKind::Connect => "no connection to the server",
            TransportErrorKind::ConnectTimeout => "no connection to the server in time",
            TransportErrorKind::Broken => "the connection broke before the answer was complete",
            TransportErrorKind::ReadTimeout => "no complete answer in time",
            TransportErrorKind::BodyTooLarge => "the answer is longer than the limit",
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
