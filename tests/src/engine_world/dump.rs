//! What a store holds of executions, in a form that a person can write down beforehand.

use super::{BEGINNING, TOKEN, World};
use oos_engine::{Engine, Execution, ExecutionFilter, HistoryEntry, LastFiring, Moment, Paging};
use oos_engine::{SortField, TaskExecution, TaskFilter};
use oos_store::{Direction, Query, Store};
use oos_template::{Map, Number, Value};
use std::fmt::Write;

/// Everything that can be read of an execution.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a row of data")]
pub struct Dump {
    /// The execution.
    pub execution: Execution,
    /// Its task executions in the order of their starts.
    pub tasks: Vec<TaskExecution>,
    /// Its history, oldest entry first.
    pub history: Vec<HistoryEntry>,
}

impl Dump {
    /// All executions of the world in the order of their ids.
    ///
    /// # Panics
    /// If the engine can not read what it has written.
    #[must_use]
    pub fn all(world: &mut World) -> Vec<Self> {
        let read = |engine: Engine| async move {
            let mut dumps = Vec::new();
            let filter = ExecutionFilter::default();
            let order = (SortField::StartDate, Direction::Ascending);
            let page = || Paging {
                limit: 10_000,
                after: None,
            };
            let tenant = World::tenant();
            let list = engine.executions(&tenant, filter, order, page());
            for execution in list.await.expect("executions can be read").items {
                dumps.push(Self::of(&engine, execution).await);
            }
            dumps.sort_by(|one, other| one.execution.start.id.cmp(&other.execution.start.id));
            dumps
        };
        let dumps = world.ask(vec![Box::pin(read(world.engine()))]).pop();
        dumps.flatten().expect("reads end")
    }

    async fn of(engine: &Engine, execution: Execution) -> Self {
        let (tenant, id) = (World::tenant(), &execution.start.id);
        let page = || Paging {
            limit: 100_000,
            after: None,
        };
        let filter = TaskFilter {
            execution_id: Some(id.clone()),
            ..TaskFilter::default()
        };
        let order = (SortField::StartDate, Direction::Ascending);
        let tasks = engine.task_executions(&tenant, filter, order, page());
        let tasks = tasks.await.expect("tasks can be read").items;
        let history = engine.history(&tenant, id, Direction::Ascending, page());
        let history = history.await.expect("the history can be read").items;
        Self {
            execution,
            tasks,
            history: history.into_iter().flatten().collect(),
        }
    }

    /// The form in which golden cases write an execution; what is empty or zero is left out.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let (start, head) = (&self.execution.start, &self.execution.head);
        let mut map = Members::default();
        map.add("id", text(&start.id));
        map.add("status", text(head.status.as_str()));
        map.add("message", text(&head.status_message));
        map.add("outputs", Value::Map(head.outputs.clone()));
        map.add("took", took(start.created, head.ended));
        map.add(
            "ancestors",
            start.ancestors.iter().map(|name| text(name)).collect(),
        );
        map.add("role", text(&start.ram_role));
        map.add("last", head.last_firing.as_ref().map_or(Value::Null, last));
        map.add("tasks", Value::List(self.tasks.iter().map(task).collect()));
        let log = self
            .history
            .iter()
            .flat_map(|entry| entry.what.log_messages());
        map.add("log", Value::List(log.map(Value::String).collect()));
        Value::Map(map.0)
    }
}

fn task(task: &TaskExecution) -> Value {
    let mut map = Members::default();
    map.add("name", text(&task.name));
    map.add("status", text(task.status.as_str()));
    map.add("message", text(&task.status_message));
    map.add("outputs", Value::Map(task.outputs.clone()));
    let child = task.child_execution_id.as_deref();
    map.add("child", child.map_or(Value::Null, text));
    map.add("took", took(task.created, task.ended));
    Value::Map(map.0)
}

fn last(firing: &LastFiring) -> Value {
    let beginning = Moment::from(BEGINNING);
    let mut map = Members::default();
    map.add("at", took(beginning, Some(firing.at)));
    map.add("success_at", took(beginning, firing.last_success));
    map.add("status", text(firing.status.as_str()));
    map.add("message", text(&firing.status_message));
    map.add("outputs", Value::Map(firing.outputs.clone()));
    Value::Map(map.0)
}

/// Whole seconds.
fn took(from: Moment, to: Option<Moment>) -> Value {
    let seconds = to.map_or(0, |to| to.since(from).as_secs());
    match Number::parse(&seconds.to_string()) {
        Some(number) if seconds > 0 => Value::Number(number),
        _ => Value::Null,
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[derive(Default)]
struct Members(Map);

impl Members {
    fn add(&mut self, name: &str, value: Value) {
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::List(list) => list.is_empty(),
            Value::Map(map) => map.is_empty(),
            _ => false,
        };
        if !empty {
            self.0.insert(name.to_owned(), value);
        }
    }
}

/// Every record of the store as it stands there: a line with kind, key, version and body for each.
///
/// # Panics
/// If the store can not be read.
#[must_use]
pub fn raw_dump(world: &mut World) -> String {
    let store = std::sync::Arc::clone(&world.store);
    let read = async move {
        let mut lines = String::new();
        for kind in oos_engine::KINDS.into_iter().chain([&TOKEN]) {
            let query = Query::of(kind).limit(1_000_000);
            for record in store.read(query).await.expect("the store reads").records {
                let body = String::from_utf8_lossy(&record.body);
                let (name, key, version) = (kind.name, &record.key, record.version);
                writeln!(lines, "{name} {key} {version} {body}").expect("a text takes it");
            }
        }
        lines
    };
    let dump = world.ask(vec![Box::pin(read)]).pop();
    dump.flatten().expect("reads end")
}
