//! Runs OOS executions: pure step machines decide what happens next, a driver makes it happen.
//!
//! An [`Engine`] takes commands (start, trigger, cancel) and answers what came of them; its
//! [`Driver`] is the one future that makes the turns of all executions, commits them to a
//! [`Store`](oos_store::Store) and only then does what they ask for. This crate must not know the
//! wire: no HTTP, no signatures, no operation names, no error codes of the service.
//!
//! ```
//! use oos_clock::{SeededEntropy, SystemClock};
//! use oos_engine::{ActionRegistry, Attach, Engine, ExecutionStatus, NewExecution, Outcome, Parts};
//! use oos_engine::{StartRequest, TemplateReference, Tenant};
//! use std::sync::Arc;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (engine, driver) = Engine::new(Parts {
//!     store: Arc::new(oos_store::MemoryStore::new(&oos_engine::KINDS)),
//!     clock: Arc::new(SystemClock),
//!     entropy: Arc::new(SeededEntropy::new(1)),
//!     actions: ActionRegistry::new(),
//!     templates: Arc::new(oos_engine::NoTemplates),
//! });
//! tokio::spawn(driver.run());
//!
//! let tenant = Tenant::new("1000000000000000", "cn-hangzhou");
//! let content = "
//! FormatVersion: OOS-2019-06-01
//! Tasks:
//! - Name: choose
//!   Action: ACS::Choice
//!   Properties: { DefaultTask: ACS::END, Choices: [] }
//! ";
//! let new = NewExecution {
//!     id: engine.new_execution_id(),
//!     tenant: tenant.clone(),
//!     template: TemplateReference::new("t-1", "choose", "v1", "the hash of the content"),
//!     content: content.into(),
//!     parameters: Default::default(),
//!     request: StartRequest::automatic(),
//!     parent: None,
//!     executed_by: "root(1000000000000000)".into(),
//! };
//! if let Outcome::Started(execution) = engine.start(new, Attach::nothing()).await? {
//!     let execution = engine.execution(&tenant, &execution.start.id).await?;
//!     assert_eq!(execution.map(|e| e.head.status), Some(ExecutionStatus::Success));
//! }
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod action;
pub mod actions;
mod bindings;
mod call_api;
mod command;
mod driver;
mod engine;
mod find_template;
mod history;
mod ids;
mod input;
mod machine;
mod mock;
mod moment;
mod read;
mod state;
mod status;
mod store;
mod support;
mod templates;
mod tenant;
mod turn;

pub use action::{Action, ActionCall, ActionRegistry, ActionReport, CallKey};
pub use call_api::{ApiAnswer, ApiCall, ApiExchange, ApiFailure, ApiOutcome, CallApi};
pub use command::{Attach, CommandError};
pub use driver::Driver;
pub use engine::{Engine, NewExecution, Parts, StartError};
pub use find_template::{FindTemplate, FoundTemplate, NoTemplates, TemplateQuery, WantedTemplate};
pub use history::{Happening, HistoryEntry};
pub use input::{Outcome, Refusal, TriggerMessage, Verdict};
pub use mock::{MockApi, MockFile, MockFileError, MockProblem};
pub use moment::Moment;
pub use read::{Between, ExecutionFilter, List, Paging, ReadProblem, SortField, TaskFilter};
pub use state::{Execution, ExecutionHead, ExecutionStart, Firing, LastFiring};
pub use state::{StartRequest, TaskExecution, TemplateReference};
pub use status::{ExecutionStatus, TaskStatus};
pub use store::{CONTENT, DamagedRecord, KINDS};
pub use support::Unsupported;
pub use tenant::Tenant;

pub use oos_template::actions::TriggerKind;
