//! `ListExecutionLogs`: the history of an execution as lines, newest first.

use super::{Handle, check_account, execution};
use crate::fault::Fault;
use crate::hidden::Hidden;
use crate::paging::{TEN_TO_HUNDRED, foreign_token, limit};
use crate::shared::Call;
use oos_engine::{HistoryEntry, Paging, ReadProblem};
use oos_model::operations::{ListExecutionLogs, ListExecutionLogsOutput};
use oos_model::shapes::ExecutionLog;
use oos_store::{Cursor, Direction, FieldValue, ReadError, Record, SEQUENCE, Shape};

/// The only kind of line that is documented.
const SYSTEM: &str = "System";

impl Handle for ListExecutionLogs {
    async fn handle(self, call: &Call<'_>) -> Result<ListExecutionLogsOutput, Fault> {
        check_account(call, self.account_id.as_deref())?;
        let most = limit(self.max_results, TEN_TO_HUNDRED)?;
        let token = self.next_token.as_deref().filter(|token| !token.is_empty());
        let place = token.map_or(Ok(Place::Newest), Place::decode)?;
        let execution = execution(call, &self.execution_id).await?;
        let template = call.shared.template(&execution.start.template.hash).await?;
        let hidden = Hidden::of(&template, &execution);
        let wanted = self
            .log_type
            .as_deref()
            .is_none_or(|kind| kind.is_empty() || kind == SYSTEM);
        let task = self
            .task_execution_id
            .as_deref()
            .filter(|id| !id.is_empty());
        let lines = |commit: &[HistoryEntry]| lines(commit, task, &hidden);
        let (rows, next) = if wanted {
            page(call, &self.execution_id, place, most, lines).await?
        } else {
            (Vec::new(), None)
        };
        Ok(ListExecutionLogsOutput {
            execution_logs: Some(rows),
            is_truncated: Some(next.is_some()),
            max_results: i32::try_from(most).ok(),
            next_token: next.map(|next| next.encode()),
            ..ListExecutionLogsOutput::default()
        })
    }
}

/// The lines of what one commit brought, newest first; those of one entry in their order.
fn lines(commit: &[HistoryEntry], task: Option<&str>, hidden: &Hidden) -> Vec<ExecutionLog> {
    let of_task = |entry: &HistoryEntry| {
        task.is_none_or(|task| entry.task_execution_id.as_deref() == Some(task))
    };
    let mut lines = Vec::new();
    for entry in commit.iter().rev().filter(|entry| of_task(entry)) {
        lines.extend(
            entry
                .what
                .log_messages()
                .into_iter()
                .map(|message| ExecutionLog {
                    log_type: Some(SYSTEM.to_owned()),
                    message: Some(hidden.text(&message)),
                    task_execution_id: entry.task_execution_id.clone(),
                    timestamp: Some(entry.at.to_datetime().into()),
                }),
        );
    }
    lines
}

/// Where a page begins. Lines are not numbered, commits are: a place is a commit and the number of
/// its lines that were shown already.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// With the newest commit.
    Newest,
    /// With the commit behind the cursor.
    Behind(Cursor, usize),
    /// Within the first commit of all, which no cursor stands before.
    InFirst(usize),
}

impl Place {
    fn encode(&self) -> String {
        match self {
            Self::Newest => String::new(),
            Self::Behind(cursor, shown) => format!("{shown}.{}", cursor.encode()),
            Self::InFirst(shown) => format!("{shown}."),
        }
    }

    fn decode(token: &str) -> Result<Self, Fault> {
        let (shown, cursor) = token.split_once('.').ok_or_else(foreign_token)?;
        let shown = shown.parse().map_err(|_| foreign_token())?;
        match cursor {
            "" => Ok(Self::InFirst(shown)),
            cursor => {
                let cursor = Cursor::decode(cursor).ok_or_else(foreign_token)?;
                Ok(Self::Behind(cursor, shown))
            }
        }
    }
}

/// Reads commit by commit, so that those that come in the meantime do not shift the page.
async fn page(
    call: &Call<'_>,
    execution_id: &str,
    place: Place,
    most: usize,
    lines: impl Fn(&[HistoryEntry]) -> Vec<ExecutionLog>,
) -> Result<(Vec<ExecutionLog>, Option<Place>), Fault> {
    let (mut after, mut shown, mut direction) = match place {
        Place::Newest => (None, 0, Direction::Descending),
        Place::Behind(cursor, shown) => (Some(cursor), shown, Direction::Descending),
        Place::InFirst(shown) => (None, shown, Direction::Ascending),
    };
    let mut rows: Vec<ExecutionLog> = Vec::new();
    loop {
        let paging = Paging {
            limit: 1,
            after: after.take(),
        };
        let read = call
            .shared
            .engine
            .history(&call.tenant, execution_id, direction, paging)
            .await;
        let mut read = read.map_err(fault)?;
        // What follows the first commit upwards is newer, and was shown before.
        let next = read
            .next
            .take()
            .filter(|_| direction == Direction::Descending);
        let Some(commit) = read.items.pop() else {
            return Ok((rows, None));
        };
        let lines = lines(&commit);
        let room = most - rows.len();
        let left = lines.len().saturating_sub(shown);
        rows.extend(lines.into_iter().skip(shown).take(room));
        if left > room {
            let shown = shown + room;
            let here = next.map(|cursor| before(&cursor));
            return Ok((
                rows,
                Some(here.map_or(Place::InFirst(shown), |c| Place::Behind(c, shown))),
            ));
        }
        let Some(cursor) = next else {
            return Ok((rows, None));
        };
        if rows.len() == most {
            return Ok((rows, Some(Place::Behind(cursor, 0))));
        }
        (after, shown, direction) = (Some(cursor), 0, Direction::Descending);
    }
}

/// The place right before the commit that a cursor stands behind, going down.
fn before(cursor: &Cursor) -> Cursor {
    let number = match cursor.value {
        Some(FieldValue::Int(number)) => u64::try_from(number).unwrap_or_default(),
        _ => 0,
    };
    let mut record = Record::new(cursor.key.as_str());
    record.version = number.saturating_add(1);
    Cursor::behind(&record, Shape::Log, SEQUENCE)
}

fn fault(problem: ReadProblem) -> Fault {
    match problem {
        ReadProblem::Store(ReadError::Refused { .. }) => foreign_token(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_travel_as_tokens() {
        let mut record = Record::new("a/b/exec-1");
        record.version = 7;
        let cursor = Cursor::behind(&record, Shape::Log, SEQUENCE);
        for place in [Place::Behind(cursor, 3), Place::InFirst(12)] {
            assert_eq!(Place::decode(&place.encode()).ok(), Some(place));
        }
        for foreign in ["x", ".", "1", "-1.", "1.x!", "a.AQA"] {
            assert!(Place::decode(foreign).is_err(), "{foreign}");
        }
    }
}
