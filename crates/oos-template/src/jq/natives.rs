//! The functions of selectors that are Rust: jaq's own that are harmless, and ours.

use jaq_core::box_iter::box_once;
use jaq_core::data::HasLut;
use jaq_core::native::{Fun, bome, v};
use jaq_core::{Cv, DataT, Error, Exn, Lut, Native, RunPtr, ValXs};
use jaq_json::{Num, Val};

use super::budget::Budget;
use super::{convert, regex};
use crate::functions;
use crate::value::Value;

/// The kind of data programs run on: jaq's values, with a budget.
pub(super) struct Kind;

impl DataT for Kind {
    type V<'a> = Val;
    type Data<'a> = Run<'a>;
}

/// What every native can reach during a run.
#[derive(Clone)]
pub(super) struct Run<'a> {
    pub(super) lut: &'a Lut<Kind>,
    pub(super) budget: &'a Budget,
    pub(super) patterns: &'a regex::Patterns,
}

impl<'a> HasLut<'a, Kind> for Run<'a> {
    fn lut(&self) -> &'a Lut<Kind> {
        self.lut
    }
}

/// Not let through: they reach out of the program, or ours take their place.
const LEFT_OUT: &[&str] = &[
    "bsearch",
    "env",
    "escape_sh",
    "fromjson",
    "halt",
    "now",
    "tobytes",
];

/// All natives.
pub(super) fn all() -> impl Iterator<Item = Fun<Kind>> {
    let theirs = jaq_core::funs()
        .chain(jaq_std::base_funs())
        .chain(jaq_json::funs());
    let theirs = theirs.filter(|(name, _, _)| !LEFT_OUT.contains(name));
    theirs.map(rename).chain(own())
}

/// Functions that definitions of ours check first.
fn rename((name, arguments, native): Fun<Kind>) -> Fun<Kind> {
    let name = match name {
        "contains" => "oos__contains",
        "indices" => "oos__indices",
        name => name,
    };
    (name, arguments, native)
}

fn own() -> [Fun<Kind>; 16] {
    let plain = |name, arguments, run: RunPtr<Kind>| (name, v(arguments), Native::<Kind>::new(run));
    [
        ("oos__step", v(0), passing(|cv| guarded(cv, Budget::step))),
        ("oos__weigh", v(0), weighing()),
        ("empty", v(0), nothing()),
        plain("false", 0, |_| bome(Ok(Val::Bool(false)))),
        plain("not", 0, |cv| {
            bome(Ok(Val::Bool(matches!(cv.1, Val::Null | Val::Bool(false)))))
        }),
        plain("null", 0, |_| bome(Ok(Val::Null))),
        plain("true", 0, |_| bome(Ok(Val::Bool(true)))),
        plain("type", 0, |cv| bome(Ok(Val::utf8_str(type_of(&cv.1))))),
        plain("oos__product", 2, |cv| two(cv, product)),
        plain("oos__pairs", 2, |cv| two(cv, pairs)),
        plain("fromjson", 0, |cv| bome_or_stop(fromjson(&cv))),
        plain("encode_base64", 0, |cv| {
            bome_or_stop(coded(&cv, "Fn::Base64Encode"))
        }),
        plain("decode_base64", 0, |cv| {
            bome_or_stop(coded(&cv, "Fn::Base64Decode"))
        }),
        plain("matches", 2, |cv| {
            bome_or_stop(regex::run(cv, regex::Keep::Matches))
        }),
        plain("split_matches", 2, |cv| {
            bome_or_stop(regex::run(cv, regex::Keep::Both))
        }),
        plain("split_", 2, |cv| {
            bome_or_stop(regex::run(cv, regex::Keep::Rest))
        }),
    ]
}

/// No value; as a path it leads nowhere, and an update of nothing changes nothing.
const fn nothing() -> Native<Kind> {
    Native::<Kind>::new(|_| Box::new(std::iter::empty()))
        .with_paths(|_| Box::new(std::iter::empty()))
        .with_update(|cv, _| box_once(Ok(cv.1)))
}

const fn type_of(value: &Val) -> &'static str {
    match value {
        Val::Null => "null",
        Val::Bool(_) => "boolean",
        Val::Num(_) => "number",
        Val::TStr(_) | Val::BStr(_) => "string",
        Val::Arr(_) => "array",
        Val::Obj(_) => "object",
    }
}

/// An identity that may stop the program; as a path and under an update it is one too.
const fn passing(run: RunPtr<Kind>) -> Native<Kind> {
    Native::<Kind>::new(run)
        .with_paths(|cv| {
            if cv.0.data().budget.step() {
                box_once(Ok(cv.1))
            } else {
                box_once(Err(stop()))
            }
        })
        .with_update(|cv, update| {
            if cv.0.data().budget.step() {
                update(cv.1)
            } else {
                box_once(Err(stop()))
            }
        })
}

const fn weighing() -> Native<Kind> {
    Native::<Kind>::new(|cv| {
        let fits = cv.0.data().budget.weigh(&cv.1);
        if fits {
            box_once(Ok(cv.1))
        } else {
            box_once(Err(stop()))
        }
    })
    .with_paths(|cv| {
        if cv.0.data().budget.weigh(&cv.1.0) {
            box_once(Ok(cv.1))
        } else {
            box_once(Err(stop()))
        }
    })
    .with_update(|cv, update| {
        if cv.0.data().budget.weigh(&cv.1) {
            update(cv.1)
        } else {
            box_once(Err(stop()))
        }
    })
}

fn guarded(cv: Cv<'_, Kind>, check: fn(&Budget) -> bool) -> ValXs<'_, Val> {
    if check(cv.0.data().budget) {
        box_once(Ok(cv.1))
    } else {
        box_once(Err(stop()))
    }
}

/// Passes the input on when a check of the two arguments lets it.
fn two(mut cv: Cv<'_, Kind>, check: fn(&Budget, &Val, &Val) -> bool) -> ValXs<'_, Val> {
    let right = cv.0.pop_var();
    let left = cv.0.pop_var();
    let fits = check(cv.0.data().budget, &left, &right);
    if fits {
        box_once(Ok(cv.1))
    } else {
        box_once(Err(stop()))
    }
}

/// A product of a text and a number is as long as that.
fn product(budget: &Budget, left: &Val, right: &Val) -> bool {
    match (left, right) {
        (Val::TStr(text) | Val::BStr(text), Val::Num(times))
        | (Val::Num(times), Val::TStr(text) | Val::BStr(text)) => {
            let times = match times {
                Num::Int(times) => usize::try_from(*times).unwrap_or(0),
                _ => usize::MAX,
            };
            budget.text(text.len().saturating_mul(times))
        }
        (left, right) => budget.weigh(left) && budget.weigh(right),
    }
}

/// Differences and searches in lists compare every item with every other.
fn pairs(budget: &Budget, left: &Val, right: &Val) -> bool {
    match (left, right) {
        (Val::Num(_), Val::Num(_)) => true,
        (Val::TStr(text), Val::TStr(part)) => {
            budget.steps(text.len().saturating_mul(part.len().min(64)) / 64 + 1)
        }
        (left, right) => budget.pairs(left, right),
    }
}

/// Why a native has no value: an error that programs can catch, or the end of the budget.
pub(super) enum Refusal {
    Error(Error<Val>),
    Stop,
}

impl Refusal {
    pub(super) fn error(text: impl ToString) -> Self {
        Self::Error(Error::str(text))
    }
}

fn bome_or_stop<'a>(result: Result<Val, Refusal>) -> ValXs<'a, Val> {
    match result {
        Ok(value) => bome(Ok(value)),
        Err(Refusal::Error(error)) => bome(Err(error)),
        Err(Refusal::Stop) => box_once(Err(stop())),
    }
}

/// Ends the program; unlike an error it cannot be caught by `try`, `?` or `//`.
fn stop<'a>() -> Exn<'a, Val> {
    Exn::halt(1)
}

/// The text of a value, weighed.
pub(super) fn text_of<'v>(budget: &Budget, value: &'v Val) -> Result<&'v str, Refusal> {
    let Val::TStr(bytes) = value else {
        return Err(Refusal::error("a string is needed"));
    };
    if !budget.text(bytes.len()) {
        return Err(Refusal::Stop);
    }
    std::str::from_utf8(bytes).map_err(|_| Refusal::error("a string of UTF-8 is needed"))
}

fn fromjson(cv: &Cv<'_, Kind>) -> Result<Val, Refusal> {
    let text = text_of(cv.0.data().budget, &cv.1)?;
    let value = Value::from_json(text).map_err(Refusal::error)?;
    convert::to_jq(&value).ok_or_else(|| Refusal::error("nested too deep"))
}

fn coded(cv: &Cv<'_, Kind>, function: &str) -> Result<Val, Refusal> {
    let text = text_of(cv.0.data().budget, &cv.1)?;
    let coded = functions::apply(function, Value::from(text));
    match coded.map_err(Refusal::error)? {
        Value::String(text) => Ok(Val::utf8_str(text)),
        _ => Err(Refusal::error("a string is needed")),
    }
}
