//! `oos try`: a template in a local OOS inside of this process.

mod plan;

pub(super) use plan::{Plan, mock_file, plan, template_catalogues, template_folders};

use super::message::Message;
use crate::failure::Failure;
use crate::follow::Patience;
use crate::observe::local::{self, View};
use crate::observe::remote;
use crate::report::{ExecutionReport, Outcome, Report, TemplateReport};
use oos::Client;
use oos::clock::{Clock, FakeClock, SystemClock};
use oos::enums::{ExecutionStatus, SafetyCheck};
use oos_local::LocalOos;
use std::sync::Arc;
use std::time::Duration;

/// A look at the local OOS costs next to nothing.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// A local OOS, and an execution in it.
struct Trial {
    local: LocalOos,
    client: Client,
    patience: Patience,
    execution_id: String,
    /// The parameters that the template declares `NoEcho`.
    hidden: Vec<String>,
}

/// What is known when there is nothing more to wait for.
struct Ending {
    child_id: Option<String>,
    outcome: Outcome,
    message: Option<String>,
}

impl Plan {
    /// Runs the template and tells what happened.
    ///
    /// # Errors
    /// [`Failure`]; that the execution failed is no failure of the command.
    pub(super) async fn run(self) -> Result<Report, Failure> {
        let clock: Arc<dyn Clock> = if self.real_time {
            Arc::new(SystemClock)
        } else {
            Arc::new(FakeClock::jumping(SystemClock.now()))
        };
        let local = LocalOos::builder()
            .region(&self.region)
            .service_clock(clock)
            .mocks(self.mocks)
            .templates(self.templates);
        let local = local.spawn();
        let client = local.client();
        let patience = Patience::new(Arc::new(SystemClock), self.timeout, LONGEST_PAUSE);
        let version = create(&client, &self.template_name, self.content).await?;
        let execution_id = start(&client, &self.template_name, self.parameters).await?;
        let trial = Trial {
            local,
            client,
            patience,
            execution_id,
            hidden: self.hidden,
        };
        let (request_id, ending) = match self.message {
            None => (None, trial.run_to_the_end().await?),
            Some(message) => trial.trigger(message).await?,
        };
        let template = TemplateReport {
            file: self.file,
            name: self.template_name,
            version,
            category: self.category.to_owned(),
            mocks: self.mock_files,
            warnings: self.warnings,
        };
        Ok(Report {
            template: Some(template),
            request_id,
            ..trial.report(ending).await?
        })
    }
}

async fn create(client: &Client, name: &str, content: String) -> Result<String, Failure> {
    let (created, _) = remote::send(client.create_template(name, content)).await?;
    Ok(created
        .template
        .and_then(|template| template.template_version)
        .unwrap_or_default())
}

async fn start(client: &Client, name: &str, parameters: String) -> Result<String, Failure> {
    let start = client.start_execution(name);
    let start = start.with(|start| {
        start
            .with_parameters(parameters)
            .with_safety_check(SafetyCheck::Skip)
    });
    let (started, _) = remote::send(start).await?;
    let id = started
        .execution
        .and_then(|execution| execution.execution_id);
    id.ok_or_else(|| {
        Failure::Local(String::from(
            "StartExecution has answered without an execution",
        ))
    })
}

impl Trial {
    async fn run_to_the_end(&self) -> Result<Ending, Failure> {
        let ended = self.patience.until(async || {
            let status = self.status(&self.execution_id).await?;
            Ok(Outcome::of_status(status.as_str()))
        });
        let outcome = ended.await?;
        Ok(Ending {
            child_id: None,
            outcome: outcome.unwrap_or(Outcome::TimedOut),
            message: outcome.is_none().then(|| String::from(TIME_IS_UP)),
        })
    }

    /// Sends the message once the trigger waits, and follows what comes of it.
    async fn trigger(&self, message: Message) -> Result<(Option<String>, Ending), Failure> {
        let settled = self.patience.until(async || {
            let status = self.status(&self.execution_id).await?;
            let settled =
                status == ExecutionStatus::Waiting || Outcome::of_status(status.as_str()).is_some();
            Ok(settled.then_some(status))
        });
        let early = |outcome, message: &str| {
            let message = Some(String::from(message));
            Ok((
                None,
                Ending {
                    child_id: None,
                    outcome,
                    message,
                },
            ))
        };
        match settled.await? {
            None => return early(Outcome::TimedOut, TIME_IS_UP),
            Some(ExecutionStatus::Waiting) => {}
            Some(_) => return early(Outcome::NotWaiting, NEVER_WAITED),
        }
        let kind = message.kind.on_the_wire();
        let call = self
            .client
            .trigger_execution(&self.execution_id, kind, message.content);
        let (_, request_id) = remote::send(call).await?;
        Ok((request_id, self.follow_child().await?))
    }

    /// The local OOS has made the child when it answers.
    async fn follow_child(&self) -> Result<Ending, Failure> {
        let child = remote::children(&self.client, &self.execution_id)
            .await?
            .pop();
        let Some(child_id) = child.and_then(|child| child.execution_id) else {
            let message = Some(String::from(NOT_MATCHED));
            return Ok(Ending {
                child_id: None,
                outcome: Outcome::NotMatched,
                message,
            });
        };
        let ended = self.patience.until(async || {
            let child = Outcome::of_status(self.status(&child_id).await?.as_str());
            let parent = self.status(&self.execution_id).await?;
            Ok(child.filter(|_| parent != ExecutionStatus::Running))
        });
        let outcome = ended.await?;
        Ok(Ending {
            child_id: Some(child_id),
            outcome: outcome.unwrap_or(Outcome::TimedOut),
            message: outcome.is_none().then(|| String::from(TIME_IS_UP)),
        })
    }

    async fn status(&self, id: &str) -> Result<ExecutionStatus, Failure> {
        let execution = remote::execution(&self.client, id).await?;
        let status = execution.and_then(|execution| execution.status);
        status.ok_or_else(|| Failure::Local(format!("the execution {id} is not there any more")))
    }

    async fn report(&self, ending: Ending) -> Result<Report, Failure> {
        let Ending {
            child_id,
            outcome,
            message,
        } = ending;
        let child = match child_id {
            Some(id) => Some(self.execution(&id).await?),
            None => None,
        };
        let verdicts = match outcome {
            Outcome::NotMatched => local::verdicts(self.view(), &self.execution_id).await?,
            _ => Vec::new(),
        };
        let execution = Some(self.execution(&self.execution_id).await?);
        Ok(Report {
            execution,
            child,
            message,
            verdicts,
            ..Report::of(outcome)
        })
    }

    fn view(&self) -> View<'_> {
        View {
            local: &self.local,
            hidden: &self.hidden,
        }
    }

    async fn execution(&self, id: &str) -> Result<ExecutionReport, Failure> {
        let report = local::report(self.view(), id).await?;
        report.ok_or_else(|| Failure::Local(format!("the execution {id} is not there any more")))
    }
}

const TIME_IS_UP: &str = "The time was up before the end: give it longer with --timeout, or leave \
                          out --real-time so that waiting takes no time.";

const NEVER_WAITED: &str = "The execution ended before its trigger waited for a message: its \
                            message says why.";

const NOT_MATCHED: &str = "The message does not fit the filter of the trigger, so no child execution \
                           was made. Change the message, or the filter in the template.";
