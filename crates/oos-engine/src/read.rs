//! What can be read of executions.

use crate::history::HistoryEntry;
use crate::store::{self, DamagedRecord, EXECUTION, EXECUTION_START, HISTORY, TASK_EXECUTION};
use crate::{Engine, Execution, Moment, TaskExecution, Tenant};
use oos_store::{Condition, Cursor, Direction, FieldValue, KEY, Kind, Query, ReadError, SEQUENCE};
use std::collections::BTreeMap;
use thiserror::Error;

/// Why something could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadProblem {
    /// The store could not be read.
    #[error("the store could not be read")]
    Store(#[from] ReadError),
    /// A record is not what the engine wrote.
    #[error("a record can not be understood")]
    Damaged(#[from] DamagedRecord),
    /// A record that another one names is not there.
    #[error("the record `{key}` ({kind}) is missing or damaged")]
    Missing {
        /// Its kind.
        kind: &'static str,
        /// Its key.
        key: String,
    },
}

impl ReadProblem {
    pub(crate) fn missing(kind: &Kind, key: &str) -> Self {
        Self::Missing {
            kind: kind.name,
            key: key.to_owned(),
        }
    }
}

/// Some of many, in an order.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct List<T> {
    /// The items in their order.
    pub items: Vec<T>,
    /// Where to go on; absent on the last page.
    pub next: Option<Cursor>,
    /// How many there are on all pages, if that was counted.
    pub total: Option<u64>,
}

/// Which page of a list.
#[derive(Debug, Clone)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a page is asked for by all of these"
)]
pub struct Paging {
    /// At most this many items.
    pub limit: usize,
    /// Where the page before ended.
    pub after: Option<Cursor>,
}

/// What ListExecutions and ListTaskExecutions order by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the service has these three")]
pub enum SortField {
    /// When it started.
    StartDate,
    /// When it ended; what has not ended counts as earlier than all that has.
    EndDate,
    /// The word of its state.
    Status,
}

impl SortField {
    fn field(self) -> &'static str {
        match self {
            Self::StartDate => "started",
            Self::EndDate => "ended",
            Self::Status => "status",
        }
    }
}

/// Bounds of a time, both inclusive.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "an interval has two ends")]
pub struct Between {
    /// Not before.
    pub from: Option<Moment>,
    /// Not after.
    pub to: Option<Moment>,
}

impl Between {
    fn condition(self, field: &'static str) -> Option<Condition> {
        use std::ops::Bound::{Included, Unbounded};
        if self.from.is_none() && self.to.is_none() {
            return None;
        }
        let bound = |moment: Option<Moment>| {
            moment.map_or(Unbounded, |moment| {
                Included(FieldValue::Int(moment.millis()))
            })
        };
        Some(Condition::Range(field, bound(self.from), bound(self.to)))
    }
}

/// Which executions are wanted; what is absent or empty does not restrict.
#[derive(Debug, Clone, Default)]
#[expect(clippy::exhaustive_structs, reason = "callers fill in what they want")]
pub struct ExecutionFilter {
    /// The id.
    pub execution_id: Option<String>,
    /// Only executions that no other has made.
    pub root_only: bool,
    /// The children of this execution.
    pub parent: Option<String>,
    /// Contained in the name of the template.
    pub template_name: Option<String>,
    /// Fields with the value that they have to hold: `status`, `mode`, `executed_by`, `ram_role`,
    /// `resource_group_id`.
    pub equal: Vec<(&'static str, String)>,
    /// One of these categories.
    pub categories: Vec<String>,
    /// Contained in the description.
    pub description: Option<String>,
    /// All of these tags.
    pub tags: BTreeMap<String, String>,
    /// When it started.
    pub started: Between,
    /// When it ended.
    pub ended: Between,
}

/// Which task executions are wanted; what is absent does not restrict.
#[derive(Debug, Clone, Default)]
#[expect(clippy::exhaustive_structs, reason = "callers fill in what they want")]
pub struct TaskFilter {
    /// The execution.
    pub execution_id: Option<String>,
    /// The id.
    pub task_execution_id: Option<String>,
    /// Fields with the value that they have to hold: `name`, `action`, `status`.
    pub equal: Vec<(&'static str, String)>,
    /// When it started.
    pub started: Between,
    /// When it ended.
    pub ended: Between,
}

impl Engine {
    /// The execution with this id.
    ///
    /// # Errors
    /// [`ReadProblem`].
    pub async fn execution(
        &self,
        tenant: &Tenant,
        id: &str,
    ) -> Result<Option<Execution>, ReadProblem> {
        self.shared.execution_at(&tenant.key(id)).await
    }

    /// A page of executions, counted.
    ///
    /// # Errors
    /// [`ReadProblem`].
    pub async fn executions(
        &self,
        tenant: &Tenant,
        filter: ExecutionFilter,
        (sort, direction): (SortField, Direction),
        paging: Paging,
    ) -> Result<List<Execution>, ReadProblem> {
        let query = filter
            .query(tenant)
            .ordered(sort.field(), direction)
            .counted();
        let query = query.limit(paging.limit).after(paging.after);
        let page = self.shared.store.read(query).await?;
        let keys = page
            .records
            .iter()
            .map(|head| FieldValue::Text(head.key.clone()))
            .collect();
        let starts = Query::of(&EXECUTION_START).filter(Condition::In(KEY, keys));
        let starts = self
            .shared
            .store
            .read(starts.limit(page.records.len()))
            .await?
            .records;
        let starts: BTreeMap<&str, _> = starts.iter().map(|one| (one.key.as_str(), one)).collect();
        let item = |head: &oos_store::Record| {
            let missing = || ReadProblem::missing(&EXECUTION_START, &head.key);
            let start = starts.get(head.key.as_str()).ok_or_else(missing)?;
            Ok(store::execution(head, start)?)
        };
        let items = page
            .records
            .iter()
            .map(item)
            .collect::<Result<_, ReadProblem>>()?;
        Ok(List {
            items,
            next: page.next,
            total: page.total,
        })
    }

    /// A page of task executions, counted. Those of one execution in the order of their starts
    /// are ordered by their numbers, so that equal times do not mix them up.
    ///
    /// # Errors
    /// [`ReadProblem`].
    pub async fn task_executions(
        &self,
        tenant: &Tenant,
        filter: TaskFilter,
        (sort, direction): (SortField, Direction),
        paging: Paging,
    ) -> Result<List<TaskExecution>, ReadProblem> {
        let of_one = filter.execution_id.is_some() && sort == SortField::StartDate;
        let order = if of_one { "number" } else { sort.field() };
        let query = filter.query(tenant).ordered(order, direction).counted();
        let query = query.limit(paging.limit).after(paging.after);
        let page = self.shared.store.read(query).await?;
        let items = page
            .records
            .iter()
            .map(store::task_execution)
            .collect::<Result<_, _>>()?;
        Ok(List {
            items,
            next: page.next,
            total: page.total,
        })
    }

    /// A page of the history of an execution, commit by commit in this direction; an item is what one
    /// commit brought, oldest entry first.
    ///
    /// # Errors
    /// [`ReadProblem`].
    pub async fn history(
        &self,
        tenant: &Tenant,
        execution_id: &str,
        direction: Direction,
        paging: Paging,
    ) -> Result<List<Vec<HistoryEntry>>, ReadProblem> {
        let query = Query::key(&HISTORY, tenant.key(execution_id)).ordered(SEQUENCE, direction);
        let page = self
            .shared
            .store
            .read(query.limit(paging.limit).after(paging.after))
            .await?;
        let items = page
            .records
            .iter()
            .map(store::history)
            .collect::<Result<_, _>>()?;
        Ok(List {
            items,
            next: page.next,
            total: page.total,
        })
    }

    /// The text of the template with this hash.
    ///
    /// # Errors
    /// [`ReadProblem`], if there is none as well.
    pub async fn content(&self, hash: &str) -> Result<String, ReadProblem> {
        let record = self
            .shared
            .store
            .read(Query::key(&store::CONTENT, hash))
            .await?
            .records
            .pop();
        let missing = || ReadProblem::missing(&store::CONTENT, hash);
        let record = record.ok_or_else(missing)?;
        String::from_utf8(record.body.to_vec()).map_err(|_| missing())
    }
}

impl ExecutionFilter {
    fn query(self, tenant: &Tenant) -> Query {
        let mut query = match self.parent {
            Some(parent) => Query::of(&EXECUTION).equal("parent", tenant.key(&parent)),
            None => Query::of(&EXECUTION).equal("tenant", tenant.to_string()),
        };
        if let Some(id) = self.execution_id {
            query = query.equal(KEY, tenant.key(&id));
        }
        if self.root_only {
            query = query.equal("root", 1);
        }
        if !self.categories.is_empty() {
            let categories = self.categories.into_iter().map(FieldValue::Text).collect();
            query = query.filter(Condition::In("category", categories));
        }
        for (field, text) in [
            ("template_name", self.template_name),
            ("description", self.description),
        ] {
            query
                .conditions
                .extend(text.map(|text| Condition::Contains(field, text)));
        }
        let equal = |(field, value)| Condition::Equal(field, FieldValue::Text(value));
        query.conditions.extend(self.equal.into_iter().map(equal));
        let tagged = |(name, value)| Condition::HasTag(name, Some(value));
        query.conditions.extend(self.tags.into_iter().map(tagged));
        query.conditions.extend(self.started.condition("started"));
        query.conditions.extend(self.ended.condition("ended"));
        query
    }
}

impl TaskFilter {
    fn query(self, tenant: &Tenant) -> Query {
        let mut query = match &self.execution_id {
            Some(id) => Query::of(&TASK_EXECUTION).equal("execution", tenant.key(id)),
            None => Query::of(&TASK_EXECUTION).equal("tenant", tenant.to_string()),
        };
        if let Some(id) = self.task_execution_id {
            query = query.equal(KEY, tenant.key(&id));
        }
        let equal = |(field, value)| Condition::Equal(field, FieldValue::Text(value));
        query.conditions.extend(self.equal.into_iter().map(equal));
        query.conditions.extend(self.started.condition("started"));
        query.conditions.extend(self.ended.condition("ended"));
        query
    }
}
