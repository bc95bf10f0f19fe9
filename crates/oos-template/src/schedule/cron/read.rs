//! From text to the numbers a field lets through.

use super::super::{ScheduleError, ScheduleProperty};
use super::{CronField, crontab};

/// What a field lets through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Set {
    /// Its numbers, as bits.
    pub(super) bits: u64,
    /// Everything: `*` or `?`.
    pub(super) any: bool,
    /// `L`: the last day of the month.
    pub(super) last: bool,
    /// `6L`: the weekdays, as bits, that count when they are the last of their kind in a month.
    pub(super) last_of: u8,
    /// `6#3`: the weekdays, as bits, that count as the first to fifth of their kind.
    pub(super) nth: [u8; 5],
}

impl Set {
    /// Whether a weekday on a day of a month of some length is let through.
    pub(super) fn has(&self, weekday: u8, day: u8, length: u8) -> bool {
        let in_week = usize::from((day - 1) / 7);
        self.bits >> weekday & 1 == 1
            || (self.last_of >> weekday & 1 == 1 && day + 7 > length)
            || self.nth[in_week] >> weekday & 1 == 1
    }
}

/// Characters of an expression.
const MAX_TEXT: usize = 500;

/// Reads the six fields.
pub(super) fn fields(expression: &str) -> Result<[Set; 6], ScheduleError> {
    let whole = |message: &str| ScheduleError::new(ScheduleProperty::Expression, 1, message);
    if expression.len() > MAX_TEXT {
        return Err(whole("a cron expression has at most 500 characters"));
    }
    let words: Vec<&str> = expression.split_whitespace().collect();
    if words.len() != 6 {
        let error = whole(&wrong_count(&words));
        return Err(match crontab::six_fields(&words) {
            Some(fix) => error.with_fix(fix),
            None => error,
        });
    }
    let mut sets = [Set::default(); 6];
    for ((set, field), word) in sets.iter_mut().zip(CronField::ALL).zip(&words) {
        // The words are parts of the expression, so the distance of their addresses is the column.
        let start = word.as_ptr().addr() - expression.as_ptr().addr();
        let column = expression
            .get(..start)
            .map_or(0, |before| before.chars().count());
        *set = read_field(field, word, column + 1)?;
    }
    Ok(sets)
}

fn wrong_count(words: &[&str]) -> String {
    let fields = "second, minute, hour, day of the month, month, day of the week";
    match words.len() {
        5 => format!(
            "this is a crontab line of 5 fields; a timer has 6: {fields}, where 1 is Sunday"
        ),
        7 => format!("a timer has no field for the year; it has 6: {fields}"),
        count => format!("a timer has 6 fields, not {count}: {fields}"),
    }
}

fn read_field(field: CronField, text: &str, column: usize) -> Result<Set, ScheduleError> {
    let mut set = Set::default();
    let mut column = column;
    for part in text.split(',') {
        let item = Item {
            field,
            text: part,
            column,
        };
        if part == "?" && text != part {
            return Err(item.error("? stands alone"));
        }
        item.read(&mut set)?;
        column += part.chars().count() + 1;
    }
    Ok(set)
}

/// One item of a field's list.
struct Item<'a> {
    field: CronField,
    text: &'a str,
    column: usize,
}

impl Item<'_> {
    fn error(&self, message: &str) -> ScheduleError {
        ScheduleError::in_field(self.field, self.column, message)
    }

    fn read(&self, set: &mut Set) -> Result<(), ScheduleError> {
        let (low, high) = self.field.range();
        match self.text {
            "" => return Err(self.error("a value is missing")),
            "*" => {
                set.any = true;
                set.bits |= bits(low, high, 1, self.field);
                return Ok(());
            }
            "?" if self.field.is_day() => {
                set.any = true;
                return Ok(());
            }
            "?" => {
                let error = self.error("? stands only in the two fields of days");
                return Err(error.with_fix("*"));
            }
            _ => {}
        }
        if self.field.is_day() && self.read_letters(set)? {
            return Ok(());
        }
        let (base, step) = match self.text.split_once('/') {
            Some((base, step)) => (base, Some(self.step(step, base)?)),
            None => (self.text, None),
        };
        let (from, upto) = match base.split_once('-') {
            Some((from, upto)) => {
                let column = self.column + from.chars().count() + 1;
                (self.number(from, self.column)?, self.number(upto, column)?)
            }
            None if base.is_empty() || base == "*" => (low, high),
            None => {
                let from = self.number(base, self.column)?;
                (from, if step.is_some() { high } else { from })
            }
        };
        set.bits |= bits(from, upto, step.unwrap_or(1), self.field);
        Ok(())
    }

    /// `L`, `6L`, `6#3`; false if it is none of them.
    fn read_letters(&self, set: &mut Set) -> Result<bool, ScheduleError> {
        let upper = self.text.to_ascii_uppercase();
        let weekday = self.field == CronField::Weekday;
        if upper == "L" {
            // The last day of a week is Saturday.
            if weekday {
                set.bits |= 1 << 7;
            } else {
                set.last = true;
            }
            return Ok(true);
        }
        if let Some((day, nth)) = upper.split_once('#') {
            if !weekday {
                return Err(self.error("# stands only in the field of the day of the week"));
            }
            let day = self.number(day, self.column)?;
            let nth = nth.parse().ok().filter(|nth| (1..=5).contains(nth));
            let nth: usize =
                nth.ok_or_else(|| self.error("after # stands a number from 1 to 5"))?;
            set.nth[nth - 1] |= 1 << day;
            return Ok(true);
        }
        if let Some(day) = upper.strip_suffix('L') {
            if !weekday {
                return Err(self.error("L stands alone: it is the last day of the month"));
            }
            set.last_of |= 1 << self.number(day, self.column)?;
            return Ok(true);
        }
        let is_weekday_letter = upper.strip_suffix('W').is_some_and(|day| {
            day == "L" || (!day.is_empty() && day.bytes().all(|b| b.is_ascii_digit()))
        });
        if is_weekday_letter || upper == "W" || upper.starts_with("L-") {
            return Err(self.error("W and L-n are not documented for OOS"));
        }
        Ok(false)
    }

    fn step(&self, text: &str, base: &str) -> Result<u8, ScheduleError> {
        let column = self.column + base.chars().count() + 1;
        let (low, high) = self.field.range();
        let most = high - low + u8::from(low == 1);
        let step = text.parse().ok().filter(|step| (1..=most).contains(step));
        step.ok_or_else(|| {
            let message = format!("a step is a number from 1 to {most}");
            ScheduleError::in_field(self.field, column, &message)
        })
    }

    fn number(&self, text: &str, column: usize) -> Result<u8, ScheduleError> {
        let (low, high) = self.field.range();
        let error = |message: &str| ScheduleError::in_field(self.field, column, message);
        let named = self
            .field
            .names()
            .iter()
            .position(|name| name.eq_ignore_ascii_case(text));
        if let Some(index) = named {
            return Ok(u8::try_from(index).unwrap_or(u8::MAX) + 1);
        }
        if text.is_empty() {
            return Err(error("a number is missing"));
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            let shown = ScheduleError::shorten(text);
            let or_names = match self.field.names() {
                [] => String::new(),
                [first, .., last] => format!(" or a name from {first} to {last}"),
                [only] => format!(" or {only}"),
            };
            return Err(error(&format!(
                "\"{shown}\" is no number from {low} to {high}{or_names}"
            )));
        }
        let number = text.parse().ok().filter(|n| (low..=high).contains(n));
        number.ok_or_else(|| {
            let sunday = match self.field {
                CronField::Weekday => " (1 is Sunday)",
                _ => "",
            };
            let shown = ScheduleError::shorten(text);
            error(&format!("{shown} is outside {low}-{high}{sunday}"))
        })
    }
}

/// The numbers from one to another in steps, over the end of the field if the second is smaller.
fn bits(from: u8, upto: u8, step: u8, field: CronField) -> u64 {
    let (low, high) = field.range();
    let count = high - low + 1;
    let span = if upto < from { upto + count } else { upto } - from;
    (0..=span)
        .step_by(usize::from(step))
        .map(|distance| (from - low + distance) % count + low)
        .fold(0, |bits, number| bits | 1 << number)
}
