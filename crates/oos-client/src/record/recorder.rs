//! The transport that records.

use super::cassette::Cassette;
use super::hide::Secrets;
use super::line::{Exchange, Outcome};
use super::request::Recorded;
use http::HeaderMap;
use oos_transport::{BoxFuture, CallContext, HttpRequest, HttpResponse, Transport, TransportError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A transport that hands requests on to another one, and keeps what goes through it. Clones share
/// the recording.
///
/// Recorded of a request are operation, version, method, host, path and parameters, of an answer
/// status, body and the headers that clients read. Not recorded are
///
/// * the header Authorization and all other headers of the request, and the parameters of a
///   signature: nonce, date and signature among them;
/// * the values of access key id, security token and ClientToken, of parameters that the API
///   marks as sensitive, of those whose name speaks of passwords, secrets, keys or credentials, and
///   of those named by [`hide`](Self::hide);
/// * in answers, members of such names, the values of secret parameters, the parameters of
///   executions, the request that an answer to a wrong signature repeats, and every value of at
///   least four bytes that was hidden in the request.
///
/// An exchange is recorded when it has ended; one that was dropped before is not.
#[derive(Debug, Clone)]
pub struct Recorder {
    inner: Arc<dyn Transport>,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    cassette: Cassette,
    secrets: Secrets,
}

/// What clients read of an answer's headers.
const HEADERS: [&str; 7] = [
    "content-type",
    "date",
    "retry-after",
    "x-acs-request-id",
    "x-acs-retry-after",
    "x-ratelimit-user",
    "x-ratelimit-user-api",
];

impl Recorder {
    /// Records what goes through `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn Transport>) -> Self {
        Self {
            inner,
            shared: Arc::default(),
        }
    }

    /// Hides the values of this parameter too, and of members of this name in answers; upper and
    /// lower case do not count.
    #[must_use]
    pub fn hide(self, name: impl Into<String>) -> Self {
        self.lock().secrets.hide_name(&name.into());
        self
    }

    /// What has been recorded so far.
    #[must_use]
    pub fn cassette(&self) -> Cassette {
        self.lock().cassette.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, request: Recorded, result: &Result<HttpResponse, TransportError>) {
        let mut shared = self.lock();
        let outcome = match result {
            Err(error) => Outcome::Failed(error.kind()),
            Ok(response) => {
                let status = response.status;
                let body = response.body.as_bytes();
                let secrets = &shared.secrets;
                Outcome::Answered {
                    status,
                    headers: headers(&response.headers),
                    body: secrets.shown(&request.operation, status.as_u16(), body),
                }
            }
        };
        let request = request.scrubbed(&shared.secrets);
        shared
            .cassette
            .exchanges
            .push(Exchange { request, outcome });
    }
}

fn headers(all: &HeaderMap) -> Vec<(http::HeaderName, http::HeaderValue)> {
    let wanted = all
        .iter()
        .filter(|(name, value)| HEADERS.contains(&name.as_str()) && value.to_str().is_ok());
    wanted
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

impl Transport for Recorder {
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let recorded = Recorded::of(&request, context, &mut self.lock().secrets);
            let result = self.inner.send(request, context).await;
            self.record(recorded, &result);
            result
        })
    }
}
