//! The RAM policy that the tasks of a template need.

use std::collections::BTreeMap;

use crate::actions::ActionKind;
use crate::children::{Embedded, FindChild, Step, Visit, walk};
use crate::expr::Expr;
use crate::template::Template;
use crate::value::{Map, Value};

/// What the tasks of a template need to be allowed to do, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// One for each product, in the order of their codes.
    pub statements: Vec<Statement>,
    /// Tasks whose needs are not known, in their order.
    pub unknown: Vec<Unknown>,
}

/// What is needed of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// The code of the product in RAM, such as `ecs`.
    pub service: String,
    /// What is needed, in the order of the names.
    pub actions: Vec<Permission>,
}

/// A RAM action, and what it is needed for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permission {
    /// The action, such as `ecs:DescribeInstances`.
    pub action: String,
    /// The tasks that need it, each with the way to it: `parent/child`. Empty when it is not a task
    /// that does, but the start of the execution.
    pub tasks: Vec<String>,
}

/// A task whose needs are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unknown {
    /// The way to the task: `parent/child`.
    pub task: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// The policy that a template needs, that of the templates which it runs included.
///
/// For each task that calls an API `service:API` (the code of the product in lower case), for each
/// task that runs another template `oos:StartExecution`, and for a role that is named
/// `ram:PassRole` (`docs/semantics.md`, "The policy of a template").
///
/// ```
/// use oos_template::{children::NoChildren, parse, policy};
///
/// let template = parse("FormatVersion: OOS-2019-06-01
/// Tasks: [ { Name: look, Action: ACS::ExecuteAPI, Properties: { Service: ECS, API: DescribeInstances } } ]
/// ")?;
/// let policy = policy::policy(&template, &NoChildren);
/// assert_eq!(policy.statements[0].actions[0].action, "ecs:DescribeInstances");
/// # Ok::<(), oos_template::Diagnostics>(())
/// ```
#[must_use]
pub fn policy(template: &Template, find: &dyn FindChild) -> Policy {
    let mut needs = Needs::default();
    walk(template, find, &mut |visit: &Visit<'_>| needs.visit(visit));
    if template
        .ram_role
        .as_ref()
        .is_some_and(|role| !is_empty(role))
    {
        needs.add("ram", "PassRole", None);
    }
    needs.into_policy()
}

/// An empty role stands for the caller's own permissions.
fn is_empty(role: &Expr) -> bool {
    role.as_literal()
        .is_some_and(|role| role.to_text().is_empty())
}

/// What the products find targets with: the products' own lists, whose answers targets have the shape of.
const TARGETS: &[(&str, &str, &str)] = &[
    ("ALIYUN::ECS::Instance", "ecs", "DescribeInstances"),
    ("ALIYUN::RDS::Instance", "rds", "DescribeDBInstances"),
];

#[derive(Default)]
struct Needs {
    /// Product, then folded name of the API, to its permission.
    services: BTreeMap<String, BTreeMap<String, Permission>>,
    unknown: Vec<Unknown>,
}

impl Needs {
    fn visit(&mut self, visit: &Visit<'_>) {
        let task = visit.path.join("/");
        let step = visit.step;
        if step.calls_api() {
            return match step.api_call() {
                Some(call) => self.add(call.service, call.api, Some(task)),
                None => self.not_known(task, "its API shows only at run time".to_owned()),
            };
        }
        if step.action.kind() == ActionKind::SelectTargets {
            self.targets(step, task);
        } else if step.action.is_child() {
            self.add("oos", "StartExecution", Some(task.clone()));
            self.embedded(&visit.embedded, task);
        }
    }

    fn embedded(&mut self, embedded: &Embedded, task: String) {
        let reason = match embedded {
            Embedded::None | Embedded::Found => return,
            Embedded::Missing(name) => format!("the template {name} is not known"),
            Embedded::Computed => "the template that it runs shows only at run time".to_owned(),
            Embedded::Refused => "the template that it runs has mistakes".to_owned(),
        };
        self.not_known(task, reason);
    }

    fn targets(&mut self, step: &Step<'_>, task: String) {
        let kind = step
            .properties
            .get("ResourceType")
            .and_then(Expr::as_literal_str);
        let kind = kind.unwrap_or_default();
        let known = TARGETS
            .iter()
            .find(|(known, _, _)| known.eq_ignore_ascii_case(kind));
        match known {
            Some((_, service, api)) => self.add(service, api, Some(task)),
            None => self.not_known(task, format!("what {kind} is found with is not known")),
        }
    }

    fn add(&mut self, service: &str, api: &str, task: Option<String>) {
        let service = service.trim().to_lowercase();
        let action = format!("{service}:{}", api.trim());
        let actions = self.services.entry(service).or_default();
        let permission = actions.entry(action.to_lowercase()).or_insert(Permission {
            action,
            tasks: Vec::new(),
        });
        permission.tasks.extend(task);
    }

    fn not_known(&mut self, task: String, reason: String) {
        self.unknown.push(Unknown { task, reason });
    }

    fn into_policy(self) -> Policy {
        let statement = |(service, actions): (String, BTreeMap<String, Permission>)| Statement {
            service,
            actions: actions.into_values().collect(),
        };
        Policy {
            statements: self.services.into_iter().map(statement).collect(),
            unknown: self.unknown,
        }
    }
}

impl Policy {
    /// The policy document of RAM: version 1, every statement on all resources.
    #[must_use]
    pub fn to_document(&self) -> Value {
        let statement = |statement: &Statement| {
            let actions = statement.actions.iter();
            let actions = actions.map(|permission| Value::from(permission.action.as_str()));
            let entries = [
                ("Effect", Value::from("Allow")),
                ("Action", Value::List(actions.collect())),
                ("Resource", Value::from("*")),
            ];
            map(entries)
        };
        let statements = self.statements.iter().map(statement).collect();
        map([
            ("Version", Value::from("1")),
            ("Statement", Value::List(statements)),
        ])
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let entries = entries.into_iter();
    Value::Map(
        entries
            .map(|(key, value)| (key.to_owned(), value))
            .collect::<Map>(),
    )
}
