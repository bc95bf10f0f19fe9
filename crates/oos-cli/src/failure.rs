//! Why a command could not do its work.

use oos::CredentialsError;
use oos_template::{Diagnostic, Diagnostics, Severity, Span};
use std::io;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Arguments, files or templates have mistakes.
    Usage(Mistakes),
    /// A call brought no answer.
    Call(Box<oos::Error>),
    /// The local OOS inside of the process failed.
    Local(String),
    /// The result could not be written.
    Output(io::Error),
}

/// Mistakes of whoever runs the command; at least one.
#[derive(Debug, Default)]
pub(crate) struct Mistakes(Vec<Mistake>);

/// One mistake: what, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) severity: Severity,
    /// The rule that is broken, if rules have codes there.
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) place: Option<Place>,
    pub(crate) fix: Option<String>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) span: Span,
    /// The line where it begins.
    pub(crate) line: String,
}

impl Failure {
    /// A failure of one mistake without a place.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(Mistakes::one(message))
    }
}

impl From<oos::Error> for Failure {
    fn from(error: oos::Error) -> Self {
        Self::Call(Box::new(error))
    }
}

impl From<Mistakes> for Failure {
    fn from(mistakes: Mistakes) -> Self {
        Self::Usage(mistakes)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl Mistakes {
    /// One mistake without a place.
    pub(crate) fn one(message: impl Into<String>) -> Self {
        Self(vec![Mistake::new(message)])
    }

    /// What the checker found in a file with this text.
    pub(crate) fn in_template(file: &str, text: &str, found: &Diagnostics) -> Self {
        Self(
            found
                .iter()
                .map(|one| Mistake::of(file, text, one))
                .collect(),
        )
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Mistake> {
        self.0.iter()
    }

    /// Good if there are none.
    ///
    /// # Errors
    /// These.
    pub(crate) fn or_none(self) -> Result<(), Failure> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Failure::Usage(self))
        }
    }
}

impl FromIterator<Mistake> for Mistakes {
    fn from_iter<I: IntoIterator<Item = Mistake>>(mistakes: I) -> Self {
        Self(mistakes.into_iter().collect())
    }
}

impl Extend<Mistake> for Mistakes {
    fn extend<I: IntoIterator<Item = Mistake>>(&mut self, mistakes: I) {
        self.0.extend(mistakes);
    }
}

impl IntoIterator for Mistakes {
    type Item = Mistake;
    type IntoIter = std::vec::IntoIter<Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Mistake {
    /// A mistake without a place.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            severity: Severity::Error,
            code: None,
            message,
            place: None,
            fix: None,
        }
    }

    /// A mistake at a place of a file with this text.
    pub(crate) fn at(file: &str, text: &str, span: Span, message: impl Into<String>) -> Self {
        Self {
            place: Some(Place::new(file, text, span)),
            ..Self::new(message)
        }
    }

    /// A finding about a template with this text.
    pub(crate) fn of(file: &str, text: &str, found: &Diagnostic) -> Self {
        Self {
            severity: found.severity,
            code: Some(found.code.as_str()),
            fix: found.fix.clone(),
            ..Self::at(file, text, found.span, &found.message)
        }
    }
}

impl Place {
    fn new(file: &str, text: &str, span: Span) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let number = usize::try_from(span.start.line).unwrap_or(usize::MAX);
        let line = text
            .lines()
            .nth(number.saturating_sub(1))
            .unwrap_or_default();
        Self {
            file: file.to_owned(),
            span,
            line: line.to_owned(),
        }
    }
}

/// An error with all its causes, outermost first. What the sources of credentials said is left out:
/// see [`tried`].
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> Vec<String> {
    let mut texts = vec![text_of(error)];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = text_of(error);
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        cause = error.source();
    }
    texts
}

fn text_of(error: &(dyn std::error::Error + 'static)) -> String {
    match error.downcast_ref::<CredentialsError>() {
        Some(error) => format!("{}: {}", error.provider(), error.problem()),
        None => error.to_string(),
    }
}

/// What each source of credentials said, if that is why a call failed.
pub(crate) fn tried(error: &oos::Error) -> Vec<String> {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<CredentialsError>() {
            return error
                .tried()
                .iter()
                .map(|one| chain(one).join(": "))
                .collect();
        }
        cause = error.source();
    }
    Vec::new()
}

/// What to do about a failed call, where its own text does not say it.
pub(crate) fn hint(error: &oos::Error) -> Option<&'static str> {
    match error {
        oos::Error::Credentials(_) => Some(
            "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or make a profile \
             with `aliyun configure`",
        ),
        oos::Error::Transport(_) => Some(
            "is the service running and reachable? check --endpoint or --region, the network and the proxy",
        ),
        oos::Error::Timeout(_) => Some("try again, or give it longer with --timeout"),
        oos::Error::Service(_) => hint_for_code(error.code()?),
        _ => None,
    }
}

fn hint_for_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "SignatureDoesNotMatch" | "IncompleteSignature" => {
            "the access key secret does not belong to the access key id (of the environment: \
             ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_ACCESS_KEY_ID): set both anew"
        }
        "InvalidAccessKeyId.NotFound" | "InvalidAccessKeyId.Inactive" => {
            "check the access key id: the service does not know the key, or it is disabled"
        }
        "EntityNotExists.Execution" => {
            "check the execution id and the region: an execution is known only where it was started"
        }
        "InvalidTimeStamp.Expired" | "IllegalTimestamp" => "set the clock of this machine",
        "IdempotentParameterMismatch" => {
            "this client token was used for another message before: take a new one"
        }
        code if code.starts_with("Throttling") => "wait a little, then try again",
        _ => return None,
    })
}
