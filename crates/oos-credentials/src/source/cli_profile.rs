//! Profiles of the official CLI.

mod file;
mod plan;

use super::assume_role::assume;
use super::credentials_uri::{CredentialsUri, UriFrom};
use super::ecs_metadata::EcsMetadata;
use super::external::{External, refuse_if_disabled};
use super::oidc_role::assume_with_token;
use crate::{Credentials, CredentialsError, Host, ProvideCredentials, Sources, Static};
use file::ConfigFile;
use oos_clock::BoxFuture;
use plan::{Base, Plan};

const PROVIDER: &str = "cli_profile";

/// A profile of `~/.aliyun/config.json`; `None` means the chosen one. The file is read each time, so
/// that credentials that the CLI has renewed are found.
#[derive(Debug)]
pub(crate) struct CliProfile {
    sources: Sources,
    name: Option<String>,
}

impl CliProfile {
    pub(crate) fn new(sources: Sources, name: Option<String>) -> Self {
        Self { sources, name }
    }

    async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        let plan = {
            let file = ConfigFile::read(&*self.sources.host)?;
            let name = file.chosen(&*self.sources.host, self.name.as_deref());
            Plan::of(&file, &name, self.sources.clock.now())?
        };
        let found = self.carry_out(plan).await;
        match found {
            Ok(credentials) => Ok(credentials.through(PROVIDER)),
            Err(error) => Err(error.through(PROVIDER)),
        }
    }

    async fn carry_out(&self, plan: Plan) -> Result<Credentials, CredentialsError> {
        let mut credentials = self.base(plan.base).await?;
        for role in plan.roles.iter().rev() {
            credentials = assume(&self.sources, role, &credentials).await?;
        }
        Ok(credentials)
    }

    async fn base(&self, base: Base) -> Result<Credentials, CredentialsError> {
        let sources = self.sources.clone();
        match base {
            Base::Keys(key) => Static::of(key).provide().await,
            Base::Session(credentials) => Ok(credentials),
            Base::Metadata(role) => EcsMetadata::new(sources, role).fetch().await,
            Base::Oidc(role, token) => assume_with_token(&sources, &role, &token).await,
            Base::Program(line) => External::new(sources, line).fetch().await,
            Base::Uri(uri) => {
                refuse_if_disabled(&sources, "credential_uri")?;
                CredentialsUri::new(sources, UriFrom::Text(uri))
                    .fetch()
                    .await
            }
        }
    }
}

/// The `region_id` of the chosen profile.
///
/// # Errors
/// A sentence in a [`CredentialsError`] if there is none.
pub(crate) fn region_of_profile(host: &dyn Host) -> Result<String, CredentialsError> {
    let file = ConfigFile::read(host)?;
    let name = file.chosen(host, None);
    let profile = file.profile(&name)?;
    let region = profile
        .text("region_id")
        .map(|region| region.trim().to_owned());
    region.ok_or_else(|| profile.missing("region_id"))
}

impl ProvideCredentials for CliProfile {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.fetch())
    }

    fn name(&self) -> &str {
        PROVIDER
    }
}
