//! Keeps credentials, and renews them before they end.

mod state;

use crate::CredentialsErrorKind::Unavailable;
use crate::{Credentials, CredentialsError, ProvideCredentials};
use futures_util::FutureExt;
use futures_util::future::{Either, Shared, select};
use oos_clock::{BoxFuture, Clock};
use state::{Next, State, Wait};
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use time::format_description::well_known::Rfc3339;

const TIME_LIMIT: Duration = Duration::from_secs(30);
/// While there are good credentials, nobody waits longer than this for better ones.
const PATIENCE: Duration = Duration::from_secs(2);
/// Answers that ended between their arrival and our look at them are not asked for for ever.
const ROUNDS: u32 = 3;

type Outcome = Result<Credentials, CredentialsError>;
type Flight = Shared<BoxFuture<'static, Outcome>>;

/// Another source with a memory.
///
/// * Credentials without an end are kept for good, others until they end, and never longer.
/// * From 15 minutes before the end (or a quarter of the time they were good for, if that is less)
///   one caller renews them while the others take what there is; from 3 minutes before the end (or
///   an eighth) all wait for the renewal, 2 s at most while the old ones are good.
/// * The source is never asked twice at one time: who comes meanwhile waits for the same answer. No
///   task is spawned: those who wait drive it. If all of them go, the next one takes it up, or asks
///   anew if the time limit has passed.
/// * A renewal that fails leaves what is still good; the next one is tried after 1 s, then 2, 4, 8,
///   and every 10 s. Without good credentials a failure that another try may mend is given to who
///   comes within that pause; other failures are asked for anew, since someone may be mending them.
/// * A source that does not answer within the time limit (30 s if not set) has failed.
pub struct Cached {
    source: Arc<dyn ProvideCredentials>,
    clock: Arc<dyn Clock>,
    limit: Duration,
    state: Mutex<State>,
}

impl Cached {
    /// What this source gives, kept.
    pub fn new(source: Arc<dyn ProvideCredentials>, clock: Arc<dyn Clock>) -> Self {
        Self {
            source,
            clock,
            limit: TIME_LIMIT,
            state: Mutex::default(),
        }
    }

    /// How long the source may take.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    async fn wait(&self, first: Waiting<'_>) -> Outcome {
        let mut waiting = first;
        for _ in 0..ROUNDS {
            if waiting.has_fallback {
                if let Some(found) = self.wait_a_little(waiting).await {
                    return Ok(found);
                }
            } else {
                let outcome = waiting.flight.clone().await;
                self.settle(waiting.number, &outcome);
                if let Err(error) = outcome {
                    return self.usable().ok_or(error);
                }
            }
            // What has come goes through the state again: it may have ended by now.
            waiting = match self.next() {
                Next::Done(outcome) => return outcome,
                Next::Wait(wait) => Waiting::on(self, wait),
            };
        }
        let problem = "the credentials end as soon as they arrive";
        Err(failed(&*self.source, problem))
    }

    /// Waits for a renewal; `None` if what was there has ended meanwhile.
    async fn wait_a_little(&self, waiting: Waiting<'_>) -> Option<Credentials> {
        let patience = self.clock.sleep(PATIENCE);
        if let Either::Left((outcome, _)) = select(waiting.flight.clone(), patience).await {
            self.settle(waiting.number, &outcome);
        }
        self.usable()
    }

    fn next(&self) -> Next {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let mut state = self.lock();
        let abandoned = state.take_abandoned(elapsed, self.limit);
        let next = state.next(now, elapsed, || self.start());
        drop(state);
        // What a source does when it is dropped, it does without our lock; the next question is
        // asked only when its flight is polled.
        drop(abandoned);
        next
    }

    fn usable(&self) -> Option<Credentials> {
        self.lock().usable(self.clock.now())
    }

    fn settle(&self, number: u64, outcome: &Outcome) {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        self.lock().settle(number, outcome, now, elapsed);
    }

    /// Asks the source as soon as someone waits for it.
    fn start(&self) -> Flight {
        let (source, clock) = (Arc::clone(&self.source), Arc::clone(&self.clock));
        let sleep = clock.sleep(self.limit);
        let limit = self.limit;
        let asked = async move {
            let provide = AssertUnwindSafe(async { source.provide().await }).catch_unwind();
            let outcome = match select(std::pin::pin!(provide), sleep).await {
                Either::Left((Ok(outcome), _)) => outcome,
                Either::Left((Err(_), _)) => Err(failed(&*source, "the source panicked")),
                Either::Right(((), _)) => {
                    let limit = limit.as_secs_f64();
                    Err(failed(&*source, format!("no answer within {limit} s")))
                }
            };
            outcome.and_then(|found| not_ended(&*source, &*clock, found))
        };
        let boxed: BoxFuture<'static, Outcome> = Box::pin(asked);
        boxed.shared()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn not_ended(source: &dyn ProvideCredentials, clock: &dyn Clock, found: Credentials) -> Outcome {
    let Some(end) = found.expires_at().filter(|end| *end <= clock.now()) else {
        return Ok(found);
    };
    let end = end.format(&Rfc3339).unwrap_or_default();
    Err(failed(
        source,
        format!("it gave credentials that ended at {end}: is the clock of this machine right?"),
    ))
}

fn failed(
    source: &dyn ProvideCredentials,
    problem: impl Into<std::borrow::Cow<'static, str>>,
) -> CredentialsError {
    CredentialsError::new(Unavailable, source.name().to_owned(), problem)
}

/// A caller that waits: counted, so that a flight that nobody waits for is known as such.
struct Waiting<'a> {
    cached: &'a Cached,
    number: u64,
    flight: Flight,
    has_fallback: bool,
    leads: bool,
}

impl<'a> Waiting<'a> {
    /// The state has counted it already.
    fn on(cached: &'a Cached, wait: Wait) -> Self {
        Self {
            cached,
            number: wait.number,
            flight: wait.flight,
            has_fallback: wait.has_fallback,
            leads: wait.leads,
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.cached.lock().leave(self.number, self.leads);
    }
}

impl ProvideCredentials for Cached {
    fn provide(&self) -> BoxFuture<'_, Outcome> {
        // Most calls get what there is, and need not pay for the room that waiting takes.
        match self.next() {
            Next::Done(outcome) => Box::pin(std::future::ready(outcome)),
            Next::Wait(wait) => Box::pin(self.wait(Waiting::on(self, wait))),
        }
    }

    fn name(&self) -> &str {
        self.source.name()
    }
}

impl fmt::Debug for Cached {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cached")
            .field("source", &self.source)
            .field("limit", &self.limit)
            .field("state", &*self.lock())
            .finish_non_exhaustive()
    }
}
