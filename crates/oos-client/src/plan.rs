//! What is decided once per call.

use crate::call::Options;
use crate::client::Inner;
use crate::error::Trace;
use crate::{EndpointQuery, Error, NotSentError};
use http::Method;
use oos_model::{Idempotency, Operation, Params};
use oos_transport::Endpoint;

/// A call in the form that all its attempts share. It borrows the parameters: they are encoded
/// once, and copied first into the signed text.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) operation: &'static str,
    pub(crate) version: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) method: Method,
    pub(crate) endpoint: Endpoint,
    pub(crate) params: Params<'a>,
    pub(crate) form_body: bool,
    pub(crate) is_repeatable: bool,
}

/// Beyond this length of the encoded query the parameters move to a form body. `http` can hold
/// 65,534 bytes; other clients and proxies less.
const QUERY_LIMIT: usize = 60 * 1024;

impl<'a> Plan<'a> {
    /// The plan of this operation; fills in the parameter `RegionId`, if the operation has it and
    /// the call has not.
    pub(crate) fn new<O: Operation>(
        client: &'a Inner,
        operation: &'a O,
        options: &Options,
    ) -> Result<Self, Error> {
        let mut params = Params::with_capacity(O::PARAMETERS.len());
        operation.to_params(&mut params);
        let region = operation.region_id().or(client.region.as_deref());
        let takes_region = O::PARAMETERS
            .iter()
            .any(|parameter| parameter.name == "RegionId");
        if let (Some(region), true, None) = (region, takes_region, params.get("RegionId")) {
            params.push("RegionId", region);
        }
        let unsent = |source: Box<dyn std::error::Error + Send + Sync>| {
            NotSentError::raise(Trace::new(O::NAME), source)
        };
        let query = EndpointQuery::new(O::NAME, O::PINNED_REGION.or(region));
        Ok(Self {
            operation: O::NAME,
            version: O::VERSION,
            verb: O::METHOD,
            method: Method::from_bytes(O::METHOD.as_bytes()).map_err(|e| unsent(e.into()))?,
            endpoint: client
                .endpoints
                .resolve(&query)
                .map_err(|e| unsent(e.into()))?,
            form_body: O::METHOD == "POST" && (options.form_body || is_long(&params)),
            is_repeatable: O::IDEMPOTENCY == Idempotency::Read || has_token(operation),
            params,
        })
    }
}

fn has_token(operation: &impl Operation) -> bool {
    operation
        .client_token()
        .is_some_and(|token| !token.is_empty())
}

/// The exact length is counted only for calls that come near the limit.
fn is_long(params: &Params<'_>) -> bool {
    let sum = |length: fn(&str) -> usize| -> usize {
        params
            .iter()
            .map(|(name, value)| length(name) + length(value) + 2)
            .sum()
    };
    sum(|text| text.len() * 3) > QUERY_LIMIT && sum(encoded_length) > QUERY_LIMIT
}

fn encoded_length(text: &str) -> usize {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { 1 } else { 3 })
        .sum()
}
