//! Templates: stored, changed, listed, checked, run.

mod local_support;

use local_support::call;
use oos_local::LocalOos;
use serde_json::{Value, json};

const CONTENT: &str = "FormatVersion: OOS-2019-06-01
Description: { zh-cn: eins, en: chooses }
Parameters: { word: { Type: String, Default: a } }
RamRole: OOSServiceRole
Tasks:
- Name: choose
  Action: ACS::Choice
  Description: goes on
  Properties: { DefaultTask: ACS::END, Choices: [] }
Outputs: { word: { Type: String, Value: '{{ word }}' } }
";

const TRIGGERED: &str = r#"{"FormatVersion":"OOS-2019-06-01","Tasks":[
{"Name":"t","Action":"ACS::EventTrigger","Properties":{"Product":"ECS","Name":["a"]}},
{"Name":"choose","Action":"ACS::Choice","Properties":{"DefaultTask":"ACS::END","Choices":[]}}]}"#;

async fn ok(local: &LocalOos, operation: &str, params: &[(&str, &str)]) -> Value {
    let (status, body) = call(local, operation, params).await;
    assert_eq!(status, 200, "{operation} {params:?}: {body}");
    body
}

async fn create(local: &LocalOos, name: &str, content: &str) -> Value {
    ok(
        local,
        "CreateTemplate",
        &[("TemplateName", name), ("Content", content)],
    )
    .await
}

#[tokio::test]
async fn what_is_created_can_be_read() {
    let local = LocalOos::builder().spawn();
    let params = [
        ("TemplateName", "My_Template-1"),
        ("Content", CONTENT),
        ("Tags", r#"{"env":"test"}"#),
        ("ResourceGroupId", "rg-1"),
        ("VersionName", "first"),
    ];
    let created = ok(&local, "CreateTemplate", &params).await;
    assert_eq!(created["TemplateType"], "Automation");
    let template = &created["Template"];
    for (field, expected) in [
        ("TemplateName", json!("My_Template-1")),
        ("TemplateVersion", json!("v1")),
        ("VersionName", json!("first")),
        ("TemplateFormat", json!("YAML")),
        ("TemplateType", json!("Automation")),
        ("ShareType", json!("Private")),
        ("HasTrigger", json!(false)),
        ("Category", json!("Other")),
        ("Description", json!("chooses")),
        ("CreatedBy", json!("root(1000000000000000)")),
        ("UpdatedBy", json!("root(1000000000000000)")),
        ("Popularity", json!(-1)),
        ("TotalExecutionCount", json!(0)),
        ("ResourceGroupId", json!("rg-1")),
        ("Tags", json!({ "env": "test" })),
    ] {
        assert_eq!(template[field], expected, "{field}");
    }
    let id = template["TemplateId"].as_str().expect("an id");
    assert!(id.starts_with("t-") && id.len() == 22, "{id}");
    let hash = template["Hash"].as_str().expect("a hash");
    assert!(
        hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()),
        "{hash}"
    );
    let date = template["CreatedDate"].as_str().expect("a date");
    assert!(date.len() == 20 && date.ends_with('Z'), "{date}");

    let read = ok(&local, "GetTemplate", &[("TemplateName", "My_Template-1")]).await;
    assert_eq!(read["Content"], CONTENT);
    assert_eq!(read["Template"], *template);
}

#[tokio::test]
async fn a_changed_text_makes_a_version_and_the_old_one_stays() {
    let local = LocalOos::builder().spawn();
    create(&local, "a", CONTENT).await;
    let update = |content| {
        [
            ("TemplateName", "a"),
            ("Content", content),
            ("Tags", r#"{"n":"1"}"#),
        ]
    };
    let same = ok(&local, "UpdateTemplate", &update(CONTENT)).await;
    assert_eq!(same["Template"]["TemplateVersion"], "v1");
    assert_eq!(
        same["Template"]["Tags"],
        json!({ "n": "1" }),
        "tags change all the same"
    );

    let changed = ok(&local, "UpdateTemplate", &update(TRIGGERED)).await;
    assert_eq!(changed["Template"]["TemplateVersion"], "v2");
    assert_eq!(changed["Template"]["TemplateFormat"], "JSON");
    assert_eq!(changed["Template"]["Category"], "EventTrigger");

    for (version, content) in [("v1", CONTENT), ("v2", TRIGGERED), ("", TRIGGERED)] {
        let params = [("TemplateName", "a"), ("TemplateVersion", version)];
        assert_eq!(
            ok(&local, "GetTemplate", &params).await["Content"],
            content,
            "{version}"
        );
    }
    let params = [("TemplateName", "a"), ("TemplateVersion", "v3")];
    let (status, body) = call(&local, "GetTemplate", &params).await;
    assert_eq!(
        (status, body["Code"].as_str()),
        (404, Some("EntityNotExists.TemplateVersion"))
    );
    // Back to the first text: that is a third version.
    let back = ok(&local, "UpdateTemplate", &update(CONTENT)).await;
    assert_eq!(back["Template"]["TemplateVersion"], "v3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_create_at_once_one_succeeds() {
    let local = LocalOos::builder().spawn();
    let calls = (0..8).map(|n| {
        let local = local.clone();
        let content = format!("{CONTENT}# {n}\n");
        tokio::spawn(async move {
            let params = [("TemplateName", "a"), ("Content", content.as_str())];
            call(&local, "CreateTemplate", &params).await.0
        })
    });
    let mut statuses = Vec::new();
    for done in calls.collect::<Vec<_>>() {
        statuses.push(done.await.expect("no call panics"));
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn updates_at_once_make_a_version_each() {
    let local = LocalOos::builder().spawn();
    create(&local, "a", CONTENT).await;
    let calls = (0..8).map(|n| {
        let local = local.clone();
        let content = format!("{CONTENT}# {n}\n");
        tokio::spawn(async move {
            let params = [("TemplateName", "a"), ("Content", content.as_str())];
            let updated = ok(&local, "UpdateTemplate", &params).await;
            updated["Template"]["TemplateVersion"]
                .as_str()
                .expect("a version")
                .to_owned()
        })
    });
    let mut versions = Vec::new();
    for done in calls.collect::<Vec<_>>() {
        versions.push(done.await.expect("no call panics"));
    }
    versions.sort_unstable();
    assert_eq!(versions, ["v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9"]);
    let latest = ok(&local, "GetTemplate", &[("TemplateName", "a")]).await;
    assert_eq!(latest["Template"]["TemplateVersion"], "v9");
}

#[tokio::test]
async fn a_region_has_templates_of_its_own() {
    let local = LocalOos::builder().region("cn-beijing").spawn();
    create(&local, "a", CONTENT).await;
    let get = |region| [("TemplateName", "a"), ("RegionId", region)];
    assert_eq!(call(&local, "GetTemplate", &get("cn-beijing")).await.0, 200);
    assert_eq!(call(&local, "GetTemplate", &get("")).await.0, 200);
    assert_eq!(
        call(&local, "GetTemplate", &get("cn-hangzhou")).await.0,
        404
    );
}

fn names(list: &Value) -> Vec<&str> {
    let templates = list["Templates"].as_array().expect("a list");
    templates
        .iter()
        .filter_map(|template| template["TemplateName"].as_str())
        .collect()
}

#[tokio::test]
async fn templates_are_filtered() {
    let local = LocalOos::builder().spawn();
    create(&local, "plain-one", CONTENT).await;
    create(&local, "triggered-two", TRIGGERED).await;
    let tagged = [
        ("TemplateName", "tagged-three"),
        ("Content", CONTENT),
        ("Tags", r#"{"a":"b"}"#),
    ];
    ok(&local, "CreateTemplate", &tagged).await;
    for (filter, expected) in [
        (("TemplateName", "one"), vec!["plain-one"]),
        (("HasTrigger", "True"), vec!["triggered-two"]),
        (("HasTrigger", "false"), vec!["plain-one", "tagged-three"]),
        (("Category", "EventTrigger"), vec!["triggered-two"]),
        (("Category", "TimerTrigger"), vec![]),
        (("TemplateFormat", "JSON"), vec!["triggered-two"]),
        (("TemplateType", "State"), vec![]),
        (("ShareType", "Public"), vec![]),
        (
            ("ShareType", "Private"),
            vec!["plain-one", "tagged-three", "triggered-two"],
        ),
        (("IsFavorite", "true"), vec![]),
        (("CreatedBy", "ACS"), vec![]),
        (
            ("CreatedBy", "root(1000000000000000)"),
            vec!["plain-one", "tagged-three", "triggered-two"],
        ),
        (("Tags", r#"{"a":"b"}"#), vec!["tagged-three"]),
        (("Tags", r#"{"a":"c"}"#), vec![]),
        (
            ("CreatedDateAfter", "2020-01-01T00:00:00Z"),
            vec!["plain-one", "tagged-three", "triggered-two"],
        ),
        (("CreatedDateBefore", "2020-01-01T00:00:00Z"), vec![]),
    ] {
        let params = [
            filter,
            ("SortField", "TemplateName"),
            ("SortOrder", "Ascending"),
        ];
        let list = ok(&local, "ListTemplates", &params).await;
        assert_eq!(names(&list), expected, "{filter:?}");
    }
}

#[tokio::test]
async fn templates_are_ordered_and_paged() {
    let local = LocalOos::builder().spawn();
    for number in 0..25 {
        create(&local, &format!("t{number:02}"), CONTENT).await;
    }
    for _ in 0..2 {
        ok(&local, "StartExecution", &[("TemplateName", "t07")]).await;
    }
    ok(&local, "StartExecution", &[("TemplateName", "t03")]).await;
    for (field, order, first) in [
        ("TemplateName", "Ascending", "t00"),
        ("TemplateName", "Descending", "t24"),
        ("TotalExecutionCount", "Descending", "t07"),
        ("TotalExecutionCount", "Ascending", "t00"),
        ("Popularity", "Descending", "t24"),
        ("CreatedDate", "Descending", "t24"),
        ("UpdatedDate", "Ascending", "t00"),
    ] {
        let (mut seen, mut token) = (Vec::new(), String::new());
        loop {
            let params = [
                ("SortField", field),
                ("SortOrder", order),
                ("MaxResults", "10"),
                ("NextToken", &token),
            ];
            let list = ok(&local, "ListTemplates", &params).await;
            assert_eq!(list["MaxResults"], 10);
            seen.extend(names(&list).into_iter().map(str::to_owned));
            match list["NextToken"].as_str() {
                Some(next) => next.clone_into(&mut token),
                None => break,
            }
        }
        assert_eq!(
            seen.first().map(String::as_str),
            Some(first),
            "{field} {order}"
        );
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 25, "{field} {order}: each once");
    }
    // Without a word about the order: most used first.
    let usual = ok(&local, "ListTemplates", &[]).await;
    assert_eq!(names(&usual)[..2], ["t07", "t03"]);
    assert_eq!(usual["Templates"][0]["TotalExecutionCount"], 2);
}

#[tokio::test]
async fn a_checked_text_shows_its_parts() {
    let local = LocalOos::builder().spawn();
    let checked = ok(&local, "ValidateTemplateContent", &[("Content", CONTENT)]).await;
    let json = |field: &str| -> Value {
        let text = checked[field]
            .as_str()
            .unwrap_or_else(|| panic!("{field} is a text"));
        serde_json::from_str(text).expect("it holds JSON")
    };
    assert_eq!(
        json("Parameters"),
        json!({ "word": { "Type": "String", "Default": "a" } })
    );
    assert_eq!(
        json("Outputs"),
        json!({ "word": { "Type": "String", "Value": "{{ word }}" } })
    );
    assert_eq!(checked["RamRole"], "OOSServiceRole");
    let task = &checked["Tasks"][0];
    assert_eq!(task["Name"], "choose");
    assert_eq!(task["Type"], "ACS::Choice");
    assert_eq!(task["Description"], "goes on");
    assert_eq!(
        task["Properties"],
        r#"{"DefaultTask":"ACS::END","Choices":[]}"#
    );
    let (_, list) = call(&local, "ListTemplates", &[]).await;
    assert_eq!(names(&list).len(), 0, "checking stores nothing");
}

#[tokio::test]
async fn an_execution_keeps_the_text_that_it_started_with() {
    let local = LocalOos::builder().spawn();
    create(&local, "a", CONTENT).await;
    let started = ok(&local, "StartExecution", &[("TemplateName", "a")]).await;
    let id = started["Execution"]["ExecutionId"].as_str().expect("an id");
    ok(
        &local,
        "UpdateTemplate",
        &[("TemplateName", "a"), ("Content", TRIGGERED)],
    )
    .await;
    let template = ok(&local, "GetExecutionTemplate", &[("ExecutionId", id)]).await;
    assert_eq!(template["Content"], CONTENT);
    assert_eq!(template["Template"]["TemplateVersion"], "v1");
    assert_eq!(template["Template"]["TemplateName"], "a");

    let inline = ok(&local, "StartExecution", &[("TemplateContent", TRIGGERED)]).await;
    let id = inline["Execution"]["ExecutionId"].as_str().expect("an id");
    let template = ok(&local, "GetExecutionTemplate", &[("ExecutionId", id)]).await;
    assert_eq!(template["Content"], TRIGGERED);
    assert_eq!(template["Template"]["TemplateName"], Value::Null);
    assert_eq!(template["Template"]["HasTrigger"], true);

    let params = [("TemplateName", "a"), ("TemplateVersion", "v1")];
    let old = ok(&local, "StartExecution", &params).await;
    assert_eq!(old["Execution"]["TemplateVersion"], "v1");
    let new = ok(&local, "StartExecution", &[("TemplateName", "a")]).await;
    assert_eq!(new["Execution"]["TemplateVersion"], "v2");
    assert_eq!(new["Execution"]["Category"], "EventTrigger");
}

#[tokio::test]
async fn a_default_may_name_the_execution() {
    let local = LocalOos::builder().spawn();
    let content = "FormatVersion: OOS-2019-06-01
Parameters:
  image: { Type: String, Default: 'image_{{ who }}_{{ ACS::ExecutionId }}_{{ ACS::RegionId }}' }
  who: { Type: String, Default: me }
Tasks:
- { Name: choose, Action: 'ACS::Choice', Properties: { DefaultTask: 'ACS::END', Choices: [] } }
";
    let started = ok(&local, "StartExecution", &[("TemplateContent", content)]).await;
    let execution = &started["Execution"];
    let id = execution["ExecutionId"].as_str().expect("an id");
    let parameters = execution["Parameters"].as_str().expect("a text");
    assert_eq!(
        parameters,
        format!(r#"{{"image":"image_me_{id}_cn-hangzhou","who":"me"}}"#)
    );
}
