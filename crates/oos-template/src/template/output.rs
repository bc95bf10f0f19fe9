//! Outputs of tasks and of templates.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::Span;
use crate::expr::{EvalError, Expr, Scope, evaluate};
use crate::jq::Selector;
use crate::value::{Number, Value};

/// The types of parameters and outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the template language has five types"
)]
pub enum DataType {
    /// Text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    List,
    /// Any JSON value.
    Json,
}

impl DataType {
    /// Reads the type of a parameter.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "String" => Self::String,
            "Number" => Self::Number,
            "Boolean" => Self::Boolean,
            "List" => Self::List,
            "Json" => Self::Json,
            _ => return None,
        })
    }

    /// Reads the type of an output: also `Array`, `Object` and `List<String>`, in any letter case.
    pub(crate) fn parse_output(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        let base = lower
            .split_once('<')
            .map_or(lower.as_str(), |(base, _)| base);
        Some(match base {
            "string" => Self::String,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "list" | "array" => Self::List,
            "json" | "object" => Self::Json,
            _ => return None,
        })
    }

    /// The type as templates name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Number => "Number",
            Self::Boolean => "Boolean",
            Self::List => "List",
            Self::Json => "Json",
        }
    }

    /// A value as this type: texts are read, other values become texts, null stays null.
    ///
    /// # Errors
    /// The value cannot be read as a number, a boolean or a list.
    pub fn convert(self, value: Value) -> Result<Value, EvalError> {
        let found = value.kind();
        let converted = match (self, value) {
            (_, Value::Null) => Some(Value::Null),
            (Self::String, value @ Value::String(_))
            | (Self::Number, value @ Value::Number(_))
            | (Self::Boolean, value @ Value::Bool(_))
            | (Self::List, value @ Value::List(_))
            | (Self::Json, value) => Some(value),
            (Self::String, value) => Some(Value::String(value.to_json_string())),
            (Self::Number, Value::String(text)) => Number::parse(text.trim()).map(Value::Number),
            (Self::Boolean, Value::String(text)) => boolean(&text),
            (Self::List, Value::String(text)) => Value::from_json(&text)
                .ok()
                .filter(|value| matches!(value, Value::List(_))),
            _ => None,
        };
        converted.ok_or(EvalError::Conversion {
            found,
            wanted: self.as_str(),
        })
    }
}

fn boolean(text: &str) -> Option<Value> {
    let text = text.trim();
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    (is("true") || is("false")).then(|| Value::Bool(is("true")))
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An output of a template.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OutputDecl {
    /// The declared type.
    pub type_: DataType,
    /// What to evaluate when the execution ends.
    pub value: Expr,
    /// Where it is declared.
    pub span: Span,
}

/// An output of a task.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TaskOutput {
    /// The declared type.
    pub type_: DataType,
    /// The jq program, as text once it is evaluated.
    pub selector: Expr,
    /// Where it is declared.
    pub span: Span,
    /// The program when nothing in it has to be evaluated.
    pub(crate) compiled: Option<Arc<Selector>>,
}

impl TaskOutput {
    /// Selects the output from the document a task's action brought: for type List all results of the
    /// program as one list, for other types the first one, converted.
    ///
    /// A program without results gives an empty list, an empty text for String, else null.
    ///
    /// # Errors
    /// The program's references have no values, it does not compile or fails, or its result does not
    /// convert to the declared type.
    pub fn select(&self, document: &Value, scope: &dyn Scope) -> Result<Value, EvalError> {
        let found = if let Some(selector) = &self.compiled {
            selector.run(document)?
        } else {
            let text = DataType::String.convert(evaluate(&self.selector, scope)?)?;
            Selector::kept(text.as_str().unwrap_or("."))?.run(document)?
        };
        if self.type_ == DataType::List {
            return Ok(Value::List(found));
        }
        match (found.into_iter().next(), self.type_) {
            (Some(value), type_) => type_.convert(value),
            (None, DataType::String) => Ok(Value::from("")),
            (None, _) => Ok(Value::Null),
        }
    }
}
