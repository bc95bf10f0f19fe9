//! Tasks.

use std::sync::Arc;

use indexmap::IndexMap;

use super::Template;
use super::check::{Check, suggest};
use super::loops::{self, Loop};
use super::output::{DataType, TaskOutput};
use super::rate_control;
use super::read::output_type;
use super::retry::{self, Retry};
use crate::actions::{self, ActionKind, ActionName};
use crate::code;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::{Entry, Node};
use crate::expr::{Expr, ExprKind};
use crate::jq::{Selector, refused};
use crate::value::Value;

/// A task of a template.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Task {
    /// The name, unique in the template in any letter case.
    pub name: String,
    /// What it does.
    pub action: ActionName,
    /// A text, or a map of texts by language.
    pub description: Option<Value>,
    /// Whether it runs; always, when absent.
    pub when: Option<Expr>,
    /// What the action gets; an empty map when absent.
    pub properties: Expr,
    /// What later tasks may use of it.
    pub outputs: IndexMap<String, TaskOutput>,
    /// Where to go when it failed. `ACS::END` when absent.
    pub on_error: Jump,
    /// Where to go when it succeeded. `ACS::NEXT` when absent.
    pub on_success: Jump,
    /// How often it tries again.
    pub retry: Retry,
    /// What it is repeated over.
    pub loop_: Option<Loop>,
    /// Of an `ACS::Loop`: the tasks that it repeats. They stand in `properties` as they were written.
    pub tasks: Vec<Task>,
    /// Of an `ACS::Template` with the content of another template: that template.
    pub content: Option<Arc<Template>>,
    /// Where the task stands.
    pub span: Span,
    /// Where its name stands.
    pub name_span: Span,
    /// Where its keys stand.
    keys: Vec<(&'static str, Span)>,
}

impl Task {
    /// Where a key of the task stands, such as `OnError`.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        let found = self.keys.iter().find(|(known, _)| *known == key);
        found.map(|(_, span)| *span)
    }

    /// Every expression of the task itself.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let items = self.loop_.iter().flat_map(|loop_| {
            let control = loop_.rate_control.iter().chain(loop_.short_form.values());
            std::iter::once(&loop_.items).chain(control)
        });
        self.when
            .iter()
            .chain(std::iter::once(&self.properties))
            .chain(items)
    }

    /// Every task inside this one, and this one first.
    pub(crate) fn with_inner(&self) -> Vec<&Task> {
        let mut found = vec![self];
        let mut at = 0;
        while let Some(task) = found.get(at).copied() {
            found.extend(&task.tasks);
            at += 1;
        }
        found
    }
}

/// Where the flow goes after a task.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a flow goes on, ends, or goes elsewhere"
)]
pub enum Jump {
    /// `ACS::NEXT`: to the following task.
    Next,
    /// `ACS::END`: the execution ends.
    End,
    /// To a task, named as in the jump; [`Template::task_index`](crate::Template::task_index) finds it.
    Task(String),
}

impl Jump {
    pub(crate) fn parse(text: &str) -> Self {
        if text.eq_ignore_ascii_case("ACS::END") {
            Self::End
        } else if text.eq_ignore_ascii_case("ACS::NEXT") {
            Self::Next
        } else {
            Self::Task(text.to_owned())
        }
    }
}

const KEYS: &[&str] = &[
    "Name",
    "Action",
    "Properties",
    "Description",
    "Outputs",
    "Loop",
    "OnError",
    "OnSuccess",
    "When",
    "Retries",
    "Delay",
    "DelayType",
    "MaxRetryInterval",
    "BackOff",
];

pub(super) fn read(check: &mut Check<'_>, node: &Node) -> Option<Task> {
    let Some(entries) = node.as_map() else {
        check.wrong_shape(node, "a task", "a map");
        return None;
    };
    let shown = node.get("Name").and_then(Node::text).unwrap_or_default();
    let what = format!("the task {shown}").trim_end().to_owned();
    check.unknown_keys(entries, KEYS, "a task", Severity::Warning);
    let name = read_name(check, node, &what);
    let action = read_action(check, node, &what);
    let child = action.as_ref().is_none_or(ActionName::is_child);
    let outputs = node
        .get("Outputs")
        .map(|outputs| read_outputs(check, outputs, child))
        .unwrap_or_default();
    let (name, action) = (name?, action?);
    let task = Task {
        when: node
            .get("When")
            .filter(|n| !n.is_null())
            .map(|when| check.condition(when)),
        properties: read_properties(check, node, action.kind()),
        description: node.get("Description").map(Node::to_value),
        on_error: read_jump(check, node, "OnError").unwrap_or(Jump::End),
        on_success: read_jump(check, node, "OnSuccess").unwrap_or(Jump::Next),
        retry: retry::read(check, node),
        loop_: node
            .get("Loop")
            .and_then(|l| loops::read_loop(check, l, &outputs, action.is_child())),
        tasks: read_inner(check, node, &action),
        content: read_content(check, node, &action),
        keys: keys_of(entries),
        span: node.span,
        name_span: name.span,
        name: name.text().unwrap_or_default().to_owned(),
        action,
        outputs,
    };
    actions::check(check, &task, node.get("Properties"));
    Some(task)
}

fn read_name<'n>(check: &mut Check<'_>, node: &'n Node, what: &str) -> Option<&'n Node> {
    let Some(name) = node.get("Name") else {
        check.error(
            code::MISSING_KEY,
            first_key(node),
            format!("{what} has no Name"),
        );
        return None;
    };
    let text = check.text(name, "Name")?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if text.is_empty() || text.len() > 200 || !text.chars().all(fits) {
        let message = format!("\"{text}\" is no task name");
        check.found.push(
            Diagnostic::error(code::TASK_NAME, name.span, message)
                .with_fix("use 1 to 200 letters, digits, _ and -"),
        );
    }
    Some(name)
}

fn read_action(check: &mut Check<'_>, node: &Node, what: &str) -> Option<ActionName> {
    let Some(action) = node.get("Action") else {
        check.error(
            code::MISSING_KEY,
            first_key(node),
            format!("{what} has no Action"),
        );
        return None;
    };
    let text = check.text(action, "Action")?;
    let parsed = ActionName::parse(text);
    let instead = match &parsed {
        None => actions::meant(text),
        Some(action) => actions::no_product(action),
    };
    if parsed.is_none() || instead.is_some() {
        let message = format!("there is no action {text}");
        let found = Diagnostic::error(code::UNKNOWN_ACTION, action.span, message);
        check.found.push(match instead {
            Some(instead) => found.with_fix(instead),
            None => found,
        });
    }
    parsed
}

fn first_key(node: &Node) -> Span {
    node.as_map()
        .and_then(<[Entry]>::first)
        .map_or(node.span, |entry| entry.key_span)
}

/// The properties that hold the content of a child template.
const CONTENT: &[&str] = &["TemplateContent", "Content"];

/// The content of a child template has references of its own, and the tasks of a loop are read as
/// tasks: both stay plain values. The `When` of a choice may name a condition.
fn read_properties(check: &mut Check<'_>, node: &Node, action: ActionKind) -> Expr {
    let properties = node.get("Properties").filter(|node| !node.is_null());
    let Some(properties) = properties else {
        return Expr::new(ExprKind::Map(IndexMap::new()), node.span);
    };
    let literals = match action {
        ActionKind::Template => CONTENT,
        ActionKind::Loop => &["LoopTasks"],
        _ => &[],
    };
    let expr = match properties.as_map() {
        Some(entries) if !literals.is_empty() => {
            let read = |entry: &Entry| {
                let literal = literals
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(&entry.key));
                let value = if literal {
                    Expr::literal(entry.value.to_value(), entry.value.span)
                } else {
                    check.expr(&entry.value)
                };
                (entry.key.clone(), value)
            };
            Expr::new(
                ExprKind::Map(entries.iter().map(read).collect()),
                properties.span,
            )
        }
        _ => check.expr(properties),
    };
    let expr = match actions::spec(action) {
        Some(spec) => actions::spelled(spec, expr),
        None => expr,
    };
    match action {
        ActionKind::Choice => name_choices(check, expr),
        ActionKind::Loop => {
            if let Some(items) = expr.get("LoopItems") {
                rate_control::check_items(check, items);
            }
            if let Some(control) = expr.get("LoopRateControl") {
                rate_control::check(check, control);
            }
            expr
        }
        _ => expr,
    }
}

fn name_choices(check: &mut Check<'_>, mut properties: Expr) -> Expr {
    if let ExprKind::Map(entries) = &mut properties.kind
        && let Some(Expr {
            kind: ExprKind::List(choices),
            ..
        }) = entries.get_mut("Choices")
    {
        for choice in choices {
            if let ExprKind::Map(entries) = &mut choice.kind
                && let Some(when) = entries.get_mut("When")
            {
                *when = check.named_condition(when.clone());
            }
        }
    }
    properties
}

fn keys_of(entries: &[Entry]) -> Vec<(&'static str, Span)> {
    let known = |entry: &Entry| {
        let key = KEYS.iter().find(|known| **known == entry.key)?;
        Some((*key, entry.key_span))
    };
    entries.iter().filter_map(known).collect()
}

/// A property, its name in any letter case.
fn property<'n>(task: &'n Node, name: &str) -> Option<&'n Node> {
    let entries = task.get("Properties")?.as_map()?;
    let found = entries
        .iter()
        .find(|entry| entry.key.eq_ignore_ascii_case(name));
    found.map(|entry| &entry.value)
}

/// The tasks that an `ACS::Loop` repeats.
fn read_inner(check: &mut Check<'_>, node: &Node, action: &ActionName) -> Vec<Task> {
    let inner = inner_tasks(node, action).unwrap_or_default();
    inner.iter().filter_map(|node| read(check, node)).collect()
}

/// The nodes of the tasks that an `ACS::Loop` repeats.
pub(super) fn inner_tasks<'n>(node: &'n Node, action: &ActionName) -> Option<&'n [Node]> {
    let looped = action.kind() == ActionKind::Loop;
    property(node, "LoopTasks").filter(|_| looped)?.as_list()
}

/// The template whose content an `ACS::Template` brings along.
fn read_content(check: &mut Check<'_>, node: &Node, action: &ActionName) -> Option<Arc<Template>> {
    if action.kind() != ActionKind::Template {
        return None;
    }
    let mut contents = CONTENT.iter().filter_map(|name| property(node, name));
    let content = contents.find(|content| content.as_map().is_some())?;
    Some(Arc::new(check.embedded(content)))
}

fn read_jump(check: &mut Check<'_>, node: &Node, key: &str) -> Option<Jump> {
    let target = node.get(key).filter(|target| !target.is_null())?;
    let text = check.text(target, key)?;
    Some(check.jump(text, target.span, key))
}

impl Check<'_> {
    /// A jump, its target looked up.
    pub(crate) fn jump(&mut self, text: &str, span: Span, key: &str) -> Jump {
        let jump = Jump::parse(text);
        let Jump::Task(name) = &jump else { return jump };
        let Some(task) = self.names.task(name) else {
            let message = format!("{key} goes to {name}, which is no task of this template");
            let found = Diagnostic::error(code::JUMP_TARGET, span, message);
            let known = self.names.tasks().chain(["ACS::END", "ACS::NEXT"]);
            self.found.push(suggest(found, name, known));
            return jump;
        };
        if task.name != *name {
            let message = format!("the task {name} is declared as {}", task.name);
            let found = Diagnostic::hint(code::SPELLING, span, message);
            self.found.push(found.with_fix(&task.name));
        }
        Jump::Task(task.name.clone())
    }
}

/// `child`: whether the action runs another template, which may name its outputs as the task does.
fn read_outputs(check: &mut Check<'_>, node: &Node, child: bool) -> IndexMap<String, TaskOutput> {
    let entries = check.map(node, "Outputs").unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), read_output(check, entry, child)?)))
        .collect()
}

fn read_output(check: &mut Check<'_>, entry: &Entry, child: bool) -> Option<TaskOutput> {
    let entries = check.map(&entry.value, "an output")?;
    let known = ["Type", "ValueSelector", "Description"];
    check.unknown_keys(entries, &known, "an output", Severity::Hint);
    let type_ = output_type(check, entry.value.get("Type"), DataType::String);
    let Some(node) = entry.value.get("ValueSelector") else {
        let message = format!("the output {} has no ValueSelector", entry.key);
        let report = if child {
            Diagnostic::warning
        } else {
            Diagnostic::error
        };
        check
            .found
            .push(report(code::MISSING_KEY, entry.key_span, message));
        return None;
    };
    let selector = check.expr(node);
    let compiled = selector
        .as_literal()
        .and_then(|value| compile(check, value, node.span));
    Some(TaskOutput {
        type_,
        selector,
        span: entry.key_span,
        compiled,
    })
}

fn compile(check: &mut Check<'_>, value: &Value, span: Span) -> Option<Arc<Selector>> {
    match Selector::kept(&value.to_text()) {
        Ok(selector) => Some(selector),
        Err(error) => {
            let message = format!("the selector is refused: {error}");
            check.found.push(refused(&error, span, message));
            None
        }
    }
}
