//! The nonces that were used lately.

use crate::sha256;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use time::OffsetDateTime;

/// The most nonces that are remembered; beyond that calls are throttled, since a forgotten nonce
/// could be used twice. That is 4,660 calls a second for 15 minutes, about 250 MB.
pub const MOST_NONCES: usize = 4 * 1024 * 1024;

/// Remembers nonces by key until the date of their request is too old anyway.
pub(crate) struct Nonces {
    most: usize,
    state: Mutex<State>,
}

impl Default for Nonces {
    fn default() -> Self {
        Self::at_most(MOST_NONCES)
    }
}

#[derive(Default)]
struct State {
    /// Half a digest of key and nonce: callers choose the length of a nonce, not of an entry.
    known: HashSet<[u8; 16]>,
    /// By the second in which they may be forgotten.
    ends: BTreeMap<i64, Vec<[u8; 16]>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum NonceProblem {
    Used,
    TooMany,
}

impl Nonces {
    fn at_most(most: usize) -> Self {
        Self {
            most,
            state: Mutex::default(),
        }
    }

    /// Uses a nonce up until the given time.
    pub(super) fn use_up(
        &self,
        key_id: &str,
        nonce: &str,
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<(), NonceProblem> {
        let entry = sha256::half(format!("{}:{key_id}{nonce}", key_id.len()).as_bytes());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.forget(now.unix_timestamp());
        if state.known.contains(&entry) {
            return Err(NonceProblem::Used);
        }
        if state.known.len() >= self.most {
            return Err(NonceProblem::TooMany);
        }
        state.known.insert(entry);
        state
            .ends
            .entry(until.unix_timestamp())
            .or_default()
            .push(entry);
        Ok(())
    }
}

impl State {
    fn forget(&mut self, now: i64) {
        while let Some(first) = self.ends.first_entry().filter(|first| *first.key() < now) {
            for entry in first.remove() {
                self.known.remove(&entry);
            }
        }
    }
}

impl fmt::Debug for Nonces {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        write!(formatter, "Nonces({})", state.known.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_nonce_is_used_until_its_time_is_over() {
        let nonces = Nonces::default();
        let (now, until) = (
            datetime!(2026-01-02 03:04:05 UTC),
            datetime!(2026-01-02 03:19:05 UTC),
        );
        let check = |key, nonce, now, expected| {
            let until = if now > until {
                datetime!(2026-01-02 04:00 UTC)
            } else {
                until
            };
            assert_eq!(
                nonces.use_up(key, nonce, now, until),
                expected,
                "{key} {nonce} {now}"
            );
        };
        check("a", "n", now, Ok(()));
        check("a", "n", now, Err(NonceProblem::Used));
        check("an", "", now, Ok(()));
        check("b", "n", now, Ok(()));
        check("a", "n", until, Err(NonceProblem::Used));
        check("a", "n", datetime!(2026-01-02 03:19:06 UTC), Ok(()));
        assert_eq!(format!("{nonces:?}"), "Nonces(1)");
    }

    #[test]
    fn no_more_are_remembered_than_fit() {
        let nonces = Nonces::at_most(2);
        let now = datetime!(2026-01-02 03:04:05 UTC);
        let until = datetime!(2026-01-02 03:19:05 UTC);
        let later = datetime!(2026-01-02 03:19:06 UTC);
        assert_eq!(nonces.use_up("a", "1", now, until), Ok(()));
        assert_eq!(nonces.use_up("a", "2", now, until), Ok(()));
        assert_eq!(
            nonces.use_up("a", "3", now, until),
            Err(NonceProblem::TooMany)
        );
        assert_eq!(nonces.use_up("a", "1", now, until), Err(NonceProblem::Used));
        assert_eq!(nonces.use_up("a", "3", later, later), Ok(()));
    }
}
