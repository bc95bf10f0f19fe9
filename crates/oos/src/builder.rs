//! A client with good defaults.

use oos_client::{BuildError, Client, ClientBuilder};
use oos_clock::{Clock, SystemClock};
use oos_credentials::{AccessKey, Chain, Environment, ProvideCredentials, Static};
use oos_transport::{Endpoint, Transport};
use oos_transport_hyper::HyperTransport;
use std::sync::Arc;

/// A client for this region, such as `cn-hangzhou`, with every default: see [`Builder`]. Nothing
/// is read or sent before its first call, which needs a running tokio runtime.
///
/// # Errors
/// [`BuildError::Region`] if the text is no region id.
pub fn connect(region: impl Into<String>) -> Result<Client, BuildError> {
    Builder::new().with_region(region).build()
}

/// The sources of credentials that hold if none are set, in their order: the environment variables
/// of the official clients. Their names go out as `default/env` and the like.
#[must_use]
pub fn default_credentials() -> Chain {
    Chain::new("default").with(Environment::new())
}

/// Changes the defaults of a client: [`default_credentials`], a [`HyperTransport`], the system's
/// clock and randomness, the public endpoint of the region.
#[derive(Debug, Default)]
#[must_use]
pub struct Builder {
    region: Option<String>,
    endpoint: Option<Endpoint>,
    credentials: Option<Arc<dyn ProvideCredentials>>,
    transport: Option<Arc<dyn Transport>>,
}

impl Builder {
    /// A builder with every default. It still needs a region, an endpoint, or both.
    pub fn new() -> Self {
        Self::default()
    }

    /// The region of calls that do not name one.
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sends every call to this endpoint: a VPC endpoint, or a local OOS.
    pub fn with_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// Signs with this key pair.
    pub fn with_access_key(self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.with_credentials(Arc::new(Static::of(AccessKey::new(id, secret))))
    }

    /// Signs with the credentials of this source.
    pub fn with_credentials(mut self, credentials: Arc<dyn ProvideCredentials>) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sends over this transport.
    pub fn with_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// The builder of the crate below, for clock, randomness, retries, time limits and observers.
    pub fn into_client_builder(self) -> ClientBuilder {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let transport = self
            .transport
            .unwrap_or_else(|| Arc::new(HyperTransport::builder(Arc::clone(&clock)).build()));
        let credentials = self
            .credentials
            .unwrap_or_else(|| Arc::new(default_credentials()));
        let mut builder = Client::builder(transport, credentials).with_clock(clock);
        if let Some(region) = self.region {
            builder = builder.with_region(region);
        }
        if let Some(endpoint) = self.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        builder
    }

    /// The client.
    ///
    /// # Errors
    /// [`BuildError`] if there is neither region nor endpoint, or the region is no region id.
    pub fn build(self) -> Result<Client, BuildError> {
        self.into_client_builder().build()
    }
}
