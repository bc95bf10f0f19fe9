//! Why there are no credentials.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

const LONGEST: usize = 1000;

/// Why a source gave no credentials. No text of it holds a secret. Clones are cheap enough for every
/// caller that waited for the same answer to get its own.
#[derive(Debug, Clone)]
pub struct CredentialsError(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: CredentialsErrorKind,
    provider: Cow<'static, str>,
    problem: Cow<'static, str>,
    tried: Vec<CredentialsError>,
    answer: Option<Answer>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// What a server said instead of giving credentials.
#[derive(Debug, Clone)]
struct Answer {
    status: u16,
    code: Option<String>,
    request_id: Option<String>,
}

/// What is the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CredentialsErrorKind {
    /// The source is not set up on this machine: set it up, or use another one.
    NotConfigured,
    /// The source is set up wrongly: mend what the text says.
    Invalid,
    /// The source did not answer: another try may fare better.
    Unavailable,
    /// No source of a chain gave credentials: see [`CredentialsError::tried`].
    Exhausted,
}

impl CredentialsError {
    /// An error of the source `provider`. `problem` is a sentence without a secret: what is wrong,
    /// where, and how to mend it. It may quote a file: control characters in it become blanks, and
    /// what is longer than 1000 characters is cut.
    pub fn new(
        kind: CredentialsErrorKind,
        provider: impl Into<Cow<'static, str>>,
        problem: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            provider: plain(provider.into()),
            problem: plain(problem.into()),
            tried: Vec::new(),
            answer: None,
            source: None,
        }))
    }

    /// The same error with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// The same error with what a server answered: the HTTP status, the error code of the service
    /// and the id of the request.
    #[must_use]
    pub fn with_answer(
        mut self,
        status: u16,
        code: Option<String>,
        request_id: Option<String>,
    ) -> Self {
        self.0.answer = Some(Answer {
            status,
            code,
            request_id,
        });
        self
    }

    /// The same error under the name of a source that asked this one: `cli_profile` makes
    /// `cli_profile/ram_role_arn` of `ram_role_arn`.
    #[must_use]
    pub(crate) fn through(mut self, asker: &str) -> Self {
        self.0.provider = format!("{asker}/{}", self.0.provider).into();
        self
    }

    pub(crate) fn exhausted(chain: &str, tried: Vec<CredentialsError>) -> Self {
        let kind = CredentialsErrorKind::Exhausted;
        let mut error = Self::new(kind, chain.to_owned(), "no source has credentials");
        error.0.tried = tried;
        error
    }

    /// What is the matter.
    #[must_use]
    pub fn kind(&self) -> CredentialsErrorKind {
        self.0.kind
    }

    /// The name of the source or chain.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.0.provider
    }

    /// What each source of a chain said, in the order they were asked; empty for a single source.
    #[must_use]
    pub fn tried(&self) -> &[CredentialsError] {
        &self.0.tried
    }

    /// The HTTP status of the answer, if a server answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The error code in the answer, such as `NoPermission`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.answer.as_ref()?.code.as_deref()
    }

    /// The id of the request that was answered: the support of the cloud asks for it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.answer.as_ref()?.request_id.as_deref()
    }

    /// What is wrong, without the name of the source.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.0.problem
    }

    /// Whether another try may fare better with nothing changed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.kind == CredentialsErrorKind::Unavailable
            || self.0.tried.iter().any(CredentialsError::is_retryable)
    }
}

/// Most texts are so already.
fn plain(text: Cow<'static, str>) -> Cow<'static, str> {
    if text.len() <= LONGEST && !text.chars().any(char::is_control) {
        return text;
    }
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    Cow::Owned(line.take(LONGEST).collect())
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.0.provider, self.0.problem)?;
        for (index, error) in self.0.tried.iter().enumerate() {
            let lead = if index == 0 { "; tried " } else { "; then " };
            write!(formatter, "{lead}{error}")?;
        }
        Ok(())
    }
}

impl Error for CredentialsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_texts_are_made_harmless() {
        let check = |problem: String, expected: &str| {
            let error = CredentialsError::new(CredentialsErrorKind::Invalid, "p", problem);
            assert_eq!(error.problem(), expected);
        };
        check("a \u{1b}[31m\nb".to_owned(), "a  [31m b");
        check("é".repeat(2000), &"é".repeat(LONGEST));
    }
}
