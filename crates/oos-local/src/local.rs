//! The handle of a local OOS.

use crate::shared::Shared;
use crate::{InProcess, LocalOosBuilder, gateway};
use oos_client::Client;
use oos_credentials::Static;
use oos_engine::{Engine, Tenant};
use oos_sign::AccessKey;
use oos_transport::{Endpoint, HttpRequest, HttpResponse};
use std::fmt;
use std::sync::Arc;

/// A local OOS: cheap to clone, all clones are the same one. When the last one is dropped, its
/// [`Driver`](oos_engine::Driver) ends.
#[derive(Clone)]
pub struct LocalOos {
    shared: Arc<Shared>,
}

impl LocalOos {
    /// A builder with the settings of a fresh local OOS in memory.
    pub fn builder() -> LocalOosBuilder {
        LocalOosBuilder::new()
    }

    pub(crate) fn new(shared: Shared) -> Self {
        let shared = Arc::new(shared);
        Self { shared }
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Answers a request; a refusal is an answer too. Dropping the future ends the call, which may
    /// have been carried out then.
    pub async fn handle(&self, request: HttpRequest) -> HttpResponse {
        gateway::handle(&self.shared, &request).await
    }

    /// A transport whose every exchange is [`handle`](Self::handle).
    #[must_use]
    pub fn transport(&self) -> InProcess {
        InProcess::new(self.clone())
    }

    /// A client that is ready to call this local OOS in process: over its transport, with its key,
    /// by its gateway clock.
    ///
    /// # Panics
    /// Never: what a client needs is set.
    #[must_use]
    pub fn client(&self) -> Client {
        let credentials = Static::of(self.shared.key.clone());
        let builder = Client::builder(Arc::new(self.transport()), Arc::new(credentials))
            .with_endpoint(self.shared.endpoint.clone())
            .with_clock(Arc::clone(&self.shared.gateway_clock))
            .with_entropy(Arc::clone(&self.shared.entropy));
        builder
            .build()
            .expect("a client with an endpoint needs no region")
    }

    /// Where requests to the in-process transport go by name; nothing listens there.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        self.shared.endpoint.clone()
    }

    /// The only key that it knows.
    #[must_use]
    pub fn access_key(&self) -> &AccessKey {
        &self.shared.key
    }

    /// The region of calls that name none.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.shared.tenant.region
    }

    /// The account that the key belongs to.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.shared.tenant.account
    }

    /// The account and the region of calls that name none.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.shared.tenant
    }

    /// The engine behind it, to look at executions without the wire.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.shared.engine
    }
}

impl fmt::Debug for LocalOos {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LocalOos")
            .field("tenant", &self.shared.tenant)
            .field("access_key", &self.shared.key.id())
            .finish_non_exhaustive()
    }
}
