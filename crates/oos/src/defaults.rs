//! What holds if nothing is set.

use crate::{Builder, environment};
use oos_client::{BuildError, Client};
use oos_clock::{Clock, SystemClock};
use oos_credentials::{Chain, DirectTransport, Sources, SystemHost};
use oos_transport::Transport;
use oos_transport_hyper::{HyperTransport, HyperTransportBuilder};
use std::sync::Arc;
use std::time::Duration;

/// The metadata service of an instance is a hop away: outside of the cloud its address leads nowhere,
/// and nobody should wait long to learn that.
const METADATA_CONNECT_TIMEOUT: Duration = Duration::from_millis(800);

/// A client for this region, such as `cn-hangzhou`, with every default: see [`Builder`]. Nothing is
/// sent before its first call, which needs a running tokio runtime.
///
/// # Errors
/// [`BuildError`] if the text is no region of OOS, or a variable of the environment can not be used.
pub fn connect(region: impl Into<String>) -> Result<Client, BuildError> {
    Builder::new().with_region(region).build()
}

/// The sources of credentials that hold if none are set, in the order of the official clients:
/// environment, OIDC role, profile of the CLI, INI file, metadata of the ECS instance, credentials
/// URI (docs/credentials.md). Their names go out as `default/env` and the like. Nothing is sent
/// before the first call.
#[must_use]
pub fn default_credentials() -> Chain {
    credential_sources().default_chain()
}

/// Makes single sources of credentials on this machine, over HTTPS and through the proxies of the
/// environment, if they can be used: a role on top of others, a profile by its name.
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
    let proxies = environment::proxies(&SystemHost).unwrap_or_default();
    sources(Arc::new(transport().with_proxies(proxies).build()))
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

pub(crate) fn transport() -> HyperTransportBuilder {
    HyperTransport::builder(clock())
}

/// The metadata service gets connections of its own, whatever the others go through.
pub(crate) fn sources(transport: Arc<dyn Transport>) -> Sources {
    let direct = HyperTransport::builder(clock())
        .with_connect_timeout(METADATA_CONNECT_TIMEOUT)
        .build();
    Sources::new(transport, DirectTransport::without_proxy(Arc::new(direct)))
}
