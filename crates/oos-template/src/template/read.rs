//! Reading a template: the document, then the names, then every part.

use std::sync::Arc;

use indexmap::IndexMap;

use super::check::Check;
use super::output::{DataType, OutputDecl};
use super::{Task, Template, TemplateKind, condition, flow, parameter, scope, task};
use crate::actions::ActionName;
use crate::code;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::document::{Document, Entry, Format, Node};
use crate::expr::{Expr, Names, TaskNames};
use crate::source::Source;

/// Reads the template of a document, and tells what is wrong with it.
pub(super) fn read(text: &str, document: &Document) -> (Option<Template>, Vec<Diagnostic>) {
    let source = Source::new(text);
    let (template, found) = read_root(&source, &document.root, document.format, false);
    let is_map = document.root.as_map().is_some();
    (is_map.then_some(template), found)
}

fn read_root(
    source: &Source<'_>,
    root: &Node,
    format: Format,
    embedded: bool,
) -> (Template, Vec<Diagnostic>) {
    let names = declared(root);
    let mut check = Check {
        source,
        names: &names,
        format,
        embedded,
        conditions: IndexMap::new(),
        found: Vec::new(),
    };
    let template = template(&mut check, root);
    (template, check.found)
}

impl Check<'_> {
    /// Reads the content of a template that stands in a task of this one. Whether its references may
    /// name what this one declares, nobody has said: what is not declared is a warning only.
    pub(super) fn embedded(&mut self, root: &Node) -> Template {
        let (template, found) = read_root(self.source, root, self.format, true);
        self.found.extend(found.into_iter().map(|mut found| {
            if found.code == code::UNDECLARED {
                found.severity = found.severity.min(Severity::Warning);
            }
            found
        }));
        template
    }
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

fn template(check: &mut Check<'_>, root: &Node) -> Template {
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
    let outputs = read_outputs(check, root.get("Outputs"));
    scope::check(check, &parameters, &tasks, &outputs);
    Template {
        format: check.format,
        kind,
        description: root.get("Description").map(Node::to_value),
        parameters,
        ram_role: root
            .get("RamRole")
            .filter(|node| !node.is_null())
            .map(|node| check.expr(node)),
        tasks,
        outputs,
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

/// Sections of related template languages, and where YAML anchors are kept: no slip of the pen.
fn is_harmless(key: &str) -> bool {
    let related = ["Mappings", "Rules", "Locals", "Metadata", "Labels", "Tags"];
    related.contains(&key) || key.starts_with("x-") || key.starts_with(['.', '_', '$'])
}

fn unknown_top_level(check: &mut Check<'_>, entries: &[Entry], known: &[&str]) {
    for entry in entries {
        let severity = if is_harmless(&entry.key) {
            Severity::Hint
        } else {
            Severity::Warning
        };
        check.unknown_keys(std::slice::from_ref(entry), known, "a template", severity);
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
    entries.iter().map(read).collect()
}

fn read_tasks(check: &mut Check<'_>, root: &Node) -> Vec<Task> {
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
    items
        .iter()
        .filter_map(|item| task::read(check, item))
        .collect()
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
    let known = ["Type", "Value", "Description", "Label"];
    check.unknown_keys(entries, &known, "an output of the template", Severity::Hint);
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
    let Some(node) = node.filter(|node| !node.is_null()) else {
        return otherwise;
    };
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

/// Names that a reference may take for each other. The declared spelling comes first.
fn duplicates<'n>(check: &mut Check<'_>, names: impl Iterator<Item = (&'n str, Span)>, what: &str) {
    let mut seen: IndexMap<String, (&str, Span)> = IndexMap::new();
    for (name, span) in names {
        let Some((first, at)) = seen.get(&name.to_ascii_lowercase()) else {
            seen.insert(name.to_ascii_lowercase(), (name, span));
            continue;
        };
        let at = at.start;
        let message = format!("the {what} {name} is already declared at {at} as {first}");
        if name == *first {
            check.error(code::DUPLICATE_NAME, span, message);
        } else {
            check.warning(code::DUPLICATE_NAME, span, message);
        }
    }
}

/// Names of tasks of one list.
pub(super) fn duplicate_tasks(check: &mut Check<'_>, tasks: &[Task]) {
    let names = tasks.iter().map(|t| (t.name.as_str(), t.name_span));
    duplicates(check, names, "task");
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
    let tasks = root.get("Tasks").and_then(Node::as_list);
    declare_tasks(&mut names, tasks.unwrap_or_default());
    names
}

fn declare_tasks(names: &mut Names, tasks: &[Node]) {
    for node in tasks {
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
        if let Some(inner) = action.and_then(|action| task::inner_tasks(node, &action)) {
            declare_tasks(names, inner);
        }
    }
}
