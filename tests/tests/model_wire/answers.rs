//! Answers: all fields that the specification has, in the declared forms and in all others that are
//! known, and anything else in their places.

use oos_model::{Operation, Output, for_each_operation, operations};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use super::cases::Case;

fn check<T: Output + PartialEq>(case: &Case) {
    let name = &case.facts.operation;
    let answer = case.json("answer.json").expect("answer.json");
    let expected = case.json("encoded.json").unwrap_or_else(|| answer.clone());
    assert_eq!(again::<T>(&answer, &expected), expected, "{name}");
    if let Some(loose) = case.json("loose.json") {
        let read = again::<T>(&loose, &expected);
        assert_eq!(read, expected, "{name}, other forms");
    }
    law::<T>(name, &answer);
}

/// The answer after it was read and written.
fn again<T: Output>(answer: &Value, expected: &Value) -> Value {
    let output = decoded::<T>(answer).expect("an answer");
    assert_eq!(output.request_id(), expected["RequestId"].as_str());
    serde_json::from_slice(&output.encode()).expect("JSON")
}

fn decoded<T: Output>(answer: &Value) -> Option<T> {
    T::decode(answer.to_string().as_bytes()).ok()
}

/// What is written reads back the same, whatever stood in the fields.
fn law<T: Output + PartialEq>(name: &str, answer: &Value) {
    let mut runner = TestRunner::new(Config {
        cases: 16,
        failure_persistence: None,
        ..Config::default()
    });
    let law = |answer: Value| {
        // A form that nobody has declared is refused, and nothing else happens.
        let Some(read) = decoded::<T>(&answer) else {
            return Ok(());
        };
        let written = read.encode();
        let reread = T::decode(&written).expect("what was written can be read");
        prop_assert_eq!(&reread, &read);
        prop_assert_eq!(reread.encode(), written);
        Ok(())
    };
    if let Err(error) = runner.run(&changed(answer), law) {
        panic!("{name}: {error}");
    }
}

/// The answer with some fields changed, left out, or of another form.
fn changed(answer: &Value) -> BoxedStrategy<Value> {
    let same = Just(answer.clone());
    match answer {
        Value::Object(map) => {
            let fields: Vec<_> = map
                .iter()
                .map(|(name, value)| {
                    let value = prop_oneof![1 => Just(None), 6 => changed(value).prop_map(Some)];
                    (Just(name.clone()), value)
                })
                .collect();
            let object = |fields: Vec<(String, Option<Value>)>| {
                let set = fields.into_iter();
                set.filter_map(|(name, value)| Some((name, value?)))
                    .collect::<Value>()
            };
            fields.prop_map(object).boxed()
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(changed).collect();
            items.prop_map(Value::Array).boxed()
        }
        Value::String(text) => {
            let json = Value::from(text.clone()).to_string();
            prop_oneof![
                3 => "\\PC{0,12}".prop_map(Value::from),
                1 => any::<i32>().prop_map(Value::from),
                1 => Just(Value::from(json)),
                1 => Just(Value::Null),
                2 => same,
            ]
            .boxed()
        }
        Value::Number(_) => prop_oneof![
            3 => any::<i32>().prop_map(Value::from),
            1 => any::<i32>().prop_map(|number| Value::from(number.to_string())),
            1 => any::<f64>().prop_map(Value::from),
            1 => Just(Value::from("")),
            2 => same,
        ]
        .boxed(),
        Value::Bool(_) => prop_oneof![
            2 => any::<bool>().prop_map(Value::from),
            1 => Just(Value::from("TRUE")),
            2 => same,
        ]
        .boxed(),
        Value::Null => same.boxed(),
    }
}

macro_rules! check_one {
    ($($operation:ident),+ $(,)?) => {
        fn check_case(case: &Case) {
            match case.facts.operation.as_str() {
                $(stringify!($operation) =>
                    check::<<operations::$operation as Operation>::Output>(case),)+
                other => panic!("no operation {other}"),
            }
        }
    };
}
for_each_operation!(check_one);

#[test]
fn answers_are_read_and_written_alike() {
    let cases = Case::all();
    assert_eq!(cases.len(), 104);
    cases.iter().for_each(check_case);
}
