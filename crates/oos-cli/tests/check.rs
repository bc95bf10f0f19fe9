//! `oos check`, `oos policy`, `oos schema` and `oos explain`, run as their users run them.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod program;

use program::{Folder, Run, command, oos, run};
use serde_json::{Value, json};

const GOOD: &str = "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: wait
  Action: ACS::Sleep
  Properties: { Duration: PT1M }
";

const BAD: &str = "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: ä表
  Action: ACS::Slep
- Name: wait
  Action: ACS::Sleep
  Properties: { Duration: PT1M, Why: not }
  OnError: nowhere
";

const RISKY: &str = "\
FormatVersion: OOS-2019-06-01
RamRole: '{{ role }}'
Parameters: { role: { Type: String, Default: OOSServiceRole } }
Tasks:
- Name: drop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DeleteInstance, Parameters: { InstanceId: i-1 } }
";

fn document(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// The path of what is in the same folder.
fn beside(file: &str, name: &str) -> String {
    let (folder, _) = file.rsplit_once('/').expect("a file in a folder");
    format!("{folder}/{name}")
}

fn codes(file: &Value) -> Vec<&str> {
    let problems = file["problems"].as_array().expect("a list").iter();
    problems
        .map(|one| one["code"].as_str().expect("a code"))
        .collect()
}

#[test]
fn the_exit_code_tells_what_was_found() {
    let folder = Folder::new("check-exit");
    let good = folder.file("good.yml", GOOD);
    let bad = folder.file("bad.yml", BAD);
    let warned = folder.file("warned.yml", &format!("{GOOD}  OnSucess: wait\n"));
    let risky = folder.file("risky.yml", RISKY);
    let check = |arguments: &[&str], code: i32, part: &str| {
        let run = oos(&[&["check"][..], arguments].concat());
        assert_eq!(run.code, code, "{arguments:?}: {run:?}");
        assert!(run.out.contains(part) || run.err.contains(part), "{run:?}");
    };
    check(&[&good], 0, "1 template checked: no problems\n");
    check(
        &[&good, &bad],
        1,
        "2 templates checked: 3 errors, 1 warning\n",
    );
    check(&[&warned], 0, "1 warning");
    check(&[&warned, "--deny", "warning"], 1, "OnSuccess");
    check(
        &[&risky, "--deny", "warning"],
        0,
        "1 hint (--hints shows the hints)",
    );
    check(&[&risky, "--hints"], 0, "hint[OOS220]");
    check(&[&risky, "--deny", "hint"], 1, "1 hint");
    check(&[], 2, "required");
    check(&["no/such.yml", &good], 2, "no/such.yml can not be read");
    check(&["no/such.yml", &good], 2, "1 template checked");
    check(&["--templates", "no/such", &good], 2, "no/such");
    check(&["--jobs", "0", &good], 2, "--jobs");
}

#[test]
fn text_shows_the_line_and_marks_the_place() {
    let folder = Folder::new("check-text");
    let bad = folder.file("bad.yml", BAD);
    let run = oos(&["check", &bad]);
    let expected = format!(
        "{bad}:4:11: error[OOS122]: there is no action ACS::Slep\n  4 |   Action: ACS::Slep\n    |           ^^^^^^^^^\n  fix: ACS::Sleep\n"
    );
    assert!(run.out.contains(&expected), "{}", run.out);
    assert!(run.err.is_empty() && !run.out.contains('\u{1b}'), "{run:?}");
}

#[test]
fn json_is_one_array_with_places_in_characters() {
    let folder = Folder::new("check-json");
    let good = folder.file("good.yml", GOOD);
    let bad = folder.file("bad.yml", BAD);
    let run = oos(&["check", &bad, &good, "--output", "json"]);
    assert_eq!(run.code, 1);
    let files = document(&run);
    assert_eq!(files[0]["file"], json!(bad));
    assert_eq!(files[1], json!({ "file": good, "problems": [] }));
    assert_eq!(codes(&files[0]), ["OOS120", "OOS122", "OOS132", "OOS123"]);
    let name = &files[0]["problems"][0];
    assert_eq!(
        (
            &name["line"],
            &name["column"],
            &name["end_line"],
            &name["end_column"]
        ),
        (&json!(3), &json!(9), &json!(3), &json!(11))
    );
    assert_eq!(name["severity"], "error");
    let jump = &files[0]["problems"][3];
    assert_eq!(
        (&jump["severity"], &jump["fix"]),
        (&json!("error"), &Value::Null)
    );
}

#[test]
fn files_that_are_no_text_or_too_long_are_findings() {
    let folder = Folder::new("check-bytes");
    let long = folder.file("long.yml", &format!("{GOOD}# {}", "x".repeat(64 * 1024)));
    let huge = folder.file(
        "huge.yml",
        &format!("{GOOD}# {}", "x".repeat(3 * 1024 * 1024)),
    );
    let marked = folder.file("marked.yml", &format!("\u{feff}{GOOD}"));
    let latin = beside(&marked, "latin.yml");
    std::fs::write(
        &latin,
        b"FormatVersion: OOS-2019-06-01\nDescription: caf\xe9\n",
    )
    .expect("a file");
    let run = oos(&["check", &long, &huge, &marked, &latin, "--output", "json"]);
    let files = document(&run);
    let found: Vec<_> = files
        .as_array()
        .expect("a list")
        .iter()
        .map(codes)
        .collect();
    assert_eq!(
        found,
        [vec!["OOS101"], vec!["OOS101"], vec![], vec!["OOS105"]]
    );
    assert_eq!(files[3]["problems"][0]["column"], 17);
    assert_eq!(run.code, 1);
    let text = oos(&["check", &latin]);
    assert!(
        text.out.contains("2 | Description: caf\u{fffd}"),
        "{}",
        text.out
    );
}

#[test]
fn folders_are_searched_for_templates() {
    let folder = Folder::new("check-folder");
    let first = folder.file("a.yml", GOOD);
    folder.file("b.json", &oos_template_as_json());
    folder.file("mocks.yml", "mocks: []\n");
    folder.file("notes.txt", BAD);
    folder.file(".hidden.yml", BAD);
    folder.file("inner/c.YAML", BAD);
    let root = beside(&first, "");
    for jobs in ["1", "4"] {
        let run = oos(&["check", &root, "--output", "json", "--jobs", jobs]);
        let files = document(&run);
        let names: Vec<_> = files
            .as_array()
            .expect("a list")
            .iter()
            .map(|file| {
                file["file"]
                    .as_str()
                    .expect("a name")
                    .trim_start_matches(&root)
                    .to_owned()
            })
            .collect();
        assert_eq!(names, ["a.yml", "b.json", "inner/c.YAML"]);
        assert_eq!(run.code, 1);
    }
    let named = oos(&["check", &beside(&first, "mocks.yml"), "--output", "json"]);
    assert_eq!(named.code, 1, "a file that is named is always checked");
}

fn oos_template_as_json() -> String {
    json!({
        "FormatVersion": "OOS-2019-06-01",
        "Tasks": [{ "Name": "wait", "Action": "ACS::Sleep", "Properties": { "Duration": "1S" } }],
    })
    .to_string()
}

#[test]
fn standard_input_is_checked_too() {
    let run = run(command(&["check", "-"]), BAD);
    assert_eq!(run.code, 1);
    assert!(
        run.out.starts_with("<stdin>:3:9: error[OOS120]"),
        "{}",
        run.out
    );
}

const PARENT: &str = "\
FormatVersion: OOS-2019-06-01
Tasks:
- Name: run
  Action: ACS::Template
  Properties: { TemplateName: child }
- Name: product
  Action: ACS::ECS::Restart
  Properties: { instanceId: i-1 }
";

const CHILD: &str = "\
FormatVersion: OOS-2019-06-01
Parameters: { instanceId: { Type: String } }
Tasks:
- Name: stop
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: StopInstance, Parameters: { InstanceId: '{{ instanceId }}' } }
";

#[test]
fn child_templates_are_checked_across_files() {
    let folder = Folder::new("check-children");
    let parent = folder.file("parent.yml", PARENT);
    let children = beside(&parent, "children");
    folder.file("children/child.yml", CHILD);
    folder.file("children/ACS-ECS-Restart.yml", CHILD);
    let found = |arguments: &[&str]| {
        let run = oos(&[&["check", "--output", "json"][..], arguments].concat());
        let files = document(&run);
        let file = files.as_array().expect("a list").iter();
        let file = file
            .clone()
            .find(|file| file["file"] == json!(parent))
            .expect("it was checked");
        let problems = file["problems"].as_array().expect("a list").iter();
        let shown =
            problems.map(|one| format!("{} {}", one["severity"], one["code"]).replace('"', ""));
        (run.code, shown.collect::<Vec<_>>())
    };
    assert_eq!(
        found(&[&parent]),
        (0, vec![]),
        "a file alone knows no others"
    );
    let error = vec!["error OOS202".to_owned()];
    assert_eq!(found(&[&parent, "--templates", &children]), (1, error));
    let warning = vec!["warning OOS202".to_owned()];
    assert_eq!(
        found(&[&beside(&parent, "")]),
        (0, warning),
        "a folder is only a guess"
    );
}

#[test]
fn sarif_has_what_code_hosts_read() {
    let folder = Folder::new("check-sarif");
    let bad = folder.file("bad ä.yml", BAD);
    let run = oos(&["check", &bad, "--output", "sarif"]);
    assert_eq!(run.code, 1);
    let log = document(&run);
    assert_eq!(log["version"], "2.1.0");
    let sarif = &log["runs"][0];
    assert_eq!(sarif["columnKind"], "unicodeCodePoints");
    let driver = &sarif["tool"]["driver"];
    assert_eq!(driver["name"], "oos");
    let rules = driver["rules"].as_array().expect("rules");
    for rule in rules {
        for text in [
            "/shortDescription/text",
            "/fullDescription/text",
            "/help/text",
            "/help/markdown",
        ] {
            let text = rule.pointer(text).and_then(Value::as_str);
            assert!(text.is_some_and(|text| !text.is_empty()), "{rule}");
        }
    }
    let results = sarif["results"].as_array().expect("results");
    assert_eq!(results.len(), 4);
    for result in results {
        let rule =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("it fits");
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        assert!(
            result["message"]["text"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("a uri");
        assert!(uri.ends_with("bad%20%C3%A4.yml") && uri.is_ascii(), "{uri}");
        for number in ["startLine", "startColumn", "endLine", "endColumn"] {
            assert!(
                place["region"][number]
                    .as_u64()
                    .is_some_and(|number| number >= 1),
                "{place}"
            );
        }
    }
}

#[test]
fn the_policy_alone_is_on_standard_output() {
    let folder = Folder::new("policy");
    let parent = folder.file("parent.yml", PARENT);
    folder.file("children/child.yml", CHILD);
    let children = beside(&parent, "children");
    let run = oos(&["policy", &parent, "--templates", &children]);
    assert_eq!(run.code, 0, "{run:?}");
    let policy = json!({
        "Version": "1",
        "Statement": [
            { "Effect": "Allow", "Action": ["ecs:StopInstance"], "Resource": "*" },
            { "Effect": "Allow", "Action": ["oos:StartExecution"], "Resource": "*" },
        ],
    });
    assert_eq!(document(&run), policy);
    assert!(
        run.err.contains("ecs:StopInstance  task run/stop"),
        "{}",
        run.err
    );
    assert!(
        run.err
            .contains("product: the template ACS::ECS::Restart is not known"),
        "{}",
        run.err
    );

    let run = oos(&[
        "policy",
        &parent,
        "--templates",
        &children,
        "--output",
        "json",
    ]);
    let both = document(&run);
    assert_eq!((&both["policy"], run.err.as_str()), (&policy, ""));
    assert_eq!(both["reasons"][1]["tasks"], json!(["run", "product"]));
    assert_eq!(both["unknown"][0]["task"], "product");

    let risky = folder.file("risky.yml", RISKY);
    let statements = document(&oos(&["policy", &risky]))["Statement"].clone();
    let actions: Vec<_> = statements
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["Action"][0])
        .collect();
    assert_eq!(actions, ["ecs:DeleteInstance", "ram:PassRole"]);

    let bad = folder.file("bad.yml", BAD);
    let refused = oos(&["policy", &bad]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
}

#[test]
fn the_schema_is_one_document() {
    let run = oos(&["schema"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(
        document(&run)["$schema"],
        "http://json-schema.org/draft-07/schema#"
    );
}

#[test]
fn codes_are_explained() {
    let check = |arguments: &[&str], code: i32, part: &str| {
        let run = oos(&[&["explain"][..], arguments].concat());
        assert_eq!(run.code, code, "{arguments:?}: {run:?}");
        assert!(
            run.out.contains(part) || run.err.contains(part),
            "{part}: {run:?}"
        );
    };
    check(&["OOS123"], 0, "OnError");
    check(&["oos202"], 0, "with the template restart:");
    check(&["Throttling.User"], 0, "(HTTP ");
    check(&["MissingExecutionId"], 0, "`ExecutionId`");
    check(&["OOS124", "--output", "json"], 0, "\"title\"");
    check(&["Throttling", "--output", "json"], 0, "\"remedy\"");
    check(&[], 0, "OOS220");
    check(&["--output", "json"], 0, "\"service\"");
    check(&["OOS999"], 2, "oos explain lists all codes");
    check(&["OOS136"], 2, "did you mean OOS135");
    check(
        &["SignatureDoesNotMach"],
        2,
        "did you mean SignatureDoesNotMatch",
    );
}
