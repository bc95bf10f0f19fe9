//! The template language of OOS: parse a template, check it, evaluate what stands in it.
//!
//! This crate must not know what an execution is, where values come from (it asks a [`Scope`]), what
//! time it is, or any file, network or store. Nothing in it is async, and no input makes it panic,
//! hang or grow without bound.
//!
//! ```
//! use oos_template::{Value, Values, evaluate, parse};
//!
//! let template = parse(
//!     "FormatVersion: OOS-2019-06-01
//! Parameters:
//!   instanceId: { Type: String }
//! Tasks:
//! - Name: describe
//!   Action: ACS::ExecuteAPI
//!   Properties:
//!     Service: ECS
//!     API: DescribeInstances
//!     Parameters: { InstanceIds: ['{{ instanceId }}'] }
//! ")?;
//! let scope = Values::new().with_parameter("instanceId", "i-1");
//! let properties = evaluate(&template.tasks[0].properties, &scope)?;
//! assert_eq!(properties.get("Parameters").unwrap().to_json_string(), r#"{"InstanceIds":["i-1"]}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod actions;
mod advice;
mod bytes;
pub mod children;
mod code;
mod diagnostic;
pub mod document;
pub mod duration;
mod expr;
pub mod functions;
pub mod jq;
pub mod policy;
pub mod risk;
pub mod schedule;
mod schema;
mod source;
mod template;
mod value;

pub use advice::advice;
pub use bytes::{inspect_bytes, too_large};
pub use code::{Code, Explanation};
pub use diagnostic::{Diagnostic, Diagnostics, Position, Severity, Span};
pub use document::Format;
pub use expr::{
    EvalError, Expr, Reference, Scope, StoreKind, Values, evaluate, evaluate_condition,
};
pub use jq::{Selector, SelectorError};
pub use schema::schema;
pub use template::{
    Aggregate, DataType, DelayType, Inspection, Jump, Loop, OutputDecl, Parameter,
    ParameterProblem, Pattern, ProblemKind, Retry, Task, TaskOutput, Template, TemplateKind,
    inspect, parse,
};
pub use value::{JsonError, Map, Number, Value};
