//! What is kept, what is under way, and what a caller does next: decided under the lock, without
//! waiting.

use super::{Flight, Outcome};
use crate::{Credentials, CredentialsError};
use std::fmt;
use std::time::Duration;
use time::OffsetDateTime;

const EARLY: time::Duration = time::Duration::minutes(15);
const URGENT: time::Duration = time::Duration::minutes(3);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The memory of a cache.
#[derive(Default)]
pub(super) struct State {
    held: Option<Held>,
    failure: Option<Failed>,
    under_way: Option<UnderWay>,
    flights: u64,
}

struct Held {
    credentials: Credentials,
    /// Both `None` if there is no end.
    early: Option<OffsetDateTime>,
    urgent: Option<OffsetDateTime>,
}

struct Failed {
    error: CredentialsError,
    times: u32,
    /// Until then (on the monotonic clock) the source is left alone.
    rest_until: Duration,
}

struct UnderWay {
    number: u64,
    flight: Flight,
    started: Duration,
    waiting: usize,
    led: bool,
}

/// What a caller does.
pub(super) enum Next {
    /// It is known.
    Done(Outcome),
    Wait(Wait),
}

/// A flight to wait for.
pub(super) struct Wait {
    pub(super) number: u64,
    pub(super) flight: Flight,
    /// Whether there are good credentials to fall back to.
    pub(super) has_fallback: bool,
    /// Whether this caller waits in place of the others.
    pub(super) leads: bool,
}

impl State {
    /// A flight that nobody waits for and that has had its time: its source was not driven, so that
    /// its failure would say nothing.
    pub(super) fn take_abandoned(&mut self, elapsed: Duration, limit: Duration) -> Option<Flight> {
        let is_abandoned = |flight: &mut UnderWay| {
            flight.waiting == 0 && elapsed.saturating_sub(flight.started) >= limit
        };
        Some(self.under_way.take_if(is_abandoned)?.flight)
    }

    pub(super) fn next(
        &mut self,
        now: OffsetDateTime,
        elapsed: Duration,
        start: impl FnOnce() -> Flight,
    ) -> Next {
        let usable = self.usable(now);
        let is_past = |time: Option<OffsetDateTime>| time.is_some_and(|time| time <= now);
        let held = self.held.as_ref();
        let early = held.is_none_or(|held| is_past(held.early));
        let urgent = held.is_none_or(|held| is_past(held.urgent));
        if let Some(usable) = usable.as_ref().filter(|_| !early) {
            return Next::Done(Ok(usable.clone()));
        }
        if self.under_way.is_none() {
            if let Some(failed) = self.failure.as_ref().filter(|f| elapsed < f.rest_until) {
                return Next::Done(usable.ok_or_else(|| failed.error.clone()));
            }
            self.flights += 1;
        }
        let number = self.flights;
        let under_way = self.under_way.get_or_insert_with(|| UnderWay {
            number,
            flight: start(),
            started: elapsed,
            waiting: 0,
            led: false,
        });
        let has_fallback = usable.is_some();
        let leads = has_fallback && !urgent;
        match usable {
            Some(usable) if leads && under_way.led => return Next::Done(Ok(usable)),
            _ => under_way.led |= leads,
        }
        under_way.waiting += 1;
        Next::Wait(Wait {
            number,
            flight: under_way.flight.clone(),
            has_fallback,
            leads,
        })
    }

    /// What is still good.
    pub(super) fn usable(&self, now: OffsetDateTime) -> Option<Credentials> {
        let held = self.held.as_ref()?;
        let is_good = held.credentials.expires_at().is_none_or(|end| now < end);
        is_good.then(|| held.credentials.clone())
    }

    /// Takes over what came of a flight, unless someone else has.
    pub(super) fn settle(
        &mut self,
        number: u64,
        outcome: &Outcome,
        now: OffsetDateTime,
        elapsed: Duration,
    ) {
        if self
            .under_way
            .as_ref()
            .is_none_or(|flight| flight.number != number)
        {
            return;
        }
        self.under_way = None;
        match outcome {
            Ok(found) => {
                self.held = Some(Held::new(found.clone(), now));
                self.failure = None;
            }
            Err(error) => {
                let times = self.failure.as_ref().map_or(0, |failed| failed.times);
                let rests = self.usable(now).is_some() || error.is_retryable();
                let pause = if rests { pause(times) } else { Duration::ZERO };
                self.failure = Some(Failed {
                    error: error.clone(),
                    times: times.saturating_add(1),
                    rest_until: elapsed.saturating_add(pause),
                });
            }
        }
    }

    /// A caller goes, answered or not.
    pub(super) fn leave(&mut self, number: u64, leads: bool) {
        if let Some(flight) = self
            .under_way
            .as_mut()
            .filter(|flight| flight.number == number)
        {
            flight.waiting -= 1;
            flight.led &= !leads;
        }
    }
}

impl Held {
    fn new(credentials: Credentials, now: OffsetDateTime) -> Self {
        let before_end = |most: time::Duration, part: i32| {
            let end = credentials.expires_at()?;
            Some(end.saturating_sub(most.min((end - now) / part)))
        };
        Self {
            early: before_end(EARLY, 4),
            urgent: before_end(URGENT, 8),
            credentials,
        }
    }
}

fn pause(failures_before: u32) -> Duration {
    FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(failures_before))
        .min(LONGEST_PAUSE)
}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("State")
            .field("held", &self.held.as_ref().map(|held| &held.credentials))
            .field(
                "failure",
                &self.failure.as_ref().map(|failed| &failed.error),
            )
            .field("is_under_way", &self.under_way.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccessKey;
    use time::macros::datetime;

    #[test]
    fn windows_fit_the_time_that_credentials_are_good_for() {
        let now = datetime!(2026-01-02 03:00 UTC);
        let check = |good_for: i64, early: i64, urgent: i64| {
            let end = now + time::Duration::seconds(good_for);
            let credentials = Credentials::new(AccessKey::new("a", "b"), "p").expiring_at(end);
            let held = Held::new(credentials, now);
            let before =
                |time: Option<OffsetDateTime>| time.map(|time| (end - time).whole_seconds());
            assert_eq!(
                (before(held.early), before(held.urgent)),
                (Some(early), Some(urgent))
            );
        };
        check(36_000, 900, 180);
        check(3600, 900, 180);
        check(900, 225, 112);
        check(80, 20, 10);
    }

    #[test]
    fn pauses_grow_to_ten_seconds() {
        let pauses: Vec<u64> = (0..6).map(|times| pause(times).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 10, 10]);
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
