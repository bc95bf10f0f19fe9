//! A transport that answers what it was told to.

use crate::{BoxFuture, CallContext, HttpRequest, HttpResponse};
use crate::{Transport, TransportError, TransportErrorKind};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Reply = Box<dyn FnOnce(&HttpRequest) -> Result<HttpResponse, TransportError> + Send>;

/// A fake for tests: answers in turn what was put in, and keeps the requests it got. Clones share
/// both. A request beyond the script ends in [`TransportErrorKind::Unsupported`].
#[derive(Clone, Default)]
pub struct Scripted {
    shared: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    replies: VecDeque<Reply>,
    requests: Vec<HttpRequest>,
    contexts: Vec<CallContext>,
}

impl Scripted {
    /// An empty script.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an answer.
    pub fn answer(&self, response: HttpResponse) {
        self.reply(move |_| Ok(response));
    }

    /// Adds a failure.
    pub fn fail(&self, error: TransportError) {
        self.reply(move |_| Err(error));
    }

    /// Adds an answer that depends on the request.
    pub fn reply(
        &self,
        reply: impl FnOnce(&HttpRequest) -> Result<HttpResponse, TransportError> + Send + 'static,
    ) {
        self.lock().replies.push_back(Box::new(reply));
    }

    /// The requests so far, in the order of their arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.lock().requests.clone()
    }

    /// The contexts that came with them.
    #[must_use]
    pub fn contexts(&self) -> Vec<CallContext> {
        self.lock().contexts.clone()
    }

    /// How many replies have not been used.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.lock().replies.len()
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.lock();
        formatter
            .debug_struct("Scripted")
            .field("replies", &script.replies.len())
            .field("requests", &script.requests.len())
            .finish()
    }
}

impl Transport for Scripted {
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let reply = {
                let mut script = self.lock();
                script.requests.push(request.clone());
                script.contexts.push(context.clone());
                script.replies.pop_front()
            };
            match reply {
                Some(reply) => reply(&request),
                None => Err(TransportError::new(TransportErrorKind::Unsupported)
                    .with_source("the script has no further answer")),
            }
        })
    }
}
