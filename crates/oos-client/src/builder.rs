//! The settings of a client.

use crate::client::{Inner, Limits};
use crate::endpoint::{FixedEndpoint, RegionalEndpoints, is_region};
use crate::retry::Budget;
use crate::skew::Correction;
use crate::{Backoff, Client, EndpointError, EndpointQuery, Observe, ResolveEndpoint, RetryPolicy};
use http::HeaderValue;
use oos_clock::{Clock, Entropy, SystemClock, SystemEntropy};
use oos_credentials::ProvideCredentials;
use oos_sign::{Acs3, Sign};
use oos_transport::{Endpoint, Transport};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);
const CALL_TIMEOUT: Duration = Duration::from_mins(1);

const USER_AGENT: &str = concat!("oos-rs/", env!("CARGO_PKG_VERSION"));

/// Collects the settings of a [`Client`]; made by [`Client::builder`].
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    transport: Arc<dyn Transport>,
    credentials: Arc<dyn ProvideCredentials>,
    signer: Arc<dyn Sign>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    retry: Arc<dyn RetryPolicy>,
    budget: u32,
    endpoints: Option<Arc<dyn ResolveEndpoint>>,
    regional: RegionalEndpoints,
    observer: Option<Arc<dyn Observe>>,
    region: Option<String>,
    user_agent: Option<String>,
    limits: Limits,
}

impl ClientBuilder {
    pub(crate) fn new(
        transport: Arc<dyn Transport>,
        credentials: Arc<dyn ProvideCredentials>,
    ) -> Self {
        Self {
            transport,
            credentials,
            signer: Arc::new(Acs3),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            retry: Arc::new(Backoff::default()),
            budget: Budget::REPEATS,
            endpoints: None,
            regional: RegionalEndpoints::public(),
            observer: None,
            region: None,
            user_agent: None,
            limits: Limits {
                attempt: ATTEMPT_TIMEOUT,
                call: CALL_TIMEOUT,
            },
        }
    }

    /// The region of calls that do not name one, such as `cn-hangzhou`. It decides the endpoint,
    /// unless that is set too, and fills in the parameter `RegionId`.
    pub fn with_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sends every call to this endpoint, whatever its region: a VPC endpoint, or a local OOS.
    pub fn with_endpoint(self, endpoint: Endpoint) -> Self {
        self.with_endpoints(Arc::new(FixedEndpoint::new(endpoint)))
    }

    /// Sends calls to the endpoints for programs inside a VPC, `oos-vpc.<region>.aliyuncs.com`,
    /// unless an endpoint is set.
    pub fn with_vpc_endpoints(mut self) -> Self {
        self.regional = RegionalEndpoints::vpc();
        self
    }

    /// Decides the endpoint of each call by a rule of one's own.
    pub fn with_endpoints(mut self, endpoints: Arc<dyn ResolveEndpoint>) -> Self {
        self.endpoints = Some(endpoints);
        self
    }

    /// Signs by another scheme than `ACS3-HMAC-SHA256`.
    pub fn with_signer(mut self, signer: Arc<dyn Sign>) -> Self {
        self.signer = signer;
        self
    }

    /// Takes dates, deadlines and pauses from this clock instead of the system's.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Takes nonces, client tokens and jitter from this source instead of the system's.
    pub fn with_entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// Decides by this policy which failed calls are repeated; [`Backoff`] if not set,
    /// [`NoRetry`](crate::NoRetry) for never.
    pub fn with_retry_policy(mut self, policy: Arc<dyn RetryPolicy>) -> Self {
        self.retry = policy;
        self
    }

    /// How many repeats the calls of this client may make while none succeeds; 100 if not set. Each
    /// repeat that succeeds gives one back, and so do five calls that succeed at once. It keeps
    /// many clients from making an overload of the service worse.
    pub fn with_retry_budget(mut self, repeats: u32) -> Self {
        self.budget = repeats;
        self
    }

    /// Tells this observer what happens.
    pub fn with_observer(mut self, observer: Arc<dyn Observe>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// How long one attempt may take; 15 s if not set.
    pub fn with_attempt_timeout(mut self, limit: Duration) -> Self {
        self.limits.attempt = limit;
        self
    }

    /// How long a call may take with all its attempts and pauses; 60 s if not set.
    pub fn with_call_timeout(mut self, limit: Duration) -> Self {
        self.limits.call = limit;
        self
    }

    /// Adds the name of the program to the `user-agent`.
    pub fn with_user_agent(mut self, program: impl Into<String>) -> Self {
        self.user_agent = Some(program.into());
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`BuildError`] if there is no region and no endpoint, or one of the texts is malformed.
    pub fn build(self) -> Result<Client, BuildError> {
        let region = self.region.as_deref();
        let endpoints = if let Some(endpoints) = self.endpoints {
            if let Some(region) = region.filter(|region| !is_region(region)) {
                return Err(BuildError::Region(region.to_owned()));
            }
            endpoints
        } else {
            // A region without an endpoint would only be found out by the first call.
            self.regional.resolve(&EndpointQuery::new("", region))?;
            Arc::new(self.regional)
        };
        Ok(Client::new(Inner {
            transport: self.transport,
            credentials: self.credentials,
            signer: self.signer,
            clock: self.clock,
            entropy: self.entropy,
            retry: self.retry,
            budget: Budget::new(self.budget),
            correction: Correction::default(),
            endpoints,
            observer: self.observer,
            region: self.region,
            user_agent: user_agent(self.user_agent)?,
            limits: self.limits,
        }))
    }
}

fn user_agent(program: Option<String>) -> Result<HeaderValue, BuildError> {
    match program {
        None => Ok(HeaderValue::from_static(USER_AGENT)),
        Some(program) => HeaderValue::try_from(format!("{USER_AGENT} {program}"))
            .map_err(|_| BuildError::UserAgent(program)),
    }
}

/// Settings that make no client.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Neither region nor endpoint is set.
    #[error(
        "the client has no region: give one such as `cn-hangzhou`, or an endpoint such as \
         `http://127.0.0.1:PORT` for a local OOS"
    )]
    NoRegion,
    /// Neither region nor endpoint is set, and no region was found where it was looked for: the text
    /// says where.
    #[error(
        "{0}: give one such as `cn-hangzhou`, or an endpoint such as `http://127.0.0.1:PORT` for a \
         local OOS"
    )]
    RegionNotFound(String),
    /// The region is no region id.
    #[error(
        "`{0}` is no region id: write it as in `cn-hangzhou`, with letters, digits, `-` and `_`"
    )]
    Region(String),
    /// The region has no endpoint that is known.
    #[error("{0}")]
    UnknownRegion(EndpointError),
    /// A variable of the environment can not be used.
    #[error("the environment variable {name} can not be used: {problem}")]
    Environment {
        /// The variable.
        name: String,
        /// What is wrong with it, and how to mend it.
        problem: String,
    },
    /// The name of the program can not stand in a header.
    #[error("{0:?} can not stand in the header user-agent: use visible ASCII characters")]
    UserAgent(String),
}

impl From<EndpointError> for BuildError {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::NoRegion => Self::NoRegion,
            EndpointError::Region(region) => Self::Region(region),
            unknown @ EndpointError::UnknownRegion { .. } => Self::UnknownRegion(unknown),
        }
    }
}
