//! The JSON Schema of templates says yes to what the checker accepts, and no to what it can see.

use jsonschema::Validator;
use oos_template::{Diagnostic, Format, parse, schema};
use oos_tests::golden;
use serde_json::Value;

fn validator() -> Validator {
    let text = schema().to_json_string();
    let schema: Value = serde_json::from_str(&text).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
}

/// The template as an editor hands it over.
fn instance(text: &str) -> Option<Value> {
    let limits = oos_template::document::Limits::TEMPLATE;
    let node = oos_template::document::read(text, limits).ok()?;
    serde_json::from_str(&node.to_value().to_json_string()).ok()
}

#[test]
fn what_the_checker_accepts_is_accepted() {
    let validator = validator();
    let mut accepted = 0;
    let mut wrong = Vec::new();
    for case in golden::cases("template") {
        let yaml = case.text_if_any("template.yml");
        let Some(text) = yaml.or_else(|| case.text_if_any("template.json")) else {
            continue;
        };
        let (Ok(template), Some(instance)) = (parse(&text), instance(&text)) else {
            continue;
        };
        // A schema knows names in one spelling only.
        let spelling = |found: &Diagnostic| found.code.as_str() == "OOS134";
        if template.warnings().iter().any(spelling) {
            continue;
        }
        accepted += 1;
        for error in validator.iter_errors(&instance) {
            wrong.push(format!("{}: {}: {error}", case.name, error.instance_path()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted >= 20, "only {accepted} templates");
    assert_eq!(Format::detect("{}"), Format::Json);
}

#[test]
fn mistakes_that_a_schema_can_see_are_refused() {
    let validator = validator();
    let template = |task: &str| format!("FormatVersion: OOS-2019-06-01\nTasks:\n- {task}\n");
    let check = |text: &str, expected: bool| {
        let instance = instance(text).expect("it is well-formed");
        assert_eq!(validator.is_valid(&instance), expected, "{text}");
        assert_eq!(parse(text).is_ok(), expected, "{text}");
    };
    let task = |task: &str, expected: bool| check(&template(task), expected);
    check("FormatVersion: OOS-2019-06-01\nTasks: []\n", false);
    check("FormatVersion: OOS-2019-06-01\n", false);
    check(
        "FormatVersion: OOS-2020\nTasks: [ { Name: a, Action: ACS::Pause } ]\n",
        false,
    );
    check("FormatVersion: OOS-2019-06-01-State\nStates: []\n", true);
    task("{ Name: a, Action: ACS::Pause }", true);
    task("{ Name: a, Action: acs::pause }", true);
    task("{ Name: a b, Action: ACS::Pause }", false);
    task("{ Name: a, Action: ACS::Puase }", false);
    task(
        "{ Name: a, Action: ACS::ECS::RunCommand, Properties: { anything: goes } }",
        true,
    );
    task("{ Action: ACS::Pause }", false);
    task("{ Name: a, Action: ACS::ExecuteAPI }", false);
    task(
        "{ Name: a, Action: ACS::ExecuteAPI, Properties: { Service: ECS } }",
        false,
    );
    task(
        "{ Name: a, Action: acs::executeapi, Properties: { Service: ECS, API: A } }",
        true,
    );
    task(
        "{ Name: a, Action: ACS::ExecuteAPI, Properties: { Service: ECS, API: [] } }",
        false,
    );
    task(
        "{ Name: a, Action: ACS::ExecuteAPI, Properties: { Service: ECS, API: A, Parameters: [] } }",
        false,
    );
    task(
        "{ Name: a, Action: ACS::ExecuteAPI, Properties: { Service: ECS, API: { 'Fn::Join': ['', [a]] } } }",
        true,
    );
    task(
        "{ Name: a, Action: ACS::CheckFor, Properties: { Service: ECS, API: A, PropertySelector: .a } }",
        false,
    );
    task(
        "{ Name: a, Action: ACS::TimerTrigger, Properties: { Type: Rate, Expression: 1 hour, EndDate: '2036-01-01' } }",
        true,
    );
    task(
        "{ Name: a, Action: ACS::TimerTrigger, Properties: { Type: daily, Expression: 1 hour, EndDate: '2036-01-01' } }",
        false,
    );
    task(
        "{ Name: a, Action: ACS::Choice, Properties: { Choices: [ { When: true } ] } }",
        false,
    );
    task(
        "{ Name: a, Action: ACS::Sleep, Properties: { Duration: 1S }, Outputs: { x: { Type: Text, ValueSelector: .a } } }",
        false,
    );
}
