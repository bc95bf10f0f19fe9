//! Waiting for something to come about, by asking again and again.

use crate::failure::Failure;
use oos::clock::Clock;
use std::sync::Arc;
use std::time::Duration;

/// The first pause; every further one is twice as long, up to a limit.
const FIRST_PAUSE: Duration = Duration::from_millis(1);

/// Asks until there is an answer or the time is up.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    clock: Arc<dyn Clock>,
    /// On the clock's `elapsed`.
    end: Duration,
    longest_pause: Duration,
}

impl Patience {
    /// Patience for so long from now on.
    pub(crate) fn new(clock: Arc<dyn Clock>, limit: Duration, longest_pause: Duration) -> Self {
        let end = clock.elapsed().saturating_add(limit);
        Self {
            clock,
            end,
            longest_pause,
        }
    }

    /// What `ask` finds; none if it has found nothing when the time is up. It is asked at least
    /// once, and once more at the end of the time.
    ///
    /// # Errors
    /// Those of `ask`, at once.
    pub(crate) async fn until<T>(
        &self,
        mut ask: impl AsyncFnMut() -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        let mut pause = FIRST_PAUSE;
        loop {
            if let Some(found) = ask().await? {
                return Ok(Some(found));
            }
            let left = self.end.saturating_sub(self.clock.elapsed());
            if left.is_zero() {
                return Ok(None);
            }
            self.clock.sleep(pause.min(left)).await;
            pause = pause.saturating_mul(2).min(self.longest_pause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oos::clock::FakeClock;
    use time::macros::datetime;

    /// When `ask` was asked, in ms, if it finds something at its `found`-th time.
    fn asked(limit: u64, found: usize) -> (Vec<u128>, bool) {
        let clock = FakeClock::jumping(datetime!(2026-01-01 00:00 UTC));
        let limit = Duration::from_millis(limit);
        let patience = Patience::new(Arc::new(clock.clone()), limit, Duration::from_millis(10));
        let mut times = Vec::new();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let answer = runtime.block_on(patience.until(async || {
            times.push(clock.elapsed().as_millis());
            Ok((times.len() == found).then_some(()))
        }));
        (times, answer.expect("nothing fails").is_some())
    }

    #[test]
    fn pauses_grow_up_to_their_limit_and_end_with_the_time() {
        assert_eq!(asked(1000, 1), (vec![0], true));
        assert_eq!(asked(1000, 7), (vec![0, 1, 3, 7, 15, 25, 35], true));
        assert_eq!(asked(20, 99), (vec![0, 1, 3, 7, 15, 20], false));
        assert_eq!(asked(0, 99), (vec![0], false));
    }
}
