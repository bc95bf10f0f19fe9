//! One struct per kind of failure.

use super::{Diagnosis, Trace, retry_after::retry_after};
use bytes::Bytes;
use http::HeaderMap;
use oos_credentials::CredentialsError;
use oos_model::ApiError;
use oos_transport::{HttpResponse, TransportError};
use std::error::Error;
use std::fmt;
use std::time::Duration;

type Source = Box<dyn Error + Send + Sync>;

/// A call that can not be sent as it is. Nothing was sent.
#[derive(Debug)]
pub struct NotSentError {
    trace: Trace,
    source: Source,
}

/// A call without credentials to sign it with. Nothing was sent.
#[derive(Debug)]
pub struct NoCredentialsError {
    trace: Trace,
    source: Box<CredentialsError>,
}

/// A call whose exchange brought no complete answer.
#[derive(Debug)]
pub struct ExchangeError {
    trace: Trace,
    source: TransportError,
}

/// A call that took longer than it may.
#[derive(Debug)]
pub struct TimeoutError {
    trace: Trace,
    limit: TimeLimit,
    after: Duration,
}

/// Which limit ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeLimit {
    /// The limit of one attempt.
    Attempt,
    /// The limit of the whole call.
    Call,
}

/// A call that the server refused.
pub struct ServiceError {
    trace: Trace,
    refusal: Box<Refusal>,
}

struct Refusal {
    api: ApiError,
    headers: HeaderMap,
    raw: Bytes,
    diagnosis: Option<Diagnosis>,
}

/// A call that was answered with success in words that this crate can not read. It was carried
/// out; what came back is kept.
pub struct DecodeFailure {
    trace: Trace,
    source: Source,
    answer: Box<HttpResponse>,
}

macro_rules! traced {
    ($($name:ident),+) => {$(
        impl $name {
            pub(crate) fn trace(&self) -> &Trace {
                &self.trace
            }

            pub(crate) fn trace_mut(&mut self) -> &mut Trace {
                &mut self.trace
            }
        }
    )+};
}

traced!(
    NotSentError,
    NoCredentialsError,
    ExchangeError,
    TimeoutError,
    ServiceError,
    DecodeFailure
);

impl NotSentError {
    pub(crate) fn raise(trace: Trace, source: impl Into<Source>) -> super::Error {
        let source = source.into();
        super::Error::NotSent(Self { trace, source })
    }
}

impl fmt::Display for NotSentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the call can not be sent as it is",
            self.trace.operation
        )
    }
}

impl Error for NotSentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

impl NoCredentialsError {
    pub(crate) fn raise(trace: Trace, source: CredentialsError) -> super::Error {
        let source = Box::new(source);
        super::Error::Credentials(Self { trace, source })
    }

    /// What the source, or each source of a chain, said.
    #[must_use]
    pub fn credentials_error(&self) -> &CredentialsError {
        &self.source
    }
}

impl fmt::Display for NoCredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: there are no credentials to sign with",
            self.trace.operation
        )
    }
}

impl Error for NoCredentialsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

impl ExchangeError {
    pub(crate) fn raise(trace: Trace, source: TransportError) -> super::Error {
        let sent = source.may_have_been_sent();
        let trace = trace.with(sent, sent);
        super::Error::Transport(Self { trace, source })
    }

    /// What the transport said.
    #[must_use]
    pub fn transport_error(&self) -> &TransportError {
        &self.source
    }

    pub(super) fn status(&self) -> Option<u16> {
        self.source.status().map(|status| status.as_u16())
    }

    pub(super) fn request_id(&self) -> Option<&str> {
        request_id(self.source.headers()?)
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the exchange with the server failed",
            self.trace.operation
        )
    }
}

impl Error for ExchangeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

impl TimeoutError {
    pub(crate) fn raise(
        trace: Trace,
        limit: TimeLimit,
        after: Duration,
        sent: bool,
    ) -> super::Error {
        let trace = trace.with(sent, sent);
        super::Error::Timeout(Self {
            trace,
            limit,
            after,
        })
    }

    /// Which limit ended it.
    #[must_use]
    pub fn limit(&self) -> TimeLimit {
        self.limit
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.limit {
            TimeLimit::Attempt => "the attempt was given up after",
            TimeLimit::Call => {
                "the time of the whole call was over; its last attempt was given up after"
            }
        };
        write!(
            f,
            "{}: {what} {} ms",
            self.trace.operation,
            self.after.as_millis()
        )
    }
}

impl Error for TimeoutError {}

impl ServiceError {
    pub(crate) fn raise(trace: Trace, response: HttpResponse) -> super::Error {
        let raw = response.body.into_bytes();
        let api = ApiError::decode(response.status.as_u16(), &raw);
        let trace = trace.with(true, api.may_have_been_done());
        let headers = response.headers;
        let diagnosis = None;
        let refusal = Box::new(Refusal {
            api,
            headers,
            raw,
            diagnosis,
        });
        super::Error::Service(Self { trace, refusal })
    }

    pub(crate) fn set_diagnosis(&mut self, diagnosis: Option<Diagnosis>) {
        self.refusal.diagnosis = diagnosis;
    }

    /// Why the server does not believe the request, if it refused it for its signature, its date
    /// or its credentials, and the client found out.
    #[must_use]
    pub fn diagnosis(&self) -> Option<&Diagnosis> {
        self.refusal.diagnosis.as_ref()
    }

    /// Code, message and what else the server said.
    #[must_use]
    pub fn api(&self) -> &ApiError {
        &self.refusal.api
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.refusal.api.status()
    }

    /// The HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.refusal.headers
    }

    /// The body as it came. It may repeat the request, secrets included: do not log it.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.refusal.raw
    }

    pub(super) fn request_id(&self) -> Option<&str> {
        self.api()
            .request_id()
            .or_else(|| request_id(self.headers()))
    }

    /// A redirect may say `retry-after` too, but it is no refusal for being too fast.
    pub(super) fn is_throttled(&self) -> bool {
        self.api().is_throttled() || (self.status() >= 400 && self.retry_after().is_some())
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers())
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.trace.operation, self.api())?;
        match self.trace.skew {
            Some(skew) if self.api().is_clock_skew() => write!(f, "; {skew}"),
            _ => match self.diagnosis() {
                Some(diagnosis) => write!(f, "; {diagnosis}"),
                None => Ok(()),
            },
        }
    }
}

impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("trace", &self.trace)
            .field("api", self.api())
            .field("raw_bytes", &self.raw().len())
            .finish_non_exhaustive()
    }
}

impl Error for ServiceError {}

impl DecodeFailure {
    pub(crate) fn raise(
        trace: Trace,
        source: impl Into<Source>,
        answer: HttpResponse,
    ) -> super::Error {
        let (source, answer) = (source.into(), Box::new(answer));
        let trace = trace.with(true, true);
        super::Error::Decode(Self {
            trace,
            source,
            answer,
        })
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.status.as_u16()
    }

    /// The HTTP headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.answer.headers
    }

    /// The body as it came.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        self.answer.body.as_bytes()
    }

    pub(super) fn request_id(&self) -> Option<&str> {
        request_id(self.headers())
    }
}

impl fmt::Display for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Trace { operation, .. } = &self.trace;
        let (status, length) = (self.status(), self.raw().len());
        write!(
            f,
            "{operation}: the answer (HTTP {status}, {length} bytes) is not what the operation answers"
        )
    }
}

impl fmt::Debug for DecodeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeFailure")
            .field("trace", &self.trace)
            .field("source", &self.source)
            .field("status", &self.status())
            .field("raw_bytes", &self.raw().len())
            .finish_non_exhaustive()
    }
}

impl Error for DecodeFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// The id of the call in the headers, where an answer of every status has it.
fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-acs-request-id")?.to_str().ok()
}
