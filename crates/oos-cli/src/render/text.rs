//! A report for people.

use super::Paint;
use super::tree::{Branch, Note, columns};
use super::words::{clean, duration, plain, value};
use crate::report::{
    ApiCallReport, ExecutionReport, Outcome, Report, TaskReport, TemplateReport, VerdictReport,
};
use oos_template::Value;
use std::fmt::Write as _;

/// The report as text; of a message that was only sent, nothing but the id of the call.
pub(crate) fn report(report: &Report, paint: Paint) -> String {
    if let (Outcome::Sent, Some(request_id)) = (report.outcome, &report.request_id) {
        return format!("{}\n", clean(request_id));
    }
    let mut text = String::new();
    head(&mut text, report, paint);
    if let Some(tree) = tree(report, paint) {
        text.push_str(&tree.draw());
        text.push('\n');
    }
    if !report.verdicts.is_empty() {
        text.push_str(&verdicts(&report.verdicts, paint));
        text.push('\n');
    }
    fact(&mut text, "Outcome", &paint.status(report.outcome.as_str()));
    if let Some(message) = &report.message {
        text.push_str(&clean(message));
        text.push('\n');
    }
    text
}

fn head(text: &mut String, report: &Report, paint: Paint) {
    if let Some(TemplateReport {
        file,
        name,
        version,
        category,
        mocks,
        warnings,
    }) = &report.template
    {
        let kind = if category == "Other" {
            "no trigger"
        } else {
            category
        };
        let template = format!("{} {version} ({kind}) from {}", clean(name), clean(file));
        fact(text, "Template", &template);
        for mock in mocks {
            fact(text, "Mocks", &clean(mock));
        }
        for warning in warnings {
            fact(text, "Note", &paint.faint(&clean(warning)));
        }
    }
    if let Some(request_id) = &report.request_id {
        fact(
            text,
            "Trigger",
            &format!("request id {}", clean(request_id)),
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
}

fn fact(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "{name:<9} {value}");
}

fn tree(report: &Report, paint: Paint) -> Option<Branch> {
    let child = report.child.as_ref().map(|child| execution(child, paint));
    let Some(parent) = &report.execution else {
        return child;
    };
    let mut parent = execution(parent, paint);
    parent.branches.extend(child);
    Some(parent)
}

fn execution(execution: &ExecutionReport, paint: Paint) -> Branch {
    let status = paint.status(&clean(&execution.status));
    let mut title = format!("{}  {status}", paint.strong(&clean(&execution.id)));
    if let Some(millis) = execution.duration_ms {
        let _ = write!(title, "  {}", paint.faint(&duration(millis)));
    }
    let mut notes = message(&execution.status_message, paint);
    notes.extend(outputs(&execution.outputs, paint));
    let titles = columns(
        &execution
            .tasks
            .iter()
            .map(|task| cells(task, paint))
            .collect::<Vec<_>>(),
    );
    let branches = execution
        .tasks
        .iter()
        .zip(titles)
        .map(|(task, title)| branch(task, title, paint));
    Branch {
        title,
        notes,
        branches: branches.collect(),
    }
}

fn cells(task: &TaskReport, paint: Paint) -> Vec<(String, String)> {
    let time = task.duration_ms.map(duration).unwrap_or_default();
    let (name, action) = (clean(&task.name), clean(&task.action));
    let status = clean(&task.status);
    vec![
        (name.clone(), paint.strong(&name)),
        (action.clone(), paint.faint(&action)),
        (status.clone(), paint.status(&status)),
        (time.clone(), paint.faint(&time)),
    ]
}

fn branch(task: &TaskReport, title: String, paint: Paint) -> Branch {
    let mut notes: Vec<Note> = task
        .api_calls
        .iter()
        .flat_map(|call| api_call(call, paint))
        .collect();
    notes.extend(message(&task.message, paint));
    notes.extend(outputs(&task.outputs, paint));
    Branch {
        title,
        notes,
        branches: task.child.iter().map(|one| execution(one, paint)).collect(),
    }
}

fn api_call(call: &ApiCallReport, paint: Paint) -> Vec<Note> {
    let service = call
        .service
        .as_ref()
        .map(|service| format!("{} ", clean(service)));
    let service = service.unwrap_or_default();
    let made = format!("{service}{} {}", clean(&call.api), value(&call.parameters));
    let mut notes = vec![note("call", made, paint)];
    notes.extend(
        call.response
            .as_ref()
            .map(|answer| note("answer", value(answer), paint)),
    );
    notes.extend(
        call.error
            .as_ref()
            .map(|error| note("error", paint.bad(&clean(error)), paint)),
    );
    notes
}

fn message(message: &str, paint: Paint) -> Vec<Note> {
    if message.is_empty() {
        Vec::new()
    } else {
        vec![note("message", clean(message), paint)]
    }
}

fn outputs(outputs: &Value, paint: Paint) -> Vec<Note> {
    match outputs {
        Value::Null => Vec::new(),
        Value::Map(outputs) => outputs
            .iter()
            .map(|(name, value)| {
                note(
                    "output",
                    format!("{}: {}", clean(name), plain(value)),
                    paint,
                )
            })
            .collect(),
        other => vec![note("output", plain(other), paint)],
    }
}

fn note(label: &str, text: String, paint: Paint) -> Note {
    Note {
        label: paint.faint(&format!("{label:<7}")),
        text,
    }
}

fn verdicts(verdicts: &[VerdictReport], paint: Paint) -> String {
    let heading = ["field", "wanted", "got", "fits"];
    let plain_cell = |text: &str| (text.to_owned(), paint.faint(text));
    let mut rows = vec![
        heading
            .iter()
            .map(|text| plain_cell(text))
            .collect::<Vec<_>>(),
    ];
    for VerdictReport {
        field,
        wanted,
        got,
        matches,
    } in verdicts
    {
        let same = |text: String| (text.clone(), text);
        let got = got.as_ref().map_or_else(|| String::from("nothing"), value);
        let fits = match matches {
            true => (String::from("yes"), paint.good("yes")),
            false => (String::from("no"), paint.bad("no")),
        };
        rows.push(vec![
            same(clean(field)),
            same(value(wanted)),
            same(got),
            fits,
        ]);
    }
    columns(&rows).into_iter().map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        Value::from_json(text).expect("a value")
    }

    fn task(name: &str, action: &str, status: &str) -> TaskReport {
        TaskReport {
            name: name.into(),
            action: action.into(),
            status: status.into(),
            message: String::new(),
            outputs: Value::Null,
            duration_ms: None,
            api_calls: Vec::new(),
            child: None,
        }
    }

    fn execution(id: &str, status: &str, tasks: Vec<TaskReport>) -> ExecutionReport {
        ExecutionReport {
            id: id.into(),
            status: status.into(),
            status_message: String::new(),
            outputs: Value::Null,
            duration_ms: None,
            tasks,
        }
    }

    fn call(response: Option<&str>, error: Option<&str>) -> ApiCallReport {
        ApiCallReport {
            service: Some("ECS".into()),
            api: "StartInstance".into(),
            parameters: json(r#"{"InstanceId":"i-1"}"#),
            response: response.map(json),
            error: error.map(str::to_owned),
        }
    }

    #[test]
    fn a_tree_of_parent_and_child() {
        let start = TaskReport {
            duration_ms: Some(15),
            outputs: json(r#"{"ok":true}"#),
            api_calls: vec![call(Some(r#"{"RequestId":"R"}"#), None)],
            ..task("start", "ACS::ExecuteAPI", "Success")
        };
        let failed = TaskReport {
            message: "Throttling: slow down".into(),
            api_calls: vec![call(None, Some("429 Throttling: slow down"))],
            ..task("again", "ACS::ExecuteAPI", "Failed")
        };
        let embedding = TaskReport {
            child: Some(Box::new(execution(
                "exec-1.0001.t0003.0001",
                "Cancelled",
                vec![task("pause", "ACS::Sleep", "Cancelled")],
            ))),
            ..task("embed", "ACS::Template", "Failed")
        };
        let parent = execution(
            "exec-1",
            "Waiting",
            vec![task("onEvent", "ACS::EventTrigger", "Waiting")],
        );
        let child = ExecutionReport {
            duration_ms: Some(10_015),
            status_message: "Throttling: slow down".into(),
            outputs: json(r#"{"id":"i-1"}"#),
            ..execution("exec-1.0001", "Failed", vec![start, failed, embedding])
        };
        let template = TemplateReport {
            file: "dir/t.yml".into(),
            name: "t".into(),
            version: "v1".into(),
            category: "EventTrigger".into(),
            mocks: vec!["dir/t.mock.yml".into()],
            warnings: Vec::new(),
        };
        let whole = Report {
            template: Some(template),
            request_id: Some("REQUEST".into()),
            execution: Some(parent),
            child: Some(child),
            ..Report::of(Outcome::Failed)
        };
        let expected = r#"Template  t v1 (EventTrigger) from dir/t.yml
Mocks     dir/t.mock.yml
Trigger   request id REQUEST

exec-1  Waiting
├── onEvent  ACS::EventTrigger  Waiting
└── exec-1.0001  Failed  10.0 s
    │   message  Throttling: slow down
    │   output   id: i-1
    ├── start  ACS::ExecuteAPI  Success  15 ms
    │       call     ECS StartInstance {"InstanceId":"i-1"}
    │       answer   {"RequestId":"R"}
    │       output   ok: true
    ├── again  ACS::ExecuteAPI  Failed
    │       call     ECS StartInstance {"InstanceId":"i-1"}
    │       error    429 Throttling: slow down
    │       message  Throttling: slow down
    └── embed  ACS::Template    Failed
        └── exec-1.0001.t0003.0001  Cancelled
            └── pause  ACS::Sleep  Cancelled

Outcome   Failed
"#;
        assert_eq!(report(&whole, Paint::new(false)), expected);
        assert!(!expected.contains('\u{1b}'));
        let coloured = report(&whole, Paint::new(true));
        assert!(
            coloured.contains("\u{1b}[32mSuccess\u{1b}[0m"),
            "{coloured}"
        );
    }

    #[test]
    fn a_message_that_does_not_fit() {
        let verdict = |field: &str, wanted: &str, got: Option<&str>, matches: bool| VerdictReport {
            field: field.into(),
            wanted: json(wanted),
            got: got.map(json),
            matches,
        };
        let mismatch = Report {
            message: Some("No child execution was made.".into()),
            verdicts: vec![
                verdict("product", r#""ECS""#, Some(r#""ECS""#), true),
                verdict(
                    "content.state",
                    r#"["Stopped"]"#,
                    Some(r#""Running""#),
                    false,
                ),
                verdict("level", r#"["INFO"]"#, None, false),
            ],
            ..Report::of(Outcome::NotMatched)
        };
        let expected = r#"field          wanted       got        fits
product        "ECS"        "ECS"      yes
content.state  ["Stopped"]  "Running"  no
level          ["INFO"]     nothing    no

Outcome   NotMatched
No child execution was made.
"#;
        assert_eq!(report(&mismatch, Paint::new(false)), expected);
    }

    #[test]
    fn of_a_message_that_was_sent_only_the_request_id() {
        let sent = Report {
            request_id: Some("R-1".into()),
            ..Report::of(Outcome::Sent)
        };
        assert_eq!(report(&sent, Paint::new(false)), "R-1\n");
    }
}
