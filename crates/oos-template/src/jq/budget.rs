//! What a run may take: one budget of units for steps and for the size of what is built.

use std::cell::Cell;

use jaq_json::{Num, Val};

/// Units of one run: a million steps, or three million nodes, or 48 MB of text built in all.
pub(super) const UNITS: usize = 12_000_000;
const STEP: usize = 12;
const NODE: usize = 4;
/// Levels of lists and objects.
const MAX_DEPTH: usize = 256;
/// Bytes of one text.
const MAX_TEXT: usize = 16 * 1024 * 1024;
/// Bits of one integer.
const MAX_BITS: u64 = 16 * 1024;

const STEPS: &str = "the selector takes too many steps";
const DEPTH: &str = "the selector builds a value nested deeper than 256 levels";
const SIZE: &str = "the selector builds too large a value";

/// The units left in a run, and why they ran out.
pub(super) struct Budget {
    left: Cell<usize>,
    reason: Cell<&'static str>,
}

impl Budget {
    pub(super) const fn of(units: usize) -> Self {
        Self {
            left: Cell::new(units),
            reason: Cell::new(STEPS),
        }
    }

    /// Why a run was stopped.
    pub(super) fn reason(&self) -> &'static str {
        self.reason.get()
    }

    /// Takes one step.
    pub(super) fn step(&self) -> bool {
        self.charge(STEP, STEPS)
    }

    /// Takes several steps at once.
    pub(super) fn steps(&self, count: usize) -> bool {
        self.charge(count.saturating_mul(STEP), STEPS)
    }

    /// Takes the size of a value.
    pub(super) fn weigh(&self, value: &Val) -> bool {
        self.weigh_at(value, MAX_DEPTH)
    }

    /// Takes the size of a value that would have so many bytes of text.
    pub(super) fn text(&self, bytes: usize) -> bool {
        if bytes > MAX_TEXT {
            return self.stop(SIZE);
        }
        self.charge(NODE + bytes / 4, SIZE)
    }

    /// Takes a comparison of all nodes of one value with all of another.
    pub(super) fn pairs(&self, left: &Val, right: &Val) -> bool {
        self.weigh(left) && self.weigh(right) && {
            self.charge(nodes(left).saturating_mul(nodes(right)), STEPS)
        }
    }

    fn weigh_at(&self, value: &Val, levels: usize) -> bool {
        match value {
            Val::TStr(text) | Val::BStr(text) => self.text(text.len()),
            Val::Num(Num::BigInt(number)) if number.bits() > MAX_BITS => self.stop(SIZE),
            Val::Arr(_) | Val::Obj(_) if levels == 0 => self.stop(DEPTH),
            Val::Arr(items) => {
                self.charge(NODE, SIZE) && items.iter().all(|item| self.weigh_at(item, levels - 1))
            }
            Val::Obj(entries) => {
                self.charge(NODE, SIZE)
                    && entries.iter().all(|(key, item)| {
                        self.weigh_at(key, levels - 1) && self.weigh_at(item, levels - 1)
                    })
            }
            _ => self.charge(NODE, SIZE),
        }
    }

    fn charge(&self, units: usize, reason: &'static str) -> bool {
        match self.left.get().checked_sub(units) {
            Some(left) => {
                self.left.set(left);
                true
            }
            None => self.stop(reason),
        }
    }

    /// Nothing is left, so that whatever a program catches, it cannot go on.
    fn stop(&self, reason: &'static str) -> bool {
        if self.left.replace(0) > 0 {
            self.reason.set(reason);
        }
        false
    }
}

/// Nodes of a value that has been weighed, so its depth is bounded.
fn nodes(value: &Val) -> usize {
    match value {
        Val::Arr(items) => 1 + items.iter().map(nodes).sum::<usize>(),
        Val::Obj(entries) => 1 + entries.values().map(nodes).sum::<usize>(),
        _ => 1,
    }
}
