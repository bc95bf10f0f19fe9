//! The file of the official CLI, and one profile of it.

use super::PROVIDER;
use crate::CredentialsErrorKind::{Invalid, NotConfigured};
use crate::document::Document;
use crate::key_text::Found;
use crate::machine::{self, is_on, variable};
use crate::{AccessKey, CredentialsError, Host};

const DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
const FILE: &str = "ALIBABA_CLOUD_CONFIG_FILE";
const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";
const USUAL: &str = "~/.aliyun/config.json";
/// So many names of profiles are enough for a sentence.
const SHOWN_NAMES: usize = 20;

/// The content of the file, and how sentences name it.
pub(super) struct ConfigFile {
    document: Document,
    path: String,
}

/// One profile.
pub(super) struct Profile<'a> {
    document: &'a Document,
    name: &'a str,
    place: String,
}

impl ConfigFile {
    pub(super) fn read(host: &dyn Host) -> Result<Self, CredentialsError> {
        let not_there = |problem: String| CredentialsError::new(NotConfigured, PROVIDER, problem);
        if is_on(host, DISABLED) {
            return Err(not_there(format!("{DISABLED} is true")));
        }
        let text = variable(host, FILE);
        let path = machine::path(host, text.as_deref().unwrap_or(USUAL)).map_err(not_there)?;
        let bytes = machine::file(host, PROVIDER, &path)?;
        let path = path.display().to_string();
        let document = Document::parse(&bytes).map_err(|place| {
            let (line, column) = (place.line, place.column);
            error(format!(
                "{path} is no JSON: see line {line}, column {column}"
            ))
        })?;
        if document.list("profiles").is_none() {
            return Err(error(format!("{path} has no list `profiles`")));
        }
        Ok(Self { document, path })
    }

    /// The name of the profile that is meant: given, of the environment, current, `default`.
    pub(super) fn chosen(&self, host: &dyn Host, given: Option<&str>) -> String {
        let current = || self.document.text("current").map(str::to_owned);
        given
            .map(str::to_owned)
            .or_else(|| variable(host, PROFILE))
            .or_else(current)
            .unwrap_or_else(|| "default".to_owned())
    }

    pub(super) fn profile<'a>(&'a self, name: &'a str) -> Result<Profile<'a>, CredentialsError> {
        let profiles = self.document.list("profiles").unwrap_or_default();
        let found = profiles
            .iter()
            .find(|profile| profile.text("name") == Some(name));
        match found {
            Some(document) => Ok(Profile {
                document,
                name,
                place: format!(" of profile `{name}` in {}", self.path),
            }),
            None => Err(error(self.no_profile(name, profiles))),
        }
    }

    fn no_profile(&self, name: &str, profiles: &[Document]) -> String {
        let names = profiles.iter().filter_map(|profile| profile.text("name"));
        let names: Vec<&str> = names.take(SHOWN_NAMES).collect();
        let path = &self.path;
        if names.is_empty() {
            return format!("there is no profile `{name}` in {path}, nor any other");
        }
        format!(
            "there is no profile `{name}` in {path}, but {}",
            names.join(", ")
        )
    }
}

impl<'a> Profile<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    pub(super) fn text(&self, member: &str) -> Option<&'a str> {
        self.document.text(member)
    }

    pub(super) fn need(&self, member: &str) -> Result<&'a str, CredentialsError> {
        self.text(member).ok_or_else(|| self.missing(member))
    }

    pub(super) fn integer(&self, member: &str) -> Option<i64> {
        self.document.integer(member)
    }

    pub(super) fn is_true(&self, member: &str) -> bool {
        self.document.is_true(member)
    }

    /// The key, with its token if this profile may have one.
    pub(super) fn key(&self, with_token: bool) -> Result<AccessKey, CredentialsError> {
        let member = |name| (name, self.text(name));
        let token = ("sts_token", self.text("sts_token").filter(|_| with_token));
        let found = Found {
            id: member("access_key_id"),
            secret: member("access_key_secret"),
            token,
            place: &self.place,
        };
        found.key(PROVIDER)
    }

    pub(super) fn missing(&self, member: &str) -> CredentialsError {
        error(format!("{member}{} is not set", self.place))
    }

    /// A sentence about this profile: `what` stands before ` of profile x in FILE`.
    pub(super) fn problem(&self, what: &str, rest: &str) -> CredentialsError {
        error(format!("{what}{}{rest}", self.place))
    }
}

pub(super) fn error(problem: String) -> CredentialsError {
    CredentialsError::new(Invalid, PROVIDER, problem)
}
