//! A client with good defaults.

use oos_client::{BuildError, Client, ClientBuilder};
use oos_clock::{Clock, SystemClock};
use oos_credentials::{
    AccessKey, Chain, DirectTransport, Host, ProvideCredentials, Sources, Static, SystemHost,
    region,
};
use oos_transport::{Endpoint, Transport};
use oos_transport_hyper::HyperTransport;
use std::sync::Arc;
use std::time::Duration;

/// The metadata service of an instance is a hop away: outside of the cloud its address leads nowhere,
/// and nobody should wait long to learn that.
const METADATA_CONNECT_TIMEOUT: Duration = Duration::from_millis(800);

/// A client for this region, such as `cn-hangzhou`, with every default: see [`Builder`]. Nothing
/// is read or sent before its first call, which needs a running tokio runtime.
///
/// # Errors
/// [`BuildError::Region`] if the text is no region id.
pub fn connect(region: impl Into<String>) -> Result<Client, BuildError> {
    Builder::new().with_region(region).build()
}

/// The sources of credentials that hold if none are set, in the order of the official clients:
/// environment, OIDC role, profile of the CLI, INI file, metadata of the ECS instance, credentials
/// URI (docs/credentials.md). Their names go out as `default/env` and the like. Nothing is read or
/// sent before the first call.
#[must_use]
pub fn default_credentials() -> Chain {
    credential_sources().default_chain()
}

/// Makes single sources of credentials on this machine, over HTTPS: a role on top of others, a
/// profile by its name.
///
/// ```
/// use oos::credentials::Role;
/// use std::sync::Arc;
///
/// let sources = oos::credential_sources();
/// let role = Role::new("acs:ram::123456789012:role/deploy");
/// let client = oos::Builder::new()
///     .with_region("cn-hangzhou")
///     .with_credentials(Arc::new(sources.assume_role(oos::default_credentials(), role)))
///     .build()?;
/// # Ok::<(), oos::BuildError>(())
/// ```
#[must_use]
pub fn credential_sources() -> Sources {
    sources(transport(&clock()))
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn transport(clock: &Arc<dyn Clock>) -> Arc<dyn Transport> {
    Arc::new(HyperTransport::builder(Arc::clone(clock)).build())
}

/// The metadata service gets connections of its own, whatever the others go through.
fn sources(transport: Arc<dyn Transport>) -> Sources {
    let direct = HyperTransport::builder(clock())
        .with_connect_timeout(METADATA_CONNECT_TIMEOUT)
        .build();
    Sources::new(transport, DirectTransport::without_proxy(Arc::new(direct)))
}

/// Changes the defaults of a client: [`default_credentials`], a [`HyperTransport`], the system's
/// clock and randomness, the region of the environment or of the CLI's profile
/// ([`oos_credentials::region`]), the public endpoint of the region.
#[derive(Debug, Default)]
#[must_use]
pub struct Builder {
    region: Option<String>,
    endpoint: Option<Endpoint>,
    credentials: Option<Arc<dyn ProvideCredentials>>,
    transport: Option<Arc<dyn Transport>>,
    host: Option<Arc<dyn Host>>,
}

impl Builder {
    /// A builder with every default.
    pub fn new() -> Self {
        Self::default()
    }

    /// The region of calls that do not name one. Without it, and without an endpoint, it is looked
    /// for in the environment and the profile of the CLI.
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sends every call to this endpoint: a VPC endpoint, or a local OOS. Then no region is looked
    /// for.
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

    /// Looks for region and credentials on this machine, such as one made of data.
    pub fn with_host(mut self, host: Arc<dyn Host>) -> Self {
        self.host = Some(host);
        self
    }

    /// The builder of the crate below, for clock, randomness, retries, time limits and observers.
    /// If no region is found, it has none.
    pub fn into_client_builder(mut self) -> ClientBuilder {
        // Its absence is told by the builder below.
        let _ = self.find_region();
        let host = self.host.unwrap_or_else(|| Arc::new(SystemHost));
        let clock = clock();
        let transport = self.transport.unwrap_or_else(|| transport(&clock));
        let credentials = self.credentials.unwrap_or_else(|| {
            let sources = sources(Arc::clone(&transport)).with_host(host);
            Arc::new(sources.default_chain())
        });
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
    /// [`BuildError::RegionNotFound`] if there is neither endpoint nor region,
    /// [`BuildError::Region`] if the region is no region id.
    pub fn build(mut self) -> Result<Client, BuildError> {
        self.find_region()?;
        self.into_client_builder().build()
    }

    fn find_region(&mut self) -> Result<(), BuildError> {
        if self.endpoint.is_some() || self.region.is_some() {
            return Ok(());
        }
        let host = self.host.as_deref().unwrap_or(&SystemHost);
        let found = region(None, host);
        self.region = Some(found.map_err(|error| BuildError::RegionNotFound(error.to_string()))?);
        Ok(())
    }
}
