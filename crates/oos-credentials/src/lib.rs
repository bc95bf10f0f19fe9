//! Finds the credentials of Alibaba Cloud: sources, and a chain of them.
//!
//! A source is a [`ProvideCredentials`]; each stands in a file of its own under `source/`, and asks
//! the machine through the [`Host`] seam only, so that a test can hand it a machine made of data.
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

mod chain;
mod credentials;
mod error;
mod host;
mod provide;
mod source;

pub use chain::Chain;
pub use credentials::Credentials;
pub use error::{CredentialsError, CredentialsErrorKind};
pub use host::{Command, CommandOutput, FakeHost, Host, SystemHost};
pub use oos_clock::BoxFuture;
pub use oos_sign::AccessKey;
pub use provide::ProvideCredentials;
pub use source::{Environment, Static};
