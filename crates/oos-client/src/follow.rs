//! Triggering an execution and following the child that comes of it.

mod children;
mod error;

pub use error::{FollowError, FollowErrorKind};

use crate::wait::{Pace, Timer};
use crate::{Client, Error, Wait};
use children::Before;
use oos_model::enums::TriggerType;
use oos_model::shapes::Execution;
use std::fmt;
use std::time::Duration;

const LIMIT: Duration = Duration::from_mins(1);

/// A message to a trigger, and the search for the child execution that it makes; made by
/// [`Client::trigger_and_follow`].
///
/// TriggerExecution answers nothing but an id of the call, so the children are listed before,
/// and the first one that is new afterwards is taken for that of the message. If others send
/// messages to the same trigger at the same time, or the execution makes children in other ways, it
/// may be theirs: the service gives no means to tell.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is told to"]
pub struct TriggerAndFollow {
    client: Client,
    execution_id: String,
    kind: TriggerType,
    content: String,
    client_token: Option<String>,
    limit: Duration,
    pace: Pace,
}

/// The child execution of a message.
#[derive(Clone)]
pub struct Child {
    client: Client,
    request_id: Option<String>,
    execution: Box<Execution>,
    execution_id: String,
}

impl Client {
    /// Sends a message to the trigger of an execution, and finds the child execution that it makes.
    ///
    /// ```no_run
    /// # async fn example(client: oos_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use oos_client::model::enums::TriggerType;
    ///
    /// let message = r#"{"content":{"instanceId":"i-1","state":"Stopped"}}"#;
    /// let child = client
    ///     .trigger_and_follow("exec-1", TriggerType::Event, message)
    ///     .send()
    ///     .await?;
    /// let ended = child.wait().until_ended().await?;
    /// println!("{}: {:?}", child.execution_id(), ended.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn trigger_and_follow(
        &self,
        execution_id: impl Into<String>,
        kind: TriggerType,
        content: impl Into<String>,
    ) -> TriggerAndFollow {
        TriggerAndFollow {
            client: self.clone(),
            execution_id: execution_id.into(),
            kind,
            content: content.into(),
            client_token: None,
            limit: LIMIT,
            pace: Pace::default(),
        }
    }
}

impl TriggerAndFollow {
    /// Sends this ClientToken. A message whose token was used before makes no new child, so there
    /// is none to follow: then the search ends with its time.
    pub fn client_token(mut self, token: impl Into<String>) -> Self {
        self.client_token = Some(token.into());
        self
    }

    /// How long to look for the child; one minute if not set.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The first and the longest pause between two looks; 200 ms and 5 s if not set.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.pace = Pace::new(first, longest);
        self
    }

    /// Lists the children, sends the message, and looks for the first new child.
    ///
    /// # Errors
    /// [`FollowError`]; it tells whether the message was accepted.
    pub async fn send(self) -> Result<Child, FollowError> {
        let before = Before::list(&self.client, &self.execution_id).await;
        let before = before.map_err(|error| FollowError::unsent(&self.execution_id, error))?;
        let call =
            self.client
                .trigger_execution(&self.execution_id, self.kind.clone(), &*self.content);
        let call = match &self.client_token {
            Some(token) => call.client_token(token),
            None => call,
        };
        let answer = call.send().await;
        let answer = answer.map_err(|error| FollowError::unsent(&self.execution_id, error))?;
        self.find(&before, answer.request_id).await
    }

    async fn find(self, before: &Before, request_id: Option<String>) -> Result<Child, FollowError> {
        let mut timer = Timer::new(&self.client, self.limit, self.pace.clone());
        while timer.pause().await {
            let limit = timer.call_limit();
            match before
                .first_new(&self.client, &self.execution_id, limit)
                .await
            {
                Ok(Some((execution_id, execution))) => {
                    return Ok(Child {
                        client: self.client,
                        request_id,
                        execution: Box::new(execution),
                        execution_id,
                    });
                }
                Ok(None) => {}
                Err(error) if is_passing(&error) => {}
                Err(error) => {
                    return Err(FollowError::lost(&self.execution_id, request_id, error));
                }
            }
        }
        let with_token = self.client_token.is_some();
        Err(FollowError::no_child(
            &self.execution_id,
            request_id,
            timer.passed(),
            with_token,
        ))
    }
}

/// The search has its own limit, so that what may pass is waited for.
fn is_passing(error: &Error) -> bool {
    error.is_retryable() || matches!(error, Error::Timeout(_))
}

impl Child {
    /// The id of the child.
    #[must_use]
    pub fn execution_id(&self) -> &str {
        &self.execution_id
    }

    /// The child as it was when it was found.
    #[must_use]
    pub fn execution(&self) -> &Execution {
        &self.execution
    }

    /// The id of the TriggerExecution call.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// A wait for the child.
    pub fn wait(&self) -> Wait {
        self.client.wait(&self.execution_id)
    }
}

/// Parameters and outputs may hold secrets: they are not shown.
impl fmt::Debug for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Child")
            .field("execution_id", &self.execution_id)
            .field("status", &self.execution.status)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}
