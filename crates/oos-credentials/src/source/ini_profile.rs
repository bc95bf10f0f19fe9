//! Profiles of the INI file of the official SDKs.

mod ini;

use super::assume_role::assume;
use super::ecs_metadata::EcsMetadata;
use super::oidc_role::{OidcToken, assume_with_token};
use crate::CredentialsErrorKind::{Invalid, NotConfigured};
use crate::key_text::Found;
use crate::machine::{self, variable};
use crate::{AccessKey, Credentials, CredentialsError, ProvideCredentials, Role, Sources, Static};
use ini::Ini;
use oos_clock::BoxFuture;

const PROVIDER: &str = "profile";
const FILE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
/// The first is read by the SDKs for Go, Java and Node.js, the second by the one for Python.
const USUAL: [&str; 2] = [
    "~/.alibabacloud/credentials",
    "~/.alibabacloud/credentials.ini",
];

/// A section of the INI file; `None` means the chosen one. The file is read each time.
#[derive(Debug)]
pub(crate) struct IniProfile {
    sources: Sources,
    name: Option<String>,
}

/// What has to be done for the credentials of a section.
enum Plan {
    Keys(AccessKey),
    Role(AccessKey, Role),
    Metadata(Option<String>),
    Oidc(Role, OidcToken),
}

impl IniProfile {
    pub(crate) fn new(sources: Sources, name: Option<String>) -> Self {
        Self { sources, name }
    }

    async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        let found = self.carry_out(self.plan()?).await;
        match found {
            Ok(credentials) => Ok(credentials.through(PROVIDER)),
            Err(error) => Err(error.through(PROVIDER)),
        }
    }

    async fn carry_out(&self, plan: Plan) -> Result<Credentials, CredentialsError> {
        match plan {
            Plan::Keys(key) => Static::of(key).provide().await,
            Plan::Role(key, role) => {
                let base = Static::of(key).provide().await?;
                assume(&self.sources, &role, &base).await
            }
            Plan::Metadata(role) => EcsMetadata::new(self.sources.clone(), role).fetch().await,
            Plan::Oidc(role, token) => assume_with_token(&self.sources, &role, &token).await,
        }
    }

    /// Looks into both files: who has used two SDKs has two.
    fn plan(&self) -> Result<Plan, CredentialsError> {
        let host = &*self.sources.host;
        let name = self.name.clone().or_else(|| variable(host, PROFILE));
        let name = name.unwrap_or_else(|| "default".to_owned());
        let given = variable(host, FILE);
        let texts = match &given {
            Some(text) => std::slice::from_ref(text)
                .iter()
                .map(String::as_str)
                .collect(),
            None => USUAL.to_vec(),
        };
        let (mut missing, mut without) = (Vec::new(), Vec::new());
        for text in texts {
            let path = machine::path(host, text)
                .map_err(|problem| CredentialsError::new(NotConfigured, PROVIDER, problem))?;
            let shown = path.display().to_string();
            let bytes = match machine::file(host, PROVIDER, &path) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == NotConfigured => {
                    missing.push(shown);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let ini = Ini::parse(&bytes).map_err(|problem| error(format!("{shown}: {problem}")))?;
            if ini.has(&name) {
                return Section::new(&ini, &name, &shown).plan();
            }
            without.push(format!("{shown} has {}", ini.names()));
        }
        if without.is_empty() {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            let problem = format!("{} {verb} not there", missing.join(" and "));
            return Err(CredentialsError::new(NotConfigured, PROVIDER, problem));
        }
        Err(error(format!(
            "there is no section [{name}]: {}",
            without.join(", ")
        )))
    }
}

/// The section that is meant.
struct Section<'a> {
    ini: &'a Ini,
    name: &'a str,
    place: String,
}

impl<'a> Section<'a> {
    fn new(ini: &'a Ini, name: &'a str, path: &str) -> Self {
        let place = format!(" in section [{name}] of {path}");
        Self { ini, name, place }
    }

    fn plan(&self) -> Result<Plan, CredentialsError> {
        const TYPES: &str = "access_key, ram_role_arn, ecs_ram_role or oidc_role_arn";
        let place = &self.place;
        Ok(match self.need("type")? {
            "access_key" => Plan::Keys(self.key()?),
            "ram_role_arn" => Plan::Role(self.key()?, self.role()?),
            "ecs_ram_role" => Plan::Metadata(self.get("role_name").map(str::to_owned)),
            "oidc_role_arn" => {
                let issuer = self.need("oidc_provider_arn")?;
                let token = OidcToken::new(issuer, self.need("oidc_token_file_path")?);
                Plan::Oidc(self.role()?, token)
            }
            kind => {
                let kind: String = kind.chars().take(40).collect();
                let problem = format!("type {kind:?}{place} is not supported: write {TYPES}");
                return Err(error(problem));
            }
        })
    }

    fn key(&self) -> Result<AccessKey, CredentialsError> {
        let found = Found {
            id: ("access_key_id", self.get("access_key_id")),
            secret: ("access_key_secret", self.get("access_key_secret")),
            token: ("security_token", None),
            place: &self.place,
        };
        found.key(PROVIDER)
    }

    fn role(&self) -> Result<Role, CredentialsError> {
        let mut role = Role::new(self.need("role_arn")?);
        if let Some(name) = self.get("role_session_name") {
            role = role.with_session_name(name);
        }
        if let Some(policy) = self.get("policy") {
            role = role.with_policy(policy);
        }
        Ok(role)
    }

    fn need(&self, key: &str) -> Result<&'a str, CredentialsError> {
        self.get(key)
            .ok_or_else(|| error(format!("{key}{} is not set", self.place)))
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        self.ini.get(self.name, key)
    }
}

fn error(problem: String) -> CredentialsError {
    CredentialsError::new(Invalid, PROVIDER, problem)
}

impl ProvideCredentials for IniProfile {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.fetch())
    }

    fn name(&self) -> &str {
        PROVIDER
    }
}
