//! The client.

use crate::retry::Budget;
use crate::skew::Correction;
use crate::{Call, ClientBuilder, ClockSkew, Observe, ResolveEndpoint, RetryPolicy};
use http::HeaderValue;
use oos_clock::{Clock, Entropy, ordered_uuid};
use oos_credentials::ProvideCredentials;
use oos_model::Operation;
use oos_sign::Sign;
use oos_transport::Transport;
use std::sync::Arc;
use std::time::Duration;

/// Makes calls. Clones are cheap and share connections, credentials and the retry budget: make one
/// per account and region, and clone it into every task.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) signer: Arc<dyn Sign>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) retry: Arc<dyn RetryPolicy>,
    pub(crate) budget: Budget,
    pub(crate) correction: Correction,
    pub(crate) endpoints: Arc<dyn ResolveEndpoint>,
    pub(crate) observer: Option<Arc<dyn Observe>>,
    pub(crate) region: Option<String>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) limits: Limits,
}

impl Inner {
    /// A ClientToken that nobody has used.
    pub(crate) fn new_token(&self) -> String {
        ordered_uuid(self.clock.now(), &*self.entropy)
    }
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) attempt: Duration,
    pub(crate) call: Duration,
}

impl Client {
    /// A builder of a client that sends over `transport` and signs with `credentials`.
    pub fn builder(
        transport: Arc<dyn Transport>,
        credentials: Arc<dyn ProvideCredentials>,
    ) -> ClientBuilder {
        ClientBuilder::new(transport, credentials)
    }

    pub(crate) fn new(inner: Inner) -> Self {
        let inner = Arc::new(inner);
        Self { inner }
    }

    /// A call of this operation; nothing is sent before [`Call::send`].
    pub fn call<O: Operation>(&self, operation: O) -> Call<O> {
        Call::new(self.clone(), operation)
    }

    /// The region of calls that do not name one.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.inner.region.as_deref()
    }

    /// How far this machine's clock is from the server's, if a call found out. Later calls are
    /// dated accordingly.
    #[must_use]
    pub fn clock_skew(&self) -> Option<ClockSkew> {
        self.inner.correction.known()
    }
}
