//! `GenerateExecutionPolicy` and `ListExecutionRiskyTasks` of a local OOS.

use oos_client::Client;
use oos_client::model::operations::{GenerateExecutionPolicy, ListExecutionRiskyTasks};
use oos_local::{LocalOos, TemplateCatalogue};
use serde_json::{Value, json};
use std::path::PathBuf;

const CHILD: &str = "\
FormatVersion: OOS-2019-06-01
Parameters: { instanceId: { Type: String } }
Tasks:
- Name: drop
  Action: ACS::ExecuteAPI
  Properties: { Service: ecs, API: DeleteInstance, Parameters: { InstanceId: '{{ instanceId }}' } }
- Name: harmless
  Action: ACS::ExecuteAPI
  Properties: { Service: ECS, API: DeleteTags, Risk: Normal }
";

const PARENT: &str = "\
FormatVersion: OOS-2019-06-01
RamRole: MyRole
Tasks:
- Name: look
  Action: ACS::CheckFor
  Properties: { Service: ECS, API: DescribeInstances, PropertySelector: .TotalCount, DesiredValues: [1] }
- Name: stored
  Action: ACS::Template
  Properties: { TemplateName: child, Parameters: { instanceId: i-1 } }
- Name: product
  Action: ACS::ECS::Drop
  Properties: { instanceId: i-1 }
- Name: unlink
  Action: ACS::ExecuteAPI
  Properties: { Service: SLB, API: RemoveBackendServers }
";

/// A local OOS with a product action in a folder.
fn local(name: &str) -> LocalOos {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("ACS-ECS-Drop.yml"), CHILD).expect("a file");
    let catalogue = TemplateCatalogue::read(&folder).expect("it can be read");
    LocalOos::builder().templates(vec![catalogue]).spawn()
}

async fn with_templates(local: &LocalOos) -> Client {
    let client = local.client();
    for (name, text) in [("child", CHILD), ("parent", PARENT)] {
        client
            .create_template(name, text)
            .send()
            .await
            .expect("it is created");
    }
    client
}

#[tokio::test]
async fn the_policy_covers_templates_under_the_template() {
    let local = local("policy-children");
    let client = with_templates(&local).await;
    let policy = async |operation: GenerateExecutionPolicy| {
        let answer = client
            .call(operation)
            .send()
            .await
            .expect("an answer")
            .output;
        assert_eq!(answer.missing_policy.as_deref(), Some("[]"));
        let policy = answer.policy.expect("a policy");
        serde_json::from_str::<Value>(&policy).expect("it is JSON")
    };
    let expected = json!({ "Version": "1", "Statement": [
        { "Effect": "Allow", "Action": ["ecs:DeleteInstance", "ecs:DeleteTags", "ecs:DescribeInstances"], "Resource": "*" },
        { "Effect": "Allow", "Action": ["oos:StartExecution"], "Resource": "*" },
        { "Effect": "Allow", "Action": ["ram:PassRole"], "Resource": "*" },
        { "Effect": "Allow", "Action": ["slb:RemoveBackendServers"], "Resource": "*" },
    ]});
    let named = GenerateExecutionPolicy::new().with_template_name("parent");
    assert_eq!(policy(named).await, expected);
    let given = GenerateExecutionPolicy::new().with_template_content(PARENT);
    assert_eq!(policy(given).await, expected);
}

#[tokio::test]
async fn risky_tasks_are_told_with_the_way_to_them() {
    let local = local("risky-children");
    let client = with_templates(&local).await;
    let operation = ListExecutionRiskyTasks::new("parent");
    let answer = client
        .call(operation)
        .send()
        .await
        .expect("an answer")
        .output;
    let tasks = answer.risky_tasks.expect("a list").into_iter();
    let shown: Vec<_> = tasks
        .map(|one| {
            let path = one.task.expect("a path").join("/");
            let template = one.template.expect("a template");
            assert_eq!(template, ["parent"]);
            format!(
                "{path} {}:{}",
                one.service.expect("a service"),
                one.api.expect("an API")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "stored/drop ecs:DeleteInstance",
            "product/drop ecs:DeleteInstance",
            "unlink SLB:RemoveBackendServers"
        ]
    );
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    let local = local("policy-refused");
    let client = with_templates(&local).await;
    let refused = async |operation: GenerateExecutionPolicy| {
        let error = client
            .call(operation)
            .send()
            .await
            .expect_err("it is refused");
        error.code().expect("a code").to_owned()
    };
    let new = GenerateExecutionPolicy::new;
    assert_eq!(refused(new()).await, "MissingTemplateName");
    assert_eq!(
        refused(new().with_template_name("no")).await,
        "EntityNotExists.Template"
    );
    let version = new()
        .with_template_name("parent")
        .with_template_version("v9");
    assert_eq!(refused(version).await, "EntityNotExists.TemplateVersion");
    let both = new()
        .with_template_name("parent")
        .with_template_content(PARENT);
    assert_eq!(refused(both).await, "InvalidTemplateContent");
    assert_eq!(
        refused(new().with_template_content("Tasks: []")).await,
        "InvalidTemplateContent"
    );
    let unknown = client.call(ListExecutionRiskyTasks::new("no")).send().await;
    assert_eq!(
        unknown.expect_err("it is refused").code(),
        Some("EntityNotExists.Template")
    );
}
