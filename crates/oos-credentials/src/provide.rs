//! The seam for sources.

use crate::{Credentials, CredentialsError};
use oos_clock::BoxFuture;
use std::fmt::Debug;
use std::sync::Arc;

/// Gives credentials; asked before every attempt of every call.
///
/// Contract: what has to be fetched is kept and renewed by the source itself, so that most calls
/// return at once and two never fetch the same thing at one time. On `Err` nothing has changed, and
/// credentials that are still good are kept. Dropping the future is allowed at any time. No secret
/// stands in an error or in `Debug`.
pub trait ProvideCredentials: Debug + Send + Sync + 'static {
    /// The credentials to sign with now.
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;

    /// The name of the source, as it stands in its errors.
    #[expect(
        clippy::unnecessary_literal_bound,
        reason = "implementations have names of their own"
    )]
    fn name(&self) -> &str {
        "custom"
    }
}

impl<P: ProvideCredentials + ?Sized> ProvideCredentials for Arc<P> {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        (**self).provide()
    }

    fn name(&self) -> &str {
        (**self).name()
    }
}
