//! Where a call goes.

mod regions;

pub use regions::REGIONS;

use oos_transport::{Endpoint, Scheme};
use std::fmt::{self, Debug};
use std::sync::OnceLock;
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

/// The endpoint of the call's region: `oos.<region>.aliyuncs.com`, or `oos-vpc.<region>.aliyuncs.com`
/// for programs inside a VPC (help page "Endpoints" of OOS; no region departs from the rule).
///
/// A region that is not among the [`REGIONS`] is refused with the names it resembles, since its
/// host name would only fail to resolve. [`with_unknown_regions`](Self::with_unknown_regions) takes
/// any.
///
/// ```
/// use oos_client::{EndpointQuery, RegionalEndpoints, ResolveEndpoint};
///
/// let query = |region| EndpointQuery::new("ListTemplates", Some(region));
/// let found = RegionalEndpoints::vpc().resolve(&query("cn-hangzhou"))?;
/// assert_eq!(found.to_string(), "https://oos-vpc.cn-hangzhou.aliyuncs.com");
///
/// let slip = RegionalEndpoints::public().resolve(&query("cn-hangzou")).expect_err("a slip");
/// assert!(slip.to_string().contains("did you mean `cn-hangzhou`"));
/// # Ok::<(), oos_client::EndpointError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct RegionalEndpoints {
    is_vpc: bool,
    takes_unknown: bool,
    /// The answer to the first question: most clients have one region.
    first: OnceLock<(String, Endpoint)>,
}

impl RegionalEndpoints {
    /// Those that can be reached from everywhere.
    #[must_use]
    pub fn public() -> Self {
        Self::default()
    }

    /// Those that can be reached from the VPCs of their region only.
    #[must_use]
    pub fn vpc() -> Self {
        Self {
            is_vpc: true,
            ..Self::default()
        }
    }

    /// The same rule for regions that this version does not know too.
    #[must_use]
    pub fn with_unknown_regions(mut self) -> Self {
        self.takes_unknown = true;
        self
    }

    fn endpoint(&self, given: &str) -> Result<Endpoint, EndpointError> {
        let invalid = || EndpointError::Region(given.to_owned());
        if !is_region(given) {
            return Err(invalid());
        }
        let region = given.to_ascii_lowercase();
        if !self.takes_unknown && !REGIONS.contains(&&*region) {
            return Err(EndpointError::UnknownRegion {
                region: given.to_owned(),
                nearest: regions::nearest(&region),
            });
        }
        let service = if self.is_vpc { "oos-vpc" } else { "oos" };
        let host = format!("{service}.{region}.aliyuncs.com");
        Endpoint::new(Scheme::Https, host).map_err(|_| invalid())
    }
}

impl ResolveEndpoint for RegionalEndpoints {
    fn resolve(&self, query: &EndpointQuery<'_>) -> Result<Endpoint, EndpointError> {
        let region = query.region.ok_or(EndpointError::NoRegion)?;
        if let Some((known, endpoint)) = self.first.get()
            && known == region
        {
            return Ok(endpoint.clone());
        }
        let endpoint = self.endpoint(region)?;
        self.first
            .get_or_init(|| (region.to_owned(), endpoint.clone()));
        Ok(endpoint)
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
    /// The region is none of [`REGIONS`].
    #[error(
        "`{region}` is no region of OOS that this version knows{} For a newer region set its \
         endpoint, `https://oos.REGION.aliyuncs.com`",
        Suggested(nearest)
    )]
    UnknownRegion {
        /// The region as it was given.
        region: String,
        /// Those that it resembles, the nearest first.
        nearest: Vec<&'static str>,
    },
}

struct Suggested<'a>(&'a [&'static str]);

impl fmt::Display for Suggested<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, region) in self.0.iter().enumerate() {
            let before = if index == 0 { ": did you mean" } else { " or" };
            write!(formatter, "{before} `{region}`")?;
        }
        formatter.write_str(if self.0.is_empty() { "." } else { "?" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_their_hosts() {
        let check = |region: Option<&str>, expected: Result<&str, EndpointError>| {
            let found = RegionalEndpoints::public().resolve(&EndpointQuery::new("X", region));
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

    #[test]
    fn an_unknown_region_is_refused_unless_it_is_wanted() {
        let query = EndpointQuery::new("X", Some("cn-hangzou"));
        let refused = RegionalEndpoints::public()
            .resolve(&query)
            .expect_err("a slip");
        assert_eq!(
            refused.to_string(),
            "`cn-hangzou` is no region of OOS that this version knows: did you mean `cn-hangzhou` \
             or `cn-guangzhou`? For a newer region set its endpoint, \
             `https://oos.REGION.aliyuncs.com`"
        );
        let any = RegionalEndpoints::vpc().with_unknown_regions();
        let found = any.resolve(&query).map(|found| found.to_string());
        assert_eq!(
            found.as_deref(),
            Ok("https://oos-vpc.cn-hangzou.aliyuncs.com")
        );
    }

    #[test]
    fn the_first_answer_is_for_its_region_only() {
        let endpoints = RegionalEndpoints::public();
        for region in ["cn-beijing", "cn-shanghai", "cn-beijing", "CN-BEIJING"] {
            let found = endpoints.resolve(&EndpointQuery::new("X", Some(region)));
            let host = format!("oos.{}.aliyuncs.com", region.to_ascii_lowercase());
            assert_eq!(found.expect("known").authority(), host);
        }
    }
}
