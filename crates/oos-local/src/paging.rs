//! Pages of lists: how long, where to go on, in which order.

use crate::fault::Fault;
use oos_engine::{Between, Moment, ReadProblem};
use oos_model::Timestamp;
use oos_model::enums::SortOrder;
use oos_store::{Cursor, Direction, ReadError};
use std::ops::RangeInclusive;

/// So many entries stand on a page if the caller does not say (help pages of all lists).
const USUAL: i32 = 50;

/// What most lists take for `MaxResults`.
pub(crate) const TEN_TO_HUNDRED: RangeInclusive<i32> = 10..=100;

/// What ListTaskExecutions takes for `MaxResults`.
pub(crate) const TWENTY_TO_HUNDRED: RangeInclusive<i32> = 20..=100;

/// Which page a caller asks for.
#[derive(Debug)]
pub(crate) struct PageRequest {
    pub(crate) limit: usize,
    pub(crate) after: Option<Cursor>,
}

impl PageRequest {
    pub(crate) fn read(
        max_results: Option<i32>,
        range: RangeInclusive<i32>,
        next_token: Option<&str>,
    ) -> Result<Self, Fault> {
        let limit = limit(max_results, range)?;
        let after = next_token.filter(|token| !token.is_empty());
        let after = after.map(|token| Cursor::decode(token).ok_or_else(foreign_token));
        Ok(Self {
            limit,
            after: after.transpose()?,
        })
    }

    /// What `MaxResults` says in the answer.
    pub(crate) fn max_results(&self) -> Option<i32> {
        i32::try_from(self.limit).ok()
    }

    /// What a failed read of this page is: a store refuses a cursor of another order.
    pub(crate) fn fault(&self, problem: impl Into<ReadProblem>) -> Fault {
        match problem.into() {
            ReadProblem::Store(ReadError::Refused { .. }) if self.after.is_some() => {
                foreign_token()
            }
            other => other.into(),
        }
    }
}

pub(crate) fn limit(given: Option<i32>, range: RangeInclusive<i32>) -> Result<usize, Fault> {
    let given = given.unwrap_or(USUAL);
    if !range.contains(&given) {
        let (least, most) = range.into_inner();
        let reason = format!("it must lie between {least} and {most}");
        return Err(Fault::invalid("MaxResults", reason));
    }
    Ok(usize::try_from(given).unwrap_or_default())
}

/// The fault of a `NextToken` that no list has given out.
pub(crate) fn foreign_token() -> Fault {
    Fault::invalid(
        "NextToken",
        "it is not one that this list has given, with the same order",
    )
}

pub(crate) fn direction(order: Option<&SortOrder>) -> Result<Direction, Fault> {
    match order {
        None | Some(SortOrder::Descending) => Ok(Direction::Descending),
        Some(SortOrder::Ascending) => Ok(Direction::Ascending),
        Some(_) => Err(Fault::invalid(
            "SortOrder",
            "it must be Ascending or Descending",
        )),
    }
}

/// A parameter with its name, so that the name can stand in the fault.
pub(crate) type Named<'a> = (&'static str, Option<&'a Timestamp>);

/// Bounds of a time. What is shown as a second is met by that second, whatever its fraction.
pub(crate) fn between(after: Named<'_>, before: Named<'_>) -> Result<Between, Fault> {
    let to = moment(before)?.map(|moment| Moment::from_millis(moment.millis() + 999));
    Ok(Between {
        from: moment(after)?,
        to,
    })
}

fn moment((name, given): Named<'_>) -> Result<Option<Moment>, Fault> {
    let Some(given) = given else { return Ok(None) };
    let time = given.to_datetime();
    let time = time.ok_or_else(|| Fault::invalid(name, "write it as in 2026-01-02T03:04:05Z"))?;
    Ok(Some(time.into()))
}
