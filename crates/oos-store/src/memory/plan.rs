//! Where to look for the records of a query.

use super::index::{Index, Span, behind, push_value};
use crate::{Condition, Direction, FieldValue, KEY, Query};
use std::ops::Bound;

/// Spans of one index, in ascending order, that together hold every record of the query.
pub(super) struct Plan<'a> {
    pub(super) index: &'a Index,
    pub(super) spans: Vec<Span>,
    /// Whether the spans hold the records in the order of the query.
    pub(super) ordered: bool,
}

/// How well an index fits: how many fields have to be equal, whether the next one is bounded, and
/// whether the order comes for free.
type Fit = (usize, bool, bool);

impl<'a> Plan<'a> {
    /// The plan with the index that fits best.
    pub(super) fn choose(query: &Query, by_key: &'a Index, others: &'a [Index]) -> Self {
        let mut best = (by_key, fit(query, by_key));
        for index in others {
            let fit = fit(query, index);
            if fit > best.1 {
                best = (index, fit);
            }
        }
        let (index, (equal, _, ordered)) = best;
        Self {
            index,
            spans: spans(query, index, equal),
            ordered,
        }
    }

    /// The same plan without what lies before the cursor of the query, as far as the index tells.
    pub(super) fn behind_cursor(mut self, query: &Query) -> Self {
        let Some(place) = self.place_of_cursor(query) else {
            return self;
        };
        for span in &mut self.spans {
            match query.direction {
                Direction::Ascending => span.cut_below(behind(place.clone())),
                Direction::Descending => span.cut_above(place.clone()),
            }
        }
        self.spans.retain(|span| !span.is_empty());
        self
    }

    /// The entry of the record where the page before ended.
    fn place_of_cursor(&self, query: &Query) -> Option<Vec<u8>> {
        let cursor = query.after.as_ref().filter(|_| self.ordered)?;
        let fields = self.index.fields();
        let (equal, _, _) = fit(query, self.index);
        let mut place = prefix(query, &fields[..equal]);
        if equal < fields.len() {
            push_value(&mut place, cursor.value.as_ref());
        } else if query.order != KEY && equal_to(query, query.order) != cursor.value.as_ref() {
            return None;
        }
        place.extend(cursor.key.as_bytes());
        Some(place)
    }
}

fn fit(query: &Query, index: &Index) -> Fit {
    let fields = index.fields();
    let equal = fields
        .iter()
        .take_while(|field| equal_to(query, field).is_some())
        .count();
    let next = fields.get(equal).copied().unwrap_or(KEY);
    let bounded = query.conditions.iter().any(|condition| {
        matches!(condition, Condition::In(field, _) | Condition::Range(field, ..) if *field == next)
    });
    // What lies behind the next field would come before the key.
    let ordered = next == order(query) && equal + 1 >= fields.len();
    (equal, bounded, ordered)
}

/// The order by a field that has only one value is the order by key.
fn order(query: &Query) -> &'static str {
    if equal_to(query, query.order).is_some() {
        KEY
    } else {
        query.order
    }
}

fn equal_to<'a>(query: &'a Query, wanted: &str) -> Option<&'a FieldValue> {
    query
        .conditions
        .iter()
        .find_map(|condition| match condition {
            Condition::Equal(field, value) if *field == wanted => Some(value),
            _ => None,
        })
}

fn prefix(query: &Query, fields: &[&str]) -> Vec<u8> {
    let mut prefix = Vec::new();
    for field in fields {
        push_value(&mut prefix, equal_to(query, field));
    }
    prefix
}

fn spans(query: &Query, index: &Index, equal: usize) -> Vec<Span> {
    let fields = index.fields();
    let prefix = prefix(query, &fields[..equal]);
    let next = fields.get(equal).copied().unwrap_or(KEY);
    let mut spans = match one_of(query, next) {
        None => vec![Span::starting_with(prefix.clone())],
        Some(mut values) => {
            values.sort_unstable();
            values.dedup();
            values
                .into_iter()
                .map(|value| span_of(&prefix, next, value))
                .collect()
        }
    };
    for condition in &query.conditions {
        if let Condition::Range(field, from, to) = condition
            && *field == next
        {
            for span in &mut spans {
                cut(span, &prefix, next, (from, to));
            }
        }
    }
    spans.retain(|span| !span.is_empty());
    spans
}

fn one_of<'a>(query: &'a Query, wanted: &str) -> Option<Vec<&'a FieldValue>> {
    query
        .conditions
        .iter()
        .find_map(|condition| match condition {
            Condition::In(field, values) if *field == wanted => Some(values.iter().collect()),
            _ => None,
        })
}

/// The entries that have these values and then this one.
fn span_of(prefix: &[u8], field: &str, value: &FieldValue) -> Span {
    let mut entry = prefix.to_vec();
    match value {
        FieldValue::Text(key) if field == KEY => {
            entry.extend(key.as_bytes());
            Span::only(entry)
        }
        _ => {
            push_value(&mut entry, Some(value));
            Span::starting_with(entry)
        }
    }
}

fn cut(
    span: &mut Span,
    prefix: &[u8],
    field: &str,
    (from, to): (&Bound<FieldValue>, &Bound<FieldValue>),
) {
    match from {
        Bound::Included(value) => span.cut_below(span_of(prefix, field, value).from),
        Bound::Excluded(value) => {
            if let Some(end) = span_of(prefix, field, value).to {
                span.cut_below(end);
            }
        }
        Bound::Unbounded => {}
    }
    match to {
        Bound::Included(value) => {
            if let Some(end) = span_of(prefix, field, value).to {
                span.cut_above(end);
            }
        }
        Bound::Excluded(value) => span.cut_above(span_of(prefix, field, value).from),
        Bound::Unbounded => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, Kind};

    static TASK: Kind = Kind::records(
        "task",
        &[
            Field::text("execution"),
            Field::int("number"),
            Field::int("due"),
            Field::text("state"),
        ],
        &[
            &["execution", "number"],
            &["due"],
            &["state", "due", "number"],
        ],
    );

    fn check(query: &Query, index: &[&str], ordered: bool, spans: usize) {
        let by_key = Index::new(&[]);
        let others = TASK
            .indexes
            .iter()
            .map(|fields| Index::new(fields))
            .collect::<Vec<_>>();
        let plan = Plan::choose(query, &by_key, &others).behind_cursor(query);
        let chosen = (plan.index.fields(), plan.ordered, plan.spans.len());
        assert_eq!(chosen, (index, ordered, spans), "{query:?}");
    }

    #[test]
    fn the_best_index_is_chosen() {
        let all = || Query::of(&TASK);
        let of = |execution: &str| all().equal("execution", execution);
        let due = |to: i64| Condition::Range("due", Bound::Unbounded, Bound::Included(to.into()));
        let descending = Direction::Descending;
        check(&all(), &[], true, 1);
        check(&of("e"), &["execution", "number"], false, 1);
        check(
            &of("e").ordered("number", descending),
            &["execution", "number"],
            true,
            1,
        );
        check(
            &of("e").equal("number", 1),
            &["execution", "number"],
            true,
            1,
        );
        check(
            &of("e").equal("number", 1).ordered("number", descending),
            TASK.indexes[0],
            true,
            1,
        );
        check(
            &of("e").ordered("due", descending),
            &["execution", "number"],
            false,
            1,
        );
        check(
            &all().filter(due(7)).ordered("due", descending),
            &["due"],
            true,
            1,
        );
        check(&all().filter(due(7)), &["due"], false, 1);
        check(&all().ordered("due", descending), &["due"], true, 1);
        check(
            &all().equal("state", "x").ordered("due", descending),
            TASK.indexes[2],
            false,
            1,
        );
        check(&all().ordered("state", descending), &[], false, 1);
        let twice = vec!["b".into(), "a".into(), "b".into()];
        check(
            &all().filter(Condition::In("execution", twice)),
            TASK.indexes[0],
            false,
            2,
        );
        check(
            &all().filter(Condition::In("due", Vec::new())),
            &["due"],
            false,
            0,
        );
        let crossed = Condition::Range("due", Bound::Excluded(3.into()), Bound::Excluded(3.into()));
        check(&all().filter(crossed), &["due"], false, 0);
    }

    #[test]
    fn a_cursor_cuts_what_was_read() {
        let of = Query::of(&TASK)
            .equal("execution", "e")
            .ordered("number", Direction::Ascending);
        let (key, value) = ("k".to_owned(), Some(FieldValue::Int(7)));
        let query = of.after(Some(crate::Cursor { value, key }));
        let (by_key, other) = (Index::new(&[]), [Index::new(TASK.indexes[0])]);
        let whole = Plan::choose(&query, &by_key, &other).spans.remove(0);
        let rest = Plan::choose(&query, &by_key, &other)
            .behind_cursor(&query)
            .spans
            .remove(0);
        let mut place = whole.from.clone();
        push_value(&mut place, Some(&FieldValue::Int(7)));
        place.extend(b"k\0");
        assert_eq!(
            rest,
            Span {
                from: place,
                to: whole.to
            }
        );
    }
}
