//! A case as it stands in its file.

use super::MARK;
use oos_credentials::{Credentials, CredentialsError};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use time::format_description::well_known::Rfc3339;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What the case is there for.
    about: String,
    #[serde(default)]
    pub(crate) source: SourceCase,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, FileCase>,
    #[serde(default)]
    pub(crate) commands: Vec<CommandCase>,
    #[serde(default)]
    pub(crate) http: Vec<ExchangeCase>,
    pub(crate) expected: Expected,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum SourceCase {
    #[default]
    Default,
    CliProfile(Option<String>),
    IniProfile(Option<String>),
    EcsMetadata(Option<String>),
    CredentialsUri(String),
    External(String),
    AssumeRole {
        base: KeyCase,
        role: RoleCase,
    },
    OidcRole {
        role: RoleCase,
        provider_arn: String,
        token_file: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleCase {
    pub(crate) arn: String,
    pub(crate) session_name: Option<String>,
    pub(crate) seconds: Option<u64>,
    pub(crate) policy: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
    #[serde(default)]
    pub(crate) vpc: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyCase {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// A file: text, JSON, lines, or what happens when it is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum FileCase {
    Text(String),
    Lines(Vec<String>),
    Json(Value),
    Bytes(Vec<u8>),
    Fails(Failure),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Failure {
    PermissionDenied,
    FileTooLarge,
    IsADirectory,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommandCase {
    pub(crate) argv: Vec<String>,
    pub(crate) end: CommandEnd,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum CommandEnd {
    Json(Value),
    Text(String),
    Exit(i32),
    Signal,
    Fails(Failure),
    Never,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExchangeCase {
    pub(crate) request: RequestCase,
    pub(crate) answer: AnswerCase,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestCase {
    pub(crate) method: String,
    /// Scheme, host and path.
    pub(crate) url: String,
    /// Whether the transport may use a proxy.
    #[serde(default)]
    pub(crate) direct: bool,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) without_headers: Vec<String>,
    /// Parameters of query and body; those that are not named may be there too.
    #[serde(default)]
    pub(crate) params: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) without_params: Vec<String>,
    /// The key whose signature has to hold.
    pub(crate) signed_with: Option<KeyCase>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerCase {
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) json: Option<Value>,
    pub(crate) text: Option<String>,
    /// Instead of all that: `connect`, `connect_timeout`, `broken`, `body_too_large` or `never`.
    pub(crate) fails: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum Expected {
    Credentials(FoundCase),
    Error(ErrorCase),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FoundCase {
    id: String,
    secret: String,
    token: Option<String>,
    expires: Option<String>,
    provider: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ErrorCase {
    kind: String,
    /// The whole text of a single source, the head of a chain's.
    text: String,
    /// What each source of a chain said.
    #[serde(default)]
    pub(crate) tried: Vec<String>,
    #[serde(default)]
    retryable: bool,
    status: Option<u16>,
    code: Option<String>,
    request_id: Option<String>,
}

impl Case {
    pub(crate) fn read(path: &Path) -> Self {
        let shown = path.display();
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{shown}: {e}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{shown}: {error}"))
    }

    /// What is wrong with the case itself.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.about.len() < 10 {
            problems.push("it does not say what it is there for".to_owned());
        }
        if let Expected::Credentials(found) = &self.expected {
            let marked = |text: &String| text.contains(MARK);
            if !marked(&found.secret) || !found.token.as_ref().is_none_or(marked) {
                problems.push(format!("its secrets have to hold the word {MARK}"));
            }
        }
        problems
    }
}

impl Expected {
    pub(crate) fn of_credentials(found: &Credentials) -> Self {
        Self::Credentials(FoundCase::of(found))
    }

    pub(crate) fn of_error(error: &CredentialsError) -> Self {
        let text = if error.tried().is_empty() {
            error.to_string()
        } else {
            format!("{}: {}", error.provider(), error.problem())
        };
        Self::Error(ErrorCase {
            kind: format!("{:?}", error.kind()),
            text,
            tried: error.tried().iter().map(ToString::to_string).collect(),
            retryable: error.is_retryable(),
            status: error.status(),
            code: error.code().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
        })
    }
}

impl FoundCase {
    fn of(found: &Credentials) -> Self {
        let key = found.access_key();
        let end = found
            .expires_at()
            .map(|end| end.format(&Rfc3339).expect("a time"));
        Self {
            id: key.id().to_owned(),
            secret: key.secret().expose().to_owned(),
            token: key.security_token().map(str::to_owned),
            expires: end,
            provider: found.provider().to_owned(),
        }
    }

    pub(crate) fn is(&self, found: &Credentials) -> bool {
        *self == Self::of(found)
    }
}
