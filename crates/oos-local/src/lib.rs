//! A local OOS: the same API, answered from an engine instead of the cloud.
//!
//! [`LocalOos`] takes a signed HTTP request and gives the HTTP answer, the way the real service
//! does: signatures are verified, templates are checked, executions run, triggers make children.
//! [`Listener`] does the same for whoever connects to a socket. This crate must not know how a step
//! machine steps, how records reach a disk, or who reads what it answers.
//!
//! ```
//! use oos_local::LocalOos;
//! use oos_client::model::enums::TriggerType;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = LocalOos::builder().spawn();
//! let client = local.client();
//! let content = "
//! FormatVersion: OOS-2019-06-01
//! Tasks:
//! - Name: stopped
//!   Action: ACS::EventTrigger
//!   Properties: { Product: ECS, Name: ['Instance:StateChange'] }
//! - Name: done
//!   Action: ACS::Choice
//!   Properties: { DefaultTask: ACS::END, Choices: [] }
//! ";
//! client.create_template("watch", content).send().await?;
//! let started = client.start_execution("watch").send().await?.output.execution.unwrap();
//! let id = started.execution_id.unwrap();
//!
//! let message = r#"{"product":"ECS","name":"Instance:StateChange"}"#;
//! client.trigger_execution(&id, TriggerType::Event, message).send().await?;
//! let children = client.list_executions().with(|all| all.with_parent_execution_id(&id));
//! assert_eq!(children.send().await?.output.total_count, Some(1));
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod builder;
mod catalogue;
mod fault;
mod gateway;
mod hidden;
mod in_process;
mod kinds;
mod listener;
mod local;
mod operations;
mod paging;
mod sha256;
mod shared;
mod templates;
mod tokens;
mod views;

pub use builder::LocalOosBuilder;
pub use catalogue::{CatalogueError, TemplateCatalogue, TemplateCatalogues};
pub use catalogue::{TemplateFile, template_files};
pub use fault::{CodeOrigin, ERROR_CODES, ErrorCode};
pub use gateway::{MOST_BODY_BYTES, MOST_NONCES};
pub use in_process::InProcess;
pub use kinds::kinds;
pub use listener::{ListenError, ListenOptions, Listener};
pub use listener::{MOST_HEADER_BYTES, MOST_HEADERS, MOST_TARGET_BYTES};
pub use local::LocalOos;
/// What runs behind it: executions, their history, mock files.
pub use oos_engine as engine;
/// The order of the lists and histories that [`engine`] reads.
pub use oos_store::Direction;
/// A store in a data folder, for [`LocalOosBuilder::store`].
pub use oos_store::{OpenError, SqliteStore};
pub use tokens::{MOST_TOKEN_CHARACTERS, TOKEN_RETENTION};
