//! Every operation of OOS (Alibaba Cloud's orchestration service, API 2019-06-01) and its
//! fields, and their form on the wire, in both directions.
//!
//! This crate must not know how a request is signed or sent, who sends it, or what a server does
//! with it: it does no I/O, reads no clock and is not async.
//!
//! - [`operations`]: one struct per operation and one per answer, generated from
//!   `spec/oos-2019-06-01.json` by `cargo xtask codegen`; [`shapes`] and [`enums`] are what they
//!   are made of. [`groups`] shows them by what they are about, with an example each.
//! - [`Operation`], [`Output`], [`Paged`]: what those structs can do.
//! - [`JsonText`], [`Document`], [`documents`], [`messages`]: JSON that travels as text, from and to
//!   typed values.
//! - [`Params`] and [`ParamError`], [`Answer`] and [`DecodeError`], [`ApiError`]: the wire.
//!
//! Mandatory parameters are arguments of the constructor, so a call without them does not compile:
//!
//! ```
//! use oos_model::enums::TriggerType;
//! use oos_model::operations::{TriggerExecution, TriggerExecutionOutput};
//! use oos_model::{Operation, Output, Params};
//!
//! let call = TriggerExecution::new("exec-1", TriggerType::Event, r#"{"level":"INFO"}"#)
//!     .with_client_token("t-1");
//!
//! // What a client sends ...
//! let mut params = Params::new();
//! call.to_params(&mut params);
//! assert_eq!(params.get("Type"), Some("Event"));
//!
//! // ... a server reads, and answers.
//! let received = TriggerExecution::from_params(&params)?;
//! assert_eq!(received, call);
//! let mut answer = TriggerExecutionOutput::default();
//! answer.set_request_id("14A07460-EBE7-47CA-9757-12CC4761D47A".to_owned());
//! assert_eq!(answer.encode(), br#"{"RequestId":"14A07460-EBE7-47CA-9757-12CC4761D47A"}"#);
//! # Ok::<(), oos_model::ParamError>(())
//! ```
//!
//! An answer is built with `..Default::default()`: every field is optional in both directions.

#![forbid(unsafe_code)]

mod answer;
mod api_error;
mod codec;
mod document;
pub mod documents;
pub mod enums;
pub mod groups;
mod json_text;
pub mod messages;
mod open_enum;
mod operation;
pub mod operations;
mod output;
mod param_error;
mod params;
mod record;
#[cfg(test)]
mod round_trip;
mod sensitive;
pub mod shapes;
mod timestamp;
mod tolerant;

pub use answer::Answer;
pub use api_error::{AccessDeniedDetail, ApiError, NoPermissionType, PolicyType, PrincipalType};
pub use document::Document;
pub use json_text::{JsonText, JsonTextError};
pub use operation::{
    API_VERSION, Idempotency, Operation, Output, Paged, ParameterInfo, ParameterKind,
};
pub use output::DecodeError;
pub use param_error::ParamError;
pub use params::Params;
pub use timestamp::Timestamp;
