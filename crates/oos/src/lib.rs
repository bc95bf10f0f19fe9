//! The OOS client with good defaults: one constructor, and the names of the crates below.
//!
//! [`connect`] gives a [`Client`] for a region, with the system's clock and randomness, HTTPS, and
//! the credentials of [`default_credentials`]; [`Builder`] changes any of that. This crate must not do
//! anything itself: whoever needs other parts uses the crates that it puts together.
//!
//! ```no_run
//! use oos::enums::TriggerType;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = oos::connect("cn-hangzhou")?;
//! let answer = client
//!     .trigger_execution("exec-1a2b3c", TriggerType::Event, r#"{"instanceId":"i-1"}"#)
//!     .send()
//!     .await?;
//! println!("{:?}", answer.request_id);
//! # Ok(())
//! # }
//! ```
//!
//! Against a local OOS:
//!
//! ```
//! let client = oos::Builder::new()
//!     .with_region("cn-hangzhou")
//!     .with_endpoint("http://127.0.0.1:4060".parse()?)
//!     .with_access_key("local", "local")
//!     .build()?;
//! assert_eq!(client.region(), Some("cn-hangzhou"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod builder;
mod defaults;
mod environment;

pub use builder::Builder;
pub use defaults::{connect, credential_sources, default_credentials};
#[cfg(feature = "tracing")]
pub use oos_client::TracingObserver;
pub use oos_client::catalogue;
pub use oos_client::{
    Answer, Backoff, BuildError, Call, Child, Client, DynamicOperation, Error, Event, FollowError,
    Observe, Pages, ResolveEndpoint, RetryPolicy, Wait, WaitError, Waited,
};
pub use oos_credentials::{Credentials, CredentialsError, ProvideCredentials};
pub use oos_model::{
    ApiError, Document, JsonText, Operation, documents, enums, groups, messages, operations, shapes,
};
pub use oos_transport::{Endpoint, Transport};
pub use oos_transport_hyper::{Proxies, TlsVersion};

/// The operation surface: client, calls, retries, errors.
pub use oos_client as client;
/// Time and randomness as ports.
pub use oos_clock as clock;
/// Sources of credentials.
pub use oos_credentials as credentials;
/// Every operation and its form on the wire.
pub use oos_model as model;
/// Signatures.
pub use oos_sign as sign;
/// What an exchange over HTTP is.
pub use oos_transport as transport;
/// Exchanges with hyper and rustls.
pub use oos_transport_hyper as transport_hyper;
