//! The operation surface: a typed call, signed, sent, repeated where that is safe, and decoded.
//!
//! A [`Client`] makes a [`Call`] of an operation; [`Call::send`] gives the typed [`Answer`], or an
//! [`Error`] that keeps what the server said. What the client needs of the world stands behind
//! seams: transport, credentials, clock and randomness of the crates below, and here
//! [`RetryPolicy`], [`ResolveEndpoint`] and [`Observe`].
//!
//! This crate must not know how HTTP is spoken, where credentials come from, or that a local OOS
//! exists: for the client that is one more endpoint.
//!
//! ```
//! use oos_client::Client;
//! use oos_client::model::enums::TriggerType;
//! use oos_clock::{Clock, FakeClock, SystemClock};
//! use oos_credentials::Static;
//! use oos_transport::{HttpResponse, Scripted};
//! use std::sync::Arc;
//!
//! # let runtime = tokio_free::block_on(async {
//! let transport = Scripted::new();
//! transport.answer(HttpResponse::new(http::StatusCode::OK).with_body(r#"{"RequestId":"R-1"}"#));
//!
//! let client = Client::builder(Arc::new(transport.clone()), Arc::new(Static::new("id", "secret")))
//!     .with_region("cn-hangzhou")
//!     .with_clock(Arc::new(FakeClock::at(SystemClock.now())))
//!     .build()?;
//! let answer = client
//!     .trigger_execution("exec-1", TriggerType::Event, r#"{"level":"INFO"}"#)
//!     .client_token("t-1")
//!     .send()
//!     .await?;
//! assert_eq!(answer.request_id.as_deref(), Some("R-1"));
//!
//! let sent = &transport.requests()[0];
//! assert_eq!(sent.endpoint.to_string(), "https://oos.cn-hangzhou.aliyuncs.com");
//! assert!(sent.query().starts_with("ClientToken=t-1&Content=%7B%22level%22"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # });
//! # runtime.expect("the call succeeds");
//! # mod tokio_free {
//! #     pub fn block_on<F: Future>(future: F) -> F::Output {
//! #         let mut context = std::task::Context::from_waker(std::task::Waker::noop());
//! #         match std::pin::pin!(future).poll(&mut context) {
//! #             std::task::Poll::Ready(output) => output,
//! #             std::task::Poll::Pending => panic!("a scripted transport does not wait"),
//! #         }
//! #     }
//! # }
//! ```

#![forbid(unsafe_code)]

mod attempt;
mod builder;
mod call;
pub mod catalogue;
mod client;
pub mod directory;
mod dynamic;
mod endpoint;
mod error;
mod follow;
mod headers;
mod observe;
mod operations;
mod options;
mod pages;
mod plan;
pub mod record;
mod resemblance;
mod retry;
mod run;
mod skew;
mod wait;

pub use builder::{BuildError, ClientBuilder};
pub use call::{Answer, Call};
pub use client::Client;
pub use dynamic::DynamicOperation;
pub use endpoint::{
    EndpointError, EndpointQuery, FixedEndpoint, REGIONS, RegionalEndpoints, ResolveEndpoint,
};
pub use error::{
    Advice, DecodeFailure, Diagnosis, Error, ExchangeError, NoCredentialsError, NotSentError,
    ServiceError, TimeLimit, TimeoutError,
};
pub use follow::{Child, FollowError, FollowErrorKind, TriggerAndFollow};
#[cfg(feature = "tracing")]
pub use observe::TracingObserver;
pub use observe::{CallStart, Event, Observe};
pub use oos_model as model;
pub use pages::{ByNumber, DynamicPages, ItemStream, NumberedPages, PageStream, Pages};
pub use retry::{Backoff, Decision, Failure, NoRetry, RetryPolicy};
pub use skew::ClockSkew;
pub use wait::{Changes, Wait, WaitError, WaitErrorKind, Waited};
