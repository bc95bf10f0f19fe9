//! The transport that answers from a recording.

use super::cassette::Cassette;
use super::hide::Secrets;
use super::request::Recorded;
use oos_transport::{
    BoxFuture, CallContext, HttpRequest, HttpResponse, Transport, TransportError,
    TransportErrorKind,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A transport that answers from a [`Cassette`], without a network. Clones share it.
///
/// A request gets the answer of the first recorded exchange that is not used yet and has the same
/// operation, version, method, host, path and parameters; a value that was not recorded is like
/// any other. Nonce, date and signature do not count, so that any key and any clock will do. A
/// request that is not recorded fails with [`TransportErrorKind::Unsupported`] and a text that says
/// what the nearest recorded one has otherwise.
#[derive(Debug, Clone)]
pub struct Replay {
    shared: Arc<Mutex<Shared>>,
    strict: bool,
    any_host: bool,
}

#[derive(Debug)]
struct Shared {
    cassette: Cassette,
    used: Vec<bool>,
    secrets: Secrets,
}

impl Replay {
    /// Answers from this recording.
    #[must_use]
    pub fn new(cassette: Cassette) -> Self {
        let used = vec![false; cassette.len()];
        Self {
            shared: Arc::new(Mutex::new(Shared {
                cassette,
                used,
                secrets: Secrets::default(),
            })),
            strict: false,
            any_host: false,
        }
    }

    /// Wants the requests in the order in which they were recorded.
    #[must_use]
    pub fn strict_order(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Does not compare hosts: for a recording of one region, or of a local OOS on another port.
    #[must_use]
    pub fn any_host(mut self) -> Self {
        self.any_host = true;
        self
    }

    /// Takes the values of this parameter for hidden, as [`Recorder::hide`](super::Recorder::hide).
    #[must_use]
    pub fn hide(self, name: impl Into<String>) -> Self {
        self.lock().secrets.hide_name(&name.into());
        self
    }

    /// How many recorded exchanges have not been used.
    #[must_use]
    pub fn remaining(&self) -> usize {
        self.lock().used.iter().filter(|used| !**used).count()
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(
        &self,
        request: &HttpRequest,
        context: &CallContext,
    ) -> Result<HttpResponse, TransportError> {
        let mut shared = self.lock();
        let request = Recorded::of(request, context, &mut shared.secrets);
        let request = request.scrubbed(&shared.secrets);
        let Shared { cassette, used, .. } = &mut *shared;
        let mut unused = (0..cassette.len()).filter(|index| !used[*index]);
        let recorded = |index: &usize| &cassette.exchanges[*index].request;
        let fits = |index: &usize| request.matches(recorded(index), self.any_host);
        let found = if self.strict {
            unused.next().filter(fits)
        } else {
            unused.find(fits)
        };
        if let Some(index) = found {
            used[index] = true;
            return cassette.exchanges[index].outcome.replay();
        }
        let text = self.unmatched(&request, cassette, used);
        Err(TransportError::new(TransportErrorKind::Unsupported).with_source(text))
    }

    fn unmatched(&self, request: &Recorded, cassette: &Cassette, used: &[bool]) -> String {
        let operation = &request.operation;
        let candidates = cassette.exchanges.iter().zip(used).enumerate();
        let mut unused = candidates.filter(|(_, (_, used))| !**used);
        let difference = |(index, (exchange, _)): (usize, (&super::line::Exchange, &bool))| {
            let all = request.differences(&exchange.request, self.any_host);
            (all, index + 1, exchange.request.operation.clone())
        };
        if self.strict {
            return match unused.next().map(difference) {
                None => format!("{operation} is called, but all recorded exchanges are used"),
                Some((all, number, recorded)) => format!(
                    "{operation} is called, but in its order comes exchange {number}, \
                     {recorded}, which differs in {}",
                    all.join(", ")
                ),
            };
        }
        let nearest = unused.map(difference).min_by_key(|(all, ..)| {
            let other = all.iter().any(|what| what == "the operation");
            (other, all.len())
        });
        match nearest {
            None => format!("{operation} is called, but all recorded exchanges are used"),
            Some((all, number, recorded)) => format!(
                "{operation} is called, but is not recorded so: the nearest is exchange {number}, \
                 {recorded}, which differs in {}",
                all.join(", ")
            ),
        }
    }
}

impl Transport for Replay {
    fn send<'a>(
        &'a self,
        request: HttpRequest,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<HttpResponse, TransportError>> {
        Box::pin(async move { self.answer(&request, context) })
    }
}
