//! The examples, run as the README says.

#![expect(unreachable_pub, reason = "the shared module serves other targets too")]

mod cli_program;

use cli_program::oos;
use serde_json::{Value, json};

const RESTART: &str = "examples/restart-stopped-instance.yml";
const STOPPED: &str = "examples/instance-stopped.json";
const STARTED: &str = "examples/instance-started.json";

#[test]
fn a_stopped_instance_is_started_again() {
    let run = oos(&["try", RESTART, "--event", STOPPED], &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    for part in [
        "Template  restart-stopped-instance v1 (EventTrigger) from examples/restart-stopped-instance.yml\n",
        "Mocks     examples/restart-stopped-instance.mock.yml\n",
        "├── onStopped  ACS::EventTrigger  Waiting\n",
        ".0001  Success  10.0 s\n",
        "│       call     ECS StartInstance {\"InstanceId\":\"i-bp1a2b3c4d5e6f7g8h9i\"}\n",
        "├── letItBoot           ACS::Sleep       Success  10.0 s\n",
        "            output   status: Running\n",
        "\nOutcome   Success\n",
    ] {
        assert!(run.out.contains(part), "{part} in\n{}", run.out);
    }
}

#[test]
fn the_same_as_one_document() {
    let run = oos(
        &["try", RESTART, "--event", STOPPED, "--output", "json"],
        &[],
    );
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    let found = run.document();
    assert_eq!(found["outcome"], "Success");
    let outputs = json!({"instanceId": "i-bp1a2b3c4d5e6f7g8h9i", "status": "Running"});
    assert_eq!(found["child"]["outputs"], outputs);
    let parent = found["execution"]["id"].as_str().expect("an id");
    assert_eq!(found["child"]["id"], format!("{parent}.0001"));
    let tasks = found["child"]["tasks"].as_array().expect("tasks");
    let names: Vec<&str> = tasks
        .iter()
        .filter_map(|task| task["name"].as_str())
        .collect();
    let expected = [
        "describeInstance",
        "startOnlyIfStopped",
        "startInstance",
        "letItBoot",
        "confirmRunning",
    ];
    assert_eq!(names, expected);
    let calls: Vec<&Value> = tasks.iter().map(|task| &task["api_calls"]).collect();
    assert_eq!(
        calls
            .iter()
            .filter(|calls| calls.as_array().is_some_and(|c| c.len() == 1))
            .count(),
        3
    );
}

#[test]
fn an_event_that_does_not_fit_starts_nothing() {
    let run = oos(&["try", RESTART, "--event", STARTED], &[]);
    assert_eq!((run.code, run.err.as_str()), (1, ""), "{run:?}");
    let fits = |field: &str| {
        let row = run.out.lines().find(|line| line.starts_with(field));
        row.and_then(|row| row.split_whitespace().last())
            .unwrap_or_default()
            .to_owned()
    };
    let fields = ["product", "name", "level", "regionId", "content.state"];
    assert_eq!(
        fields.map(fits),
        ["yes", "yes", "yes", "yes", "no"],
        "{}",
        run.out
    );
}

#[test]
fn the_smallest_example_greets() {
    let run = oos(&["try", "examples/hello.yml", "-p", "who=world"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.out.contains("output   greeting: Hello, world!\n"),
        "{}",
        run.out
    );
}
