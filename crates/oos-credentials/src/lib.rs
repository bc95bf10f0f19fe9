//! Finds the credentials of Alibaba Cloud: sources, a chain of them, and a cache.
//!
//! A source is a [`ProvideCredentials`]; each stands in a file of its own under `source/`. It asks
//! the machine through the [`Host`] seam and servers through the transport seam only, so that a test
//! can hand it a world made of data. [`Sources`] makes those that fetch, each in a [`Cached`];
//! [`Sources::default_chain`] is the chain of the official clients. [`region`] finds the region.
//! This crate must not know what is signed with the credentials or how a request travels.
//!
//! ```
//! use oos_credentials::{Chain, Environment, FakeHost, ProvideCredentials, Static};
//! use std::sync::Arc;
//!
//! let host = FakeHost::new()
//!     .with_env("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid")
//!     .with_env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret");
//! let chain = Chain::new("default").with(Environment::of(Arc::new(host)));
//!
//! # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
//! # let std::task::Poll::Ready(found) = chain.provide().as_mut().poll(&mut context) else { panic!() };
//! let found = found.expect("the variables are set");
//! assert_eq!(found.access_key().id(), "testid");
//! assert_eq!(found.provider(), "default/env");
//! # let _ = Static::new("id", "secret");
//! ```

#![forbid(unsafe_code)]

mod cached;
mod chain;
mod credentials;
mod document;
mod error;
mod exchange;
mod host;
mod key_text;
mod machine;
mod provide;
mod region;
mod role;
mod source;
mod sources;

pub use cached::Cached;
pub use chain::{Chain, Outcome, Step};
pub use credentials::Credentials;
pub use error::{CredentialsError, CredentialsErrorKind};
pub use host::{Command, CommandOutput, FakeHost, Host, SystemHost};
pub use oos_clock::BoxFuture;
pub use oos_sign::AccessKey;
pub use provide::ProvideCredentials;
pub use region::{NoRegion, region};
pub use role::Role;
pub use source::{Environment, Static};
pub use sources::{DirectTransport, Sources};
