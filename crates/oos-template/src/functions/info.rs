//! What is public about a function: name, arguments, result, documentation.

use std::fmt;

use super::Run;
use super::table::TABLE;

/// A function of the template language, with what tools and papers say about it.
pub struct FunctionInfo {
    /// Its name, such as `Fn::Join`. Templates may write it in any letter case.
    pub name: &'static str,
    /// What it takes.
    pub shape: Shape,
    /// What it gives, in words.
    pub result: &'static str,
    /// What it does, in one or two sentences of Markdown.
    pub doc: &'static str,
    /// A call and its result; both texts are empty for a function that is not supported.
    pub example: Example,
    /// Where the function is known from.
    pub source: &'static str,
    pub(super) run: Run,
}

/// What a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// The argument itself, without a list around it.
    One(Argument),
    /// A list of so many items; those after the required ones may be left out.
    Items {
        /// The items in order.
        items: &'static [Argument],
        /// How many of them have to be there.
        required: usize,
    },
    /// A list of items of one kind.
    Many {
        /// Each of them.
        item: Argument,
        /// How many there have to be at least.
        least: usize,
    },
}

/// One argument of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a name and a kind are all there is"
)]
pub struct Argument {
    /// What it is called in messages and papers.
    pub name: &'static str,
    /// What kinds of values it may have.
    pub kind: Kind,
}

/// Kinds of values an argument may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Any value.
    Any,
    /// Text; numbers and booleans count as theirs.
    Text,
    /// A whole number, also as text.
    Integer,
    /// A number, also as text.
    Number,
    /// A condition: a boolean, its text, a function, or the name of a condition.
    Condition,
    /// A list, also as JSON text.
    List,
    /// A map, also as JSON text.
    Map,
    /// A list or a map, also as JSON text.
    ListOrMap,
    /// A point in time in UTC, as `ACS::CurrentUTCTime` gives it.
    Time,
    /// One of these words, in any letter case.
    Choice(&'static [&'static str]),
}

/// A call of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a call is argument and result")]
pub struct Example {
    /// The argument as JSON.
    pub argument: &'static str,
    /// The result as JSON.
    pub result: &'static str,
}

/// All functions, ordered by name.
///
/// ```
/// let join = oos_template::functions::find("fn::join").expect("a function");
/// assert_eq!(join.name, "Fn::Join");
/// assert_eq!(join.shape.to_string(), "[separator: text, list: list]");
/// assert_eq!(join.arity(), (2, 2));
/// ```
#[must_use]
pub fn all() -> &'static [FunctionInfo] {
    TABLE
}

/// The function of a name in any letter case.
#[must_use]
pub fn find(name: &str) -> Option<&'static FunctionInfo> {
    let exact = TABLE.binary_search_by(|function| function.name.cmp(name));
    match exact {
        Ok(index) => Some(&TABLE[index]),
        Err(_) => TABLE
            .iter()
            .find(|function| function.name.eq_ignore_ascii_case(name)),
    }
}

impl FunctionInfo {
    /// How many items the argument has at least and at most; one for an argument that is no list of
    /// items.
    #[must_use]
    pub const fn arity(&self) -> (usize, usize) {
        match self.shape {
            Shape::One(_) => (1, 1),
            Shape::Items { items, required } => (required, items.len()),
            Shape::Many { least, .. } => (least, usize::MAX),
        }
    }

    /// Whether this version can evaluate it.
    #[must_use]
    pub const fn is_supported(&self) -> bool {
        !matches!(self.run, Run::Unsupported)
    }
}

impl Shape {
    /// What stands at a place of the list; none for an argument that is no list of items.
    pub(super) fn item(&self, at: usize) -> Option<&Argument> {
        match self {
            Self::One(_) => None,
            Self::Items { items, .. } => items.get(at),
            Self::Many { item, .. } => Some(item),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(argument) => argument.fmt(f),
            Self::Many { item, .. } => write!(f, "[{item}, …]"),
            Self::Items { items, required } => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    let optional = if at < *required { "" } else { "?" };
                    write!(f, "{comma}{item}{optional}")?;
                }
                f.write_str("]")
            }
        }
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.kind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::Text => "text",
            Self::Integer => "whole number",
            Self::Number => "number",
            Self::Condition => "condition",
            Self::List => "list",
            Self::Map => "map",
            Self::ListOrMap => "list or map",
            Self::Time => "UTC time",
            Self::Choice(words) => return f.write_str(&words.join(" or ")),
        })
    }
}

impl fmt::Debug for FunctionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for FunctionInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for FunctionInfo {}
