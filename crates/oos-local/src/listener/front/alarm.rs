//! A time limit that begins when something is waited for.

use oos_clock::{BoxFuture, Clock};
use std::task::{Context, Poll};
use std::time::Duration;

/// Which wait it is: another one begins anew.
pub(super) type Wait = (u8, u64);

/// The limit of the wait that goes on, if one does.
#[derive(Default)]
pub(super) struct Alarm {
    running: Option<(Wait, BoxFuture<'static, ()>)>,
}

impl Alarm {
    /// Ready when this wait has gone on for `limit`.
    pub(super) fn poll(
        &mut self,
        wait: Wait,
        limit: Duration,
        clock: &dyn Clock,
        context: &mut Context<'_>,
    ) -> Poll<()> {
        let running = self.running.take().filter(|(running, _)| *running == wait);
        let (_, mut sleep) = running.unwrap_or_else(|| (wait, clock.sleep(limit)));
        let due = sleep.as_mut().poll(context);
        if due.is_pending() {
            self.running = Some((wait, sleep));
        }
        due
    }

    /// The wait is over.
    pub(super) fn clear(&mut self) {
        self.running = None;
    }
}
