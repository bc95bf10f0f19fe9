//! Reading a template: the document, then the names, then every part.

use std::sync::Arc;

use indexmap::IndexMap;

use super::check::{Check, suggest};
use super::output::{DataType, OutputDecl};
use super::{Template, TemplateKind, condition, flow, parameter, task};
use crate::actions::{ActionKind, ActionName};
use crate::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::{Document, Entry, Node};
use crate::expr::{Expr, Names, TaskNames};
use crate::source::Source;

/// Reads the template of a document, and tells what is wrong with it.
pub(super) fn read(text: &str, document: &Document) -> (Option<Template>, Vec<Diagnostic>) {
    let source = Source::new(text);
    let names = declared(&document.root);
    let mut check = Check {
        source: &source,
        names: &names,
        conditions: IndexMap::new(),
        found: Vec::new(),
    };
    let template = template(&mut check, document);
    let is_map = document.root.as_map().is_some();
    (is_map.then_some(template), check.found)
}

const KEYS: &[&str] = &[
    "FormatVersion",
    "Description",
    "Parameters",
    "RamRole",
    "Tasks",
    "Outputs",
    "Conditions",
    "Metadata",
];
const STATE_KEYS: &[&str] = &[
    "FormatVersion",
    "Description",
    "Parameters",
    "RamRole",
    "States",
    "Outputs",
    "Conditions",
    "Metadata",
];

fn template(check: &mut Check<'_>, document: &Document) -> Template {
    let root = &document.root;
    if root.as_map().is_none() {
        let message = "a template is a map with FormatVersion and Tasks";
        check.error(code::WRONG_SHAPE, root.span, message);
    }
    let kind = format_version(check, root);
    let known = if kind == TemplateKind::State {
        STATE_KEYS
    } else {
        KEYS
    };
    unknown_top_level(check, root.as_map().unwrap_or_default(), known);
    check.conditions = condition::read_all(check, root.get("Conditions"));
    let parameters = read_parameters(check, root.get("Parameters"));
    let tasks = match kind {
        TemplateKind::Automation if root.as_map().is_some() => read_tasks(check, root),
        _ => Vec::new(),
    };
    flow::check(check, &tasks);
    Template {
        format: document.format,
        kind,
        description: root.get("Description").map(Node::to_value),
        parameters,
        ram_role: root
            .get("RamRole")
            .filter(|node| !node.is_null())
            .map(|node| check.expr(node)),
        tasks,
        outputs: read_outputs(check, root.get("Outputs")),
        conditions: conditions_of(check),
        metadata: root.get("Metadata").map(Node::to_value),
        states: root.get("States").map(Node::to_value),
        warnings: Vec::new(),
    }
}

fn conditions_of(check: &mut Check<'_>) -> IndexMap<String, Expr> {
    let named = std::mem::take(&mut check.conditions).into_iter();
    named
        .map(|(name, named)| (name, Arc::unwrap_or_clone(named.condition)))
        .collect()
}

fn format_version(check: &mut Check<'_>, root: &Node) -> TemplateKind {
    let Some(node) = root.get("FormatVersion") else {
        if root.as_map().is_some() {
            let found = Diagnostic::error(
                code::MISSING_KEY,
                Span::at(root.span.start),
                "the template has no FormatVersion",
            );
            check
                .found
                .push(found.with_fix("FormatVersion: OOS-2019-06-01"));
        }
        return if root.get("States").is_some() {
            TemplateKind::State
        } else {
            TemplateKind::Automation
        };
    };
    match node.text() {
        Some("OOS-2019-06-01") => TemplateKind::Automation,
        Some("OOS-2019-06-01-State") => TemplateKind::State,
        _ => {
            let message = format!(
                "FormatVersion {} is unknown",
                node.text().unwrap_or("of this kind")
            );
            let found = Diagnostic::error(code::FORMAT_VERSION, node.span, message);
            check.found.push(found.with_fix("OOS-2019-06-01"));
            TemplateKind::Automation
        }
    }
}

/// The service refuses unknown keys at the top.
fn unknown_top_level(check: &mut Check<'_>, entries: &[Entry], known: &[&str]) {
    for entry in entries
        .iter()
        .filter(|entry| !known.contains(&entry.key.as_str()))
    {
        let message = format!("a template has no key {}", entry.key);
        let found = Diagnostic::error(code::UNKNOWN_KEY, entry.key_span, message);
        check
            .found
            .push(suggest(found, &entry.key, known.iter().copied()));
    }
}

fn read_parameters(
    check: &mut Check<'_>,
    node: Option<&Node>,
) -> IndexMap<String, parameter::Parameter> {
    let entries = node
        .and_then(|node| check.map(node, "Parameters"))
        .unwrap_or_default();
    duplicates(
        check,
        entries.iter().map(|e| (e.key.as_str(), e.key_span)),
        "parameter",
    );
    let read = |entry: &Entry| (entry.key.clone(), parameter::read(check, entry));
    let parameters: IndexMap<_, _> = entries.iter().map(read).collect();
    flow::check_defaults(check, &parameters);
    parameters
}

fn read_tasks(check: &mut Check<'_>, root: &Node) -> Vec<task::Task> {
    let Some(node) = root.get("Tasks") else {
        let at = Span::at(root.span.start);
        check.error(code::MISSING_KEY, at, "the template has no Tasks");
        return Vec::new();
    };
    let Some(items) = node.as_list() else {
        check.wrong_shape(node, "Tasks", "a list of tasks");
        return Vec::new();
    };
    if items.is_empty() {
        check.error(code::NO_TASKS, node.span, "Tasks is empty");
    }
    let tasks: Vec<_> = items
        .iter()
        .filter_map(|item| task::read(check, item))
        .collect();
    duplicates(
        check,
        tasks.iter().map(|t| (t.name.as_str(), t.name_span)),
        "task",
    );
    tasks
}

fn read_outputs(check: &mut Check<'_>, node: Option<&Node>) -> IndexMap<String, OutputDecl> {
    let entries = node
        .and_then(|node| check.map(node, "Outputs"))
        .unwrap_or_default();
    entries
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), read_output(check, entry)?)))
        .collect()
}

fn read_output(check: &mut Check<'_>, entry: &Entry) -> Option<OutputDecl> {
    let entries = check.map(&entry.value, "an output of the template")?;
    check.unknown_keys(
        entries,
        &["Type", "Value", "Description", "Label"],
        "an output of the template",
    );
    let type_ = output_type(check, entry.value.get("Type"), DataType::String);
    let Some(value) = entry.value.get("Value") else {
        let message = format!("the output {} has no Value", entry.key);
        check.error(code::MISSING_KEY, entry.key_span, message);
        return None;
    };
    Some(OutputDecl {
        type_,
        value: check.expr(value),
        span: entry.key_span,
    })
}

pub(super) fn output_type(
    check: &mut Check<'_>,
    node: Option<&Node>,
    otherwise: DataType,
) -> DataType {
    let Some(node) = node else { return otherwise };
    let text = node.text().unwrap_or_default();
    DataType::parse_output(text).unwrap_or_else(|| {
        let message = format!("\"{text}\" is no output type");
        let found = Diagnostic::error(code::OUTPUT_TYPE, node.span, message);
        check
            .found
            .push(found.with_fix("String, Number, Boolean, List or Json"));
        otherwise
    })
}

/// Names that a reference cannot tell apart.
fn duplicates<'n>(check: &mut Check<'_>, names: impl Iterator<Item = (&'n str, Span)>, what: &str) {
    let mut seen: IndexMap<String, (&str, Span)> = IndexMap::new();
    for (name, span) in names {
        let Some((first, at)) = seen.get(&name.to_ascii_lowercase()) else {
            seen.insert(name.to_ascii_lowercase(), (name, span));
            continue;
        };
        let message = format!(
            "the {what} {name} is already declared at {} as {first}",
            at.start
        );
        check.error(code::DUPLICATE_NAME, span, message);
    }
}

/// Collects the names that references may use, leniently: shapes are checked later.
fn declared(root: &Node) -> Names {
    let mut names = Names::default();
    for entry in root
        .get("Parameters")
        .and_then(Node::as_map)
        .unwrap_or_default()
    {
        names.add_parameter(&entry.key);
    }
    declare_tasks(&mut names, root.get("Tasks"));
    names
}

fn declare_tasks(names: &mut Names, tasks: Option<&Node>) {
    for node in tasks.and_then(Node::as_list).unwrap_or_default() {
        let Some(name) = node.get("Name").and_then(Node::text) else {
            continue;
        };
        let action = node
            .get("Action")
            .and_then(Node::text)
            .and_then(ActionName::parse);
        let open = action.as_ref().is_none_or(ActionName::is_child);
        let mut task = TaskNames::new(name, open);
        for outputs in [
            node.get("Outputs"),
            node.get("Loop").and_then(|l| l.get("Outputs")),
        ] {
            for entry in outputs.and_then(Node::as_map).unwrap_or_default() {
                task.add_output(&entry.key);
            }
        }
        names.add_task(task);
        if action.is_some_and(|action| action.kind() == ActionKind::Loop) {
            declare_tasks(
                names,
                node.get("Properties").and_then(|p| p.get("LoopTasks")),
            );
        }
    }
}
