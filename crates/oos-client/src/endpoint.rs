//! Where a call goes.

use oos_transport::{Endpoint, Scheme};
use std::fmt::Debug;
use thiserror::Error;

/// Decides the endpoint of a call, once per call.
///
/// Contract: pure; the same query gives the same endpoint. On `Err` the call ends unsent.
pub trait ResolveEndpoint: Debug + Send + Sync + 'static {
    /// The endpoint to send to.
    ///
    /// # Errors
    /// [`EndpointError`] if no endpoint follows from what is known of the call.
    fn resolve(&self, query: &EndpointQuery<'_>) -> Result<Endpoint, EndpointError>;
}

/// What is known of a call when its endpoint is decided.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct EndpointQuery<'a> {
    /// The operation, such as `TriggerExecution`.
    pub operation: &'a str,
    /// The region of the call: the only one that knows the operation, else the call's own, else
    /// the client's.
    pub region: Option<&'a str>,
}

impl<'a> EndpointQuery<'a> {
    /// A query for this operation in this region.
    #[must_use]
    pub fn new(operation: &'a str, region: Option<&'a str>) -> Self {
        Self { operation, region }
    }
}

/// Always the same endpoint.
#[derive(Debug, Clone)]
pub struct FixedEndpoint {
    endpoint: Endpoint,
}

impl FixedEndpoint {
    /// This one.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }
}

impl ResolveEndpoint for FixedEndpoint {
    fn resolve(&self, _query: &EndpointQuery<'_>) -> Result<Endpoint, EndpointError> {
        Ok(self.endpoint.clone())
    }
}

/// The public endpoint of the call's region, `oos.<region>.aliyuncs.com` (help page "Endpoints" of
/// OOS; no region of OOS departs from the rule).
#[derive(Debug, Clone, Copy, Default)]
pub struct RegionalEndpoints;

impl ResolveEndpoint for RegionalEndpoints {
    fn resolve(&self, query: &EndpointQuery<'_>) -> Result<Endpoint, EndpointError> {
        let region = query.region.ok_or(EndpointError::NoRegion)?;
        let invalid = || EndpointError::Region(region.to_owned());
        if !is_region(region) {
            return Err(invalid());
        }
        let mut host = format!("oos.{region}.aliyuncs.com");
        host.make_ascii_lowercase();
        Endpoint::new(Scheme::Https, host).map_err(|_| invalid())
    }
}

/// A region becomes part of a host name: nothing else may come in with it.
pub(crate) fn is_region(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// A call that goes nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// Neither the call nor the client has a region.
    #[error("the call has no region, and so no endpoint: set the region of the client")]
    NoRegion,
    /// The region is no region id.
    #[error("`{0}` is no region id: write it as in `cn-hangzhou`")]
    Region(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_their_hosts() {
        let check = |region: Option<&str>, expected: Result<&str, EndpointError>| {
            let found = RegionalEndpoints.resolve(&EndpointQuery::new("X", region));
            assert_eq!(
                found.map(|found| found.to_string()),
                expected.map(str::to_owned)
            );
        };
        let refused = |region: &str| Err(EndpointError::Region(region.to_owned()));
        check(
            Some("cn-hangzhou"),
            Ok("https://oos.cn-hangzhou.aliyuncs.com"),
        );
        check(
            Some("CN-Shanghai-finance-1"),
            Ok("https://oos.cn-shanghai-finance-1.aliyuncs.com"),
        );
        check(None, Err(EndpointError::NoRegion));
        check(Some(""), refused(""));
        check(Some("evil.example/"), refused("evil.example/"));
        check(Some("a.b"), refused("a.b"));
    }
}
