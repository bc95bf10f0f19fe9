//! One attempt of a call: credentials, signature, exchange.

use crate::client::Inner;
use crate::error::{Refused, Trace, concerns};
use crate::plan::Plan;
use crate::{
    Error, ExchangeError, NoCredentialsError, NotSentError, ServiceError, TimeLimit, TimeoutError,
    headers,
};
use futures_util::future::{Either, select};
use oos_clock::hex32;
use oos_credentials::Credentials;
use oos_sign::{SignError, SignableRequest, SignedParts, SigningParams};
use oos_transport::{Body, CallContext, HttpRequest, HttpResponse};
use std::time::Duration;
use time::OffsetDateTime;

/// Makes the attempt within `time`; the answer has any status. What does not end in time is
/// dropped.
pub(crate) async fn attempt(
    client: &Inner,
    plan: &Plan<'_>,
    trace: &Trace,
    (limit, time): (TimeLimit, Duration),
) -> Result<HttpResponse, Error> {
    let mut deadline = client.clock.sleep(time);
    let found = select(client.credentials.provide(), &mut deadline).await;
    let credentials = match found {
        Either::Left((found, _)) => {
            found.map_err(|e| NoCredentialsError::raise(trace.clone(), e))?
        }
        Either::Right(((), _)) => {
            return Err(TimeoutError::raise(trace.clone(), limit, time, false));
        }
    };
    let stamp = Stamp::new(client);
    let request = signed_request(client, plan, &credentials, trace, &stamp)?;
    let context = CallContext::new(plan.operation.clone()).at_attempt(trace.attempts);
    match select(client.transport.send(request, &context), &mut deadline).await {
        Either::Left((Ok(answer), _)) if answer.status.is_client_error() => {
            refused(client, plan, &credentials, trace, (&stamp, answer))
        }
        Either::Left((answer, _)) => {
            answer.map_err(|error| ExchangeError::raise(trace.clone(), error))
        }
        Either::Right(((), _)) => Err(TimeoutError::raise(trace.clone(), limit, time, true)),
    }
}

/// What makes an attempt's signature its own. Every date comes from here, corrected by what the
/// client has learnt of the server's time.
struct Stamp {
    date: OffsetDateTime,
    nonce: String,
}

impl Stamp {
    fn new(client: &Inner) -> Self {
        Self {
            date: client.correction.apply(client.clock.now()),
            nonce: hex32(&*client.entropy),
        }
    }
}

/// A refusal. One for its signature is compared with what was signed: that is signed once more, with
/// the same date and nonce, since the texts were not kept.
fn refused(
    client: &Inner,
    plan: &Plan<'_>,
    credentials: &Credentials,
    trace: &Trace,
    (stamp, answer): (&Stamp, HttpResponse),
) -> Result<HttpResponse, Error> {
    let mut error = ServiceError::raise(trace.clone(), answer);
    if let Error::Service(refusal) = &mut error
        && concerns(refusal.api())
    {
        let signed = sign_parts(client, plan, credentials, stamp).ok();
        let refused = Refused {
            api: refusal.api(),
            headers: refusal.headers(),
            signed: signed.as_ref(),
            credentials,
            date: stamp.date,
        };
        let diagnosis = refused.diagnose();
        refusal.set_diagnosis(diagnosis);
    }
    Err(error)
}

/// Signs the call with a nonce and a date of its own. The canonical query is the query that is
/// sent, byte for byte, so that what is signed and what is sent can not differ.
pub(crate) fn sign(
    client: &Inner,
    plan: &Plan<'_>,
    credentials: &Credentials,
    trace: &Trace,
) -> Result<HttpRequest, Error> {
    signed_request(client, plan, credentials, trace, &Stamp::new(client))
}

fn signed_request(
    client: &Inner,
    plan: &Plan<'_>,
    credentials: &Credentials,
    trace: &Trace,
    stamp: &Stamp,
) -> Result<HttpRequest, Error> {
    let signed = sign_parts(client, plan, credentials, stamp)
        .map_err(|error| NotSentError::raise(trace.clone(), error))?;
    let target = target(signed.query());
    let mut request = HttpRequest::new(plan.method.clone(), plan.endpoint.clone(), target);
    request.headers = headers::build(&signed, &client.user_agent, plan.headers)
        .map_err(|error| NotSentError::raise(trace.clone(), error))?;
    request.body = signed.into_form_body().map_or_else(Body::empty, Body::from);
    Ok(request)
}

fn sign_parts(
    client: &Inner,
    plan: &Plan<'_>,
    credentials: &Credentials,
    stamp: &Stamp,
) -> Result<SignedParts, SignError> {
    let provider = (headers::PROVIDER, credentials.provider());
    let all: Vec<(&str, &str)>;
    let extra: &[(&str, &str)] = if plan.headers.is_empty() {
        &[provider]
    } else {
        let own = plan.headers.iter();
        all = own
            .map(|(name, value)| (&**name, &**value))
            .chain([provider])
            .collect();
        &all
    };
    let host = plan.endpoint.authority();
    let mut request =
        SignableRequest::rpc(host, &plan.operation, plan.version, plan.params.pairs())
            .with_method(plan.verb)
            .with_headers(extra);
    if plan.form_body {
        request = request.with_form_body();
    }
    let params = SigningParams {
        date: stamp.date,
        nonce: &stamp.nonce,
    };
    client
        .signer
        .sign(&request, credentials.access_key(), &params)
}

fn target(query: &str) -> String {
    let mut target = String::with_capacity(2 + query.len());
    target.push('/');
    if !query.is_empty() {
        target.push('?');
        target.push_str(query);
    }
    target
}
