//! What the sources need of the world, and the place where they are made.

use crate::source::{Assumed, OidcRole, OidcToken, UriFrom};
use crate::source::{CliProfile, CredentialsUri, EcsMetadata, External, IniProfile};
use crate::{Cached, Chain, Environment, Host, ProvideCredentials, Role, SystemHost};
use oos_clock::{Clock, Entropy, SystemClock, SystemEntropy};
use oos_transport::Transport;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A command of a CLI profile has a minute; then roles may follow.
const PROFILE_LIMIT: Duration = Duration::from_secs(90);
const EXTERNAL_LIMIT: Duration = Duration::from_secs(61);

/// Makes the sources that fetch: each comes in a [`Cached`], so that calls do not wait for it.
///
/// It holds what they need of the world. The metadata service of an instance answers for the machine
/// that asks: asked through a proxy it would hand out the keys of the proxy's machine, or show ours
/// to the proxy. That is why it has a transport of its own, under a type of its own.
///
/// ```no_run
/// # fn example(transport: std::sync::Arc<dyn oos_transport::Transport>, direct: oos_credentials::DirectTransport) {
/// use oos_credentials::{Role, Sources};
///
/// let sources = Sources::new(transport, direct);
/// let role = Role::new("acs:ram::123456789012:role/deploy").with_session_name("nightly");
/// let credentials = sources.assume_role(sources.default_chain(), role);
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Sources {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) direct: DirectTransport,
}

/// A transport that uses no proxy.
#[derive(Debug, Clone)]
pub struct DirectTransport(pub(crate) Arc<dyn Transport>);

impl DirectTransport {
    /// Vouches that `transport` uses no proxy, whatever the environment says.
    #[must_use]
    pub fn without_proxy(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }
}

impl Sources {
    /// On this machine, with its clock and randomness. `transport` is for STS and credentials URIs,
    /// `direct` for the metadata service.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, direct: DirectTransport) -> Self {
        Self {
            host: Arc::new(SystemHost),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            transport,
            direct,
        }
    }

    /// On another machine, such as one made of data.
    #[must_use]
    pub fn with_host(mut self, host: Arc<dyn Host>) -> Self {
        self.host = host;
        self
    }

    /// With another clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// With another randomness.
    #[must_use]
    pub fn with_entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// The chain of the official clients: environment, OIDC role, profile of the CLI, INI file,
    /// metadata of the instance, credentials URI. A source that is not set up, or is switched off,
    /// says so in the error of the chain.
    #[must_use]
    pub fn default_chain(&self) -> Chain {
        let metadata = EcsMetadata::new(self.clone(), None);
        let uri = CredentialsUri::new(self.clone(), UriFrom::Environment);
        Chain::new("default")
            .with(self.environment())
            .with(self.oidc_role_of_environment())
            .with(self.cli_profile(None))
            .with(self.ini_profile(None))
            .with(self.cached(metadata))
            .with(self.cached(uri))
    }

    /// The environment variables.
    #[must_use]
    pub fn environment(&self) -> Environment {
        Environment::of(Arc::clone(&self.host))
    }

    /// This role, assumed with the credentials of `base`.
    #[must_use]
    pub fn assume_role(&self, base: impl ProvideCredentials, role: Role) -> Cached {
        self.cached(Assumed::new(self.clone(), Arc::new(base), role))
    }

    /// This role, assumed with the token of an OIDC provider such as a Kubernetes cluster. The file
    /// of the token is read each time.
    #[must_use]
    pub fn oidc_role(
        &self,
        role: Role,
        provider_arn: impl Into<String>,
        token_file: impl Into<PathBuf>,
    ) -> Cached {
        let token = OidcToken::new(provider_arn, token_file);
        self.cached(OidcRole::new(self.clone(), role, token))
    }

    /// The role of `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` and
    /// `ALIBABA_CLOUD_OIDC_TOKEN_FILE`.
    #[must_use]
    pub fn oidc_role_of_environment(&self) -> Cached {
        self.cached(OidcRole::of_environment(self.clone()))
    }

    /// A profile of the file of the official CLI, `~/.aliyun/config.json` or
    /// `ALIBABA_CLOUD_CONFIG_FILE`: the one of this name, else of `ALIBABA_CLOUD_PROFILE`, else the
    /// current one.
    #[must_use]
    pub fn cli_profile(&self, name: Option<String>) -> Cached {
        let source = CliProfile::new(self.clone(), name);
        self.cached(source).with_time_limit(PROFILE_LIMIT)
    }

    /// A section of the INI file `~/.alibabacloud/credentials`, `~/.alibabacloud/credentials.ini` or
    /// `ALIBABA_CLOUD_CREDENTIALS_FILE`: the one of this name, else of `ALIBABA_CLOUD_PROFILE`, else
    /// `default`.
    #[must_use]
    pub fn ini_profile(&self, name: Option<String>) -> Cached {
        self.cached(IniProfile::new(self.clone(), name))
    }

    /// The RAM role of the ECS instance that this runs on: the one of this name, else of
    /// `ALIBABA_CLOUD_ECS_METADATA`, else the one that is attached. Version 2 of the service is
    /// asked first, version 1 if that fails and `ALIBABA_CLOUD_IMDSV1_DISABLED` is not `true`.
    #[must_use]
    pub fn ecs_metadata(&self, role: Option<String>) -> Cached {
        self.cached(EcsMetadata::new(self.clone(), role))
    }

    /// A server that answers `GET uri` with credentials.
    #[must_use]
    pub fn credentials_uri(&self, uri: impl Into<String>) -> Cached {
        let uri = UriFrom::Text(uri.into());
        self.cached(CredentialsUri::new(self.clone(), uri))
    }

    /// A program that prints credentials. The command line is split at blanks; quotes and
    /// backslashes hold them together; no shell reads it. It has 60 s.
    #[must_use]
    pub fn external(&self, command_line: impl Into<String>) -> Cached {
        let source = External::new(self.clone(), command_line);
        self.cached(source).with_time_limit(EXTERNAL_LIMIT)
    }

    fn cached(&self, source: impl ProvideCredentials) -> Cached {
        Cached::new(Arc::new(source), Arc::clone(&self.clock))
    }
}
