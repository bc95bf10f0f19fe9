//! Why a call brought no answer.

mod kinds;
mod retry_after;

pub use kinds::{
    DecodeFailure, ExchangeError, NoCredentialsError, NotSentError, ServiceError, TimeLimit,
    TimeoutError,
};

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
}

impl Trace {
    pub(crate) fn new(operation: impl Into<Cow<'static, str>>) -> Self {
        Self {
            operation: operation.into(),
            attempts: 0,
            may_have_been_sent: false,
            may_have_been_done: false,
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
            Self::Service(error) => error.api().is_retryable(),
        }
    }

    /// Whether the server asks to slow down.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.api().is_some_and(ApiError::is_throttled)
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
            _ => None,
        }
    }

    /// The HTTP status of the last attempt, if it was answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Service(error) => Some(error.status()),
            Self::Decode(error) => Some(error.status()),
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
