//! A role on top of other credentials.

use super::sts::Sts;
use crate::{Credentials, CredentialsError, ProvideCredentials, Role, Sources};
use oos_clock::BoxFuture;
use std::sync::Arc;

const PROVIDER: &str = "ram_role_arn";

/// A role that is assumed with the credentials of another source.
#[derive(Debug)]
pub(crate) struct Assumed {
    sources: Sources,
    base: Arc<dyn ProvideCredentials>,
    role: Role,
}

impl Assumed {
    pub(crate) fn new(sources: Sources, base: Arc<dyn ProvideCredentials>, role: Role) -> Self {
        Self {
            sources,
            base,
            role,
        }
    }

    async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        let base = self
            .base
            .provide()
            .await
            .map_err(|error| error.through(PROVIDER))?;
        assume(&self.sources, &self.role, &base).await
    }
}

/// This role, with these credentials.
pub(super) async fn assume(
    sources: &Sources,
    role: &Role,
    base: &Credentials,
) -> Result<Credentials, CredentialsError> {
    let name = format!("{PROVIDER}/{}", base.provider());
    let sts = Sts {
        sources,
        role,
        provider: PROVIDER,
    };
    sts.assume_role(base.access_key(), name).await
}

impl ProvideCredentials for Assumed {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.fetch())
    }

    fn name(&self) -> &str {
        PROVIDER
    }
}
