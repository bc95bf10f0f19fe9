//! Keeps a client from making an overload worse.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many repeats the calls of one client may make together: a repeat takes [`COST`] tokens, a
/// repeat that succeeded brings them back, and a call that succeeded at once brings one. When
/// everything fails, as many repeats are made as the budget holds, and then each call fails at its first
/// attempt until some succeed.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: AtomicU32,
    capacity: u32,
}

const COST: u32 = 5;

impl Budget {
    /// How many repeats a client makes while none succeeds, if nothing else is set.
    pub(crate) const REPEATS: u32 = 100;

    /// A full budget of this many repeats.
    pub(crate) fn new(repeats: u32) -> Self {
        let capacity = repeats.saturating_mul(COST);
        Self {
            tokens: AtomicU32::new(capacity),
            capacity,
        }
    }

    /// Takes what a repeat costs; false if there is not enough.
    pub(crate) fn take(&self) -> bool {
        self.change(|tokens| tokens.checked_sub(COST))
    }

    /// Brings back what a success after this many attempts earns.
    pub(crate) fn succeeded(&self, attempts: u32) {
        let earned = if attempts > 1 { COST } else { 1 };
        // Full is the usual state: it must cost the calls no shared write.
        let capacity = self.capacity;
        self.change(|tokens| {
            (tokens < capacity).then(|| tokens.saturating_add(earned).min(capacity))
        });
    }

    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        let (set, fetch) = (Ordering::Relaxed, Ordering::Relaxed);
        self.tokens.fetch_update(set, fetch, change).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_end_when_nothing_succeeds() {
        let budget = Budget::new(Budget::REPEATS);
        let taken = (0..1000).filter(|_| budget.take()).count();
        assert_eq!(taken, 100);
        for _ in 0..4 {
            budget.succeeded(1);
            assert!(!budget.take());
        }
        budget.succeeded(1);
        assert!(budget.take());
        budget.succeeded(2);
        assert!(budget.take() && !budget.take());
    }

    #[test]
    fn a_budget_of_nothing_allows_nothing() {
        let budget = Budget::new(0);
        budget.succeeded(2);
        assert!(!budget.take());
    }

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        let budget = Budget::new(Budget::REPEATS);
        (0..1000).for_each(|_| budget.succeeded(2));
        assert_eq!((0..1000).filter(|_| budget.take()).count(), 100);
    }
}
