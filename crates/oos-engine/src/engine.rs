//! The handle of an engine: commands in, outcomes out.

use crate::action::ActionRegistry;
use crate::command::{Ask, Attach, Command, CommandError, Queued};
use crate::input::{Input, TriggerMessage};
use crate::store::{self, CONTENT, EXECUTION, EXECUTION_START};
use crate::templates::TemplateCache;
use crate::{Driver, Execution, ExecutionHead, ExecutionStart, FindTemplate, bindings, ids};
use crate::{Outcome, ReadProblem, StartRequest, TemplateReference, Tenant};
use futures_channel::{mpsc, oneshot};
use oos_clock::{Clock, Entropy};
use oos_store::{Changes, Query, Record, Store};
use oos_template::{Diagnostics, Map, Template, Values};
use std::fmt;
use std::sync::Arc;

/// The handle of an engine: cheap to clone. The work is done by its [`Driver`], which somebody has
/// to run.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
    commands: mpsc::UnboundedSender<Command>,
}

/// What an engine is made of.
#[derive(Debug, Clone)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an engine is made of all of these"
)]
pub struct Parts {
    /// Where executions are kept; it has to know the [`KINDS`](crate::KINDS).
    pub store: Arc<dyn Store>,
    /// The service clock: executions, timers and all times in answers go by it.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub entropy: Arc<dyn Entropy>,
    /// What tasks can do outside.
    pub actions: ActionRegistry,
    /// The templates that tasks can run; [`NoTemplates`](crate::NoTemplates) has none.
    pub templates: Arc<dyn FindTemplate>,
}

/// An execution to be started.
#[derive(Debug, Clone)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an execution is started with all of these"
)]
pub struct NewExecution {
    /// Its id, from [`Engine::new_execution_id`]: defaults of parameters may refer to it.
    pub id: String,
    /// Whose it is.
    pub tenant: Tenant,
    /// Where the template comes from; `category` is filled in by the engine.
    pub template: TemplateReference,
    /// The template's text.
    pub content: Arc<str>,
    /// The parameters, checked and with defaults ([`Template::bind_parameters`]).
    pub parameters: Map,
    /// How it is to run.
    pub request: StartRequest,
    /// An execution that it belongs to, if the caller says so.
    pub parent: Option<String>,
    /// Who starts it.
    pub executed_by: String,
}

pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) actions: ActionRegistry,
    pub(crate) finder: Arc<dyn FindTemplate>,
    templates: TemplateCache,
}

impl Engine {
    /// An engine, and the driver that has to be run for it to do anything.
    #[must_use]
    pub fn new(parts: Parts) -> (Self, Driver) {
        let Parts {
            store,
            clock,
            entropy,
            actions,
            templates: finder,
        } = parts;
        let templates = TemplateCache::default();
        let shared = Arc::new(Shared {
            store,
            clock,
            entropy,
            actions,
            finder,
            templates,
        });
        let (commands, inbox) = mpsc::unbounded();
        (
            Self {
                shared: Arc::clone(&shared),
                commands,
            },
            Driver::new(shared, inbox),
        )
    }

    /// The template of a text, parsed once as long as it is remembered by the hash of the text.
    ///
    /// # Errors
    /// [`Diagnostics`] if the template has mistakes.
    pub fn parse(&self, hash: &str, content: &str) -> Result<Arc<Template>, Diagnostics> {
        self.shared.parse(hash, content)
    }

    /// The template whose text is kept under this hash.
    ///
    /// # Errors
    /// [`ReadProblem`], if there is none as well.
    pub async fn template(&self, hash: &str) -> Result<Arc<Template>, ReadProblem> {
        self.shared.template(hash).await
    }

    /// A new execution id, for [`NewExecution::id`].
    #[must_use]
    pub fn new_execution_id(&self) -> String {
        ids::new_execution_id(&*self.shared.entropy)
    }

    /// The pseudo parameters that the defaults of an execution's parameters may refer to, as they
    /// are now.
    #[must_use]
    pub fn pseudo_parameters(&self, tenant: &Tenant, id: &str, user: &str) -> Values {
        bindings::all_pseudo(tenant, id, user, self.shared.clock.now().into())
    }

    /// Starts an execution. The outcome is [`Outcome::Started`].
    ///
    /// # Errors
    /// [`StartError`] if the template is none, asks for something that this engine does not do, or
    /// if the command fails.
    pub async fn start(&self, new: NewExecution, attach: Attach) -> Result<Outcome, StartError> {
        let template = self.parse(&new.template.hash, &new.content)?;
        crate::support::check(&template, &self.shared.actions, &new.request)?;
        let execution = self.created(&new, &template)?;
        let (key, id) = (execution.key(), execution.start.id.clone());
        let (hash, content) = (new.template.hash, new.content);
        let rows = Attach::new(move |outcome| {
            let text = Record::new(&hash).with_body(content.as_bytes().to_vec());
            let mut changes = (attach.0)(outcome);
            changes.extend(Changes::new().put(&CONTENT, text, oos_store::Expect::Any));
            changes
        });
        let ask = Ask::Start(Box::new(execution));
        Ok(self.command(key, id, Some(template), ask, rows).await?)
    }

    fn created(&self, new: &NewExecution, template: &Template) -> Result<Execution, StartError> {
        let now = self.shared.clock.now().into();
        let mut start = ExecutionStart {
            id: new.id.clone(),
            tenant: new.tenant.clone(),
            template: TemplateReference {
                category: template.category().to_owned(),
                ..new.template.clone()
            },
            parameters: new.parameters.clone(),
            parent: new.parent.clone(),
            ancestors: Vec::new(),
            firing: None,
            request: new.request.clone(),
            executed_by: new.executed_by.clone(),
            ram_role: String::new(),
            created: now,
        };
        let role = bindings::ram_role(template, &start, now).map_err(StartError::RamRole)?;
        start.ram_role = role.unwrap_or_default();
        Ok(Execution {
            start,
            head: ExecutionHead::new(now),
        })
    }

    /// Sends a message to the trigger of an execution. The outcome is [`Outcome::Triggered`] or
    /// [`Outcome::NotMatched`]; the child exists, and can be read, when this returns.
    ///
    /// # Errors
    /// [`CommandError`]: nothing was changed, unless the store could not tell.
    pub async fn trigger(
        &self,
        tenant: &Tenant,
        execution_id: &str,
        message: TriggerMessage,
        attach: Attach,
    ) -> Result<Outcome, CommandError> {
        self.input(tenant, execution_id, Input::Trigger(message), attach)
            .await
    }

    /// Cancels an execution and its children. The outcome is [`Outcome::Cancelled`].
    ///
    /// # Errors
    /// [`CommandError`]: nothing was changed, unless the store could not tell.
    pub async fn cancel(
        &self,
        tenant: &Tenant,
        execution_id: &str,
        attach: Attach,
    ) -> Result<Outcome, CommandError> {
        self.input(tenant, execution_id, Input::Cancel, attach)
            .await
    }

    async fn input(
        &self,
        tenant: &Tenant,
        id: &str,
        input: Input,
        attach: Attach,
    ) -> Result<Outcome, CommandError> {
        self.command(
            tenant.key(id),
            id.to_owned(),
            None,
            Ask::Input(input),
            attach,
        )
        .await
    }

    async fn command(
        &self,
        key: String,
        id: String,
        template: Option<Arc<Template>>,
        ask: Ask,
        attach: Attach,
    ) -> Result<Outcome, CommandError> {
        let (reply, outcome) = oneshot::channel();
        let queued = Queued {
            ask,
            attach: Some(attach),
            reply: Some(reply),
        };
        let command = Command {
            key,
            id,
            template,
            queued,
        };
        self.commands
            .unbounded_send(command)
            .map_err(|_| CommandError::Stopped)?;
        outcome.await.unwrap_or(Err(CommandError::Stopped))
    }
}

impl Shared {
    /// The template of a text, from memory if its hash is known.
    pub(crate) fn parse(&self, hash: &str, content: &str) -> Result<Arc<Template>, Diagnostics> {
        self.templates.parse(hash, content)
    }

    /// The template with this hash, from memory or from the store.
    pub(crate) async fn template(&self, hash: &str) -> Result<Arc<Template>, ReadProblem> {
        if let Some(template) = self.templates.get(hash) {
            return Ok(template);
        }
        let record = self
            .store
            .read(Query::key(&CONTENT, hash))
            .await?
            .records
            .pop();
        let record = record.ok_or_else(|| ReadProblem::missing(&CONTENT, hash))?;
        let text = std::str::from_utf8(&record.body);
        let text = text.map_err(|_| ReadProblem::missing(&CONTENT, hash))?;
        self.templates
            .parse(hash, text)
            .map_err(|_| ReadProblem::missing(&CONTENT, hash))
    }

    /// The execution under this key.
    pub(crate) async fn execution_at(&self, key: &str) -> Result<Option<Execution>, ReadProblem> {
        Ok(self.head_at(key).await?.map(|(_, execution)| execution))
    }

    /// The execution under this key, and the version of its head.
    pub(crate) async fn head_at(&self, key: &str) -> Result<Option<(u64, Execution)>, ReadProblem> {
        let head = self
            .store
            .read(Query::key(&EXECUTION, key))
            .await?
            .records
            .pop();
        let Some(head) = head else { return Ok(None) };
        let start = self
            .store
            .read(Query::key(&EXECUTION_START, key))
            .await?
            .records
            .pop();
        let start = start.ok_or_else(|| ReadProblem::missing(&EXECUTION_START, key))?;
        Ok(Some((head.version, store::execution(&head, &start)?)))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Shared")
            .field("store", &self.store)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

/// Why an execution was not started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The template has mistakes.
    #[error("the template has mistakes")]
    Template(#[from] Diagnostics),
    /// The template or the request asks for something that this engine does not do.
    #[error(transparent)]
    Unsupported(#[from] crate::Unsupported),
    /// The expression under `RamRole` has no value.
    #[error("{0}")]
    RamRole(String),
    /// The command failed.
    #[error(transparent)]
    Command(#[from] CommandError),
}
