//! What is decided once per call.

use crate::client::Inner;
use crate::error::Trace;
use crate::options::Options;
use crate::{EndpointQuery, Error, NotSentError};
use http::Method;
use oos_model::{Idempotency, Operation, Params};
use oos_transport::Endpoint;
use std::borrow::Cow;

/// A call in the form that all its attempts share. It borrows the parameters: they are encoded
/// once, and copied first into the signed text.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) version: &'a str,
    pub(crate) verb: &'a str,
    pub(crate) method: Method,
    pub(crate) endpoint: Endpoint,
    pub(crate) params: Params<'a>,
    pub(crate) headers: &'a [(String, String)],
    pub(crate) form_body: bool,
    pub(crate) is_repeatable: bool,
}

/// What a plan is made of: the part of a call that its kind decides.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) version: &'a str,
    pub(crate) verb: &'a str,
    pub(crate) params: Params<'a>,
    /// The region that the call itself names.
    pub(crate) region: Option<&'a str>,
    pub(crate) pinned_region: Option<&'a str>,
    pub(crate) takes_region: bool,
    pub(crate) is_repeatable: bool,
}

/// Beyond this length of the encoded query the parameters move to a form body. `http` can hold
/// 65,534 bytes; other clients and proxies less.
const QUERY_LIMIT: usize = 60 * 1024;

impl<'a> Draft<'a> {
    pub(crate) fn of<O: Operation>(operation: &'a O) -> Self {
        let mut params = Params::with_capacity(O::PARAMETERS.len());
        operation.to_params(&mut params);
        Self {
            operation: Cow::Borrowed(O::NAME),
            version: O::VERSION,
            verb: O::METHOD,
            params,
            region: operation.region_id(),
            pinned_region: O::PINNED_REGION,
            takes_region: O::PARAMETERS
                .iter()
                .any(|parameter| parameter.name == "RegionId"),
            is_repeatable: O::IDEMPOTENCY == Idempotency::Read || has_token(operation),
        }
    }
}

impl<'a> Plan<'a> {
    /// The plan of this draft; fills in the parameter `RegionId`, if the operation has it and the
    /// call has not.
    pub(crate) fn new(
        client: &'a Inner,
        draft: Draft<'a>,
        options: &'a Options,
    ) -> Result<Self, Error> {
        let unsent = |source: Box<dyn std::error::Error + Send + Sync>| {
            NotSentError::raise(Trace::new(draft.operation.clone()), source)
        };
        options.check().map_err(|error| unsent(error.into()))?;
        let region = draft.region.or(client.region.as_deref());
        let query = EndpointQuery::new(&draft.operation, draft.pinned_region.or(region));
        let endpoint = match &options.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => client
                .endpoints
                .resolve(&query)
                .map_err(|e| unsent(e.into()))?,
        };
        let method = Method::from_bytes(draft.verb.as_bytes()).map_err(|e| unsent(e.into()))?;
        let mut params = draft.params;
        for (name, value) in &options.params {
            params.set(name, value);
        }
        if let (Some(region), true, None) = (region, draft.takes_region, params.get("RegionId")) {
            params.push("RegionId", region);
        }
        Ok(Self {
            form_body: method == Method::POST && (options.form_body || is_long(&params)),
            operation: draft.operation,
            version: draft.version,
            verb: draft.verb,
            method,
            endpoint,
            params,
            headers: &options.headers,
            is_repeatable: draft.is_repeatable,
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
