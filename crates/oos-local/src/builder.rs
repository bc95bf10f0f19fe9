//! The settings of a local OOS.

use crate::gateway::Nonces;
use crate::shared::Shared;
use crate::templates::Finder;
use crate::tokens::Tokens;
use crate::{LocalOos, TemplateCatalogues, kinds};
use oos_clock::{Clock, Entropy, SystemClock, SystemEntropy, hex32};
use oos_engine::actions::ExecuteApi;
use oos_engine::{ActionRegistry, Driver, Engine, FindTemplate, MockApi, MockFile, Parts, Tenant};
use oos_sign::AccessKey;
use oos_store::{MemoryStore, Store};
use oos_transport::{Endpoint, Scheme};
use std::sync::Arc;
use std::time::Duration;

/// The account of a local OOS whose builder names none: 16 digits, as in the cloud.
const ACCOUNT: &str = "1000000000000000";
const REGION: &str = "cn-hangzhou";
const SIGNATURE_WINDOW: Duration = Duration::from_mins(15);

/// Collects the settings of a [`LocalOos`]; made by [`LocalOos::builder`].
#[derive(Debug)]
#[must_use]
pub struct LocalOosBuilder {
    account: String,
    region: String,
    key: Option<AccessKey>,
    store: Option<Arc<dyn Store>>,
    gateway_clock: Arc<dyn Clock>,
    service_clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    mocks: Vec<MockFile>,
    actions: Option<ActionRegistry>,
    templates: TemplateCatalogues,
    signature_window: Duration,
}

impl LocalOosBuilder {
    pub(crate) fn new() -> Self {
        Self {
            account: ACCOUNT.to_owned(),
            region: REGION.to_owned(),
            key: None,
            store: None,
            gateway_clock: Arc::new(SystemClock),
            service_clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            mocks: Vec::new(),
            actions: None,
            templates: TemplateCatalogues::default(),
            signature_window: SIGNATURE_WINDOW,
        }
    }

    /// The account that all records belong to; `1000000000000000` if not set.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// The region of calls that name none; `cn-hangzhou` if not set.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// The key that requests have to be signed with; a random one if not set.
    pub fn access_key(mut self, key: AccessKey) -> Self {
        self.key = Some(key);
        self
    }

    /// Where everything is kept; it has to know the [`kinds`]. In memory if not set.
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// The clock of the signature window, of nonces, of the retention of client tokens and of the
    /// header `date`. The system's if not set, and better left so outside of tests: callers sign
    /// by the real time.
    pub fn gateway_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.gateway_clock = clock;
        self
    }

    /// The clock of executions and of all times in answers; the system's if not set.
    pub fn service_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.service_clock = clock;
        self
    }

    /// Where ids, and the key if none is set, come from; the system if not set.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// What `ACS::ExecuteAPI` is answered. Without any, such a task fails and says what to write.
    pub fn mocks(mut self, mocks: Vec<MockFile>) -> Self {
        self.mocks = mocks;
        self
    }

    /// What tasks can do outside, in the place of `ACS::ExecuteAPI` over the mock files.
    pub fn actions(mut self, actions: ActionRegistry) -> Self {
        self.actions = Some(actions);
        self
    }

    /// Templates that `ACS::Template` and product actions run, besides the stored ones, which they
    /// come before: a list of them, or a handle that replaces them later.
    pub fn templates(mut self, templates: impl Into<TemplateCatalogues>) -> Self {
        self.templates = templates.into();
        self
    }

    /// How far the date of a request may lie from the gateway clock, to either side; 15 minutes if
    /// not set. Nonces are remembered for at least as long.
    pub fn signature_window(mut self, window: Duration) -> Self {
        self.signature_window = window;
        self
    }

    /// The local OOS, and the driver that somebody has to run for executions to be started and to
    /// go on.
    ///
    /// # Panics
    /// Never: the endpoint is a constant.
    #[must_use]
    pub fn build(self) -> (LocalOos, Driver) {
        let Self {
            mocks,
            service_clock,
            entropy,
            ..
        } = self;
        let store = self
            .store
            .unwrap_or_else(|| Arc::new(MemoryStore::new(&kinds())));
        let actions = self.actions.unwrap_or_else(|| {
            let api = MockApi::new(mocks, Arc::clone(&service_clock));
            ActionRegistry::new().with("ACS::ExecuteAPI", ExecuteApi::new(Arc::new(api)))
        });
        let finder = Arc::new(Finder {
            store: Arc::clone(&store),
            catalogues: self.templates,
        });
        let (engine, driver) = Engine::new(Parts {
            store: Arc::clone(&store),
            clock: Arc::clone(&service_clock),
            entropy: Arc::clone(&entropy),
            actions,
            templates: Arc::clone(&finder) as Arc<dyn FindTemplate>,
        });
        let shared = Shared {
            engine,
            store,
            finder,
            tenant: Tenant::new(self.account, self.region),
            key: self.key.unwrap_or_else(|| new_key(&*entropy)),
            endpoint: Endpoint::new(Scheme::Http, "oos.local").expect("this is a host"),
            gateway_clock: self.gateway_clock,
            service_clock,
            entropy,
            signature_window: self.signature_window,
            nonces: Nonces::default(),
            tokens: Tokens::default(),
        };
        (LocalOos::new(shared), driver)
    }

    /// The local OOS, its driver run by the Tokio runtime in which this is called.
    ///
    /// If the store can not be read, executions can not be started: such calls are answered
    /// `ServiceUnavailable`.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    #[must_use]
    pub fn spawn(self) -> LocalOos {
        let (local, driver) = self.build();
        tokio::spawn(driver.run());
        local
    }
}

/// A key that no cloud account has: ids of the cloud begin with `LTAI`.
fn new_key(entropy: &dyn Entropy) -> AccessKey {
    let id = format!("local{}", &hex32(entropy)[..16]);
    AccessKey::new(id, hex32(entropy))
}
