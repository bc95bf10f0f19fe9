//! A role for whoever holds the token of an OIDC provider.

use super::sts::Sts;
use crate::CredentialsErrorKind::{Invalid, NotConfigured};
use crate::machine::{file, variable};
use crate::{Credentials, CredentialsError, ProvideCredentials, Role, Sources};
use oos_clock::BoxFuture;
use std::path::PathBuf;
use zeroize::Zeroizing;

const PROVIDER: &str = "oidc_role_arn";
const ROLE: &str = "ALIBABA_CLOUD_ROLE_ARN";
const ISSUER: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const TOKEN: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

/// Who issued the token, and the file that holds it.
#[derive(Debug, Clone)]
pub(crate) struct OidcToken {
    provider_arn: String,
    file: PathBuf,
}

impl OidcToken {
    pub(crate) fn new(provider_arn: impl Into<String>, file: impl Into<PathBuf>) -> Self {
        Self {
            provider_arn: provider_arn.into(),
            file: file.into(),
        }
    }
}

/// A role that is assumed with such a token; `None` means what the environment says.
#[derive(Debug)]
pub(crate) struct OidcRole {
    sources: Sources,
    given: Option<(Role, OidcToken)>,
}

impl OidcRole {
    pub(crate) fn new(sources: Sources, role: Role, token: OidcToken) -> Self {
        let given = Some((role, token));
        Self { sources, given }
    }

    pub(crate) fn of_environment(sources: Sources) -> Self {
        let given = None;
        Self { sources, given }
    }

    async fn fetch(&self) -> Result<Credentials, CredentialsError> {
        if let Some((role, token)) = &self.given {
            return assume_with_token(&self.sources, role, token).await;
        }
        let (role, token) = self.read_environment()?;
        assume_with_token(&self.sources, &role, &token).await
    }

    fn read_environment(&self) -> Result<(Role, OidcToken), CredentialsError> {
        let get = |name| variable(&*self.sources.host, name);
        match (get(ROLE), get(ISSUER), get(TOKEN)) {
            (Some(role), Some(issuer), Some(file)) => {
                Ok((Role::new(role), OidcToken::new(issuer, file)))
            }
            (role, issuer, token) => {
                let found = [(ROLE, role), (ISSUER, issuer), (TOKEN, token)];
                let missing = found.iter().filter(|(_, value)| value.is_none());
                let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
                let verb = if missing.len() == 1 { "is" } else { "are" };
                let problem = format!("{} {verb} not set", missing.join(", "));
                Err(CredentialsError::new(NotConfigured, PROVIDER, problem))
            }
        }
    }
}

/// This role, with the token that the file holds now.
pub(super) async fn assume_with_token(
    sources: &Sources,
    role: &Role,
    token: &OidcToken,
) -> Result<Credentials, CredentialsError> {
    let path = token.file.display();
    let invalid = |problem| CredentialsError::new(Invalid, PROVIDER, problem);
    let bytes = file(&*sources.host, PROVIDER, &token.file)?;
    let text = std::str::from_utf8(&bytes).unwrap_or("\0");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if text.is_empty() {
        return Err(invalid(format!("{path} holds no token: it is empty")));
    }
    if !text.chars().all(|c| c.is_ascii_graphic()) {
        let problem = format!("{path} holds no token: a token is one word of visible ASCII");
        return Err(invalid(problem));
    }
    let text = Zeroizing::new(text.to_owned());
    let sts = Sts {
        sources,
        role,
        provider: PROVIDER,
    };
    sts.assume_role_with_oidc(&token.provider_arn, &text, PROVIDER.to_owned())
        .await
}

impl ProvideCredentials for OidcRole {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.fetch())
    }

    fn name(&self) -> &str {
        PROVIDER
    }
}
