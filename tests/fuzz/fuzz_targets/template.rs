//! A template as someone types it: read, checked, bound and evaluated.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oos_template::{Map, Value, Values, evaluate, evaluate_condition, inspect};

fuzz_target!(|text: &str| {
    let inspection = inspect(text);
    let Ok(template) = inspection.into_result() else {
        return;
    };
    let pseudo = [
        ("ACS::RegionId", "cn-hangzhou"),
        ("ACS::ExecutionId", "exec-1"),
        ("ACS::TaskLoopItem", "i-1"),
        ("ACS::CurrentUTCTime", "2026-01-31T08:00:00Z"),
    ];
    let scope = pseudo
        .iter()
        .fold(Values::new(), |scope, (name, value)| scope.with_pseudo(*name, *value));
    let bound = template
        .bind_parameters(&Map::new(), &scope)
        .unwrap_or_default();
    let scope = scope.with_parameters(bound);
    let answer = Value::from_json(r#"{"a":[{"b":1},null,"x"],"Code":"c"}"#).expect("JSON");
    for task in &template.tasks {
        if let Some(when) = &task.when {
            drop(evaluate_condition(when, &scope));
        }
        drop(evaluate(&task.properties, &scope));
        for output in task.outputs.values() {
            drop(output.select(&answer, &scope));
        }
    }
    drop(template.evaluate_outputs(&scope));
});
