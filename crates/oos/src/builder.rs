//! A client with good defaults.

use crate::defaults::{clock, sources, transport};
use crate::environment;
use oos_client::{Backoff, BuildError, Client, ClientBuilder, Observe, RetryPolicy};
use oos_credentials::{Host, ProvideCredentials, Static, SystemHost, region};
use oos_transport::{Endpoint, Transport};
use oos_transport_hyper::{HyperTransportBuilder, InvalidPem, Proxies, TlsVersion};
use std::sync::Arc;
use std::time::Duration;

/// Changes the defaults of a client; each method tells its default, and docs/client.md has them in
/// tables.
///
/// What is not set is looked for in the environment when the client is built: the region
/// ([`oos_credentials::region`]), the endpoint (`ALIBABA_CLOUD_ENDPOINT`, and
/// `ALIBABA_CLOUD_ENDPOINT_TYPE=vpc`), the proxies (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, in both
/// spellings) and the trusted authorities (`ALIBABA_CLOUD_CA_BUNDLE`).
#[derive(Debug)]
#[must_use]
pub struct Builder {
    region: Option<String>,
    endpoint: Option<Endpoint>,
    is_vpc: Option<bool>,
    credentials: Option<Arc<dyn ProvideCredentials>>,
    transport: Option<Arc<dyn Transport>>,
    host: Arc<dyn Host>,
    hyper: HyperTransportBuilder,
    has_proxies: bool,
    has_roots: bool,
    options: Options,
}

/// What the builder of the crate below takes.
#[derive(Debug, Default)]
struct Options {
    attempt_timeout: Option<Duration>,
    call_timeout: Option<Duration>,
    retry: Option<Arc<dyn RetryPolicy>>,
    observer: Option<Arc<dyn Observe>>,
    user_agent: Option<String>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            region: None,
            endpoint: None,
            is_vpc: None,
            credentials: None,
            transport: None,
            host: Arc::new(SystemHost),
            hyper: transport(),
            has_proxies: false,
            has_roots: false,
            options: Options::default(),
        }
    }
}

/// Where calls go.
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

    /// Sends every call to this endpoint: one of a region that this version does not know, or a
    /// local OOS (`http://127.0.0.1:PORT`). Then no region is looked for.
    pub fn with_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

    /// Sends calls to `oos-vpc.<region>.aliyuncs.com`, which programs inside a VPC reach without a
    /// way to the internet. An endpoint that is set goes first.
    pub fn with_vpc_endpoints(mut self) -> Self {
        self.is_vpc = Some(true);
        self
    }

    /// Sends over this transport. What is said of time limits for connections, proxies and TLS does
    /// not hold for it.
    pub fn with_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Goes through these proxies, [`Proxies::none`] for none, whatever the environment says.
    pub fn with_proxies(mut self, proxies: Proxies) -> Self {
        self.hyper = self.hyper.with_proxies(proxies);
        self.has_proxies = true;
        self
    }

    /// Looks for what is not set on this machine, such as one made of data.
    pub fn with_host(mut self, host: Arc<dyn Host>) -> Self {
        self.host = host;
        self
    }
}

/// Who calls, and whom to trust.
impl Builder {
    /// Signs with this key pair.
    pub fn with_access_key(self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.with_credentials(Arc::new(Static::new(id, secret)))
    }

    /// Signs with the credentials of this source;
    /// [`default_credentials`](crate::default_credentials) if not set.
    pub fn with_credentials(mut self, credentials: Arc<dyn ProvideCredentials>) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Trusts the certificates of this PEM text, and these only, instead of the system's.
    ///
    /// # Errors
    /// [`InvalidPem`] if the text holds no certificate or a broken one.
    pub fn with_root_certificates(mut self, pem: &[u8]) -> Result<Self, InvalidPem> {
        self.hyper = self.hyper.with_root_certificates(pem)?;
        self.has_roots = true;
        Ok(self)
    }

    /// Trusts the certificates of this PEM text too: for a company's proxy that opens TLS.
    ///
    /// # Errors
    /// [`InvalidPem`] if the text holds no certificate or a broken one.
    pub fn with_added_root_certificates(mut self, pem: &[u8]) -> Result<Self, InvalidPem> {
        self.hyper = self.hyper.with_added_root_certificates(pem)?;
        Ok(self)
    }

    /// Shows this certificate to servers that ask for one: PEM texts of the certificate with those
    /// up to its authority, and of its private key.
    ///
    /// # Errors
    /// [`InvalidPem`] if one of the texts does not hold what it should.
    pub fn with_client_certificate(
        mut self,
        certificates: &[u8],
        key: &[u8],
    ) -> Result<Self, InvalidPem> {
        self.hyper = self.hyper.with_client_certificate(certificates, key)?;
        Ok(self)
    }

    /// Speaks no older version of TLS than this; TLS 1.2 if not set.
    pub fn with_oldest_tls(mut self, version: TlsVersion) -> Self {
        self.hyper = self.hyper.with_oldest_tls(version);
        self
    }
}

/// How long things take, and what is done when they fail.
impl Builder {
    /// How long name lookup, proxy, TCP and TLS handshake together may take; 5 s if not set.
    pub fn with_connect_timeout(mut self, limit: Duration) -> Self {
        self.hyper = self.hyper.with_connect_timeout(limit);
        self
    }

    /// How long the server may be silent; 10 s if not set.
    pub fn with_read_timeout(mut self, limit: Duration) -> Self {
        self.hyper = self.hyper.with_read_timeout(limit);
        self
    }

    /// How long one attempt may take; 15 s if not set.
    pub fn with_attempt_timeout(mut self, limit: Duration) -> Self {
        self.options.attempt_timeout = Some(limit);
        self
    }

    /// How long a call may take with all its attempts and pauses; 60 s if not set.
    pub fn with_call_timeout(mut self, limit: Duration) -> Self {
        self.options.call_timeout = Some(limit);
        self
    }

    /// At most this many attempts of a call, the first included; 3 if not set, 1 for no repeats.
    pub fn with_max_attempts(self, attempts: u32) -> Self {
        self.with_retry_policy(Arc::new(Backoff::default().with_max_attempts(attempts)))
    }

    /// Decides by this policy which failed calls are repeated; [`Backoff`] if not set.
    pub fn with_retry_policy(mut self, policy: Arc<dyn RetryPolicy>) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Tells this observer what happens, such as [`TracingObserver`](crate::TracingObserver); none
    /// if not set.
    pub fn with_observer(mut self, observer: Arc<dyn Observe>) -> Self {
        self.options.observer = Some(observer);
        self
    }

    /// Adds the name of the program to the `user-agent`.
    pub fn with_user_agent(mut self, program: impl Into<String>) -> Self {
        self.options.user_agent = Some(program.into());
        self
    }
}

impl Builder {
    /// The builder of the crate below, for clock, randomness and signer. If no region is found, it
    /// has none.
    ///
    /// # Errors
    /// [`BuildError::Environment`] if a variable of the environment can not be used.
    pub fn into_client_builder(mut self) -> Result<ClientBuilder, BuildError> {
        self.find_endpoint()?;
        // Its absence is told by the builder below.
        let _ = self.find_region();
        let transport = match self.transport {
            Some(transport) => transport,
            None => hyper(self.hyper, &*self.host, self.has_proxies, self.has_roots)?,
        };
        let host = self.host;
        let credentials = self.credentials.unwrap_or_else(|| {
            let sources = sources(Arc::clone(&transport)).with_host(host);
            Arc::new(sources.default_chain())
        });
        let mut builder = Client::builder(transport, credentials).with_clock(clock());
        if let Some(region) = self.region {
            builder = builder.with_region(region);
        }
        if self.is_vpc == Some(true) {
            builder = builder.with_vpc_endpoints();
        }
        if let Some(endpoint) = self.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        Ok(self.options.apply(builder))
    }

    /// The client.
    ///
    /// # Errors
    /// [`BuildError::RegionNotFound`] if there is neither endpoint nor region,
    /// [`BuildError::Region`] if the region is no region id, [`BuildError::UnknownRegion`] if it is
    /// none of OOS, [`BuildError::Environment`] if a variable of the environment can not be used.
    pub fn build(mut self) -> Result<Client, BuildError> {
        self.find_endpoint()?;
        self.find_region()?;
        self.into_client_builder()?.build()
    }

    /// The environment's endpoint holds even if a region is set: it is there to send an unchanged
    /// program elsewhere.
    fn find_endpoint(&mut self) -> Result<(), BuildError> {
        if self.endpoint.is_none() && self.is_vpc.is_none() {
            self.endpoint = environment::endpoint(&*self.host)?;
            self.is_vpc = Some(environment::is_vpc(&*self.host)?);
        }
        Ok(())
    }

    fn find_region(&mut self) -> Result<(), BuildError> {
        if self.endpoint.is_some() || self.region.is_some() {
            return Ok(());
        }
        let found = region(None, &*self.host);
        self.region = Some(found.map_err(|error| BuildError::RegionNotFound(error.to_string()))?);
        Ok(())
    }
}

fn hyper(
    mut builder: HyperTransportBuilder,
    host: &dyn Host,
    has_proxies: bool,
    has_roots: bool,
) -> Result<Arc<dyn Transport>, BuildError> {
    if !has_proxies {
        builder = builder.with_proxies(environment::proxies(host)?);
    }
    if let (false, Some(pem)) = (has_roots, environment::roots(host)?) {
        let trusting = builder.with_root_certificates(&pem);
        builder = trusting.map_err(|error| environment::bad_roots(&error))?;
    }
    Ok(Arc::new(builder.build()))
}

impl Options {
    fn apply(self, mut builder: ClientBuilder) -> ClientBuilder {
        if let Some(limit) = self.attempt_timeout {
            builder = builder.with_attempt_timeout(limit);
        }
        if let Some(limit) = self.call_timeout {
            builder = builder.with_call_timeout(limit);
        }
        if let Some(policy) = self.retry {
            builder = builder.with_retry_policy(policy);
        }
        if let Some(observer) = self.observer {
            builder = builder.with_observer(observer);
        }
        if let Some(program) = self.user_agent {
            builder = builder.with_user_agent(program);
        }
        builder
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oos_credentials::FakeHost;

    #[test]
    fn what_is_set_goes_before_the_environment() {
        let host = || {
            let host = FakeHost::new()
                .with_env("ALIBABA_CLOUD_ENDPOINT", "http://127.0.0.1:4060")
                .with_env("ALIBABA_CLOUD_REGION_ID", "cn-beijing");
            Builder::new()
                .with_host(Arc::new(host))
                .with_access_key("id", "secret")
        };
        let check = |builder: Builder, expected: &str| {
            let client = builder.build().expect("it is complete");
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            let call = client.list_templates().prepare();
            let std::task::Poll::Ready(request) = std::pin::pin!(call).poll(&mut context) else {
                panic!("nothing is waited for");
            };
            assert_eq!(request.expect("signed").endpoint.to_string(), expected);
        };
        check(host(), "http://127.0.0.1:4060");
        check(host().with_region("cn-shanghai"), "http://127.0.0.1:4060");
        let given = "https://oos.example".parse().expect("an endpoint");
        check(host().with_endpoint(given), "https://oos.example");
        check(
            host().with_vpc_endpoints(),
            "https://oos-vpc.cn-beijing.aliyuncs.com",
        );
        let vpc = FakeHost::new().with_env("ALIBABA_CLOUD_ENDPOINT_TYPE", "vpc");
        check(
            host().with_host(Arc::new(vpc)).with_region("cn-shanghai"),
            "https://oos-vpc.cn-shanghai.aliyuncs.com",
        );
    }

    #[test]
    fn what_can_not_be_used_is_refused_when_the_client_is_built() {
        let check = |name: &str, value: &str| {
            let host = FakeHost::new().with_env(name, value);
            let builder = Builder::new().with_region("cn-hangzhou");
            let refused = builder.with_host(Arc::new(host)).build().expect_err(name);
            assert!(refused.to_string().contains(name), "{refused}");
        };
        check("ALIBABA_CLOUD_ENDPOINT", "no endpoint");
        check("ALIBABA_CLOUD_CA_BUNDLE", "/no/file");
        check("HTTPS_PROXY", "socks5://p");
        let slip = Builder::new()
            .with_region("cn-hangzou")
            .with_host(Arc::new(FakeHost::new()));
        let refused = slip.build().expect_err("a slip").to_string();
        assert!(refused.contains("`cn-hangzhou`"), "{refused}");
    }
}
