//! `oos try`, as a process.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod program;

use program::{Folder, Run, command, oos, run};
use serde_json::{Value, json};

const WATCH: &str = "
FormatVersion: OOS-2019-06-01
Parameters:
  suffix: { Type: String, Default: none }
  password: { Type: String, Default: '', NoEcho: true }
Tasks:
- Name: stopped
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: ['Instance:StateChange'], Content: { state: [Stopped] } }
  Outputs:
    id: { Type: String, ValueSelector: .content.resourceId }
- Name: start
  Action: ACS::ExecuteAPI
  Properties:
    Service: ECS
    API: StartInstance
    Parameters: { InstanceId: '{{ stopped.id }}', Note: '{{ suffix }}', Secret: '{{ password }}' }
  Outputs:
    request: { Type: String, ValueSelector: .RequestId }
Outputs:
  id: { Type: String, Value: '{{ stopped.id }}-{{ suffix }}' }
";

const MOCK: &str = "
mocks:
- { service: ecs, api: StartInstance, answers: [ { body: { RequestId: R-1 } } ] }
";

fn event(state: &str) -> String {
    json!({
        "product": "ECS", "name": "Instance:StateChange",
        "content": { "resourceId": "i-1", "state": state },
    })
    .to_string()
}

fn document(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[test]
fn a_child_is_made_and_followed() {
    let folder = Folder::new("child");
    let template = folder.file("watch.yml", WATCH);
    folder.file("watch.mock.yml", MOCK);
    let event = folder.file("event.json", &event("Stopped"));
    let done = oos(&[
        "try", &template, "--event", &event, "-p", "suffix=x", "--output", "json",
    ]);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
    let found = document(&done);
    assert_eq!(found["outcome"], "Success");
    assert_eq!(found["template"]["name"], "watch");
    assert_eq!(found["template"]["category"], "EventTrigger");
    assert_eq!(found["execution"]["status"], "Waiting");
    assert_eq!(found["execution"]["tasks"][0]["name"], "stopped");
    assert_eq!(found["child"]["outputs"], json!({"id": "i-1-x"}));
    let task = &found["child"]["tasks"][0];
    assert_eq!(
        (&task["name"], &task["status"]),
        (&json!("start"), &json!("Success"))
    );
    let call = json!([{
        "service": "ECS", "api": "StartInstance",
        "parameters": {"InstanceId": "i-1", "Note": "x", "Secret": ""},
        "response": {"RequestId": "R-1"},
    }]);
    assert_eq!(task["api_calls"], call);
    assert_eq!(task["outputs"], json!({"request": "R-1"}));
}

#[test]
fn the_values_of_no_echo_parameters_are_hidden() {
    let folder = Folder::new("hidden");
    let template = folder.file("watch.yml", WATCH);
    folder.file("watch.mock.yml", MOCK);
    let event = folder.file("event.json", &event("Stopped"));
    for format in ["text", "json"] {
        let parameters = r#"{"password":"s3cr3t-word"}"#;
        let arguments = [
            "try",
            &template,
            "--event",
            &event,
            "--parameters",
            parameters,
            "--output",
            format,
        ];
        let done = oos(&arguments);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(
            done.out.contains("******") && !done.out.contains("s3cr3t"),
            "{}",
            done.out
        );
    }
}

#[test]
fn a_message_that_does_not_fit_is_explained_field_by_field() {
    let folder = Folder::new("mismatch");
    let template = folder.file("watch.yml", WATCH);
    let event = event("Running");
    let arguments = ["try", &template, "--event", "-"];
    let text = run(command(&arguments), &event);
    assert_eq!((text.code, text.err.as_str()), (1, ""), "{text:?}");
    let row = r#"content.state  ["Stopped"]               "Running"               no"#;
    assert!(text.out.contains(row), "{}", text.out);

    let json = run(
        command(&[&arguments[..], &["--output=json"]].concat()),
        &event,
    );
    assert_eq!(json.code, 1);
    let found = document(&json);
    assert_eq!(found["outcome"], "NotMatched");
    assert_eq!(found["child"], Value::Null);
    let last = found["verdicts"]
        .as_array()
        .and_then(|all| all.last())
        .expect("verdicts");
    let wanted = json!(
        {"field": "content.state", "wanted": ["Stopped"], "got": "Running", "matches": false}
    );
    assert_eq!(*last, wanted);
}

#[test]
fn a_failed_child_is_a_negative_outcome() {
    let folder = Folder::new("failed");
    let template = folder.file("watch.yml", WATCH);
    let mock = folder.file(
        "other.yml",
        "mocks: [ { service: ECS, api: StartInstance, answers: [ { error: { code: Busy, status: 409 } } ] } ]",
    );
    let event = folder.file("event.json", &event("Stopped"));
    let unmocked = oos(&["try", &template, "--event", &event]);
    assert_eq!(unmocked.code, 1, "{unmocked:?}");
    assert!(
        unmocked
            .out
            .contains("No mock answers ECS StartInstance: write"),
        "{}",
        unmocked.out
    );

    let refused = oos(&["try", &template, "--event", &event, "--mock", &mock]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.out.contains("error    409 Busy"), "{}", refused.out);
    assert!(refused.out.contains("Outcome   Failed"), "{}", refused.out);
}

#[test]
fn a_template_without_a_trigger_is_run_itself() {
    let folder = Folder::new("plain");
    let template = folder.file(
        "nap.json",
        r#"{"FormatVersion":"OOS-2019-06-01","Tasks":[{"Name":"nap","Action":"ACS::Sleep","Properties":{"Duration":"1H"}}]}"#,
    );
    let done = oos(&["try", &template, "--output", "json"]);
    let found = document(&done);
    assert_eq!(
        (done.code, &found["outcome"]),
        (0, &json!("Success")),
        "{done:?}"
    );
    assert_eq!(found["execution"]["duration_ms"], 3_600_000);

    let late = oos(&["try", &template, "--real-time", "--timeout", "20ms"]);
    assert_eq!(late.code, 1, "{late:?}");
    assert!(
        late.out.contains("Outcome   TimedOut\nThe time was up"),
        "{}",
        late.out
    );
}

#[test]
fn a_timer_is_fired_without_a_file() {
    let folder = Folder::new("timer");
    let template = folder.file(
        "nightly.yml",
        "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: nightly
  Action: ACS::TimerTrigger
  Properties: { Type: cron, Expression: '0 0 2 * * ?', EndDate: '2999-01-01' }
- Name: nap
  Action: ACS::Sleep
  Properties: { Duration: 1S }
",
    );
    let done = oos(&["try", &template, "--timer"]);
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn mistakes_are_shown_with_their_places() {
    let folder = Folder::new("mistakes");
    let watch = folder.file("watch.yml", WATCH);
    let event = folder.file("event.json", &event("Stopped"));
    let bad = WATCH
        .replace("stopped.id", "stoped.id")
        .replace("Outputs:\n  id", "Outputz:\n  id");
    let bad = folder.file("bad.yml", &bad);
    let bad_event = folder.file("bad.json", "{\n  \"product\": ECS\n}");
    let bad_mock = folder.file(
        "bad.mock",
        "mocks:\n- { service: ECS, api: X, answer: [] }\n",
    );
    let check = |arguments: &[&str], parts: &[&str]| {
        let refused = oos(arguments);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
        for part in parts {
            assert!(refused.err.contains(part), "{part} in {}", refused.err);
        }
    };
    check(
        &["try", &bad, "--event", &event],
        &["bad.yml:17:32: ", "error[OOS", "Outputz", "^^^^"],
    );
    check(
        &["try", &watch, "--event", &bad_event],
        &["bad.json:2:14: error: the event is not JSON", "^"],
    );
    check(
        &["try", &watch, "--event", &event, "--mock", &bad_mock],
        &["bad.mock:2:", "`answer`", "^"],
    );
    check(&["try", &watch], &["--event FILE"]);
    check(&["try", &watch, "--alarm", &event], &["--event FILE"]);
    check(
        &["try", &watch, "--event", &event, "-p", "sufix=1"],
        &["did you mean suffix?"],
    );
    check(
        &["try", &watch, "--event", &event, "--parameters", "[]"],
        &["JSON object"],
    );
    check(&["try", "missing.yml"], &["missing.yml can not be read"]);

    let refused = oos(&["try", &bad, "--event", &event, "--output", "json"]);
    assert_eq!((refused.code, refused.err.as_str()), (2, ""));
    let error = &document(&refused)["error"];
    assert_eq!(
        (&error["kind"], &error["exit_code"]),
        (&json!("usage"), &json!(2))
    );
    let problems = error["problems"].as_array().expect("problems");
    assert!(problems.len() >= 2, "{problems:?}");
    assert_eq!(problems[0]["line"], 17);
}
