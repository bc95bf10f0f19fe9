//! Why there are no credentials.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// Why a source gave no credentials. No text of it holds a secret.
#[derive(Debug)]
pub struct CredentialsError {
    kind: CredentialsErrorKind,
    provider: Cow<'static, str>,
    problem: Cow<'static, str>,
    tried: Vec<CredentialsError>,
    source: Option<Box<dyn Error + Send + Sync>>,
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
    /// where, and how to mend it.
    pub fn new(
        kind: CredentialsErrorKind,
        provider: impl Into<Cow<'static, str>>,
        problem: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            kind,
            provider: provider.into(),
            problem: problem.into(),
            tried: Vec::new(),
            source: None,
        }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    pub(crate) fn exhausted(chain: &str, tried: Vec<CredentialsError>) -> Self {
        let kind = CredentialsErrorKind::Exhausted;
        let mut error = Self::new(kind, chain.to_owned(), "no source has credentials");
        error.tried = tried;
        error
    }

    /// What is the matter.
    #[must_use]
    pub fn kind(&self) -> CredentialsErrorKind {
        self.kind
    }

    /// The name of the source or chain.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// What each source of a chain said, in the order they were asked; empty for a single source.
    #[must_use]
    pub fn tried(&self) -> &[CredentialsError] {
        &self.tried
    }

    /// Whether another try may fare better with nothing changed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.kind == CredentialsErrorKind::Unavailable
            || self.tried.iter().any(CredentialsError::is_retryable)
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.provider, self.problem)?;
        for (index, error) in self.tried.iter().enumerate() {
            let lead = if index == 0 { "; tried " } else { "; then " };
            write!(formatter, "{lead}{error}")?;
        }
        Ok(())
    }
}

impl Error for CredentialsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}
