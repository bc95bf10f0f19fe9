//! What has to be done for the credentials of a profile.

use super::file::{ConfigFile, Profile, error};
use crate::source::OidcToken;
use crate::{AccessKey, Credentials, CredentialsError, Role};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// More roles on top of each other than anyone has; STS is asked once for each.
const MOST_ROLES: usize = 16;

/// Base credentials, and the roles to assume with them, the last one first.
pub(super) struct Plan {
    pub(super) base: Base,
    pub(super) roles: Vec<Role>,
}

/// Where the first credentials come from.
pub(super) enum Base {
    Keys(AccessKey),
    /// What a sign-in in the browser has left in the file.
    Session(Credentials),
    Metadata(Option<String>),
    Oidc(Role, OidcToken),
    Program(String),
    Uri(String),
}

impl Plan {
    pub(super) fn of(
        file: &ConfigFile,
        name: &str,
        now: OffsetDateTime,
    ) -> Result<Self, CredentialsError> {
        let mut roles = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        let mut profile = file.profile(name)?;
        loop {
            let mode = Mode::of(&profile)?;
            if mode.assumes() {
                roles.push(role(&profile)?);
            }
            if !matches!(mode, Mode::Chainable) {
                let base = base(&profile, mode, now)?;
                return Ok(Self { base, roles });
            }
            seen.push(profile.name());
            let next = profile.need("source_profile")?;
            check_way(&seen, next)?;
            profile = file.profile(next)?;
        }
    }
}

/// The modes of profiles, as the CLI names them.
#[derive(Clone, Copy)]
enum Mode {
    Keys,
    Temporary,
    Role,
    Metadata,
    RoleOnMetadata,
    Chainable,
    Oidc,
    External,
    Uri,
    CloudSso,
    OAuth,
}

impl Mode {
    /// A profile without a mode is one of an early CLI, which had access keys only.
    fn of(profile: &Profile<'_>) -> Result<Self, CredentialsError> {
        const MODES: [(&str, Mode); 11] = [
            ("AK", Mode::Keys),
            ("StsToken", Mode::Temporary),
            ("RamRoleArn", Mode::Role),
            ("EcsRamRole", Mode::Metadata),
            ("RamRoleArnWithRoleName", Mode::RoleOnMetadata),
            ("ChainableRamRoleArn", Mode::Chainable),
            ("OIDC", Mode::Oidc),
            ("External", Mode::External),
            ("CredentialsURI", Mode::Uri),
            ("CloudSSO", Mode::CloudSso),
            ("OAuth", Mode::OAuth),
        ];
        let text = profile.text("mode").unwrap_or("AK").trim();
        let found = MODES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text));
        found.map(|(_, mode)| *mode).ok_or_else(|| {
            let names: Vec<&str> = MODES.iter().map(|(name, _)| *name).collect();
            let rest = format!(
                " is not supported: it has to be one of {}",
                names.join(", ")
            );
            profile.problem(&format!("the mode {text:?}"), &rest)
        })
    }

    fn assumes(self) -> bool {
        matches!(self, Self::Role | Self::RoleOnMetadata | Self::Chainable)
    }
}

fn base(profile: &Profile<'_>, mode: Mode, now: OffsetDateTime) -> Result<Base, CredentialsError> {
    Ok(match mode {
        Mode::Keys => Base::Keys(profile.key(false)?),
        Mode::Temporary => {
            profile.need("sts_token")?;
            Base::Keys(profile.key(true)?)
        }
        Mode::Role | Mode::Chainable => Base::Keys(profile.key(true)?),
        Mode::Metadata => Base::Metadata(profile.text("ram_role_name").map(str::to_owned)),
        Mode::RoleOnMetadata => Base::Metadata(Some(profile.need("ram_role_name")?.to_owned())),
        Mode::Oidc => {
            let issuer = profile.need("oidc_provider_arn")?;
            let token = OidcToken::new(issuer, profile.need("oidc_token_file")?);
            Base::Oidc(role(profile)?, token)
        }
        Mode::External => Base::Program(profile.need("process_command")?.to_owned()),
        Mode::Uri => Base::Uri(profile.need("credentials_uri")?.to_owned()),
        Mode::CloudSso => Base::Session(session(profile, "CloudSSO", "cloud_sso", now)?),
        Mode::OAuth => Base::Session(session(profile, "OAuth", "oauth", now)?),
    })
}

fn role(profile: &Profile<'_>) -> Result<Role, CredentialsError> {
    let mut role = Role::new(profile.need("ram_role_arn")?);
    // The official Python client reads the second name where the CLI writes the first.
    let session = profile
        .text("ram_session_name")
        .or_else(|| profile.text("role_session_name"));
    if let Some(name) = session {
        role = role.with_session_name(name);
    }
    if let Some(seconds) = profile.integer("expired_seconds") {
        let seconds = u64::try_from(seconds).unwrap_or_default();
        role = role.with_duration(Duration::from_secs(seconds));
    }
    if let Some(policy) = profile.text("policy") {
        role = role.with_policy(policy);
    }
    if let Some(id) = profile.text("external_id") {
        role = role.with_external_id(id);
    }
    if let Some(region) = profile.text("sts_region") {
        role = role.with_sts_region(region);
    }
    if let Some(host) = profile.text("sts_endpoint") {
        role = role.with_sts_endpoint(host);
    }
    Ok(if profile.is_true("enable_vpc") {
        role.through_vpc()
    } else {
        role
    })
}

/// Each profile may stand on the way once.
fn check_way(seen: &[&str], next: &str) -> Result<(), CredentialsError> {
    if seen.contains(&next) {
        let way = seen.join(" -> ");
        return Err(error(format!(
            "the profiles {way} -> {next} lead in a circle: let the last source_profile name one \
             that has credentials of its own"
        )));
    }
    if seen.len() >= MOST_ROLES {
        let problem = format!("more than {MOST_ROLES} profiles stand on top of each other");
        return Err(error(problem));
    }
    Ok(())
}

/// Only the CLI can renew these, with a browser.
fn session(
    profile: &Profile<'_>,
    mode: &str,
    provider: &'static str,
    now: OffsetDateTime,
) -> Result<Credentials, CredentialsError> {
    let name = profile.name();
    let mend = format!("sign in with `aliyun configure --mode {mode} --profile {name}`");
    let end = profile.integer("sts_expiration");
    let end = end.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let has_all = ["access_key_id", "access_key_secret", "sts_token"]
        .iter()
        .all(|member| profile.text(member).is_some());
    let Some(end) = end.filter(|_| has_all) else {
        let what = format!("the {mode} sign-in");
        return Err(profile.problem(&what, &format!(" has left no credentials: {mend}")));
    };
    if end <= now {
        let end = end.format(&Rfc3339).unwrap_or_default();
        let what = format!("the {mode} credentials");
        return Err(profile.problem(&what, &format!(" ended at {end}: {mend}")));
    }
    Ok(Credentials::new(profile.key(true)?, provider).expiring_at(end))
}
