//! One property of a task, in JSON: functions and references, evaluated.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oos_template::{Value, Values, evaluate, parse};

const BEFORE: &str = r#"{"FormatVersion":"OOS-2019-06-01",
"Parameters":{"a":{"Type":"List"},"b":{"Type":"Json"},"c":{"Type":"String"},"n":{"Type":"Number"}},
"Conditions":{"yes":{"Fn::Equals":["{{ n }}",3]}},
"Tasks":[{"Name":"t","Action":"ACS::X::Y","Properties":{"p":"#;

fuzz_target!(|text: &str| {
    let Ok(template) = parse(&format!("{BEFORE}{text}}}}}]}}")) else {
        return;
    };
    let value = |text: &str| Value::from_json(text).expect("JSON");
    let scope = Values::new()
        .with_parameter("a", value(r#"["x","2020-01-01T00:00:00Z",3,{"k":[1]}]"#))
        .with_parameter("b", value(r#"{"k":[1,2],"m":null,"%":"100%"}"#))
        .with_parameter("c", "text 'with' \"quotes\" ${x} $(y) `z`")
        .with_parameter("n", 3)
        .with_pseudo("ACS::RegionId", "cn-hangzhou")
        .with_pseudo("ACS::TaskLoopItem", value(r#"{"k":1}"#))
        .with_pseudo("ACS::CurrentUTCTime", "2026-01-31T08:00:00Z");
    for task in &template.tasks {
        drop(evaluate(&task.properties, &scope));
    }
});
