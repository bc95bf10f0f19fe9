//! Where the values of references come from.

use std::borrow::Cow;

use indexmap::IndexMap;

use super::StoreKind;
use crate::value::{Map, Value};

/// Answers the references of an expression. Names arrive as they are declared.
///
/// Answers must not change while one expression is evaluated. `None` from [`parameter`] and
/// [`pseudo`] fails the evaluation; `None` from [`output`] is null, as an output of a skipped task is.
///
/// [`parameter`]: Scope::parameter
/// [`pseudo`]: Scope::pseudo
/// [`output`]: Scope::output
pub trait Scope {
    /// The value of a parameter.
    fn parameter(&self, name: &str) -> Option<Cow<'_, Value>>;

    /// The value of a task's output; none while the task has not run.
    fn output(&self, task: &str, output: &str) -> Option<Cow<'_, Value>>;

    /// The value of a pseudo parameter, named with its `ACS::`.
    fn pseudo(&self, name: &str) -> Option<Cow<'_, Value>>;

    /// The value of a stored parameter. Without an answer the evaluation fails.
    fn stored(&self, kind: StoreKind, name: &str) -> Option<Cow<'_, Value>> {
        let _ = (kind, name);
        None
    }
}

/// A scope of plain maps: for tests, and for bindings that need no engine.
///
/// ```
/// use oos_template::{Scope, Value, Values};
///
/// let scope = Values::new().with_pseudo("ACS::RegionId", "cn-hangzhou");
/// assert_eq!(scope.pseudo("ACS::RegionId").as_deref(), Some(&Value::from("cn-hangzhou")));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Values {
    parameters: Map,
    outputs: IndexMap<(String, String), Value>,
    pseudo: Map,
    stored: IndexMap<(StoreKind, String), Value>,
}

impl Values {
    /// A scope without any value.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds all values of parameters, replacing those there were.
    #[must_use]
    pub fn with_parameters(mut self, parameters: Map) -> Self {
        self.parameters = parameters;
        self
    }

    /// Adds the value of a parameter.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// Adds the value of an output.
    #[must_use]
    pub fn with_output(
        mut self,
        task: impl Into<String>,
        output: impl Into<String>,
        value: impl Into<Value>,
    ) -> Self {
        self.outputs
            .insert((task.into(), output.into()), value.into());
        self
    }

    /// Adds the value of a pseudo parameter, named with its `ACS::`.
    #[must_use]
    pub fn with_pseudo(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.pseudo.insert(name.into(), value.into());
        self
    }

    /// Adds a value of the parameter store.
    #[must_use]
    pub fn with_stored(
        mut self,
        kind: StoreKind,
        name: impl Into<String>,
        value: impl Into<Value>,
    ) -> Self {
        self.stored.insert((kind, name.into()), value.into());
        self
    }
}

impl Scope for Values {
    fn parameter(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.parameters.get(name).map(Cow::Borrowed)
    }

    fn output(&self, task: &str, output: &str) -> Option<Cow<'_, Value>> {
        self.outputs
            .get(&(task.to_owned(), output.to_owned()))
            .map(Cow::Borrowed)
    }

    fn pseudo(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.pseudo.get(name).map(Cow::Borrowed)
    }

    fn stored(&self, kind: StoreKind, name: &str) -> Option<Cow<'_, Value>> {
        self.stored.get(&(kind, name.to_owned())).map(Cow::Borrowed)
    }
}
