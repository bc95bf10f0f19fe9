//! From a request to its answer: limits, signature, operation, headers.

mod answer;
mod authenticate;
mod nonces;

pub use nonces::MOST_NONCES;
pub(crate) use nonces::Nonces;

use crate::fault::{
    API_NOT_FOUND, FORMAT, Fault, HTTP_METHOD, INVALID_PARAMETER, REQUEST_TOO_LARGE, VERSION,
};
use crate::operations;
use crate::shared::{Call, Shared};
use http::Method;
use http::header::HOST;
use oos_clock::uuid;
use oos_engine::Tenant;
use oos_model::{API_VERSION, Params};
use oos_sign::{Claims, ReceivedRequest};
use oos_transport::{HttpRequest, HttpResponse};

/// The most bytes of a body, and of a target (path and query), that are looked at.
pub const MOST_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Answers a request.
pub(crate) async fn handle(shared: &Shared, request: &HttpRequest) -> HttpResponse {
    let request_id = uuid(&*shared.entropy);
    match serve(shared, request, &request_id).await {
        Ok(body) => answer::success(shared, &request_id, body),
        Err(fault) => {
            let host = request.headers.get(HOST);
            let host = host.and_then(|host| host.to_str().ok());
            let host = host.unwrap_or_else(|| shared.endpoint.authority());
            answer::refusal(shared, host, &request_id, fault)
        }
    }
}

/// The answer to a request that does not get as far as to be handled.
pub(crate) fn refuse(shared: &Shared, host: &str, fault: Fault) -> HttpResponse {
    answer::refusal(shared, host, &uuid(&*shared.entropy), fault)
}

async fn serve(shared: &Shared, request: &HttpRequest, request_id: &str) -> Result<Vec<u8>, Fault> {
    check_form(request)?;
    let headers = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    let headers: Vec<_> = headers.collect();
    let received = ReceivedRequest {
        method: request.method.as_str(),
        path: request.path(),
        raw_query: request.query(),
        headers: &headers,
        body: request.body.as_bytes(),
    };
    let claims = authenticate::authenticate(shared, &received)?;
    let params = parameters(&received)?;
    let operation = operation(&claims, &params)?.to_owned();
    let tenant = tenant(shared, &params)?;
    operations::run(
        &operation,
        &Call {
            shared,
            params: &params,
            tenant,
            request_id,
        },
    )
    .await
}

/// What is wrong with a request before anybody asks who sent it.
fn check_form(request: &HttpRequest) -> Result<(), Fault> {
    for (what, length) in [
        ("body", request.body.len()),
        ("target", request.target.len()),
    ] {
        if length > MOST_BODY_BYTES {
            let message = format!(
                "The {what} of the request has {length} bytes, more than {MOST_BODY_BYTES}."
            );
            return Err(Fault::new(REQUEST_TOO_LARGE, message));
        }
    }
    if request.method != Method::POST && request.method != Method::GET {
        return Err(Fault::of(HTTP_METHOD));
    }
    if !matches!(request.path(), "" | "/") {
        return Err(Fault::of(API_NOT_FOUND));
    }
    Ok(())
}

/// Query and form body, merged as they were signed.
fn parameters<'a>(received: &ReceivedRequest<'a>) -> Result<Params<'a>, Fault> {
    let pairs = received.parameters()?;
    if pairs.len() > Params::MAX_PAIRS {
        let message = format!(
            "The request has more than {} parameters.",
            Params::MAX_PAIRS
        );
        return Err(Fault::new(INVALID_PARAMETER, message));
    }
    Ok(pairs.into_iter().collect())
}

/// The name of the operation; its version and the format of the answer are checked on the way.
fn operation<'a>(claims: &'a Claims, params: &'a Params<'_>) -> Result<&'a str, Fault> {
    let given = |claimed: Option<&'a str>, name| {
        let given = claimed
            .or_else(|| params.get(name))
            .filter(|text| !text.is_empty());
        given.ok_or_else(|| Fault::missing(name))
    };
    let operation = given(claims.operation(), "Action")?;
    if given(claims.version(), "Version")? != API_VERSION {
        return Err(Fault::of(VERSION));
    }
    match params.get("Format").unwrap_or_default() {
        format if format.is_empty() || format.eq_ignore_ascii_case("JSON") => Ok(operation),
        format if format.eq_ignore_ascii_case("XML") => Err(Fault::unsupported(
            "Format=XML, leave it out or send Format=JSON",
        )),
        _ => Err(Fault::of(FORMAT)),
    }
}

fn tenant(shared: &Shared, params: &Params<'_>) -> Result<Tenant, Fault> {
    let Some(region) = params.get("RegionId").filter(|region| !region.is_empty()) else {
        return Ok(shared.tenant.clone());
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if region.len() > 64 || !region.bytes().all(plain) {
        return Err(Fault::invalid("RegionId", "write it as in cn-hangzhou"));
    }
    Ok(Tenant::new(shared.tenant.account.as_str(), region))
}
