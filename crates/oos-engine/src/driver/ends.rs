//! How a turn ends: its commit is made, or not.

use super::{Driver, PAUSE_AFTER_STORE_ERROR};
use crate::command::Queued;
use crate::input::Input;
use crate::turn::{Draft, Resident, Settled, Turn};
use crate::{Execution, Moment};
use oos_store::CommitError;

/// So many executions are kept in memory while nothing happens to them.
const MOST_IDLE: usize = 4096;

impl Driver {
    pub(super) fn committed(&mut self, key: String, mut turn: Box<Turn>) {
        let effects = turn.take_effects();
        let Some(active) = self.active.get_mut(&key) else {
            return self.tell(*turn);
        };
        if let Some(ahead) = active.ahead.take() {
            self.note_wake(&key, turn.wake_at());
            self.perform_all(&key, ahead.resident(), effects);
            self.untold.push_back(turn);
            let (turn, changes) = ahead.finish();
            return self.commit(key, Box::new(turn), changes);
        }
        let resident = turn.take_resident().or_else(|| active.resident.take());
        while self.tell_of_turn() {}
        self.tell(*turn);
        if let Some(resident) = resident {
            self.perform_all(&key, &resident, effects);
            self.settle(key, resident, false);
        }
    }

    /// Tells of the turn that was committed longest ago, if there is one that nobody knows of.
    pub(super) fn tell_of_turn(&mut self) -> bool {
        let turn = self.untold.pop_front();
        turn.map(|turn| self.tell(*turn)).is_some()
    }

    /// Answers those who have asked, and lets the executions that were made go on.
    fn tell(&mut self, turn: Turn) {
        for Settled { resident, effects } in turn.tell() {
            let key = resident.loaded.execution.key();
            self.perform_all(&key, &resident, effects);
            self.settle(key, resident, true);
        }
    }

    /// Keeps an execution for its next turn, unless it has ended and nothing more is asked of it.
    fn settle(&mut self, key: String, resident: Resident, newborn: bool) {
        let id = resident.loaded.execution.start.id.clone();
        let ended = resident.loaded.execution.head.status.is_final();
        let wake = resident.wake_at();
        let crowded = self.active.len() >= MOST_IDLE;
        if newborn && ended && !self.active.contains_key(&key) {
            return;
        }
        let active = self.active.entry(key.clone()).or_default();
        (active.id, active.resident) = (id, Some(resident));
        if newborn && active.busy.is_some() {
            return; // Somebody has asked for it already: `loaded` goes on with it.
        }
        active.busy = None;
        let asked = !active.queue.is_empty();
        self.note_wake(&key, wake);
        if asked {
            self.ready.insert(key);
        } else if ended || (crowded && wake.is_none()) {
            self.active.remove(&key);
        }
    }

    /// What a failed commit has changed in memory is thrown away, and loaded again when the
    /// execution has its next turn. If nobody can tell whether it was made, that turn comes soon:
    /// what it asked for has to be done if it was.
    pub(super) fn failed(&mut self, key: String, turn: Turn, error: &CommitError) {
        let unsure = matches!(error, CommitError::Unknown { .. });
        let newborn = |execution: &Execution| (execution.key(), execution.start.id.clone());
        let newborns: Vec<_> = turn.newborns().map(newborn).collect();
        let (mut again, pause) = turn.fail(error);
        let until = pause.then(|| self.now().after(PAUSE_AFTER_STORE_ERROR));
        let Some(active) = self.active.get_mut(&key) else {
            return;
        };
        active.busy = None;
        active.resident = None;
        again.extend(active.ahead.take().into_iter().flat_map(Draft::unmake));
        again
            .into_iter()
            .rev()
            .for_each(|queued| active.queue.push_front(queued));
        if unsure {
            active.queue.push_back(Queued::inside(Input::Resume));
            for (key, id) in newborns {
                self.enqueue(key, id, Input::Resume);
            }
        }
        self.try_again(key, until);
    }

    /// Lets an execution that is not in memory have its next turn, at once or after a pause. If
    /// nothing is asked of it, it is forgotten, but not the moment at which it wants to be looked at.
    pub(super) fn try_again(&mut self, key: String, until: Option<Moment>) {
        let Some(active) = self.active.get_mut(&key) else {
            return;
        };
        if active.queue.is_empty() {
            if active.wake.is_none() {
                self.active.remove(&key);
            }
            return;
        }
        active.paused_until = until;
        match until {
            Some(until) => drop(self.wakes.insert((until, key))),
            None => drop(self.ready.insert(key)),
        }
    }
}
