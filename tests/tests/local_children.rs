//! Child executions of tasks, over the wire: stored templates with their versions, folders of
//! templates, and what the lists show.

mod local_support;

use local_support::call;
use oos_local::{CatalogueError, LocalOos, TemplateCatalogue, TemplateCatalogues};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that is gone at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("local_children_{name}"));
        let _ = fs::remove_dir_all(&folder);
        for (file, text) in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        Self(folder)
    }

    fn read(&self) -> TemplateCatalogue {
        TemplateCatalogue::read(&self.0).expect("it can be read")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn ok(local: &LocalOos, operation: &str, params: &[(&str, &str)]) -> Value {
    let (status, body) = call(local, operation, params).await;
    assert_eq!(status, 200, "{operation}: {body}");
    body
}

/// A template whose output says who it is.
fn says(word: &str) -> String {
    format!(
        "FormatVersion: OOS-2019-06-01\nTasks:\n- {{ Name: nothing, Action: 'ACS::Choice', \
         Properties: {{ DefaultTask: 'ACS::END', Choices: [] }} }}\nOutputs:\n  \
         who: {{ Type: String, Value: {word} }}\n"
    )
}

/// A template that runs what these properties name.
fn asks(action: &str, properties: &str) -> String {
    format!(
        "FormatVersion: OOS-2019-06-01\nTasks:\n- Name: embed\n  Action: {action}\n  \
         Properties: {properties}\n  Outputs: {{ who: {{ Type: String, ValueSelector: .who }} }}\n\
         Outputs:\n  who: {{ Type: String, Value: '{{{{ embed.who }}}}' }}\n"
    )
}

/// Runs a template to its end: the execution as ListExecutions shows it.
async fn run(local: &LocalOos, content: &str) -> Value {
    let tags = r#"{"env":"test"}"#;
    let params = [("TemplateContent", content), ("Tags", tags)];
    let started = ok(local, "StartExecution", &params).await;
    let id = started["Execution"]["ExecutionId"]
        .as_str()
        .expect("an id")
        .to_owned();
    for _ in 0..10_000 {
        let list = ok(local, "ListExecutions", &[("ExecutionId", &id)]).await;
        let execution = list["Executions"][0].clone();
        if ["Success", "Failed"]
            .iter()
            .any(|end| execution["Status"] == *end)
        {
            return execution;
        }
        tokio::task::yield_now().await;
    }
    panic!("{id} does not end");
}

/// What a run says in its output, or why it failed.
async fn outcome(local: &LocalOos, content: &str) -> String {
    let execution = run(local, content).await;
    if execution["Status"] == "Failed" {
        return execution["StatusMessage"]
            .as_str()
            .expect("a text")
            .to_owned();
    }
    let outputs: Value =
        serde_json::from_str(execution["Outputs"].as_str().expect("a text")).expect("JSON");
    outputs["who"].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn stored_templates_are_run_in_their_versions() {
    let local = LocalOos::builder().spawn();
    let first = says("first");
    let second = says("second");
    ok(
        &local,
        "CreateTemplate",
        &[("TemplateName", "child"), ("Content", &first)],
    )
    .await;
    ok(
        &local,
        "UpdateTemplate",
        &[("TemplateName", "child"), ("Content", &second)],
    )
    .await;
    let check = async |properties: &str, expected: &str| {
        let got = outcome(&local, &asks("ACS::Template", properties)).await;
        assert_eq!(got, expected, "{properties}");
    };
    check("{ TemplateName: child }", "second").await;
    check("{ TemplateName: child, TemplateVersion: v1 }", "first").await;
    check("{ TemplateName: child, TemplateVersion: v2 }", "second").await;
    check(
        "{ TemplateName: child, TemplateVersion: v3 }",
        "There is no version v3 of the template `child`",
    )
    .await;
    check(
        "{ TemplateName: Child }",
        "There is no template `Child`: create it, or put a file `Child.yml` into the templates folder",
    )
    .await;
    let content = "{ TemplateContent: { FormatVersion: OOS-2019-06-01, \
         Outputs: { who: { Type: String, Value: inner } }, \
         Tasks: [ { Name: a, Action: 'ACS::Choice', \
         Properties: { DefaultTask: 'ACS::END', Choices: [] } } ] } }";
    check(content, "inner").await;
}

/// A stored template of one region is not found from another.
#[tokio::test]
async fn a_region_has_children_of_its_own() {
    let local = LocalOos::builder().spawn();
    let child = says("here");
    let elsewhere = [
        ("TemplateName", "child"),
        ("Content", child.as_str()),
        ("RegionId", "cn-beijing"),
    ];
    ok(&local, "CreateTemplate", &elsewhere).await;
    let got = outcome(&local, &asks("ACS::Template", "{ TemplateName: child }")).await;
    assert!(got.starts_with("There is no template `child`"), "{got}");
}

#[tokio::test]
async fn lists_show_parents_and_children() {
    let local = LocalOos::builder().spawn();
    let child = says("me");
    ok(
        &local,
        "CreateTemplate",
        &[("TemplateName", "child"), ("Content", &child)],
    )
    .await;
    let parent = run(&local, &asks("ACS::Template", "{ TemplateName: child }")).await;
    let id = parent["ExecutionId"].as_str().expect("an id");
    assert_eq!(parent["IsParent"], json!(true));

    let tasks = ok(&local, "ListTaskExecutions", &[("ExecutionId", id)]).await;
    let child_id = format!("{id}.t0001.0001");
    assert_eq!(
        tasks["TaskExecutions"][0]["ChildExecutionId"],
        json!(child_id)
    );

    let children = ok(&local, "ListExecutions", &[("ParentExecutionId", id)]).await;
    assert_eq!(children["TotalCount"], json!(1));
    let child = &children["Executions"][0];
    for (field, expected) in [
        ("ExecutionId", json!(child_id)),
        ("ParentExecutionId", json!(id)),
        ("TemplateName", json!("child")),
        ("TemplateVersion", json!("v1")),
        ("Category", json!("Other")),
        ("Status", json!("Success")),
        ("Tags", json!({ "env": "test" })),
        ("ExecutedBy", parent["ExecutedBy"].clone()),
    ] {
        assert_eq!(child[field], expected, "{field}");
    }
    let template = ok(
        &local,
        "GetExecutionTemplate",
        &[("ExecutionId", &child_id)],
    )
    .await;
    assert_eq!(template["Content"], json!(says("me")));
    let roots = ok(
        &local,
        "ListExecutions",
        &[("IncludeChildExecution", "false")],
    )
    .await;
    assert_eq!(roots["TotalCount"], json!(1));
}

#[tokio::test]
async fn folders_come_before_stored_templates() {
    let folder = Folder::new(
        "before",
        &[
            ("child.json", &says("json")),
            ("deep/er/child.yaml", &says("yaml")),
            ("ACS-ECS-Who.yml", &says("product")),
            ("broken.yml", "FormatVersion: OOS-2019-06-01\nTasks: [\n"),
            ("event.json", r#"{"product":"ECS"}"#),
            ("notes.txt", &says("text")),
            ("mocks.yml", "mocks: []\n"),
        ],
    );
    let catalogue = folder.read();
    let names: Vec<&str> = catalogue.names().collect();
    assert_eq!(names, ["ACS-ECS-Who", "broken", "child"]);
    let local = LocalOos::builder().templates(vec![catalogue]).spawn();
    let stored = says("stored");
    for name in ["child", "other"] {
        ok(
            &local,
            "CreateTemplate",
            &[("TemplateName", name), ("Content", &stored)],
        )
        .await;
    }
    let check = async |action: &str, properties: &str, expected: &str| {
        let got = outcome(&local, &asks(action, properties)).await;
        assert!(got.starts_with(expected), "{action} {properties}: {got}");
    };
    check("ACS::Template", "{ TemplateName: child }", "yaml").await;
    check("ACS::Template", "{ TemplateName: other }", "stored").await;
    check("ACS::ECS::Who", "{}", "product").await;
    check("acs::Ecs::who", "{}", "product").await;
    check("ACS::ECS::Nobody", "{}", "There is no template for the product action ACS::ECS::Nobody: put a file `ACS-ECS-Nobody.yml`").await;
    check(
        "ACS::Template",
        "{ TemplateName: broken }",
        "The template `broken` has mistakes: ",
    )
    .await;
}

#[tokio::test]
async fn folders_are_replaced_while_it_runs() {
    let folders = TemplateCatalogues::default();
    let local = LocalOos::builder().templates(folders.clone()).spawn();
    let content = asks("ACS::ECS::Who", "{}");
    let none = outcome(&local, &content).await;
    assert!(none.starts_with("There is no template"), "{none}");
    for word in ["one", "two"] {
        let folder = Folder::new("replaced", &[("ACS::ECS::Who.yml", &says(word))]);
        folders.replace(vec![folder.read()]);
        assert_eq!(outcome(&local, &content).await, word);
    }
}

#[test]
fn a_folder_that_is_none_is_told() {
    let error = TemplateCatalogue::read(Path::new("no/such/folder")).expect_err("it is not there");
    assert!(
        matches!(error, CatalogueError::Unreadable { .. }),
        "{error:?}"
    );
    assert_eq!(error.to_string(), "no/such/folder can not be read");
}
