//! Why a call brought no answer.

mod advice;
mod diagnosis;
mod http_date;
mod kinds;
mod retry_after;

pub use advice::Advice;
pub use diagnosis::Diagnosis;
pub(crate) use diagnosis::{Refused, concerns};
pub(crate) use http_date::http_date;

pub use kinds::{
    DecodeFailure, ExchangeError, NoCredentialsError, NotSentError, ServiceError, TimeLimit,
    TimeoutError,
};

use crate::ClockSkew;
use oos_model::ApiError;
use oos_transport::TransportErrorKind;
use std::borrow::Cow;
use std::time::Duration;

/// Why a call brought no answer: the last attempt's failure, with what is known of all of them.
///
/// No text of it holds a secret, a signature, or the part of a server's message that repeats the
/// request.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The call can not be sent as it is: mend what the text says.
    #[error(transparent)]
    NotSent(NotSentError),
    /// There are no credentials to sign with: set up one of the sources that the text names.
    #[error(transparent)]
    Credentials(NoCredentialsError),
    /// No complete answer arrived: look at network, proxy and endpoint.
    #[error(transparent)]
    Transport(ExchangeError),
    /// The client's own time limit ended the attempt or the call.
    #[error(transparent)]
    Timeout(TimeoutError),
    /// The server refused: its code says what to mend.
    #[error(transparent)]
    Service(ServiceError),
    /// The call succeeded, but this crate can not read the answer; the raw answer is kept.
    #[error(transparent)]
    Decode(DecodeFailure),
}

/// What is known of the attempts of a call.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) attempts: u32,
    pub(crate) may_have_been_sent: bool,
    pub(crate) may_have_been_done: bool,
    /// What was learnt of the clock during the call.
    pub(crate) skew: Option<ClockSkew>,
}

impl Trace {
    pub(crate) fn new(operation: impl Into<Cow<'static, str>>) -> Self {
        Self {
            operation: operation.into(),
            attempts: 0,
            may_have_been_sent: false,
            may_have_been_done: false,
            skew: None,
        }
    }

    /// The trace with what this attempt adds.
    pub(crate) fn with(mut self, sent: bool, done: bool) -> Self {
        self.may_have_been_sent |= sent;
        self.may_have_been_done |= done;
        self
    }
}

impl Error {
    /// Whether the same call, signed anew, may succeed later. Whether repeating it is harmless is
    /// another question: see [`may_have_been_done`](Self::may_have_been_done).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::Decode(_) => false,
            Self::Credentials(error) => error.credentials_error().is_retryable(),
            Self::Transport(error) => error.transport_error().is_retryable(),
            Self::Timeout(error) => error.limit() == TimeLimit::Attempt,
            Self::Service(error) => error.is_throttled() || error.api().is_retryable(),
        }
    }

    /// Whether the server asks to slow down: by its code, by status 429, or by saying in a header
    /// when to come again.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        matches!(self, Self::Service(error) if error.is_throttled())
    }

    /// The kind of failure in one word, for logs and metrics: `not_sent`, `credentials`, `connect`,
    /// `tls`, `proxy`, `timeout`, `broken`, `too_large`, `unsupported`, `throttled`,
    /// `server_fault`, `refused`, `decode`.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::NotSent(_) => "not_sent",
            Self::Credentials(_) => "credentials",
            Self::Timeout(_) => "timeout",
            Self::Decode(_) => "decode",
            Self::Service(_) if self.is_throttled() => "throttled",
            Self::Service(error) if error.api().is_server_fault() => "server_fault",
            Self::Service(_) => "refused",
            Self::Transport(error) => class_of(error.transport_error().kind()),
        }
    }

    /// Whether an attempt of the call may have reached the server.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.trace().may_have_been_sent
    }

    /// Whether an attempt of the call may have had its effect. False after a refusal: the server
    /// did nothing then.
    #[must_use]
    pub fn may_have_been_done(&self) -> bool {
        self.trace().may_have_been_done
    }

    /// The id that the server gave the last attempt, to quote to support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Service(error) => error.request_id(),
            Self::Decode(error) => error.request_id(),
            Self::Transport(error) => error.request_id(),
            _ => None,
        }
    }

    /// The HTTP status of the last attempt, if it was answered, be it in part.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Service(error) => Some(error.status()),
            Self::Decode(error) => Some(error.status()),
            Self::Transport(error) => error.status(),
            _ => None,
        }
    }

    /// The server's code, such as `EntityNotExists.Execution`, if it refused with one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.api()
            .map(ApiError::code)
            .filter(|code| !code.is_empty())
    }

    /// What the server said, if it refused.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Service(error) => Some(error.api()),
            _ => None,
        }
    }

    /// How long the server asks to wait: `x-acs-retry-after` in ms, else `TimeLeft` of
    /// `x-ratelimit-user-api` or `x-ratelimit-user` (the older core), else `retry-after` in s.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Service(error) => error.retry_after(),
            _ => None,
        }
    }

    /// What went wrong between client and server, if no answer came.
    #[must_use]
    pub fn transport_kind(&self) -> Option<TransportErrorKind> {
        match self {
            Self::Transport(error) => Some(error.transport_error().kind()),
            _ => None,
        }
    }

    /// The operation, such as `TriggerExecution`.
    #[must_use]
    pub fn operation(&self) -> &str {
        &self.trace().operation
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.trace().attempts
    }

    /// How far this machine's clock is from the server's, if that came out during the call: its
    /// date was refused, and the call was signed once more with the server's time.
    #[must_use]
    pub fn clock_skew(&self) -> Option<ClockSkew> {
        self.trace().skew
    }

    pub(crate) fn trace_mut(&mut self) -> &mut Trace {
        match self {
            Self::NotSent(error) => error.trace_mut(),
            Self::Credentials(error) => error.trace_mut(),
            Self::Transport(error) => error.trace_mut(),
            Self::Timeout(error) => error.trace_mut(),
            Self::Service(error) => error.trace_mut(),
            Self::Decode(error) => error.trace_mut(),
        }
    }

    pub(crate) fn trace(&self) -> &Trace {
        match self {
            Self::NotSent(error) => error.trace(),
            Self::Credentials(error) => error.trace(),
            Self::Transport(error) => error.trace(),
            Self::Timeout(error) => error.trace(),
            Self::Service(error) => error.trace(),
            Self::Decode(error) => error.trace(),
        }
    }
}

fn class_of(kind: TransportErrorKind) -> &'static str {
    use TransportErrorKind as Kind;
    match kind {
        Kind::InvalidRequest => "not_sent",
        Kind::Connect => "connect",
        Kind::Tls => "tls",
        Kind::Proxy | Kind::ProxyAuthentication => "proxy",
        Kind::ConnectTimeout | Kind::ReadTimeout => "timeout",
        Kind::Broken | Kind::Encoding => "broken",
        Kind::BodyTooLarge => "too_large",
        _ => "unsupported",
    }
}
