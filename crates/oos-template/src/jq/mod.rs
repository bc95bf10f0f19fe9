//! jq selectors, bounded.

use crate::value::Value;

/// A compiled selector.
#[derive(Debug, Clone)]
pub struct Selector {
    text: String,
}

/// Why a selector does not compile or has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct SelectorError {
    /// What is wrong.
    pub message: String,
}

impl Selector {
    /// Compiles.
    ///
    /// # Errors
    /// Syntax.
    pub fn compile(text: &str) -> Result<Self, SelectorError> {
        Ok(Self {
            text: text.to_owned(),
        })
    }

    /// Runs.
    ///
    /// # Errors
    /// Run-time errors.
    pub fn run(&self, input: &Value) -> Result<Vec<Value>, SelectorError> {
        let _ = (input, &self.text);
        Err(SelectorError {
            message: "not yet".to_owned(),
        })
    }
}
