//! `oos trigger`: TriggerExecution, and what comes of it.

use super::message::Message;
use crate::cli::TriggerArgs;
use crate::failure::{Failure, chain};
use crate::follow::Patience;
use crate::input;
use crate::observe::remote;
use crate::report::{Outcome, Report, VerdictReport};
use oos::clock::SystemClock;
use oos::shapes::Execution;
use oos::{BuildError, Client, Endpoint};
use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

/// A service is not asked more often in the long run.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// One attempt of a call takes at most so long.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(15);

/// A message, and where to send it.
#[derive(Debug)]
pub(super) struct Plan {
    client: Client,
    execution_id: String,
    message: Message,
    client_token: Option<String>,
    wait: bool,
    timeout: Duration,
}

/// Reads the message and makes the client.
///
/// # Errors
/// [`Failure::Usage`].
pub(super) fn plan(args: TriggerArgs, stdin: &mut dyn Read) -> Result<Plan, Failure> {
    let content = input::argument("--content", &args.content, stdin)?;
    Ok(Plan {
        message: Message::read(args.kind, content)?,
        client: client(args.region, args.endpoint.as_deref(), args.timeout.timeout)?,
        execution_id: args.execution_id,
        client_token: args.client_token,
        wait: args.wait,
        timeout: args.timeout.timeout,
    })
}

fn client(
    region: Option<String>,
    endpoint: Option<&str>,
    timeout: Duration,
) -> Result<Client, Failure> {
    built(builder(region, endpoint, timeout)?)
}

/// A builder for this region or endpoint, whose calls take at most so long.
///
/// # Errors
/// [`Failure::Usage`] if the endpoint is none.
pub(super) fn builder(
    region: Option<String>,
    endpoint: Option<&str>,
    timeout: Duration,
) -> Result<oos::Builder, Failure> {
    let mut builder = oos::Builder::new()
        .with_user_agent(concat!("oos-cli/", env!("CARGO_PKG_VERSION")))
        .with_attempt_timeout(timeout.min(LONGEST_ATTEMPT))
        .with_call_timeout(timeout);
    if let Some(region) = region.filter(|region| !region.is_empty()) {
        builder = builder.with_region(region);
    }
    if let Some(text) = endpoint {
        let endpoint: Endpoint = text.parse().map_err(|_| {
            // The text is not repeated: it may hold a password.
            Failure::usage(
                "--endpoint is none: write https://HOST, or http://HOST:PORT for a local OOS",
            )
        })?;
        builder = builder.with_endpoint(endpoint);
    }
    Ok(builder)
}

/// The client of this builder.
///
/// # Errors
/// [`Failure::Usage`] if there is no region, or it is none.
pub(super) fn built(builder: oos::Builder) -> Result<Client, Failure> {
    builder.build().map_err(|error| match error {
        BuildError::RegionNotFound(places) => Failure::usage(format!(
            "there is no region to send the call to: {places}; give --region such as cn-hangzhou, or \
             --endpoint such as http://127.0.0.1:4060"
        )),
        error => Failure::usage(chain(&error).join(": ")),
    })
}

/// What was there before the message was sent.
struct Before {
    children: HashSet<String>,
    log_rows: usize,
}

/// What came of the message.
enum Reaction {
    Child(Box<Execution>),
    NotMatched(Vec<VerdictReport>),
}

impl Plan {
    /// Sends the message and, if that is wanted, follows the child.
    ///
    /// # Errors
    /// [`Failure`]; that the child failed is no failure of the command.
    pub(super) async fn run(self) -> Result<Report, Failure> {
        if !self.wait {
            return Ok(Report {
                request_id: self.send().await?,
                ..Report::of(Outcome::Sent)
            });
        }
        let patience = Patience::new(Arc::new(SystemClock), self.timeout, LONGEST_PAUSE);
        let before = self.before().await?;
        let request_id = self.send().await?;
        let report = match patience
            .until(async || self.reaction(&before).await)
            .await?
        {
            Some(Reaction::Child(child)) => self.follow(&patience, *child).await?,
            Some(Reaction::NotMatched(verdicts)) => {
                let message = Some(String::from(NOT_MATCHED));
                Report {
                    message,
                    verdicts,
                    ..Report::of(Outcome::NotMatched)
                }
            }
            None => Report {
                message: Some(self.no_child()),
                ..Report::of(Outcome::NoChild)
            },
        };
        Ok(Report {
            request_id,
            ..report
        })
    }

    async fn send(&self) -> Result<Option<String>, Failure> {
        let Message { kind, content } = &self.message;
        let call = self
            .client
            .trigger_execution(&self.execution_id, kind.on_the_wire(), content);
        let call = match &self.client_token {
            Some(token) => call.client_token(token),
            None => call,
        };
        Ok(remote::send(call).await?.1)
    }

    async fn before(&self) -> Result<Before, Failure> {
        let children = remote::children(&self.client, &self.execution_id).await?;
        let children = children
            .into_iter()
            .filter_map(|child| child.execution_id)
            .collect();
        // An execution that is not there has no log: TriggerExecution says so with its own error.
        let known = remote::execution(&self.client, &self.execution_id)
            .await?
            .is_some();
        let log_rows = if known {
            remote::log(&self.client, &self.execution_id).await?.len()
        } else {
            0
        };
        Ok(Before { children, log_rows })
    }

    async fn reaction(&self, before: &Before) -> Result<Option<Reaction>, Failure> {
        let id = |child: &Execution| child.execution_id.clone().unwrap_or_default();
        let children = remote::children(&self.client, &self.execution_id).await?;
        let new = children
            .into_iter()
            .filter(|child| !before.children.contains(&id(child)));
        // The numbers at the end of the ids grow: of several new ones, the shortest and least id
        // is the first.
        if let Some(child) = new.min_by_key(|child| (id(child).len(), id(child))) {
            return Ok(Some(Reaction::Child(Box::new(child))));
        }
        let log = remote::log(&self.client, &self.execution_id).await?;
        let verdicts = remote::new_verdicts(&log, before.log_rows);
        Ok((!verdicts.is_empty()).then_some(Reaction::NotMatched(verdicts)))
    }

    async fn follow(&self, patience: &Patience, mut child: Execution) -> Result<Report, Failure> {
        let id = child.execution_id.clone().unwrap_or_default();
        let ended = patience.until(async || {
            if let Some(now) = remote::execution(&self.client, &id).await? {
                child = now;
            }
            Ok(child
                .status
                .as_ref()
                .and_then(|status| Outcome::of_status(status.as_str())))
        });
        let outcome = ended.await?;
        let message = outcome.is_none().then(|| {
            format!(
                "The child {id} had not ended when the time was up: give it longer with --timeout."
            )
        });
        let child = Some(remote::report(&self.client, &child).await?);
        Ok(Report {
            child,
            message,
            ..Report::of(outcome.unwrap_or(Outcome::TimedOut))
        })
    }

    fn no_child(&self) -> String {
        let mut text = String::from(
            "The service has accepted the message, but made no new child execution in the time \
             given with --timeout.",
        );
        if self.client_token.is_some() {
            text.push_str(
                " If this client token was used before, the first call has made the child: the \
                 same token makes no second one.",
            );
        }
        text
    }
}

const NOT_MATCHED: &str = "The message does not fit the filter of the trigger, so no child execution \
                           was made.";
