//! Templates are read, checked and evaluated as the cases under `golden/template` say. A new case needs
//! no Rust. The expectations were written by hand, from the help pages and `docs/semantics.md`.
//!
//! A case is a `template.yml` or `template.json` with
//! * `findings.txt`: every finding, one a line: `line:column[-line:column] severity code [text] [=> fix]`,
//!   where `text` is a part of the message and the fix must be exactly that;
//! * `evaluate.yml`, if the template is accepted: `given` or `parameters`, `pseudo`, `outputs` by
//!   `task.output` and `documents` by task go in; `expect` says what comes out: `parameters` or `problems`
//!   of binding, `outputs` of the template, `when` and `properties` by task, `selected` outputs by task.

use oos_template::{Diagnostic, Format, Map, Template, Value, Values};
use oos_template::{evaluate, evaluate_condition, parse};
use oos_tests::golden::{self, Case};

#[test]
fn cases() {
    let cases = golden::cases("template");
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    assert!(cases.len() >= 110, "only {} cases", cases.len());
}

fn check(case: &Case) -> Result<(), String> {
    let (text, format) = template_of(case);
    let template = parse(&text);
    let found = match &template {
        Ok(template) => template.warnings(),
        Err(refused) => refused.as_slice(),
    };
    check_findings(&case.text("findings.txt"), found)
        .map_err(|problem| format!("{}: {problem}", case.name))?;
    let evaluates = case.text_if_any("evaluate.yml").is_some();
    match template {
        Ok(template) if evaluates => {
            assert_eq!(template.format, format, "{}", case.name);
            let mut wrong = Vec::new();
            let plan = case.value("evaluate.yml");
            check_evaluation(&template, &plan, &mut wrong);
            if wrong.is_empty() {
                Ok(())
            } else {
                Err(format!("{}: {}", case.name, wrong.join("\n")))
            }
        }
        Err(refused) if evaluates => Err(format!("{}: {refused}", case.name)),
        _ => Ok(()),
    }
}

fn template_of(case: &Case) -> (String, Format) {
    match case.text_if_any("template.yml") {
        Some(text) => (text, Format::Yaml),
        None => (case.text("template.json"), Format::Json),
    }
}

fn check_findings(expected: &str, found: &[Diagnostic]) -> Result<(), String> {
    let shown: Vec<String> = found.iter().map(show).collect();
    let lines: Vec<&str> = expected.lines().collect();
    let fits = lines.len() == found.len()
        && lines
            .iter()
            .zip(found)
            .all(|(line, finding)| fits(line, finding));
    if fits {
        return Ok(());
    }
    Err(format!("expected\n{expected}found\n{}", shown.join("\n")))
}

fn show(finding: &Diagnostic) -> String {
    let fix = finding
        .fix
        .as_ref()
        .map(|fix| format!(" => {fix}"))
        .unwrap_or_default();
    let (span, severity, code) = (finding.span, finding.severity, finding.code);
    format!(
        "{}-{} {severity} {code} {}{fix}",
        span.start, span.end, finding.message
    )
}

fn fits(line: &str, finding: &Diagnostic) -> bool {
    let (rest, fix) = match line.split_once("=>") {
        Some((rest, fix)) => (rest, Some(fix.trim())),
        None => (line, None),
    };
    let mut words = rest.trim().splitn(4, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (place, severity, code, text) = (next(), next(), next(), next());
    let start = finding.span.start.to_string();
    let placed = place == start || place == format!("{start}-{}", finding.span.end);
    placed
        && severity == finding.severity.to_string()
        && code == finding.code.as_str()
        && finding.message.contains(text)
        && (fix.is_none() || fix == finding.fix.as_deref())
}

fn check_evaluation(template: &Template, plan: &Value, wrong: &mut Vec<String>) {
    let map = |key: &str| {
        plan.get(key)
            .and_then(Value::as_map)
            .cloned()
            .unwrap_or_default()
    };
    let mut scope = Values::new().with_parameters(map("parameters"));
    for (name, value) in map("pseudo") {
        scope = scope.with_pseudo(name, value);
    }
    for (name, value) in map("outputs") {
        let (task, output) = name.split_once('.').expect("task.output");
        scope = scope.with_output(task, output, value);
    }
    let expect = plan
        .get("expect")
        .and_then(Value::as_map)
        .expect("something is expected");
    for (what, expected) in expect {
        let got = match what.as_str() {
            "parameters" => match template.bind_parameters(&map("given"), &scope) {
                Ok(bound) => Value::Map(bound),
                Err(problems) => Value::from(format!("{problems:?}")),
            },
            "problems" => {
                check_problems(template, expected, &map("given"), &scope, wrong);
                continue;
            }
            "trigger" => Value::from(template.category()),
            "outputs" => Value::Map(template.evaluate_outputs(&scope)),
            "when" | "properties" => per_task(template, what, expected, &scope),
            "selected" => selected(template, expected, &map("documents"), &scope),
            other => panic!("nothing to expect of {other}"),
        };
        compare(what, expected, &got, wrong);
    }
}

/// Printed, so that the digits of numbers and the order of keys are compared too.
fn compare(what: &str, expected: &Value, got: &Value, wrong: &mut Vec<String>) {
    if expected.to_json_string() != got.to_json_string() {
        wrong.push(format!("{what}\nexpected {expected}\ngot      {got}"));
    }
}

fn check_problems(
    template: &Template,
    expected: &Value,
    given: &Map,
    scope: &Values,
    wrong: &mut Vec<String>,
) {
    let problems = template
        .bind_parameters(given, scope)
        .err()
        .unwrap_or_default();
    let expected = expected.as_list().expect("a list of problems");
    let fits = problems.len() == expected.len()
        && expected.iter().zip(&problems).all(|(part, problem)| {
            part.as_str()
                .is_some_and(|part| problem.message.contains(part))
        });
    if !fits {
        wrong.push(format!("problems\n{problems:#?}"));
    }
}

fn per_task(template: &Template, what: &str, expected: &Value, scope: &Values) -> Value {
    let one = |name: &String| {
        let task = &template.tasks[template.task_index(name).expect("a task")];
        let value = match (what, &task.when) {
            ("when", Some(when)) => evaluate_condition(when, scope).map(Value::from),
            ("when", None) => Ok(Value::from(true)),
            _ => evaluate(&task.properties, scope),
        };
        (
            name.clone(),
            value.unwrap_or_else(|error| Value::from(error.to_string())),
        )
    };
    Value::Map(
        expected
            .as_map()
            .expect("by task")
            .keys()
            .map(one)
            .collect(),
    )
}

fn selected(template: &Template, expected: &Value, documents: &Map, scope: &Values) -> Value {
    let one = |name: &String| {
        let task = &template.tasks[template.task_index(name).expect("a task")];
        let outputs = task.outputs.iter().map(|(output, declared)| {
            let value = declared.select(&documents[name], scope);
            (
                output.clone(),
                value.unwrap_or_else(|error| Value::from(error.to_string())),
            )
        });
        (name.clone(), Value::Map(outputs.collect()))
    };
    Value::Map(
        expected
            .as_map()
            .expect("by task")
            .keys()
            .map(one)
            .collect(),
    )
}

/// The same template in JSON means the same.
#[test]
fn json_means_what_yaml_means() {
    let mut compared = 0;
    for case in golden::cases("template") {
        let (text, format) = template_of(&case);
        let Ok(yaml) = parse(&text) else { continue };
        if format == Format::Json || yaml.tasks.is_empty() {
            continue;
        }
        let limits = oos_template::document::Limits::TEMPLATE;
        let value = oos_template::document::read(&text, limits)
            .expect("it was read")
            .to_value();
        let json = parse(&value.to_json_string()).expect("what YAML may say, JSON may");
        assert_eq!(json.format, Format::Json, "{}", case.name);
        let names = |template: &Template| -> Vec<String> {
            template
                .tasks
                .iter()
                .map(|task| task.name.clone())
                .collect()
        };
        assert_eq!(names(&json), names(&yaml), "{}", case.name);
        assert_eq!(
            json.warnings().len(),
            yaml.warnings().len(),
            "{}",
            case.name
        );
        compared += 1;
    }
    assert!(compared >= 10, "only {compared}");
}
