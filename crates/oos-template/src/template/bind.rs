//! From the values given at a start to the values of all parameters.

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexMap;

use super::parameter::Parameter;
use super::scope::parameters_of;
use super::{DataType, Template};
use crate::expr::{Scope, StoreKind, evaluate, nearest};
use crate::value::{Map, Value};

/// What is wrong with the value of a parameter. The message never holds the value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParameterProblem {
    /// The parameter, as declared, or as given when it is not declared.
    pub parameter: String,
    /// What kind of problem.
    pub kind: ProblemKind,
    /// One sentence that names the parameter.
    pub message: String,
}

/// The kinds of problems with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The template does not declare it.
    Unknown,
    /// It has no default and no value was given.
    Missing,
    /// The value is not of the declared type.
    Type,
    /// The value breaks a constraint.
    Constraint,
    /// The default does not evaluate.
    Default,
}

impl fmt::Display for ParameterProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParameterProblem {}

impl Template {
    /// Gives every parameter its value: the given one, read as the declared type when it is text, or
    /// the default, whose references are answered by the other parameters and by `scope` (for pseudo
    /// parameters). Given names match in any letter case. The result is in the order of declaration.
    ///
    /// Defaults are not held against constraints: templates use `""` and the like for "not given".
    ///
    /// # Errors
    /// All problems at once.
    pub fn bind_parameters(
        &self,
        given: &IndexMap<String, Value>,
        scope: &dyn Scope,
    ) -> Result<IndexMap<String, Value>, Vec<ParameterProblem>> {
        let mut problems = Vec::new();
        let mut bound = self.bind_given(given, &mut problems);
        for (name, parameter) in &self.parameters {
            let reported = problems.iter().any(|problem| problem.parameter == *name);
            if parameter.default.is_none() && !bound.contains_key(name) && !reported {
                problems.push(problem(name, ProblemKind::Missing, "is required"));
            }
        }
        self.bind_defaults(&mut bound, scope, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut take = |name: &String| (name.clone(), bound.swap_remove(name).unwrap_or_default());
        Ok(self.parameters.keys().map(&mut take).collect())
    }

    /// What is wrong with a value for a declared parameter, if something is.
    pub(crate) fn misfit(&self, name: &str, value: &Value) -> Option<String> {
        let parameter = self.parameters.get(name)?;
        let problem = check_given(name, parameter, value).err()?;
        Some(problem.message)
    }

    fn bind_given(&self, given: &Map, problems: &mut Vec<ParameterProblem>) -> Map {
        let mut bound = Map::new();
        for (written, value) in given {
            let declared = self.parameters.get_key_value(written).or_else(|| {
                self.parameters
                    .iter()
                    .find(|(name, _)| name.eq_ignore_ascii_case(written))
            });
            let Some((name, parameter)) = declared else {
                problems.push(self.unknown(written));
                continue;
            };
            match check_given(name, parameter, value) {
                Ok(value) => drop(bound.insert(name.clone(), value)),
                Err(problem) => problems.push(problem),
            }
        }
        bound
    }

    fn unknown(&self, name: &str) -> ParameterProblem {
        let near = nearest(name, self.parameters.keys().map(String::as_str));
        let hint = near
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        problem(
            name,
            ProblemKind::Unknown,
            &format!("is not declared by the template{hint}"),
        )
    }

    /// Evaluates defaults, each after those it refers to. What depends on a parameter with a problem
    /// is left out: that problem is reported already.
    fn bind_defaults(
        &self,
        bound: &mut Map,
        scope: &dyn Scope,
        problems: &mut Vec<ParameterProblem>,
    ) {
        let unbound = |(name, parameter): (&'_ String, &'_ Parameter)| {
            (!bound.contains_key(name) && parameter.default.is_some()).then(|| name.clone())
        };
        let mut pending: Vec<String> = self.parameters.iter().filter_map(unbound).collect();
        pending.retain(|name| problems.iter().all(|problem| problem.parameter != *name));
        loop {
            let before = pending.len();
            pending.retain(|name| !self.bind_default(name, bound, scope, problems));
            if pending.is_empty() || pending.len() == before {
                return;
            }
        }
    }

    /// Binds one default if all it refers to is bound; whether that parameter is done with.
    fn bind_default(
        &self,
        name: &str,
        bound: &mut Map,
        scope: &dyn Scope,
        problems: &mut Vec<ParameterProblem>,
    ) -> bool {
        let parameter = &self.parameters[name];
        let Some(default) = &parameter.default else {
            return true;
        };
        if !parameters_of(default)
            .iter()
            .all(|other| bound.contains_key(*other))
        {
            return false;
        }
        match evaluate(default, &Binding { bound, scope }) {
            Ok(value) => drop(bound.insert(name.to_owned(), default_as(parameter.type_, value))),
            Err(error) => {
                let text = format!("has a default without a value: {error}");
                problems.push(problem(name, ProblemKind::Default, &text));
            }
        }
        true
    }
}

/// A default in its type where it converts; `""` for "not given" stays what it is.
fn default_as(type_: DataType, value: Value) -> Value {
    type_.convert(value.clone()).unwrap_or(value)
}

fn check_given(
    name: &str,
    parameter: &Parameter,
    value: &Value,
) -> Result<Value, ParameterProblem> {
    let type_ = parameter.type_;
    let value = match (type_, value) {
        // Command lines and other services hand JSON over as text.
        (DataType::Json, Value::String(text)) => {
            Value::from_json(text).unwrap_or_else(|_| value.clone())
        }
        _ => value.clone(),
    };
    let wrong = |found: &str| {
        problem(
            name,
            ProblemKind::Type,
            &format!("must be a {type_}, not {found}"),
        )
    };
    if value.is_null() && parameter.default.is_none() {
        return Err(wrong("null"));
    }
    let found = value.kind();
    let value = type_
        .convert(value)
        .map_err(|_| wrong(&format!("this {found}")))?;
    let Some(violation) = parameter.violation(&value) else {
        return Ok(value);
    };
    let told = parameter
        .constraint_description
        .as_ref()
        .and_then(description);
    let told = told.map(|text| format!(" ({text})")).unwrap_or_default();
    Err(problem(
        name,
        ProblemKind::Constraint,
        &format!("{violation}{told}"),
    ))
}

/// A text, or the English (else the first) of several languages.
fn description(value: &Value) -> Option<&str> {
    match value {
        Value::Map(texts) => texts
            .get("en")
            .or(texts.values().next())
            .and_then(Value::as_str),
        other => other.as_str(),
    }
}

fn problem(parameter: &str, kind: ProblemKind, text: &str) -> ParameterProblem {
    let message = format!("the parameter {parameter} {text}");
    ParameterProblem {
        parameter: parameter.to_owned(),
        kind,
        message,
    }
}

/// The parameters bound so far before the caller's scope.
struct Binding<'a> {
    bound: &'a Map,
    scope: &'a dyn Scope,
}

impl Scope for Binding<'_> {
    fn parameter(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.bound.get(name).map(Cow::Borrowed)
    }

    fn output(&self, _: &str, _: &str) -> Option<Cow<'_, Value>> {
        None
    }

    fn pseudo(&self, name: &str) -> Option<Cow<'_, Value>> {
        self.scope.pseudo(name)
    }

    fn stored(&self, kind: StoreKind, name: &str) -> Option<Cow<'_, Value>> {
        self.scope.stored(kind, name)
    }
}
