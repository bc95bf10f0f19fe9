use std::fmt::Write as _;

use crate::{Severity, Value, Values, evaluate, evaluate_condition, inspect, parse};

const HEAD: &str = "FormatVersion: OOS-2019-06-01\n";
const PAUSE: &str = "Tasks:\n- Name: a\n  Action: ACS::Pause\n";

#[test]
fn conditions_that_double_stay_small() {
    let chain = |length: usize| {
        let mut text = format!("{HEAD}Conditions:\n  C0: {{ 'Fn::Equals': [1, 1] }}\n");
        for at in 1..length {
            let before = at - 1;
            writeln!(text, "  C{at}: {{ 'Fn::And': [C{before}, C{before}] }}").unwrap();
        }
        writeln!(text, "{PAUSE}  When: C{}", length - 1).unwrap();
        text
    };
    let template = parse(&chain(40)).unwrap();
    let when = template.tasks[0].when.as_ref().unwrap();
    assert_eq!(evaluate_condition(when, &Values::new()), Ok(true));
    assert!(when.references().is_empty());
    let refused = parse(&chain(1200)).unwrap_err();
    assert!(refused.to_string().contains("nested too deep"));
}

#[test]
fn the_deepest_template_evaluates() {
    let deep = 120;
    let (open, close) = ("{ 'Fn::First': [".repeat(deep / 2), "] }".repeat(deep / 2));
    let lists = format!("{}x{}", "[".repeat(deep), "]".repeat(deep));
    for value in [format!("{open}x{close}"), lists] {
        let text = format!("{HEAD}{PAUSE}Outputs: {{ o: {{ Type: Json, Value: {value} }} }}\n");
        let template = parse(&text).unwrap_or_else(|refused| panic!("{refused}"));
        assert!(evaluate(&template.outputs["o"].value, &Values::new()).is_ok());
    }
}

#[test]
fn nested_texts_end_in_a_finding() {
    for part in [
        "[", "{", "{a: ", "- ", "? ", "&a ", "!a ", "* ", "\"", "[a, ", "a: \n ", "- - ",
        "{\"a\":", "[[\"", "| ", "{{", ": ",
    ] {
        let text = part.repeat(60_000 / part.len());
        assert!(parse(&text).is_err(), "{part}");
    }
    let mut indented = String::new();
    for level in 0..350 {
        writeln!(indented, "{}a:", " ".repeat(level)).unwrap();
    }
    assert!(parse(&indented).is_err());
}

#[test]
fn of_thousands_of_problems_the_errors_are_told() {
    let mut text = format!("{HEAD}Parameters:\n");
    for at in 0..1000 {
        writeln!(
            text,
            "  parameter{at}: {{ Default: '{{{{ parameter{} }}}}' }}",
            at + 1
        )
        .unwrap();
    }
    write!(
        text,
        "{PAUSE}  Properties:\n    x: '{}'\n",
        "{{ q }}".repeat(1500)
    )
    .unwrap();
    let found = inspect(&text);
    assert_eq!((found.diagnostics.len(), found.omitted), (200, 1301));
    let errors = found
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error);
    assert_eq!(errors.count(), 200);
}

#[test]
fn joins_of_joins_do_not_exhaust_memory() {
    let text = format!(
        "{HEAD}Parameters: {{ p: {{}} }}\n{PAUSE}  Properties: {{ x: ['{}'] }}\n",
        "{{ p }}".repeat(5000)
    );
    let template = parse(&text).unwrap();
    let scope = Values::new().with_parameter("p", Value::from("x".repeat(1_000_000)));
    assert!(evaluate(&template.tasks[0].properties, &scope).is_err());
}

#[test]
fn too_large_a_template_is_refused() {
    let text = format!("{HEAD}{PAUSE}# {}\n", "x".repeat(64 * 1024));
    assert!(parse(&text).unwrap_err().to_string().contains("OOS101"));
}
