//! Requests: the official client's and ours, of the same inputs, parameter by parameter.

use std::collections::BTreeSet;

use oos_model::{Operation, ParameterKind, Params, for_each_operation, operations};
use serde_json::Value;

use super::calls::CALLS;
use super::cases::Case;
use super::{Pairs, sent};

const EXTENTS: [&str; 2] = ["min", "max"];

fn check<O: Operation + PartialEq>(case: &Case, ours: [Pairs; 2]) {
    let name = O::NAME;
    assert_eq!(case.facts.method, O::METHOD, "{name}");
    assert!(!case.facts.origin.is_empty(), "{name}");
    for (extent, ours) in EXTENTS.into_iter().zip(ours) {
        let query = case.must_text(&format!("request.{extent}.query"));
        let params = Params::parse(query.trim_end()).expect("a query");
        assert_eq!(ours, theirs::<O>(&params), "{name}, {extent}");
        // A server reads the client's query: what it does not know would be missing here.
        let read = O::from_params(&params).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(sent(&read), ours, "{name}, {extent}, read");
        let input = case.json(&format!("input.{extent}.json"));
        complete::<O>(&ours, &input.expect("an input"));
    }
}

/// What the client sent, with its `True` and `False` in our letter case.
fn theirs<O: Operation>(params: &Params<'_>) -> Pairs {
    let kind = |name: &str| O::PARAMETERS.iter().find(|info| info.name == name);
    let alike = |(name, value): (&str, &str)| match kind(name).map(|info| info.kind) {
        Some(ParameterKind::Boolean) => (name.to_owned(), value.to_ascii_lowercase()),
        _ => (name.to_owned(), value.to_owned()),
    };
    let mut pairs: Pairs = params.iter().map(alike).collect();
    pairs.sort();
    pairs
}

/// Nothing that was given is left out, and the largest input gives all that we know.
fn complete<O: Operation>(ours: &Pairs, input: &Value) {
    let first = |name: &str| name.split('.').next().unwrap_or(name).to_owned();
    let sent: BTreeSet<String> = ours.iter().map(|(name, _)| first(name)).collect();
    let input = input.as_object().expect("parameters");
    let given: BTreeSet<String> = input.keys().cloned().collect();
    assert_eq!(sent, given, "{}", O::NAME);
    for info in O::PARAMETERS.iter().filter(|info| info.required) {
        assert!(given.contains(info.name), "{}: {}", O::NAME, info.name);
    }
}

macro_rules! check_one {
    ($($operation:ident),+ $(,)?) => {
        fn check_case(case: &Case, ours: [Pairs; 2]) {
            match case.facts.operation.as_str() {
                $(stringify!($operation) => check::<operations::$operation>(case, ours),)+
                other => panic!("no operation {other}"),
            }
        }

        /// Name and number of parameters.
        const OPERATIONS: &[(&str, usize)] =
            &[$((stringify!($operation), operations::$operation::PARAMETERS.len())),+];
    };
}
for_each_operation!(check_one);

#[test]
fn requests_are_those_of_the_official_client() {
    let cases = Case::all();
    assert_eq!(cases.len(), CALLS.len());
    for (case, (name, ours)) in cases.iter().zip(CALLS) {
        assert_eq!(case.facts.operation, *name);
        check_case(case, ours());
    }
    let names: Vec<&str> = CALLS.iter().map(|(name, _)| *name).collect();
    let all: Vec<&str> = OPERATIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, all, "every operation has a case");
}

#[test]
fn the_largest_inputs_have_every_parameter() {
    for (case, (name, parameters)) in Case::all().iter().zip(OPERATIONS) {
        let input = case.json("input.max.json").expect("an input");
        let given = input.as_object().map(serde_json::Map::len);
        assert_eq!(given, Some(*parameters), "{name}");
    }
}
