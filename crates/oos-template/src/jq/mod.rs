//! jq programs as OOS uses them to select from documents.
//!
//! A program is hostile input as much as the document is. It is read, walked and rewritten before it
//! is compiled (`guard`): only known functions are let through, every generator passes a native that
//! counts steps, every value that is built passes one that weighs it, so that a program ends, with an
//! answer or an error, whatever it says. The jaq crates are named in this folder only.

mod budget;
mod convert;
mod definitions;
mod guard;
mod kept;
mod library;
mod natives;
mod nesting;
mod path;
mod regex;
mod severity;

use std::fmt;
use std::sync::Arc;

use jaq_core::{Ctx, Vars};

use crate::value::Value;
use budget::Budget;
use natives::{Kind, Run};
use path::PlainPath;
pub(crate) use severity::refused;

/// Bytes of a program.
const MAX_TEXT: usize = 16 * 1024;
/// Results of one run.
const MAX_RESULTS: usize = 100_000;

/// A compiled jq program, with the dot that OOS lets one leave out.
///
/// ```
/// use oos_template::{Selector, Value};
///
/// let selector = Selector::compile("Instances.Instance[].InstanceId")?;
/// let document = Value::from_json(r#"{"Instances":{"Instance":[{"InstanceId":"i-1"}]}}"#)?;
/// assert_eq!(selector.run(&document)?, [Value::from("i-1")]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Selector {
    text: String,
    program: Program,
}

enum Program {
    Path(PlainPath),
    Jq(Box<jaq_core::Filter<Kind>>),
}

/// Why a program does not compile or gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectorError {
    /// The program is not jq.
    #[error("{expected} was expected at character {at}")]
    #[non_exhaustive]
    Syntax {
        /// What should stand there.
        expected: String,
        /// The character of the program, from 1.
        at: usize,
    },
    /// The program uses what selectors cannot.
    #[error("{what} cannot be used in a selector")]
    #[non_exhaustive]
    Refused {
        /// The function, variable or construct.
        what: String,
    },
    /// The program or the document is larger, or takes more steps, than is allowed.
    #[error("{what}")]
    #[non_exhaustive]
    TooLarge {
        /// Which bound.
        what: &'static str,
    },
    /// The program failed on the document.
    #[error("the selector failed on this document")]
    #[non_exhaustive]
    Failed {
        /// jq's own words; they may quote the document.
        detail: String,
    },
}

impl SelectorError {
    /// jq's own words about a failed run. They may quote the document, so they are in no message.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Failed { detail } => Some(detail),
            _ => None,
        }
    }
}

impl Selector {
    /// Compiles a program. A program that starts with a name that is no function gets a dot before it.
    ///
    /// # Errors
    /// A text that is not jq, or uses what selectors cannot: definitions, modules, inputs, the
    /// environment, the clock, functions without bound.
    pub fn compile(text: &str) -> Result<Self, SelectorError> {
        if text.len() > MAX_TEXT {
            return Err(SelectorError::TooLarge {
                what: "a selector has at most 16 KB",
            });
        }
        let text = guard::with_dot(text);
        if let Some(path) = PlainPath::read(&text) {
            let program = Program::Path(path);
            return Ok(Self { text, program });
        }
        let filter = library::compile(&text)?;
        Ok(Self::from_filter(&text, filter))
    }

    /// The selector of a program, compiled the first time it is asked for and kept for the next.
    ///
    /// # Errors
    /// As [`Selector::compile`].
    pub fn kept(text: &str) -> Result<Arc<Self>, SelectorError> {
        kept::get(text)
    }

    fn from_filter(text: &str, filter: jaq_core::Filter<Kind>) -> Self {
        Self {
            text: text.to_owned(),
            program: Program::Jq(Box::new(filter)),
        }
    }

    /// All results of the program on a document.
    ///
    /// # Errors
    /// The program fails, or takes more steps or memory than is allowed.
    pub fn run(&self, document: &Value) -> Result<Vec<Value>, SelectorError> {
        self.run_within(document, &Budget::of(budget::UNITS))
    }

    fn run_within(&self, document: &Value, budget: &Budget) -> Result<Vec<Value>, SelectorError> {
        let filter = match &self.program {
            Program::Path(path) => return path.run(document, MAX_RESULTS),
            Program::Jq(filter) => filter,
        };
        let input = convert::to_jq(document).ok_or(SelectorError::TooLarge {
            what: "the document is nested deeper than 256 levels",
        })?;
        let patterns = regex::Patterns::default();
        let context = Ctx::<Kind>::new(
            Run {
                lut: &filter.lut,
                budget,
                patterns: &patterns,
            },
            Vars::new([]),
        );
        let mut results = Vec::new();
        for result in filter.id.run((context, input)) {
            let value = result.map_err(|exception| match exception.get_err() {
                Ok(error) => SelectorError::Failed {
                    detail: shorten(&error.to_string()),
                },
                Err(_) => SelectorError::TooLarge {
                    what: budget.reason(),
                },
            })?;
            if !budget.weigh(&value) || results.len() == MAX_RESULTS {
                return Err(SelectorError::TooLarge {
                    what: budget.reason(),
                });
            }
            results.push(convert::from_jq(&value)?);
        }
        Ok(results)
    }

    /// The program as it runs, with its leading dot.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl fmt::Debug for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Selector").field(&self.text).finish()
    }
}

#[cfg(test)]
mod tests;
