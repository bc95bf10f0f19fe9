//! The tokens that were used lately.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many tokens are remembered, in less than half a megabyte.
const MOST: usize = 16 * 1024;

/// Remembers keys of tokens: whoever comes again with one of them mostly comes soon, and should not
/// make others wait for a commit that must fail.
///
/// Only a guess: a key may be forgotten, and one in 2⁵⁰ is taken for another.
#[derive(Default)]
pub(super) struct Recent {
    hasher: RandomState,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: HashSet<u64>,
    oldest_first: VecDeque<u64>,
}

impl Recent {
    pub(super) fn contains(&self, key: &str) -> bool {
        self.state().known.contains(&self.hasher.hash_one(key))
    }

    pub(super) fn add(&self, key: &str) {
        let hash = self.hasher.hash_one(key);
        let mut state = self.state();
        if !state.known.insert(hash) {
            return;
        }
        state.oldest_first.push_back(hash);
        if state.oldest_first.len() > MOST
            && let Some(oldest) = state.oldest_first.pop_front()
        {
            state.known.remove(&oldest);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Recent({})", self.state().known.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten() {
        let recent = Recent::default();
        for number in 0..MOST {
            recent.add(&number.to_string());
        }
        recent.add("1");
        assert!(recent.contains("0"), "what is known already takes no room");
        recent.add("new");
        assert!(!recent.contains("0"));
        assert!(recent.contains("1") && recent.contains("new"));
        assert_eq!(format!("{recent:?}"), format!("Recent({MOST})"));
    }
}
