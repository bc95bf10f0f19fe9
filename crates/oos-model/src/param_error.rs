//! Why the parameters of a call cannot be read.

use std::borrow::Cow;

use crate::ApiError;

/// Why parameters are not a call. Its text is the message of the API; it never holds a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParamError {
    /// A parameter that the operation cannot do without is absent or empty. Send it.
    #[error("{name} is mandatory for this action.")]
    #[non_exhaustive]
    Missing {
        /// Name of the parameter.
        name: String,
    },
    /// A parameter is there but cannot be read. Send it in the form that the reason names.
    #[error("Specified parameter {name} is not valid: {reason}.")]
    #[non_exhaustive]
    Invalid {
        /// Name of the parameter.
        name: String,
        /// What is wrong with it, as the end of a sentence without the full stop.
        reason: Cow<'static, str>,
    },
}

impl ParamError {
    /// The parameter `name` is not there.
    #[must_use]
    pub fn missing(name: impl Into<String>) -> Self {
        Self::Missing { name: name.into() }
    }

    /// The parameter `name` cannot be read; `reason` must not repeat its value.
    #[must_use]
    pub fn invalid(name: impl Into<String>, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid {
            name: name.into(),
            reason: reason.into(),
        }
    }

    /// The parameter it is about.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Missing { name } | Self::Invalid { name, .. } => name,
        }
    }

    /// The code the API answers with: `MissingName` or `InvalidName`, where `Name` is the parameter
    /// (the gateway codes `Missing{Param}` and `Invalid{Param}`). Of `Filter.1.Name` only `Filter`.
    #[must_use]
    pub fn code(&self) -> String {
        let name = self.name().split('.').next().unwrap_or_default();
        match self {
            Self::Missing { .. } => format!("Missing{name}"),
            Self::Invalid { .. } => format!("Invalid{name}"),
        }
    }
}

impl From<ParamError> for ApiError {
    fn from(error: ParamError) -> Self {
        Self::new(400, error.code(), error.to_string())
    }
}
