//! Templates are read, checked and evaluated as the cases under `golden/template` say. A new case needs
//! no Rust. The expectations were written by hand, from the help pages and `docs/semantics.md`.
//!
//! A case is a `template.yml` or `template.json` with
//! * `findings.txt`: every finding, one a line: `line:column[-line:column] severity code [text] [=> fix]`,
//!   where `text` is a part of the message and the fix must be exactly that;
//! * `evaluate.yml`, if the template is accepted: `given` or `parameters`, `pseudo`, `outputs` by
//!   `task.output` and `documents` by task go in; `expect` says what comes out: `parameters` or `problems`
//!   of binding, `outputs` of the template, `when` and `properties` by task, `selected` outputs by task;
//! * `children/<name>.yml`: templates that it runs, and `children.txt`: what is found across them;
//! * `advice.txt`: what [`advice`] says.
//!
//! Each diagnostic code has a case `<code>-raised…` that has it, and a case `<code>-near-miss…` that looks
//! much like it and has not.

use oos_template::children::{self, Catalogue};
use oos_template::document::{self, Limits};
use oos_template::{Code, Diagnostic, Format, Map, Template, Value, Values};
use oos_template::{advice, evaluate, evaluate_condition, inspect, parse};
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
    assert!(cases.len() >= 250, "only {} cases", cases.len());
}

fn check(case: &Case) -> Result<(), String> {
    let (text, format) = template_of(case);
    let inspection = inspect(&text);
    check_findings(&case.text("findings.txt"), &inspection.diagnostics)
        .map_err(|problem| format!("{}: {problem}", case.name))?;
    let template = inspection.into_result();
    if let Ok(template) = &template {
        check_beyond(case, template)?;
    }
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

/// What is only said with the templates it runs, and of what is no mistake.
fn check_beyond(case: &Case, template: &Template) -> Result<(), String> {
    let told = |problem| format!("{}: {problem}", case.name);
    if let Some(expected) = case.text_if_any("children.txt") {
        let children = case.folder("children");
        let catalogue = children.iter().fold(Catalogue::new(), |all, (name, text)| {
            all.with(name, text.as_str())
        });
        let found = children::check(template, Some("parent"), &catalogue);
        check_findings(&expected, &found).map_err(told)?;
    }
    match case.text_if_any("advice.txt") {
        Some(expected) => check_findings(&expected, &advice(template)).map_err(told),
        None => Ok(()),
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
        // JSON could not tell of a key that stands twice.
        let Ok(node) = document::read(&text, Limits::TEMPLATE) else {
            continue;
        };
        let json = parse(&node.to_value().to_json_string()).expect("what YAML may say, JSON may");
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

/// Printed as YAML and as JSON, a template is the same document, and is found to have the same mistakes.
#[test]
fn printed_templates_are_the_same() {
    let mut compared = 0;
    for case in golden::cases("template") {
        let (text, _) = template_of(&case);
        let Ok(node) = document::read(&text, Limits::TEMPLATE) else {
            continue;
        };
        for printed in [document::to_yaml(&node), document::to_json(&node)] {
            let again = document::read(&printed, Limits::TEMPLATE.with_bytes(1 << 20));
            let again = again.unwrap_or_else(|error| panic!("{}: {error}\n{printed}", case.name));
            let (one, other) = (node.to_value(), again.to_value());
            assert_eq!(
                other.to_json_string(),
                one.to_json_string(),
                "{}",
                case.name
            );
            if printed.len() <= Limits::TEMPLATE.bytes {
                assert_eq!(codes(&printed), codes(&text), "{}:\n{printed}", case.name);
            }
        }
        compared += 1;
    }
    assert!(compared >= 100, "only {compared}");
}

fn codes(text: &str) -> Vec<(Code, String)> {
    let found = inspect(text).diagnostics.into_iter();
    // The places named in messages are those of the text.
    let mut codes: Vec<_> = found
        .map(|d| {
            (
                d.code,
                d.message
                    .split(" at ")
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            )
        })
        .collect();
    codes.sort();
    codes
}

#[test]
fn every_code_is_raised_and_nearly_missed() {
    let cases = golden::cases("template");
    let mut wrong = Vec::new();
    for known in Code::all() {
        let (code, lower) = (known.code.as_str(), known.code.as_str().to_lowercase());
        for (kind, wanted) in [("raised", true), ("near-miss", false)] {
            let prefix = format!("{lower}-{kind}");
            let named: Vec<_> = cases
                .iter()
                .filter(|case| case.name.starts_with(&prefix))
                .collect();
            if named.is_empty() {
                wrong.push(format!("there is no case {prefix}"));
            }
            let odd = named.iter().filter(|case| expects(case, code) != wanted);
            wrong.extend(odd.map(|case| format!("{}: {code}?", case.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn expects(case: &Case, code: &str) -> bool {
    let files = ["findings.txt", "children.txt", "advice.txt"];
    let mut texts = files.iter().filter_map(|file| case.text_if_any(file));
    texts.any(|text| text.contains(code))
}
