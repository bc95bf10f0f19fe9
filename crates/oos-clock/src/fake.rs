//! A clock that stands still until it is told to move.

use crate::{BoxFuture, Clock};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use time::OffsetDateTime;

/// A clock for tests and for virtual time. Clones share one time.
///
/// It moves by [`advance`](Self::advance); made with [`jumping`](Self::jumping), it also moves by
/// itself to the end of the earliest sleep whenever that sleep is polled, so that whoever waits
/// for nothing but time never really waits. Sleeps end in the order of their ends, equal ends in
/// the order in which they were made.
#[derive(Debug, Clone)]
pub struct FakeClock {
    shared: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    start: OffsetDateTime,
    elapsed: Duration,
    jumps: bool,
    made: u64,
    sleepers: BTreeMap<SleepKey, Option<Waker>>,
}

type SleepKey = (Duration, u64);

impl FakeClock {
    /// A clock that shows `start` and moves only when told to.
    #[must_use]
    pub fn at(start: OffsetDateTime) -> Self {
        Self::new(start, false)
    }

    /// A clock that shows `start` and jumps over every sleep.
    #[must_use]
    pub fn jumping(start: OffsetDateTime) -> Self {
        Self::new(start, true)
    }

    fn new(start: OffsetDateTime, jumps: bool) -> Self {
        let sleepers = BTreeMap::new();
        let state = State {
            start,
            elapsed: Duration::ZERO,
            jumps,
            made: 0,
            sleepers,
        };
        Self {
            shared: Arc::new(Mutex::new(state)),
        }
    }

    /// Moves the time on and ends the sleeps that are due by then.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        state.elapsed = state.elapsed.saturating_add(duration);
        let due = state.take_due_wakers();
        drop(state);
        due.into_iter().for_each(Waker::wake);
    }

    /// How long from now the earliest sleep ends, if anyone sleeps.
    #[must_use]
    pub fn next_wake(&self) -> Option<Duration> {
        let state = self.lock();
        let ((end, _), _) = state.sleepers.first_key_value()?;
        Some(end.saturating_sub(state.elapsed))
    }

    /// The number of sleeps that have not ended.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.lock().sleepers.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take_due_wakers(&mut self) -> Vec<Waker> {
        let now = self.elapsed;
        self.sleepers
            .range_mut(..=(now, u64::MAX))
            .filter_map(|(_, waker)| waker.take())
            .collect()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> OffsetDateTime {
        let state = self.lock();
        let elapsed = time::Duration::try_from(state.elapsed).unwrap_or(time::Duration::MAX);
        state.start.saturating_add(elapsed)
    }

    fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut state = self.lock();
        state.made += 1;
        let key = (state.elapsed.saturating_add(duration), state.made);
        state.sleepers.insert(key, None);
        Box::pin(FakeSleep {
            clock: self.clone(),
            key,
        })
    }
}

struct FakeSleep {
    clock: FakeClock,
    key: SleepKey,
}

impl Future for FakeSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.lock();
        let earliest = state
            .sleepers
            .first_key_value()
            .is_none_or(|(first, _)| *first >= self.key);
        if state.jumps && earliest && state.elapsed < self.key.0 {
            state.elapsed = self.key.0;
        }
        if state.elapsed >= self.key.0 {
            state.sleepers.remove(&self.key);
            let next = state.next_waker();
            drop(state);
            next.into_iter().for_each(Waker::wake);
            return Poll::Ready(());
        }
        state
            .sleepers
            .insert(self.key, Some(context.waker().clone()));
        Poll::Pending
    }
}

impl State {
    /// When time jumps, whoever sleeps next has to be polled to jump in turn.
    fn next_waker(&mut self) -> Option<Waker> {
        if !self.jumps {
            return None;
        }
        self.sleepers.first_entry()?.get_mut().take()
    }
}

impl Drop for FakeSleep {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        state.sleepers.remove(&self.key);
        let next = state.next_waker();
        drop(state);
        next.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn poll(sleep: &mut BoxFuture<'static, ()>) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        sleep.as_mut().poll(&mut context).is_ready()
    }

    #[test]
    fn a_sleep_ends_when_its_time_has_come() {
        let clock = FakeClock::at(datetime!(2026-01-01 00:00 UTC));
        let mut sleep = clock.sleep(Duration::from_secs(10));
        assert!(!poll(&mut sleep));
        clock.advance(Duration::from_secs(9));
        assert!(!poll(&mut sleep));
        assert_eq!(clock.next_wake(), Some(Duration::from_secs(1)));
        clock.advance(Duration::from_secs(1));
        assert!(poll(&mut sleep));
        assert_eq!(clock.sleepers(), 0);
        assert_eq!(clock.now(), datetime!(2026-01-01 00:00:10 UTC));
    }

    #[test]
    fn a_dropped_sleep_is_forgotten() {
        let clock = FakeClock::at(datetime!(2026-01-01 00:00 UTC));
        let mut sleep = clock.sleep(Duration::from_secs(10));
        assert!(!poll(&mut sleep));
        drop(sleep);
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn a_jumping_clock_ends_sleeps_in_their_order() {
        let clock = FakeClock::jumping(datetime!(2026-01-01 00:00 UTC));
        let mut late = clock.sleep(Duration::from_hours(1));
        let mut soon = clock.sleep(Duration::from_secs(1));
        assert!(!poll(&mut late), "an earlier sleep is still to end");
        assert!(poll(&mut soon));
        assert_eq!(clock.elapsed(), Duration::from_secs(1));
        assert!(poll(&mut late));
        assert_eq!(clock.elapsed(), Duration::from_hours(1));
    }

    #[test]
    fn clones_share_one_time() {
        let clock = FakeClock::at(datetime!(2026-01-01 00:00 UTC));
        clock.clone().advance(Duration::from_secs(3));
        assert_eq!(clock.elapsed(), Duration::from_secs(3));
    }
}
