//! Lists of executions, tasks and logs: their fields, filters and pages.

mod local_support;

use local_support::call;
use oos_clock::{Clock, FakeClock, SystemClock};
use oos_engine::MockFile;
use oos_local::LocalOos;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use time::macros::datetime;

const DONE: &str = "
FormatVersion: OOS-2019-06-01
Parameters: { list: { Type: List, Default: [1] }, word: { Type: String, Default: a } }
Tasks:
- Name: choose
  Action: ACS::Choice
  Properties: { DefaultTask: ACS::END, Choices: [] }
Outputs: { word: { Type: String, Value: '{{ word }}' } }
";

const SLEEP: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- { Name: sleep, Action: 'ACS::Sleep', Properties: { Duration: PT1H } }
";

const EVENT: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: trigger
  Action: ACS::EventTrigger
  Properties: { Product: ECS, Name: [a] }
  Outputs: { id: { Type: String, ValueSelector: .id } }
- Name: choose
  Action: ACS::Choice
  Properties: { DefaultTask: ACS::END, Choices: [] }
Outputs: { id: { Type: String, Value: '{{ trigger.id }}' } }
";

async fn ok(local: &LocalOos, operation: &str, params: &[(&str, &str)]) -> Value {
    let (status, body) = call(local, operation, params).await;
    assert_eq!(status, 200, "{operation} {params:?}: {body}");
    body
}

async fn start(local: &LocalOos, content: &str, further: &[(&str, &str)]) -> String {
    let params = [&[("TemplateContent", content)], further].concat();
    let body = ok(local, "StartExecution", &params).await;
    body["Execution"]["ExecutionId"]
        .as_str()
        .expect("an id")
        .to_owned()
}

async fn fire(local: &LocalOos, id: &str, message: &str) {
    let params = [("ExecutionId", id), ("Type", "Event"), ("Content", message)];
    ok(local, "TriggerExecution", &params).await;
}

async fn one(local: &LocalOos, id: &str) -> Value {
    let list = ok(local, "ListExecutions", &[("ExecutionId", id)]).await;
    assert_eq!(list["TotalCount"], 1, "{list}");
    list["Executions"][0].clone()
}

fn ids<'a>(list: &'a Value, rows: &str, field: &str) -> Vec<&'a str> {
    let rows = list[rows].as_array().expect("a list");
    rows.iter()
        .map(|row| row[field].as_str().expect("an id"))
        .collect()
}

#[tokio::test]
async fn an_execution_has_the_fields_of_the_service() {
    let clock = FakeClock::at(datetime!(2026-01-02 03:04:05.678 UTC));
    let local = LocalOos::builder().service_clock(Arc::new(clock)).spawn();
    let params = [
        ("TemplateContent", DONE),
        ("Parameters", r#"{"WORD":"b"}"#),
        ("Description", "a test"),
        ("Tags", r#"{"k":"v"}"#),
        ("ResourceGroupId", "rg-1"),
    ];
    let started = ok(&local, "StartExecution", &params).await["Execution"].clone();
    assert_eq!(started["Status"], "Started");
    assert_eq!(
        started["Parameters"], r#"{"list":[1],"word":"b"}"#,
        "JSON text here"
    );
    let id = started["ExecutionId"].as_str().expect("an id");
    assert!(id.starts_with("exec-") && id.len() == 25, "{id}");

    let listed = one(&local, id).await;
    for (field, expected) in [
        ("Status", json!("Success")),
        ("StatusMessage", json!("")),
        ("Parameters", json!({ "list": [1], "word": "b" })),
        ("Outputs", json!(r#"{"word":"b"}"#)),
        ("Counters", json!({ "Failed": 0, "Success": 1, "Total": 1 })),
        ("Mode", json!("Automatic")),
        ("LoopMode", json!("Automatic")),
        ("SafetyCheck", json!("Skip")),
        ("Category", json!("Other")),
        ("ExecutedBy", json!("root(1000000000000000)")),
        ("Description", json!("a test")),
        ("Tags", json!({ "k": "v" })),
        ("ResourceGroupId", json!("rg-1")),
        ("CreateDate", json!("2026-01-02T03:04:05Z")),
        ("StartDate", json!("2026-01-02T03:04:05Z")),
        ("UpdateDate", json!("2026-01-02T03:04:05Z")),
        ("EndDate", json!("2026-01-02T03:04:05Z")),
        ("IsParent", json!(false)),
        ("CurrentTasks", json!([])),
        ("LastTriggerStatusMessage", json!("")),
        ("LastTriggerOutputs", json!(r#"{"word":"b"}"#)),
        ("LastTriggerTime", Value::Null),
        ("ParentExecutionId", Value::Null),
    ] {
        assert_eq!(listed[field], expected, "{field}");
    }
}

#[tokio::test]
async fn a_trigger_execution_tells_of_its_last_firing() {
    let clock = FakeClock::at(datetime!(2026-01-02 03:04:05 UTC));
    let local = LocalOos::builder()
        .service_clock(Arc::new(clock.clone()))
        .spawn();
    let id = start(&local, EVENT, &[]).await;
    let before = one(&local, &id).await;
    assert_eq!(before["Status"], "Waiting");
    assert_eq!(before["LastTriggerOutputs"], Value::Null);
    assert_eq!(before["EndDate"], Value::Null);
    let task = format!("{id}.t0001");
    let current = json!([{
        "TaskAction": "ACS::EventTrigger", "TaskExecutionId": task, "TaskName": "trigger"
    }]);
    assert_eq!(before["CurrentTasks"], current);

    clock.advance(Duration::from_mins(1));
    fire(&local, &id, r#"{"product":"ECS","name":"a","id":"m-1"}"#).await;
    let after = one(&local, &id).await;
    for (field, expected) in [
        ("Status", json!("Waiting")),
        ("IsParent", json!(true)),
        ("LastTriggerTime", json!("2026-01-02T03:05:05Z")),
        ("LastSuccessfulTriggerTime", json!("2026-01-02T03:05:05Z")),
        ("LastTriggerStatus", json!("Success")),
        ("LastTriggerOutputs", json!(r#"{"id":"m-1"}"#)),
        ("UpdateDate", json!("2026-01-02T03:05:05Z")),
    ] {
        assert_eq!(after[field], expected, "{field}");
    }
    let child = one(&local, &format!("{id}.0001")).await;
    assert_eq!(child["ParentExecutionId"], json!(id));
    assert_eq!(child["Outputs"], r#"{"id":"m-1"}"#);
    assert_eq!(child["LastTriggerOutputs"], child["Outputs"]);
}

#[tokio::test]
async fn executions_are_filtered() {
    let clock = FakeClock::at(datetime!(2026-01-01 00:00 UTC));
    let local = LocalOos::builder()
        .service_clock(Arc::new(clock.clone()))
        .spawn();
    let params = [("TemplateName", "kept-one"), ("Content", SLEEP)];
    ok(&local, "CreateTemplate", &params).await;
    let done = start(
        &local,
        DONE,
        &[("Tags", r#"{"k":"v"}"#), ("Description", "first of all")],
    )
    .await;
    clock.advance(Duration::from_hours(1));
    let kept = ok(&local, "StartExecution", &[("TemplateName", "kept-one")]).await;
    let kept = kept["Execution"]["ExecutionId"]
        .as_str()
        .expect("an id")
        .to_owned();
    clock.advance(Duration::from_mins(30));
    let event = start(&local, EVENT, &[]).await;
    fire(&local, &event, r#"{"product":"ECS","name":"a"}"#).await;
    let child = format!("{event}.0001");
    let all = [&event, &kept, &done].map(String::as_str);
    for (filter, expected) in [
        (vec![], all.to_vec()),
        (
            vec![
                ("IncludeChildExecution", "true"),
                ("SortOrder", "Ascending"),
            ],
            vec![&done, &kept, &event, &child],
        ),
        (vec![("Depth", "RootDepth")], all.to_vec()),
        (vec![("ParentExecutionId", &event)], vec![&child]),
        (
            vec![("ParentExecutionId", &event), ("Depth", "FirstChildDepth")],
            vec![&child],
        ),
        (vec![("ExecutionId", &child)], vec![&child]),
        (vec![("ExecutionId", "exec-0")], vec![]),
        (vec![("Status", "Waiting")], vec![&event, &kept]),
        (vec![("Status", "Queued")], vec![]),
        (vec![("Mode", "Automatic")], all.to_vec()),
        (vec![("Category", "EventTrigger")], vec![&event]),
        (
            vec![("Categories", r#"["EventTrigger","TimerTrigger"]"#)],
            vec![&event],
        ),
        (vec![("TemplateName", "kept")], vec![&kept]),
        (vec![("Tags", r#"{"k":"v"}"#)], vec![&done]),
        (vec![("Description", "of all")], vec![&done]),
        (vec![("ExecutedBy", "root(1000000000000000)")], all.to_vec()),
        (vec![("ExecutedBy", "somebody")], vec![]),
        (
            vec![("StartDateAfter", "2026-01-01T01:00:00Z")],
            vec![&event, &kept],
        ),
        (
            vec![("StartDateBefore", "2026-01-01T01:00:00Z")],
            vec![&kept, &done],
        ),
        (vec![("EndDateBefore", "2026-01-01T00:00:00Z")], vec![&done]),
        (
            vec![
                ("SortField", "Status"),
                ("SortOrder", "Ascending"),
                ("Status", "Success"),
            ],
            vec![&done],
        ),
        (vec![("RegionId", "cn-beijing")], vec![]),
    ] {
        let list = ok(&local, "ListExecutions", &filter).await;
        assert_eq!(
            ids(&list, "Executions", "ExecutionId"),
            expected,
            "{filter:?}"
        );
        assert_eq!(list["TotalCount"], expected.len(), "{filter:?}");
    }
}

#[tokio::test]
async fn pages_of_executions_hold_each_once() {
    let local = LocalOos::builder().spawn();
    for _ in 0..23 {
        start(&local, DONE, &[]).await;
    }
    for (field, order) in [
        ("StartDate", "Descending"),
        ("StartDate", "Ascending"),
        ("EndDate", "Descending"),
        ("Status", "Ascending"),
    ] {
        let (mut seen, mut sizes, mut token) = (Vec::new(), Vec::new(), String::new());
        loop {
            let params = [
                ("SortField", field),
                ("SortOrder", order),
                ("MaxResults", "10"),
                ("NextToken", &token),
            ];
            let list = ok(&local, "ListExecutions", &params).await;
            assert_eq!(
                (&list["TotalCount"], &list["MaxResults"]),
                (&json!(23), &json!(10))
            );
            let page = ids(&list, "Executions", "ExecutionId");
            sizes.push(page.len());
            seen.extend(page.into_iter().map(str::to_owned));
            match list["NextToken"].as_str() {
                Some(next) => next.clone_into(&mut token),
                None => break,
            }
        }
        assert_eq!(sizes, [10, 10, 3], "{field} {order}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 23, "{field} {order}");
    }
}

#[tokio::test]
async fn a_token_of_another_list_is_refused() {
    let local = LocalOos::builder().spawn();
    for _ in 0..11 {
        start(&local, DONE, &[]).await;
    }
    let list = ok(&local, "ListExecutions", &[("MaxResults", "10")]).await;
    let token = list["NextToken"].as_str().expect("a second page");
    let params = [("SortField", "Status"), ("NextToken", token)];
    let (status, body) = call(&local, "ListExecutions", &params).await;
    assert_eq!(
        (status, body["Code"].as_str()),
        (400, Some("InvalidNextToken")),
        "{body}"
    );
}

#[tokio::test]
async fn tasks_are_listed_with_their_fields() {
    let local = LocalOos::builder().spawn();
    let sleep = start(&local, SLEEP, &[]).await;
    start(&local, DONE, &[]).await;
    let list = ok(&local, "ListTaskExecutions", &[("ExecutionId", &sleep)]).await;
    let row = &list["TaskExecutions"][0];
    for (field, expected) in [
        ("TaskExecutionId", json!(format!("{sleep}.t0001"))),
        ("ExecutionId", json!(sleep)),
        ("TaskName", json!("sleep")),
        ("TaskAction", json!("ACS::Sleep")),
        ("Status", json!("Waiting")),
        ("Properties", json!(r#"{"Duration":"PT1H"}"#)),
        ("Outputs", json!("{}")),
        ("Loop", json!({})),
        ("ExtraData", json!({})),
        ("EndDate", Value::Null),
    ] {
        assert_eq!(row[field], expected, "{field}");
    }
    for (filter, count) in [
        (("TaskName", "sleep"), 1),
        (("TaskName", "other"), 0),
        (("TaskAction", "ACS::Choice"), 1),
        (("Status", "Success"), 1),
        (("Status", "Pending"), 0),
        (("ExecutionId", "exec-0"), 0),
        (("ParentTaskExecutionId", "exec-0.t0001"), 0),
        (("MaxResults", "20"), 2),
    ] {
        let list = ok(&local, "ListTaskExecutions", &[filter]).await;
        assert_eq!(
            list["TaskExecutions"].as_array().map(Vec::len),
            Some(count),
            "{filter:?}"
        );
    }
}

#[tokio::test]
async fn logs_are_listed_newest_first() {
    let local = LocalOos::builder().spawn();
    let id = start(&local, EVENT, &[]).await;
    fire(&local, &id, r#"{"product":"ECS","name":"b"}"#).await;
    fire(&local, &id, r#"{"product":"ECS","name":"a"}"#).await;
    let logs = ok(&local, "ListExecutionLogs", &[("ExecutionId", &id)]).await;
    let rows = logs["ExecutionLogs"].as_array().expect("a list");
    let messages: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["Message"].as_str())
        .collect();
    let position = |part: &str| {
        let found = messages.iter().position(|message| message.contains(part));
        found.unwrap_or_else(|| panic!("{part}: {messages:?}"))
    };
    assert!(
        position("child execution") < position("product: wanted"),
        "{messages:?}"
    );
    assert!(
        position("product: wanted") < position("name: wanted"),
        "{messages:?}"
    );
    assert!(
        position("name: wanted") < position("The task trigger waiting."),
        "{messages:?}"
    );
    assert!(
        position("waiting.") < position("The task trigger started."),
        "{messages:?}"
    );
    assert!(
        rows.iter()
            .all(|row| row["LogType"] == "System" && row["Timestamp"].is_string())
    );
    assert_eq!(
        (&logs["IsTruncated"], &logs["NextToken"]),
        (&json!(false), &Value::Null)
    );

    for (filter, any) in [
        (("LogType", "System"), true),
        (("LogType", "Other"), false),
        (("TaskExecutionId", "nobody"), false),
        (("TaskExecutionId", format!("{id}.t0001").as_str()), true),
    ] {
        let logs = ok(&local, "ListExecutionLogs", &[("ExecutionId", &id), filter]).await;
        let count = logs["ExecutionLogs"].as_array().map_or(0, Vec::len);
        assert_eq!(count > 0, any, "{filter:?}");
    }
}

#[tokio::test]
async fn pages_of_logs_hold_each_row_once_whatever_comes_in_between() {
    let local = LocalOos::builder().spawn();
    let wide: String = (0..23).fold(String::new(), |all, n| format!("{all} f{n}: [x],"));
    let content = EVENT.replace("Name: [a]", &format!("Name: [a], Content: {{ {wide} }}"));
    let id = start(&local, &content, &[]).await;
    for _ in 0..3 {
        fire(&local, &id, r#"{"product":"ECS","name":"a"}"#).await;
    }
    let params = [("ExecutionId", id.as_str()), ("MaxResults", "100")];
    let whole = ok(&local, "ListExecutionLogs", &params).await;
    let whole = whole["ExecutionLogs"].as_array().expect("a list").clone();
    assert!(whole.len() > 75 && whole.len() <= 100, "{}", whole.len());

    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let params = [
            ("ExecutionId", id.as_str()),
            ("MaxResults", "10"),
            ("NextToken", &token),
        ];
        let page = ok(&local, "ListExecutionLogs", &params).await;
        seen.extend(
            page["ExecutionLogs"]
                .as_array()
                .expect("a list")
                .iter()
                .cloned(),
        );
        assert_eq!(page["IsTruncated"], json!(page["NextToken"].is_string()));
        match page["NextToken"].as_str() {
            Some(next) => next.clone_into(&mut token),
            None => break,
        }
        fire(&local, &id, r#"{"product":"ECS","name":"b"}"#).await;
    }
    assert_eq!(seen, whole);
}

#[tokio::test]
async fn hidden_parameters_are_shown_nowhere() {
    let mock = "mocks:\n- { service: ECS, api: RunCommand, answers: [ { body: { Echo: '{{ call.Password }}' } } ] }";
    let mock = MockFile::parse(mock).expect("a mock file");
    let local = LocalOos::builder().mocks(vec![mock]).spawn();
    let content = "
FormatVersion: OOS-2019-06-01
Parameters: { password: { Type: String, NoEcho: true }, user: { Type: String } }
Tasks:
- Name: run
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: RunCommand, Parameters: { Password: 'pw={{ password }}', User: '{{ user }}' } }
  Outputs: { echo: { Type: String, ValueSelector: .Echo } }
Outputs: { echo: { Type: String, Value: '{{ run.echo }}' } }
";
    let parameters = r#"{"password":"hunter\"2","user":"jack"}"#;
    let params = [("TemplateContent", content), ("Parameters", parameters)];
    let started = ok(&local, "StartExecution", &params).await;
    let id = started["Execution"]["ExecutionId"]
        .as_str()
        .expect("an id")
        .to_owned();
    ended(&local, &id).await;
    let execution = one(&local, &id).await;
    assert_eq!(execution["Status"], "Success", "{execution}");
    assert_eq!(
        execution["Parameters"],
        json!({ "password": "******", "user": "jack" })
    );
    assert_eq!(execution["Outputs"], r#"{"echo":"pw=******"}"#);
    let tasks = ok(&local, "ListTaskExecutions", &[("ExecutionId", &id)]).await;
    let logs = ok(&local, "ListExecutionLogs", &[("ExecutionId", &id)]).await;
    assert!(tasks.to_string().contains("jack") && logs.to_string().contains("jack"));
    for shown in [&started, &execution, &tasks, &logs] {
        assert!(!shown.to_string().contains("hunter"), "{shown}");
    }
}

/// Lets the driver go on until the execution has ended.
async fn ended(local: &LocalOos, id: &str) {
    for _ in 0..1000 {
        if one(local, id).await["EndDate"].is_string() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("{id} does not end");
}

#[tokio::test]
async fn a_cancelled_execution_says_so() {
    let local = LocalOos::builder().spawn();
    let id = start(&local, SLEEP, &[]).await;
    ok(&local, "CancelExecution", &[("ExecutionId", &id)]).await;
    let execution = one(&local, &id).await;
    assert_eq!(execution["Status"], "Cancelled");
    let ended = execution["EndDate"].as_str().expect("an end");
    assert!(ended <= oos_client::model::Timestamp::from(SystemClock.now()).as_str());
}

#[tokio::test]
async fn a_timer_message_without_content_tells_the_time() {
    let clock = FakeClock::at(datetime!(2026-01-02 03:04:05 UTC));
    let local = LocalOos::builder().service_clock(Arc::new(clock)).spawn();
    let content = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: timer
  Action: ACS::TimerTrigger
  Properties: { Type: rate, Expression: 30 minutes, EndDate: '2099-01-01T00:00:00Z' }
  Outputs: { at: { Type: String, ValueSelector: .triggerTime } }
- Name: choose
  Action: ACS::Choice
  Properties: { DefaultTask: ACS::END, Choices: [] }
Outputs: { at: { Type: String, Value: '{{ timer.at }}' } }
";
    let id = start(&local, content, &[]).await;
    ok(
        &local,
        "TriggerExecution",
        &[("ExecutionId", &id), ("Type", "Timer")],
    )
    .await;
    let child = one(&local, &format!("{id}.0001")).await;
    assert_eq!(child["Outputs"], r#"{"at":"2026-01-02T03:04:05Z"}"#);
}
