//! Selectors give what jq 1.6 gives: the cases under `golden/jq`. The programs are our own, in the
//! shapes that templates use; the results were printed by jq 1.6, which the test does not need.
//!
//! A case is a program, the name of its input, and its results in order. `dot` says that jq itself needs
//! the leading dot, `fails` that an error follows the results. Where selectors differ on purpose, `ours`
//! says what they give, and `why`.

use oos_template::{Selector, SelectorError, Value};
use oos_tests::golden;

#[test]
fn cases() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in golden::cases("jq") {
        let table = case.value("cases.json");
        let inputs = table.get("inputs").expect("inputs");
        for row in table.get("cases").and_then(Value::as_list).expect("cases") {
            count += 1;
            wrong.extend(check(row, inputs).err());
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= 120, "only {count} cases");
}

fn check(row: &Value, inputs: &Value) -> Result<(), String> {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let program = text("program").expect("a program");
    let input = inputs
        .get(text("input").expect("an input"))
        .expect("that input");
    let texts = |key: &str| {
        let list = row.get(key).and_then(Value::as_list)?;
        let value = |text: &Value| Value::from_json(text.as_str()?).ok();
        Some(
            list.iter()
                .map(|text| value(text).expect("JSON"))
                .collect::<Vec<_>>(),
        )
    };
    let expected = texts("results").expect("results");
    let fails = row.get("fails").is_some();
    if let Some(ours) = texts("ours") {
        assert!(
            text("why").is_some(),
            "{program}: a difference without a reason"
        );
        assert!(
            fails || ours != expected,
            "{program}: no difference any more"
        );
        return compare(
            program,
            Selector::compile(program).and_then(|s| s.run(input)),
            &ours,
            false,
        );
    }
    let selector = Selector::compile(program);
    let has_dot = selector
        .as_ref()
        .is_ok_and(|s| s.as_str() == format!(".{program}"));
    if has_dot != row.get("dot").is_some() {
        return Err(format!("{program}: the dot"));
    }
    compare(
        program,
        selector.and_then(|selector| selector.run(input)),
        &expected,
        fails,
    )
}

fn compare(
    program: &str,
    found: Result<Vec<Value>, SelectorError>,
    expected: &[Value],
    fails: bool,
) -> Result<(), String> {
    match found {
        Ok(found) if !fails && found == expected => Ok(()),
        Err(SelectorError::Failed { .. }) if fails => Ok(()),
        Ok(found) => Err(format!(
            "{program}\n  jq   {expected:?}\n  ours {found:?}",
            expected = show(expected),
            found = show(&found)
        )),
        Err(error) => Err(format!(
            "{program}\n  jq   {}\n  ours {error} {:?}",
            show(expected),
            error.detail()
        )),
    }
}

fn show(values: &[Value]) -> String {
    let texts: Vec<String> = values.iter().map(Value::to_json_string).collect();
    texts.join(" ")
}

/// The same selector gives the same for every document: it keeps nothing of the last one.
#[test]
fn kept_selectors_forget_their_documents() {
    let selector = Selector::kept("[.[] | select(test(\"^a\"))]").expect("a program");
    let (one, two) = (
        Value::from_json("[\"a\",\"b\"]"),
        Value::from_json("[\"b\",\"ab\"]"),
    );
    let (one, two) = (one.expect("JSON"), two.expect("JSON"));
    for _ in 0..3 {
        let again = Selector::kept("[.[] | select(test(\"^a\"))]").expect("a program");
        assert_eq!(show(&again.run(&one).expect("a list")), "[\"a\"]");
        assert_eq!(show(&selector.run(&two).expect("a list")), "[\"ab\"]");
    }
}
