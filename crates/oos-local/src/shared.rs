//! What all calls of a local OOS share, and what one call knows.

use crate::gateway::Nonces;
use crate::templates::Finder;
use crate::tokens::Tokens;
use oos_clock::{Clock, Entropy};
use oos_engine::{Engine, Moment, Tenant};
use oos_model::Params;
use oos_sign::AccessKey;
use oos_store::Store;
use oos_transport::Endpoint;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<dyn Store>,
    /// Finds the templates that tasks run.
    pub(crate) finder: Arc<Finder>,
    pub(crate) tenant: Tenant,
    pub(crate) key: AccessKey,
    pub(crate) endpoint: Endpoint,
    /// Signature window, nonces, retention of tokens, `Date`.
    pub(crate) gateway_clock: Arc<dyn Clock>,
    /// Executions, and all times in answers.
    pub(crate) service_clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) signature_window: Duration,
    pub(crate) nonces: Nonces,
    pub(crate) tokens: Tokens,
}

/// One call, authenticated.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) params: &'a Params<'a>,
    /// The account of the key, and the region that the call names.
    pub(crate) tenant: Tenant,
    pub(crate) request_id: &'a str,
}

impl Shared {
    /// The time of the service.
    pub(crate) fn now(&self) -> Moment {
        self.service_clock.now().into()
    }
}

impl Call<'_> {
    /// Who calls, as answers name it: keys belong to the account itself, there are no RAM users.
    pub(crate) fn user(&self) -> String {
        format!("root({})", self.tenant.account)
    }
}
