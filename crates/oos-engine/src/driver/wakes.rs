//! The timer of the driver: which execution wants to be looked at, and when.

use super::Driver;
use crate::Moment;
use crate::input::Input;
use futures_util::future::FutureExt;

impl Driver {
    /// Lists the execution under the moment at which its earliest task wants to be looked at, as
    /// the store has it: a commit that fails must not take a timer with it.
    pub(super) fn note_wake(&mut self, key: &str, wake: Option<Moment>) {
        let Some(active) = self.active.get_mut(key) else {
            return;
        };
        if active.wake == wake {
            return;
        }
        if let Some(old) = std::mem::replace(&mut active.wake, wake) {
            self.wakes.remove(&(old, key.to_owned()));
        }
        if let Some(new) = wake {
            self.wakes.insert((new, key.to_owned()));
        }
    }

    /// Takes the execution off the list.
    pub(super) fn forget_wake(&mut self, key: &str) {
        if let Some(old) = self
            .active
            .get_mut(key)
            .and_then(|active| active.wake.take())
        {
            self.wakes.remove(&(old, key.to_owned()));
        }
    }

    /// Sets the timer to the earliest wake.
    pub(super) fn set_timer(&mut self) {
        let earliest = self.wakes.first().map(|(moment, _)| *moment);
        if self.timer.as_ref().map(|(moment, _)| *moment) == earliest {
            return;
        }
        let now = self.now();
        self.timer =
            earliest.map(|moment| (moment, self.shared.clock.sleep(moment.since(now)).fuse()));
    }

    /// The timer has gone off: every execution that is due has a turn.
    pub(super) fn wake(&mut self) {
        self.timer = None;
        self.wake_due();
    }

    /// Looks for executions that are due whether or not the timer has been looked at: work that
    /// never ends must not keep them waiting.
    pub(super) fn wake_due(&mut self) {
        if self.wakes.is_empty() {
            return;
        }
        let now: Moment = self.now();
        while self.wakes.first().is_some_and(|(moment, _)| *moment <= now) {
            let Some((moment, key)) = self.wakes.pop_first() else {
                return;
            };
            let Some(active) = self.active.get_mut(&key) else {
                continue;
            };
            active.paused_until = None;
            if active.wake == Some(moment) {
                active.wake = None;
                let id = active.id.clone();
                self.enqueue(key, id, Input::TimeHasCome);
            } else {
                self.ready.insert(key);
            }
        }
    }
}
