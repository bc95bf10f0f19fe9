//! How executions are kept: the kinds of records, and the way there and back.

use crate::history::HistoryEntry;
use crate::machine::{Loaded, Step};
use crate::{Execution, ExecutionHead, ExecutionStart, Moment, TaskExecution};
use bytes::Bytes;
use oos_store::{Changes, Expect, Field, Kind, Record};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use thiserror::Error;

/// Texts by the SHA-256 of their bytes, in lower-case hexadecimal digits: templates.
pub static CONTENT: Kind = Kind::records("content", &[], &[]);

/// The heads of executions, with what they can be found by.
pub(crate) static EXECUTION: Kind = Kind::records(
    "execution",
    &[
        Field::text("tenant"),
        Field::text("parent"),
        Field::int("root"),
        Field::int("settled"),
        Field::text("status"),
        Field::text("mode"),
        Field::text("category"),
        Field::text("template_name"),
        Field::text("executed_by"),
        Field::text("ram_role"),
        Field::text("description"),
        Field::text("resource_group_id"),
        Field::int("started"),
        Field::int("ended"),
    ],
    &[&["tenant", "started"], &["parent", "started"], &["settled"]],
);

/// What is fixed when an execution starts, under the same key.
pub(crate) static EXECUTION_START: Kind = Kind::records("execution_start", &[], &[]);

/// Task executions, under the key of the execution and their own id.
pub(crate) static TASK_EXECUTION: Kind = Kind::records(
    "task_execution",
    &[
        Field::text("tenant"),
        Field::text("execution"),
        Field::int("number"),
        Field::text("name"),
        Field::text("action"),
        Field::text("status"),
        Field::int("started"),
        Field::int("ended"),
    ],
    &[&["execution", "number"], &["tenant", "started"]],
);

/// What happened, a stream for each execution; an entry holds what one commit brought.
pub(crate) static HISTORY: Kind = Kind::log("history");

/// All kinds that an engine needs in its store.
pub static KINDS: [&Kind; 5] = [
    &CONTENT,
    &EXECUTION,
    &EXECUTION_START,
    &TASK_EXECUTION,
    &HISTORY,
];

/// A record that is not what the engine wrote.
#[derive(Debug, Error)]
#[error("the record `{key}` ({kind}) is damaged")]
pub struct DamagedRecord {
    kind: &'static str,
    key: String,
    #[source]
    source: serde_json::Error,
}

/// Which versions of an execution's records the store holds: 0 for none.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    head: u64,
    tasks: BTreeMap<usize, u64>,
}

impl Versions {
    pub(crate) fn of(head: u64, tasks: &[Record]) -> Self {
        let tasks = tasks
            .iter()
            .map(|record| record.version)
            .enumerate()
            .collect();
        Self { head, tasks }
    }

    /// Adds what a step has changed, and counts the versions that this will make.
    pub(crate) fn write(
        &mut self,
        loaded: &Loaded,
        step: &Step,
        mut changes: Changes,
        bodies: &mut Bodies,
    ) -> Changes {
        let execution = &loaded.execution;
        let key = execution.key();
        if self.head == 0 {
            let start = Record::new(&key).with_body(bodies.of(&execution.start));
            changes = changes.put(&EXECUTION_START, start, Expect::Absent);
        }
        if step.head_changed || self.head == 0 {
            let head = head_record(execution, &key).with_body(bodies.of(&execution.head));
            changes = changes.put(&EXECUTION, head, expect(self.head));
            self.head += 1;
        }
        for place in &step.tasks_changed {
            let version = self.tasks.entry(*place).or_default();
            let task = &loaded.tasks[*place];
            let record = task_record(execution, &key, task).with_body(bodies.of(task));
            changes = changes.put(&TASK_EXECUTION, record, expect(*version));
            *version += 1;
        }
        if !step.history.is_empty() {
            let history = bodies.of(&step.history);
            changes = changes.append(&HISTORY, key, history);
        }
        changes
    }
}

/// Makes the bodies of records, all in the same room first: they are of many lengths, and what
/// grows from nothing is copied again and again.
#[derive(Debug, Default)]
pub(crate) struct Bodies {
    room: Vec<u8>,
}

impl Bodies {
    fn of(&mut self, value: &impl Serialize) -> Bytes {
        self.room.clear();
        serde_json::to_writer(&mut self.room, value)
            .expect("records hold no map whose keys are not texts, and memory takes all");
        Bytes::copy_from_slice(&self.room)
    }
}

fn expect(version: u64) -> Expect {
    if version == 0 {
        Expect::Absent
    } else {
        Expect::Version(version)
    }
}

fn head_record(execution: &Execution, key: &str) -> Record {
    let Execution { start, head } = execution;
    let parent = start.parent.as_ref().map(|parent| start.tenant.key(parent));
    Record::new(key)
        .with("tenant", start.tenant.to_string())
        .with("root", i64::from(parent.is_none()))
        .with_some("parent", parent)
        .with("settled", i64::from(head.is_settled()))
        .with("status", head.status.as_str())
        .with("mode", start.request.mode.as_str())
        .with("category", start.template.category.as_str())
        .with("template_name", start.template.name.as_str())
        .with("executed_by", start.executed_by.as_str())
        .with("ram_role", start.ram_role.as_str())
        .with("description", start.request.description.as_str())
        .with(
            "resource_group_id",
            start.request.resource_group_id.as_str(),
        )
        .with("started", start.created.millis())
        .with_some("ended", head.ended.map(Moment::millis))
        .with_tags(start.request.tags.clone())
}

fn task_record(execution: &Execution, key: &str, task: &TaskExecution) -> Record {
    Record::new(execution.start.tenant.key(&task.id))
        .with("tenant", execution.start.tenant.to_string())
        .with("execution", key)
        .with("number", i64::try_from(task.number).unwrap_or(i64::MAX))
        .with("name", task.name.as_str())
        .with("action", task.action.as_str())
        .with("status", task.status.as_str())
        .with("started", task.created.millis())
        .with_some("ended", task.ended.map(Moment::millis))
}

fn from_body<T: DeserializeOwned>(kind: &Kind, record: &Record) -> Result<T, DamagedRecord> {
    serde_json::from_slice(&record.body).map_err(|source| DamagedRecord {
        kind: kind.name,
        key: record.key.clone(),
        source,
    })
}

/// An execution from its two records.
pub(crate) fn execution(head: &Record, start: &Record) -> Result<Execution, DamagedRecord> {
    let start: ExecutionStart = from_body(&EXECUTION_START, start)?;
    let head: ExecutionHead = from_body(&EXECUTION, head)?;
    Ok(Execution { start, head })
}

/// A task execution from its record.
pub(crate) fn task_execution(record: &Record) -> Result<TaskExecution, DamagedRecord> {
    from_body(&TASK_EXECUTION, record)
}

/// What one commit brought.
pub(crate) fn history(record: &Record) -> Result<Vec<HistoryEntry>, DamagedRecord> {
    from_body(&HISTORY, record)
}
