//! Why an expression has no value.

use super::Reference;
use crate::jq::SelectorError;

/// Why an expression could not be evaluated. Messages name places and types, never values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// The scope has no value for a reference.
    #[error("the reference {{{{ {reference} }}}} has no value")]
    #[non_exhaustive]
    Unresolved {
        /// The reference.
        reference: Reference,
    },
    /// A function was given something it does not take.
    #[error("{function}: {message}")]
    #[non_exhaustive]
    Function {
        /// The function, such as `Fn::Select`.
        function: &'static str,
        /// What it needs and what it got.
        message: String,
    },
    /// The function is part of the template language, but this version cannot evaluate it.
    #[error("{function} is not supported by this version")]
    #[non_exhaustive]
    Unsupported {
        /// The function, such as `Fn::FindMatchedPackage`.
        function: &'static str,
    },
    /// A selector failed.
    #[error("the selector failed")]
    #[non_exhaustive]
    Selector {
        /// Why.
        source: SelectorError,
    },
    /// A value does not convert to the declared type.
    #[error("a {found} cannot become a {wanted}")]
    #[non_exhaustive]
    Conversion {
        /// The kind of value there is.
        found: &'static str,
        /// The declared type.
        wanted: &'static str,
    },
    /// The value grew over the bounds that protect the process.
    #[error("the value is larger than {limit}")]
    #[non_exhaustive]
    TooLarge {
        /// The bound, in words.
        limit: &'static str,
    },
}

impl EvalError {
    pub(crate) fn function(function: &'static str, message: impl Into<String>) -> Self {
        Self::Function {
            function,
            message: message.into(),
        }
    }
}

impl From<SelectorError> for EvalError {
    fn from(source: SelectorError) -> Self {
        Self::Selector { source }
    }
}
