//! One call, from its operation to its answer.

use crate::client::{Inner, Limits};
use crate::error::Trace;
use crate::plan::Plan;
use crate::{Client, DecodeFailure, Error, NoCredentialsError, attempt, run};
use bytes::Bytes;
use http::HeaderMap;
use oos_clock::uuid;
use oos_model::{Idempotency, Operation, Output};
use oos_transport::HttpRequest;
use std::time::Duration;

/// What came back for one call: the typed output, the id of the call, status, headers and the raw
/// body, from which [`raw_field`](oos_model::Answer::raw_field) reads what the output does not know.
pub type Answer<O> = oos_model::Answer<O, HeaderMap, Bytes>;

/// A call that is ready to be sent; made by [`Client::call`] and the methods named for operations.
#[derive(Debug)]
#[must_use = "a call does nothing until it is sent"]
pub struct Call<O> {
    client: Client,
    operation: O,
    options: Options,
}

/// What is asked of this call only.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) form_body: bool,
}

impl<O: Operation> Call<O> {
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

    /// Sends this token, which makes repeating the call harmless: calls with the same token and
    /// the same parameters have one effect. At most 64 ASCII characters. Without it, an operation
    /// that takes a token gets a random one, so that its attempts have one effect. Does nothing
    /// for operations without a ClientToken.
    pub fn client_token(mut self, token: impl Into<String>) -> Self {
        self.operation.set_client_token(token.into());
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

    /// The operation.
    pub fn operation(&self) -> &O {
        &self.operation
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
        let plan = Plan::new(client, &self.operation, &self.options)?;
        let trace = Trace::new(O::NAME);
        let credentials = client.credentials.provide().await;
        let credentials = credentials.map_err(|error| NoCredentialsError::raise(trace, error))?;
        attempt::sign(client, &plan, &credentials, trace)
    }
}

/// Sends `operation`; fills in its token, if it takes one and has none.
pub(crate) async fn send<O: Operation>(
    client: &Inner,
    operation: &mut O,
    options: &Options,
) -> Result<Answer<O::Output>, Error> {
    fill_token(client, operation);
    let plan = Plan::new(client, operation, options)?;
    let limits = Limits {
        call: options.timeout.unwrap_or(client.limits.call),
        ..client.limits
    };
    let (response, trace) = run::run(client, &plan, limits).await?;
    let output = match O::Output::decode(response.body.as_bytes()) {
        Ok(output) => output,
        Err(error) => return Err(DecodeFailure::raise(trace, error, response)),
    };
    let request_id = output
        .request_id()
        .or_else(|| response.header("x-acs-request-id"))
        .map(str::to_owned);
    let (status, raw) = (response.status.as_u16(), response.body.into_bytes());
    Ok(Answer::new(
        output,
        request_id,
        status,
        response.headers,
        raw,
    ))
}

fn fill_token<O: Operation>(client: &Inner, operation: &mut O) {
    let has_token = operation
        .client_token()
        .is_some_and(|token| !token.is_empty());
    if O::IDEMPOTENCY == Idempotency::ByToken && !has_token {
        operation.set_client_token(uuid(&*client.entropy));
    }
}
