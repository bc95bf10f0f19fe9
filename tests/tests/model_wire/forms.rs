//! Fields of answers that the specification wants read in several forms (`accept`): each in each.

use std::path::Path;

use oos_model::{Operation, Output, for_each_operation, operations};
use serde_json::{Value, json};

use super::cases::Case;

fn spec() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/oos-2019-06-01.json");
    let text = std::fs::read_to_string(&path).expect("the specification");
    serde_json::from_str(&text).expect("the specification")
}

/// The declared fields of an object, or of the objects in an array or map.
fn members(declared: &Value) -> &[Value] {
    let inner = std::iter::successors(Some(declared), |one| one.get("items"));
    let fields = inner.filter_map(|one| one["fields"].as_array()).last();
    fields.map_or(&[], Vec::as_slice)
}

/// Where each field of an answer is, with what is declared of it.
fn fields<'s>(place: &str, declared: &'s [Value], answer: &Value) -> Vec<(String, &'s Value)> {
    let mut found = Vec::new();
    for field in declared {
        let place = format!("{place}/{}", field["name"].as_str().expect("a name"));
        let inner = answer.pointer(&place).expect(&place);
        let inner = if inner.is_array() { "/0" } else { "" };
        let below = fields(&format!("{place}{inner}"), members(field), answer);
        found.push((place, field));
        found.extend(below);
    }
    found
}

/// The same value in another form, or another value of this form.
fn in_form(form: &str, value: &Value) -> Value {
    match (form, value) {
        ("string", Value::String(text)) => json!(text),
        ("string", other) => json!(other.to_string()),
        ("integer" | "int64", _) => json!(7),
        ("float", _) => json!(0.5),
        ("boolean", _) => json!(true),
        ("map<any>", _) => json!({ "a": 1, "b": { "c": [] } }),
        ("map<string>", _) => json!({ "a": "b" }),
        ("array<string>", _) => json!(["a"]),
        ("array<map<any>>", _) => json!([{ "a": 1 }]),
        ("object", Value::Array(items)) => items[0].clone(),
        ("array<object>", Value::Object(_)) => json!([value]),
        ("object" | "array<object>", same) => same.clone(),
        (other, _) => panic!("the form {other} is new"),
    }
}

/// How many fields were read in how many forms.
fn check<T: Output>(case: &Case, declared: &[Value]) -> usize {
    let answer = case.json("answer.json").expect("an answer");
    let mut forms = 0;
    for (place, field) in fields("", declared, &answer) {
        for form in field["accept"].as_array().into_iter().flatten() {
            let form = form.as_str().expect("a form");
            let mut other = answer.clone();
            let value = other.pointer_mut(&place).expect(&place);
            *value = in_form(form, value);
            let told = format!("{}{place} as {form}", case.facts.operation);
            let output = T::decode(other.to_string().as_bytes());
            let output = output.unwrap_or_else(|error| panic!("{told}: {error}"));
            let written: Value = serde_json::from_slice(&output.encode()).expect("JSON");
            let kept = written.pointer(&place);
            assert!(kept.is_some_and(|value| !value.is_null()), "{told}");
            forms += 1;
        }
    }
    forms
}

/// How many fields are sensitive; none of them shows what it holds.
fn hidden<T: Output>(case: &Case, declared: &[Value]) -> usize {
    let mut answer = case.json("answer.json").expect("an answer");
    let found = fields("", declared, &answer);
    let sensitive = |field: &Value| {
        let reviewed = &field["override"]["sensitive"];
        reviewed == true || (field["sensitive"] == true && reviewed != false)
    };
    let places = found.iter().filter(|(_, field)| sensitive(field));
    let places: Vec<&String> = places.map(|(place, _)| place).collect();
    for place in &places {
        let form = if answer.pointer(place).is_some_and(Value::is_object) {
            json!({ "k": "hunter2" })
        } else {
            json!("hunter2")
        };
        *answer.pointer_mut(place).expect("a field") = form;
    }
    let output = T::decode(answer.to_string().as_bytes()).expect("an answer");
    let written = String::from_utf8(output.encode()).expect("JSON");
    assert_eq!(written.contains("hunter2"), !places.is_empty());
    let shown = format!("{output:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    places.len()
}

macro_rules! check_one {
    ($($operation:ident),+ $(,)?) => {
        fn check_case(case: &Case, declared: &[Value]) -> (usize, usize) {
            match case.facts.operation.as_str() {
                $(stringify!($operation) => (
                    check::<<operations::$operation as Operation>::Output>(case, declared),
                    hidden::<<operations::$operation as Operation>::Output>(case, declared),
                ),)+
                other => panic!("no operation {other}"),
            }
        }
    };
}
for_each_operation!(check_one);

#[test]
fn answers_have_every_field_are_read_in_every_form_and_hide_what_is_secret() {
    let spec = spec();
    let (mut forms, mut secrets) = (0, 0);
    for case in Case::all() {
        let name = Some(case.facts.operation.as_str());
        let operations = spec["operations"].as_array().expect("operations");
        let operation = operations.iter().find(|one| one["name"].as_str() == name);
        let response = &operation.expect("declared")["response"];
        let counted = check_case(&case, response.as_array().expect("fields"));
        forms += counted.0;
        secrets += counted.1;
    }
    // 151 fields, of which each has at least two.
    assert!(forms >= 302, "{forms}");
    assert!(secrets >= 9, "{secrets}");
}
