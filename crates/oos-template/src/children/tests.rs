use super::{Catalogue, NoChildren, check};
use crate::{Code, Diagnostic, Severity, advice, inspect, parse};

/// All that is found in a template called `this`.
fn found(text: &str, catalogue: &Catalogue) -> Vec<Diagnostic> {
    let mut inspection = inspect(text);
    let template = inspection.template.take().expect("a template");
    inspection.add(check(&template, Some("this"), catalogue));
    inspection.add(advice(&template));
    inspection.diagnostics
}

#[test]
fn examples_show_their_rule_and_nothing_else() {
    let mut rules = 0;
    for known in Code::all().filter(|known| known.code.as_str() >= "OOS200") {
        let mut catalogue = Catalogue::new();
        if let Some((name, text)) = known.child {
            catalogue.add(name, text);
        }
        catalogue.add("this", known.bad);
        let bad = found(known.bad, &catalogue);
        assert!(!bad.is_empty(), "{}", known.code);
        assert!(
            bad.iter().all(|found| found.code == known.code),
            "{}: {bad:#?}",
            known.code
        );
        let good = found(known.good, &catalogue);
        assert!(good.is_empty(), "{}: {good:#?}", known.code);
        rules += 1;
    }
    assert!(rules >= 11);
}

fn parent(tasks: &str) -> String {
    format!("FormatVersion: OOS-2019-06-01\nTasks:\n{tasks}")
}

fn run(name: &str) -> String {
    parent(&format!(
        "- {{ Name: run, Action: ACS::Template, Properties: {{ TemplateName: {name} }} }}\n"
    ))
}

#[test]
fn circles_are_found_below() {
    let catalogue = Catalogue::new()
        .with("a", run("b"))
        .with("b", run("c"))
        .with("c", run("b"));
    let template = parse(&run("b")).expect("it is good");
    let found = check(&template, Some("a"), &catalogue);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].severity, Severity::Error);
    assert!(
        found[0].message.ends_with("circle: a > b > c > b"),
        "{}",
        found[0].message
    );
}

#[test]
fn what_may_be_another_version_is_only_warned_of() {
    let child = "FormatVersion: OOS-2019-06-01\nParameters: { a: {} }\nTasks: [ { Name: w, Action: ACS::Pause } ]\n";
    let template = parse(&run("child")).expect("it is good");
    let sure = Catalogue::new().with("child", child);
    assert_eq!(check(&template, None, &sure)[0].severity, Severity::Error);
    assert_eq!(
        check(&template, None, &sure.as_guess())[0].severity,
        Severity::Warning
    );
    let other = parse(&run("other")).expect("it is good");
    assert!(check(&other, None, &Catalogue::new().as_guess()).is_empty());
    assert!(check(&other, None, &Catalogue::new())[0].code.as_str() == "OOS201");
    assert!(check(&other, None, &NoChildren).is_empty());
}

/// Every task runs a template in which every task does: the work must not multiply.
#[test]
fn templates_under_templates_do_not_multiply() {
    let many = |child: &str| {
        let tasks: Vec<String> = (0..300)
            .map(|n| format!("- {{ Name: t{n}, Action: ACS::Template, Properties: {{ TemplateName: {child} }} }}\n"))
            .collect();
        parent(&tasks.concat())
    };
    let catalogue = Catalogue::new()
        .with("a", many("b"))
        .with("b", many("c"))
        .with("c", parent("- { Name: p, Action: ACS::Pause }\n"));
    let template = parse(&many("a")).expect("it is good");
    assert!(check(&template, None, &catalogue).is_empty());
    let calls = crate::risk::risky_calls(&template, &catalogue);
    assert!(calls.is_empty());
}
