//! The world of a case.

use super::case::{Case, CommandEnd, Failure, FileCase, KeyCase, RoleCase, SourceCase};
use super::wire::Wire;
use oos_clock::{FakeClock, SeededEntropy};
use oos_credentials::{
    AccessKey, Cached, Chain, Command, CommandOutput, DirectTransport, FakeHost,
    ProvideCredentials, Role, Sources, Static,
};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use time::macros::datetime;

pub(crate) struct World<'a> {
    case: &'a Case,
    wire: Wire,
    sources: Sources,
}

#[derive(Debug)]
pub(crate) enum Source {
    Chain(Chain),
    Single(Cached),
}

impl Source {
    pub(crate) fn provider(&self) -> &dyn ProvideCredentials {
        match self {
            Self::Chain(chain) => chain,
            Self::Single(cached) => cached,
        }
    }
}

impl<'a> World<'a> {
    /// It is 2026-01-02T03:04:05Z, and whoever waits for time only does not really wait.
    pub(crate) fn of(case: &'a Case) -> Self {
        let wire = Wire::new(&case.http);
        let direct = DirectTransport::without_proxy(Arc::new(wire.direct()));
        let sources = Sources::new(Arc::new(wire.proxied()), direct)
            .with_host(Arc::new(host(case)))
            .with_clock(Arc::new(FakeClock::jumping(
                datetime!(2026-01-02 03:04:05 UTC),
            )))
            .with_entropy(Arc::new(SeededEntropy::new(7)));
        Self {
            case,
            wire,
            sources,
        }
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }

    pub(crate) fn source(&self) -> Source {
        let sources = &self.sources;
        Source::Single(match &self.case.source {
            SourceCase::Default => return Source::Chain(sources.default_chain()),
            SourceCase::CliProfile(name) => sources.cli_profile(name.clone()),
            SourceCase::IniProfile(name) => sources.ini_profile(name.clone()),
            SourceCase::EcsMetadata(role) => sources.ecs_metadata(role.clone()),
            SourceCase::CredentialsUri(uri) => sources.credentials_uri(uri),
            SourceCase::External(line) => sources.external(line),
            SourceCase::AssumeRole { base, role: wanted } => {
                sources.assume_role(Static::of(key(base)), role(wanted))
            }
            SourceCase::OidcRole {
                role: wanted,
                provider_arn,
                token_file,
            } => sources.oidc_role(role(wanted), provider_arn, token_file),
        })
    }
}

pub(crate) fn key(case: &KeyCase) -> AccessKey {
    let key = AccessKey::new(&case.id, &case.secret);
    match &case.token {
        Some(token) => key.with_security_token(token),
        None => key,
    }
}

fn role(case: &RoleCase) -> Role {
    let mut role = Role::new(&case.arn);
    if let Some(name) = &case.session_name {
        role = role.with_session_name(name);
    }
    if let Some(seconds) = case.seconds {
        role = role.with_duration(Duration::from_secs(seconds));
    }
    if let Some(policy) = &case.policy {
        role = role.with_policy(policy);
    }
    if let Some(id) = &case.external_id {
        role = role.with_external_id(id);
    }
    if let Some(region) = &case.region {
        role = role.with_sts_region(region);
    }
    if let Some(endpoint) = &case.endpoint {
        role = role.with_sts_endpoint(endpoint);
    }
    if case.vpc { role.through_vpc() } else { role }
}

fn host(case: &Case) -> FakeHost {
    let mut host = FakeHost::new();
    for (name, value) in &case.env {
        host = host.with_env(name, value);
    }
    for (path, file) in &case.files {
        host = match file {
            FileCase::Text(text) => host.with_file(path, text.as_str()),
            FileCase::Lines(lines) => host.with_file(path, lines.join("\n")),
            FileCase::Json(value) => host.with_file(path, value.to_string()),
            FileCase::Bytes(bytes) => host.with_file(path, bytes.as_slice()),
            FileCase::Fails(failure) => host.with_broken_file(path, kind(*failure)),
        };
    }
    for case in &case.commands {
        let mut argv = case.argv.iter();
        let command = Command::new(argv.next().expect("a program"));
        let command = argv.fold(command, Command::with_argument);
        let output = |code, text: String| CommandOutput::new(code, text);
        host = match &case.end {
            CommandEnd::Json(value) => {
                host.with_command(command, output(Some(0), value.to_string()))
            }
            CommandEnd::Text(text) => host.with_command(command, output(Some(0), text.clone())),
            CommandEnd::Exit(code) => {
                host.with_command(command, output(Some(*code), "hidden-output".to_owned()))
            }
            CommandEnd::Signal => host.with_command(command, output(None, String::new())),
            CommandEnd::Fails(failure) => host.with_broken_command(command, kind(*failure)),
            CommandEnd::Never => host.with_endless_command(command),
        };
    }
    host
}

fn kind(failure: Failure) -> io::ErrorKind {
    match failure {
        Failure::PermissionDenied => io::ErrorKind::PermissionDenied,
        Failure::FileTooLarge => io::ErrorKind::FileTooLarge,
        Failure::IsADirectory => io::ErrorKind::IsADirectory,
    }
}
