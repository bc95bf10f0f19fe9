//! What bad input gets, through the in-process transport: the exact status and code of each case.

mod local_support;

use local_support::call;
use oos_local::LocalOos;
use serde_json::Value;

const DONE: &str = "
FormatVersion: OOS-2019-06-01
Parameters:
  word: { Type: String, MaxLength: 3, Default: abc }
  number: { Type: Number, Default: 1 }
Tasks:
- Name: choose
  Action: ACS::Choice
  Properties: { DefaultTask: ACS::END, Choices: [] }
";

const SLEEP: &str = "
FormatVersion: OOS-2019-06-01
Tasks:
- { Name: sleep, Action: 'ACS::Sleep', Properties: { Duration: PT1H } }
";

fn triggered_by(action: &str, properties: &str) -> String {
    format!(
        "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: trigger
  Action: {action}
  Properties: {properties}
- Name: choose
  Action: ACS::Choice
  Properties: {{ DefaultTask: ACS::END, Choices: [] }}
"
    )
}

fn event() -> String {
    let filter = "{ Product: ECS, Name: ['Instance:StateChange'], Content: { state: [Stopped] } }";
    triggered_by("ACS::EventTrigger", filter)
}

fn alarm() -> String {
    triggered_by(
        "ACS::AlarmTrigger",
        "{ Namespace: acs_ecs_dashboard, MetricName: cpu_total, Statistics: Average, \
         ComparisonOperator: GreaterThanThreshold, Threshold: 80 }",
    )
}

fn timer() -> String {
    triggered_by(
        "ACS::TimerTrigger",
        "{ Type: rate, Expression: 30 minutes, EndDate: '2099-01-01T00:00:00Z' }",
    )
}

const STOPPED: &str =
    r#"{"product":"ECS","name":"Instance:StateChange","content":{"state":"Stopped"}}"#;

async fn start(local: &LocalOos, content: &str) -> String {
    let (status, body) = call(local, "StartExecution", &[("TemplateContent", content)]).await;
    assert_eq!(status, 200, "{body}");
    body["Execution"]["ExecutionId"]
        .as_str()
        .expect("an execution has an id")
        .to_owned()
}

/// One execution of each kind, and the words of the cases that stand for them.
struct Scene {
    local: LocalOos,
    ids: Vec<(&'static str, String)>,
}

impl Scene {
    async fn new() -> Self {
        let local = LocalOos::builder().spawn();
        let mut ids = vec![("<done>", DONE.to_owned()), ("<sleep>", SLEEP.to_owned())];
        for (word, content) in [
            ("{done}", DONE.to_owned()),
            ("{sleep}", SLEEP.to_owned()),
            ("{event}", event()),
            ("{alarm}", alarm()),
            ("{timer}", timer()),
        ] {
            ids.push((word, start(&local, &content).await));
        }
        let (status, body) = call(
            &local,
            "CreateTemplate",
            &[("TemplateName", "kept"), ("Content", DONE)],
        )
        .await;
        assert_eq!(status, 200, "{body}");
        Self { local, ids }
    }

    async fn call(&self, operation: &str, params: &[(&str, &str)]) -> (u16, Value) {
        let id = |value: &str| {
            let known = self.ids.iter().find(|(word, _)| *word == value);
            known.map_or_else(|| value.to_owned(), |(_, id)| id.clone())
        };
        let params: Vec<(&str, String)> = params
            .iter()
            .map(|(name, value)| (*name, id(value)))
            .collect();
        let params: Vec<(&str, &str)> = params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        call(&self.local, operation, &params).await
    }
}

/// Operation | parameters | status and code | what the message has to hold. `⏎` is a line break;
/// `{…}` is an execution and `<…>` a template of the scene.
const CASES: &str = r#"
# An execution that nobody knows.
TriggerExecution | ExecutionId=exec-0 & Type=Event | 404 EntityNotExists.Execution | does not exist
CancelExecution | ExecutionId=exec-0 | 404 EntityNotExists.Execution |
NotifyExecution | ExecutionId=exec-0 & NotifyType=Approve | 404 EntityNotExists.Execution |
ListExecutionLogs | ExecutionId=exec-0 | 404 EntityNotExists.Execution |
GetExecutionTemplate | ExecutionId=exec-0 | 404 EntityNotExists.Execution |
StartExecution | TemplateContent=<sleep> & ParentExecutionId=exec-0 | 404 EntityNotExists.Execution |
CancelExecution | ExecutionId={sleep} & RegionId=cn-beijing | 404 EntityNotExists.Execution |
# A type that is none, or another one than the trigger's.
TriggerExecution | ExecutionId={event} & Type=Webhook | 400 InvalidType | Event, Alarm or Timer
TriggerExecution | ExecutionId={event} & Type=event | 400 InvalidType |
TriggerExecution | ExecutionId={event} & Type=Alarm | 400 InvalidType | ACS::EventTrigger ; Alarm
TriggerExecution | ExecutionId={timer} & Type=Event | 400 InvalidType | ACS::TimerTrigger
TriggerExecution | ExecutionId={sleep} & Type=Event | 400 InvalidType | does not wait on a trigger
# A content that is no JSON object.
TriggerExecution | ExecutionId={event} & Type=Event & Content={"a":⏎  tru} | 400 InvalidContent | line 2, column 3
TriggerExecution | ExecutionId={alarm} & Type=Alarm & Content={"a":1,} | 400 InvalidContent | line 1, column 8
TriggerExecution | ExecutionId={event} & Type=Event & Content=[1] | 400 InvalidContent | JSON object ; list ; line 1, column 1
TriggerExecution | ExecutionId={alarm} & Type=Alarm & Content="text" | 400 InvalidContent | string
TriggerExecution | ExecutionId={timer} & Type=Timer & Content={ | 400 InvalidContent | line 1, column 2
# An execution that has ended.
TriggerExecution | ExecutionId={done} & Type=Event | 400 InvalidExecutionStatus | Success
CancelExecution | ExecutionId={done} | 400 InvalidExecutionStatus | Success
NotifyExecution | ExecutionId={done} & NotifyType=Approve | 400 InvalidExecutionStatus | Success
NotifyExecution | ExecutionId={sleep} & NotifyType=Approve | 400 InvalidExecutionStatus | does not wait for a notification ; Waiting
NotifyExecution | ExecutionId={sleep} & NotifyType=Agree | 400 InvalidNotifyType | Approve
# What is mandatory is absent.
TriggerExecution | Type=Event | 400 MissingExecutionId | ExecutionId is mandatory for this action.
TriggerExecution | ExecutionId= & Type=Event | 400 MissingExecutionId |
TriggerExecution | ExecutionId={event} | 400 MissingType | Type is mandatory for this action.
CancelExecution |  | 400 MissingExecutionId |
NotifyExecution | ExecutionId={sleep} | 400 MissingNotifyType |
StartExecution |  | 400 MissingTemplateName |
CreateTemplate | TemplateName=a | 400 MissingContent |
CreateTemplate | Content=<done> | 400 MissingTemplateName |
UpdateTemplate | Content=<done> | 400 MissingTemplateName |
GetTemplate |  | 400 MissingTemplateName |
ListExecutionLogs |  | 400 MissingExecutionId |
ValidateTemplateContent |  | 400 MissingContent |
# Values that can not be.
ListExecutions | MaxResults=9 | 400 InvalidMaxResults | between 10 and 100
ListExecutions | MaxResults=101 | 400 InvalidMaxResults |
ListExecutions | MaxResults=many | 400 InvalidMaxResults |
ListTaskExecutions | MaxResults=19 | 400 InvalidMaxResults | between 20 and 100
ListExecutions | NextToken=! | 400 InvalidNextToken |
ListExecutionLogs | ExecutionId={sleep} & NextToken=x | 400 InvalidNextToken |
ListExecutions | Status=Asleep | 400 InvalidStatus | Waiting
ListExecutions | SortField=Name | 400 InvalidSortField | StartDate
ListExecutions | SortOrder=Up | 400 InvalidSortOrder |
ListExecutions | StartDateAfter=yesterday | 400 InvalidStartDateAfter |
ListExecutions | Category=Other & Categories=["Other"] | 400 InvalidCategory | only one
ListExecutions | Categories=Other | 400 InvalidCategories | JSON list
ListExecutions | Depth=RootDepth & IncludeChildExecution=true | 400 InvalidDepth | only one
ListExecutions | IncludeChildExecution=perhaps | 400 InvalidIncludeChildExecution |
ListTemplates | SortField=Colour | 400 InvalidSortField |
StartExecution | TemplateContent=<done> & Mode=Fast | 400 InvalidMode | Automatic
StartExecution | TemplateContent=<done> & Parameters={"word": abc} | 400 InvalidParameters | line 1, column 10
StartExecution | TemplateContent=<done> & Parameters=[] | 400 InvalidParameters | JSON object
StartExecution | TemplateContent=<done> & Parameters={"word":"abcd","number":"x","extra":1} | 400 InvalidParameters | word ; number ; extra
StartExecution | TemplateContent=<done> & TemplateName=kept | 400 InvalidTemplateName | only one
StartExecution | TemplateContent=<done> & TemplateVersion=v1 | 400 InvalidTemplateVersion |
StartExecution | TemplateContent=<done> & Tags={"a": | 400 InvalidTags |
StartExecution | TemplateContent=<done> & ClientToken=12345678901234567890123456789012345678901234567890123456789012345 | 400 InvalidClientToken | 64
StartExecution | TemplateContent=<done> & ClientToken=schlüssel | 400 InvalidClientToken | ASCII
StartExecution | TemplateName=kept & TemplateVersion=2 | 400 InvalidTemplateVersion |
StartExecution | TemplateName=kept & TemplateVersion=v2 | 404 EntityNotExists.TemplateVersion |
StartExecution | TemplateName=nobody | 404 EntityNotExists.Template |
GetTemplate | TemplateName=nobody | 404 EntityNotExists.Template |
UpdateTemplate | TemplateName=nobody & Content=<done> | 404 EntityNotExists.Template |
CreateTemplate | TemplateName=kept & Content=<done> | 409 EntityAlreadyExists.Template |
CreateTemplate | TemplateName=acs-mine & Content=<done> | 400 InvalidTemplateName | ACS
CreateTemplate | TemplateName=a/b & Content=<done> | 400 InvalidTemplateName | letters
ListExecutions | RegionId=cn/hangzhou | 400 InvalidRegionId |
# What the real OOS does and this one does not.
StartExecution | TemplateContent=<done> & Mode=Debug | 400 UnsupportedFeature | Mode Debug
StartExecution | TemplateURL=https://example.com/t.yml | 400 UnsupportedFeature | TemplateURL
ListExecutions | ResourceId=i-1 | 400 UnsupportedFeature | ResourceId
ListExecutions | AccountId=2000000000000000 | 400 UnsupportedFeature | AccountId
ListExecutions | Format=xml | 400 UnsupportedFeature | JSON
ListExecutions | Format=csv | 400 InvalidParameter.Format |
SearchInventory |  | 501 NotImplemented | SearchInventory
DeleteTemplate | TemplateName=kept | 501 NotImplemented | DeleteTemplate
MakeCoffee |  | 404 InvalidAction.NotFound | check your url and method
triggerexecution |  | 404 InvalidAction.NotFound |
"#;

struct Case<'a> {
    operation: &'a str,
    params: Vec<(&'a str, String)>,
    status: u16,
    code: &'a str,
    message: Vec<&'a str>,
}

fn cases() -> impl Iterator<Item = Case<'static>> {
    CASES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let columns: Vec<&str> = line.split('|').map(str::trim).collect();
            let [operation, params, answer, message] = columns[..] else {
                panic!("{line}")
            };
            let (status, code) = answer.split_once(' ').expect("a status and a code");
            let pair = |pair: &'static str| {
                let (name, value) = pair.split_once('=').expect("a name and a value");
                (name, value.replace('⏎', "\n"))
            };
            let params = params
                .split(" & ")
                .filter(|pair| !pair.is_empty())
                .map(pair)
                .collect();
            let message = message
                .split(" ; ")
                .filter(|part| !part.is_empty())
                .collect();
            let status = status.parse().expect("a number");
            Case {
                operation,
                params,
                status,
                code,
                message,
            }
        })
}

fn borrowed<'a>(params: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    params
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[tokio::test]
async fn each_case_gets_its_status_and_code() {
    let scene = Scene::new().await;
    for Case {
        operation,
        params,
        status,
        code,
        message,
    } in cases()
    {
        let params = borrowed(&params);
        let (got, body) = scene.call(operation, &params).await;
        let told = format!("{operation} {params:?}: {body}");
        assert_eq!((got, body["Code"].as_str()), (status, Some(code)), "{told}");
        let text = body["Message"].as_str().unwrap_or_default();
        assert!(message.iter().all(|part| text.contains(part)), "{told}");
        assert_eq!(body["HostId"], "oos.local", "{told}");
        let id = body["RequestId"].as_str().expect("a request id");
        let recommend = body["Recommend"].as_str().expect("a recommendation");
        assert!(recommend.contains(code) && recommend.contains(id), "{told}");
    }
}

#[tokio::test]
async fn what_was_refused_has_changed_nothing() {
    let scene = Scene::new().await;
    let count = |body: &Value| body["TotalCount"].as_u64();
    let all = [("IncludeChildExecution", "true")];
    let before = count(&scene.call("ListExecutions", &all).await.1);
    for Case {
        operation, params, ..
    } in cases()
    {
        scene.call(operation, &borrowed(&params)).await;
    }
    let (_, after) = scene.call("ListExecutions", &all).await;
    assert_eq!(count(&after), before);
    assert_eq!(before, Some(5));
}

#[tokio::test]
async fn content_may_be_absent() {
    let scene = Scene::new().await;
    for (id, kind, children) in [
        ("{event}", "Event", 0),
        ("{alarm}", "Alarm", 1),
        ("{timer}", "Timer", 1),
    ] {
        let (status, body) = scene
            .call("TriggerExecution", &[("ExecutionId", id), ("Type", kind)])
            .await;
        assert_eq!(status, 200, "{body}");
        let (_, list) = scene
            .call("ListExecutions", &[("ParentExecutionId", id)])
            .await;
        assert_eq!(list["TotalCount"], children, "{kind}");
    }
}

#[tokio::test]
async fn a_timer_takes_any_json() {
    let scene = Scene::new().await;
    for content in [
        "1",
        "null",
        "[]",
        "\"now\"",
        "{\"triggerTime\":\"2026-01-01T00:00:00Z\"}",
    ] {
        let params = [
            ("ExecutionId", "{timer}"),
            ("Type", "Timer"),
            ("Content", content),
        ];
        let (status, body) = scene.call("TriggerExecution", &params).await;
        assert_eq!(status, 200, "{content}: {body}");
    }
}

#[tokio::test]
async fn a_message_that_does_not_match_is_answered_and_explained() {
    let scene = Scene::new().await;
    let running = STOPPED.replace("Stopped", "Running");
    let params = [
        ("ExecutionId", "{event}"),
        ("Type", "Event"),
        ("Content", running.as_str()),
    ];
    assert_eq!(scene.call("TriggerExecution", &params).await.0, 200);

    let (_, list) = scene
        .call("ListExecutions", &[("ParentExecutionId", "{event}")])
        .await;
    assert_eq!(list["TotalCount"], 0);
    let (_, logs) = scene
        .call("ListExecutionLogs", &[("ExecutionId", "{event}")])
        .await;
    let rows = logs["ExecutionLogs"].as_array().expect("a list");
    let verdicts: Vec<&str> = rows
        .iter()
        .filter_map(|row| {
            row["Message"]
                .as_str()
                .filter(|text| text.contains("wanted"))
        })
        .collect();
    assert_eq!(verdicts.len(), 3, "{verdicts:?}");
    for (row, (field, verdict)) in verdicts.iter().zip([
        ("product: wanted \"ECS\", got \"ECS\"", ": matches"),
        (
            "name: wanted [\"Instance:StateChange\"], got \"Instance:StateChange\"",
            ": matches",
        ),
        (
            "content.state: wanted [\"Stopped\"], got \"Running\"",
            ": does not match",
        ),
    ]) {
        assert!(row.contains(field) && row.ends_with(verdict), "{row}");
    }
}

#[tokio::test]
async fn a_child_can_not_be_triggered() {
    let scene = Scene::new().await;
    let params = [
        ("ExecutionId", "{event}"),
        ("Type", "Event"),
        ("Content", STOPPED),
    ];
    assert_eq!(scene.call("TriggerExecution", &params).await.0, 200);
    let (_, list) = scene
        .call("ListExecutions", &[("ParentExecutionId", "{event}")])
        .await;
    let child = list["Executions"][0]["ExecutionId"]
        .as_str()
        .expect("a child");
    let params = [
        ("ExecutionId", child),
        ("Type", "Event"),
        ("Content", STOPPED),
    ];
    let (status, body) = scene.call("TriggerExecution", &params).await;
    // It has ended; before that it would have been refused for having no trigger.
    assert_eq!(
        (status, body["Code"].as_str()),
        (400, Some("InvalidExecutionStatus")),
        "{body}"
    );
}

#[tokio::test]
async fn a_template_with_mistakes_is_told_them_all_and_not_stored() {
    let local = LocalOos::builder().spawn();
    let content = "
FormatVersion: OOS-2019-06-01
Tasks:
- Name: one
  Action: ACS::Nothing
  Properties: {}
- Name: two
  Action: ACS::Sleep
  OnSuccess: three
  Properties: { Duration: '{{ nobody }}' }
";
    let check = |body: &Value| {
        let text = body["Message"].as_str().expect("a message").to_owned();
        for place in [
            "line 5, column 11:",
            "line 9, column 14:",
            "line 10, column 28:",
        ] {
            assert!(text.contains(place), "{place} {text}");
        }
    };
    for (operation, parameter, code) in [
        ("CreateTemplate", "Content", "InvalidContent"),
        ("ValidateTemplateContent", "Content", "InvalidContent"),
        (
            "StartExecution",
            "TemplateContent",
            "InvalidTemplateContent",
        ),
    ] {
        let mut params = vec![(parameter, content)];
        if operation == "CreateTemplate" {
            params.push(("TemplateName", "wrong"));
        }
        let (status, body) = call(&local, operation, &params).await;
        assert_eq!((status, body["Code"].as_str()), (400, Some(code)), "{body}");
        check(&body);
    }
    assert_eq!(
        call(&local, "GetTemplate", &[("TemplateName", "wrong")])
            .await
            .0,
        404
    );
    let (_, list) = call(&local, "ListTemplates", &[]).await;
    assert_eq!(list["Templates"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn a_template_of_more_than_64_kb_is_refused() {
    let local = LocalOos::builder().spawn();
    let content = format!("{DONE}# {}", "x".repeat(64 * 1024));
    let params = [("TemplateName", "long"), ("Content", content.as_str())];
    let (status, body) = call(&local, "CreateTemplate", &params).await;
    assert_eq!(
        (status, body["Code"].as_str()),
        (400, Some("InvalidContent")),
        "{body}"
    );
}

#[tokio::test]
async fn deep_json_is_refused() {
    let scene = Scene::new().await;
    let deep = "[".repeat(100_000);
    for (operation, params, code) in [
        (
            "TriggerExecution",
            vec![
                ("ExecutionId", "{timer}"),
                ("Type", "Timer"),
                ("Content", deep.as_str()),
            ],
            "InvalidContent",
        ),
        (
            "StartExecution",
            vec![("TemplateContent", DONE), ("Parameters", deep.as_str())],
            "InvalidParameters",
        ),
        (
            "StartExecution",
            vec![("TemplateContent", DONE), ("Tags", deep.as_str())],
            "InvalidTags",
        ),
        (
            "StartExecution",
            vec![("TemplateContent", deep.as_str())],
            "InvalidTemplateContent",
        ),
    ] {
        let (status, body) = scene.call(operation, &params).await;
        assert_eq!(
            (status, body["Code"].as_str()),
            (400, Some(code)),
            "{operation}"
        );
    }
}
