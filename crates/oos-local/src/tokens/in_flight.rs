//! Calls with the same token go one after the other.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex as SyncMutex, MutexGuard, PoisonError};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The tokens of calls that are being carried out.
///
/// The store alone keeps such calls from having two effects; without this they would only hinder
/// each other: of several in one commit each loses against another one that is not written yet.
#[derive(Default)]
pub(crate) struct InFlight {
    locks: SyncMutex<HashMap<String, Arc<Mutex<()>>>>,
}

/// The right to carry out a call with a token, given back when it is dropped.
pub(crate) struct Held<'a> {
    in_flight: &'a InFlight,
    key: String,
    lock: Option<Arc<Mutex<()>>>,
    guard: Option<OwnedMutexGuard<()>>,
}

impl InFlight {
    /// Waits until nobody else holds this key.
    pub(super) async fn hold(&self, key: String) -> Held<'_> {
        let lock = Arc::clone(self.locks().entry(key.clone()).or_default());
        // Made before the wait, so that a call that is dropped while it waits is cleared away.
        let mut held = Held {
            in_flight: self,
            key,
            lock: Some(Arc::clone(&lock)),
            guard: None,
        };
        held.guard = Some(lock.lock_owned().await);
        held
    }

    fn locks(&self) -> MutexGuard<'_, HashMap<String, Arc<Mutex<()>>>> {
        self.locks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        (self.guard, self.lock) = (None, None);
        let mut locks = self.in_flight.locks();
        // Clones are made under the same lock: if there is no other now, there is none.
        if locks
            .get(&self.key)
            .is_some_and(|lock| Arc::strong_count(lock) == 1)
        {
            locks.remove(&self.key);
        }
    }
}

impl fmt::Debug for InFlight {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "InFlight({})", self.locks().len())
    }
}

impl fmt::Debug for Held<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Held({})", self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn one_holds_a_key_and_nothing_stays_behind() {
        let in_flight = InFlight::default();
        let Poll::Ready(first) = poll(pin!(in_flight.hold("a".into()))) else {
            panic!("free")
        };
        assert!(
            poll(pin!(in_flight.hold("b".into()))).is_ready(),
            "another key is free"
        );
        {
            let mut second = pin!(in_flight.hold("a".into()));
            assert!(poll(second.as_mut()).is_pending());
            let mut dropped = Box::pin(in_flight.hold("a".into()));
            assert!(poll(dropped.as_mut()).is_pending());
            drop(dropped);
            drop(first);
            assert_eq!(
                format!("{in_flight:?}"),
                "InFlight(1)",
                "the second still wants it"
            );
            assert!(poll(second.as_mut()).is_ready());
        }
        assert_eq!(format!("{in_flight:?}"), "InFlight(0)");
    }
}
