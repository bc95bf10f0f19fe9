//! One call, from its operation to its answer.

use crate::client::{Inner, Limits};
use crate::error::Trace;
use crate::options::Options;
use crate::plan::{Draft, Plan};
use crate::{Client, DecodeFailure, Error, NoCredentialsError, attempt, run};
use bytes::Bytes;
use http::HeaderMap;
use oos_model::{Idempotency, Operation, Output};
use oos_transport::{Endpoint, HttpRequest, HttpResponse};
use std::time::Duration;

/// What came back for one call: the typed output, the id of the call, status, headers and the raw
/// body, from which [`raw_field`](oos_model::Answer::raw_field) reads what the output does not know.
pub type Answer<O> = oos_model::Answer<O, HeaderMap, Bytes>;

/// A call that is ready to be sent; made by [`Client::call`], [`Client::call_dynamic`] and the
/// methods named for operations. Its options hold for this call only.
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct Call<O> {
    pub(crate) client: Client,
    pub(crate) operation: O,
    pub(crate) options: Options,
}

impl<O> Call<O> {
    pub(crate) fn new(client: Client, operation: O) -> Self {
        Self {
            client,
            operation,
            options: Options::default(),
        }
    }

    /// Changes the operation: `call.with(|operation| operation.with_tags(..))`.
    pub fn with(mut self, change: impl FnOnce(O) -> O) -> Self {
        self.operation = change(self.operation);
        self
    }

    /// How long the call may take with all its attempts and pauses, instead of the client's limit.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.timeout = Some(limit);
        self
    }

    /// Sends the parameters in a form body instead of the query, as is done anyway when they are
    /// longer than 60 KB. The query is the only form that is known to work with the OOS of the
    /// cloud.
    pub fn form_body(mut self) -> Self {
        self.options.form_body = true;
        self
    }

    /// Sends this header too. `x-acs-…` headers are signed, others are not: a proxy may change
    /// them. A header that the client or the signer writes, one given twice, or one that HTTP does
    /// not allow ends the call with [`Error::NotSent`].
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.push((name.into(), value.into()));
        self
    }

    /// Sends this parameter too, signed like all others: for one that the operation of this crate
    /// does not know yet. It takes the place of what the operation sends under the same name. A
    /// name that belongs to the signature ends the call with [`Error::NotSent`].
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.params.push((name.into(), value.into()));
        self
    }

    /// Sends the call to this endpoint, whatever the client's rule says.
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.options.endpoint = Some(endpoint);
        self
    }

    /// The operation.
    pub fn operation(&self) -> &O {
        &self.operation
    }
}

impl<O: Operation> Call<O> {
    /// Sends this token, which makes repeating the call harmless: calls with the same token and
    /// the same parameters have one effect. At most 64 ASCII characters. Without it, an operation
    /// that takes a token gets a random one, so that its attempts have one effect. Does nothing
    /// for operations without a ClientToken.
    pub fn client_token(mut self, token: impl Into<String>) -> Self {
        self.operation.set_client_token(token.into());
        self
    }

    /// Sends the call, repeats it where the client's policy says so, and decodes the answer.
    /// Dropping the future ends the call; it may have been carried out then.
    ///
    /// # Errors
    /// [`Error`] tells what failed and what may have happened all the same.
    pub async fn send(mut self) -> Result<Answer<O::Output>, Error> {
        send(&self.client.inner, &mut self.operation, &self.options).await
    }

    /// The first attempt of the call, signed and not sent: to look at, or to send by other means
    /// within the 15 minutes for which a server takes its date.
    ///
    /// # Errors
    /// As [`send`](Self::send), as far as nothing has to be sent for it.
    pub async fn prepare(mut self) -> Result<HttpRequest, Error> {
        let client = &*self.client.inner;
        fill_token(client, &mut self.operation);
        prepare(client, Draft::of(&self.operation), &self.options).await
    }
}

/// Signs the first attempt of this draft.
pub(crate) async fn prepare(
    client: &Inner,
    draft: Draft<'_>,
    options: &Options,
) -> Result<HttpRequest, Error> {
    let plan = Plan::new(client, draft, options)?;
    let trace = Trace::new(plan.operation.clone());
    let credentials = client.credentials.provide().await;
    match credentials {
        Ok(credentials) => attempt::sign(client, &plan, &credentials, &trace),
        Err(error) => Err(NoCredentialsError::raise(trace, error)),
    }
}

/// Sends `operation`; fills in its token, if it takes one and has none.
pub(crate) async fn send<O: Operation>(
    client: &Inner,
    operation: &mut O,
    options: &Options,
) -> Result<Answer<O::Output>, Error> {
    fill_token(client, operation);
    let (response, trace) = exchange(client, Draft::of(operation), options).await?;
    let output = match O::Output::decode(response.body.as_bytes()) {
        Ok(output) => output,
        Err(error) => return Err(DecodeFailure::raise(trace, error, response)),
    };
    let request_id = output.request_id().map(str::to_owned);
    Ok(answer(output, request_id, response))
}

/// Makes the attempts of this draft; the answer is a success.
pub(crate) async fn exchange(
    client: &Inner,
    draft: Draft<'_>,
    options: &Options,
) -> Result<(HttpResponse, Trace), Error> {
    let plan = Plan::new(client, draft, options)?;
    let limits = Limits {
        call: options.timeout.unwrap_or(client.limits.call),
        ..client.limits
    };
    run::run(client, &plan, limits).await
}

/// Puts an answer together; its id is that of the body, else that of the headers.
pub(crate) fn answer<T>(
    output: T,
    request_id: Option<String>,
    response: HttpResponse,
) -> Answer<T> {
    let request_id = request_id.or_else(|| response.header("x-acs-request-id").map(str::to_owned));
    let (status, raw) = (response.status.as_u16(), response.body.into_bytes());
    Answer::new(output, request_id, status, response.headers, raw)
}

fn fill_token<O: Operation>(client: &Inner, operation: &mut O) {
    let has_token = operation
        .client_token()
        .is_some_and(|token| !token.is_empty());
    if O::IDEMPOTENCY == Idempotency::ByToken && !has_token {
        operation.set_client_token(client.new_token());
    }
}
