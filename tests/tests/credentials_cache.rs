//! The cache of credentials against a model: random sequences of calls, answers, time and callers that
//! go away.

use oos_clock::{Clock, FakeClock};
use oos_credentials::{
    AccessKey, BoxFuture, Cached, Credentials, CredentialsError, CredentialsErrorKind,
    ProvideCredentials,
};
use proptest::collection::vec;
use proptest::prelude::*;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use time::macros::datetime;

type Outcome = Result<Credentials, CredentialsError>;

const LIMIT: Duration = Duration::from_secs(30);

/// What the source says next.
#[derive(Debug, Clone, Copy)]
enum Reply {
    /// Credentials that are good for so many seconds; 0 and less is over already.
    GoodFor(i64),
    GoodForEver,
    Unavailable,
    Invalid,
}

/// A source that answers when it is told to.
#[derive(Debug, Clone, Default)]
struct Desk(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    /// When the source was asked.
    asked: Vec<Duration>,
    open: usize,
    most_open: usize,
    /// When it last had trouble, and how soon after such trouble it was asked again.
    trouble: Option<Duration>,
    shortest_rest: Option<Duration>,
    reply: Option<Reply>,
    waker: Option<Waker>,
}

#[derive(Debug, Clone)]
struct Source {
    desk: Desk,
    clock: FakeClock,
}

struct Asked {
    source: Source,
}

impl Desk {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().expect("no test panics there")
    }

    /// Answers the question that is open; without one nothing happens.
    fn answer(&self, reply: Reply) -> bool {
        let mut book = self.book();
        if book.open == 0 || book.reply.is_some() {
            return false;
        }
        book.reply = Some(reply);
        let waker = book.waker.take();
        drop(book);
        waker.into_iter().for_each(Waker::wake);
        true
    }
}

impl ProvideCredentials for Source {
    fn provide(&self) -> BoxFuture<'_, Outcome> {
        let mut book = self.desk.book();
        let now = self.clock.elapsed();
        book.asked.push(now);
        if let Some(trouble) = book.trouble.take() {
            let rest = now.saturating_sub(trouble);
            book.shortest_rest = Some(book.shortest_rest.map_or(rest, |least| least.min(rest)));
        }
        book.open += 1;
        book.most_open = book.most_open.max(book.open);
        let source = self.clone();
        Box::pin(Asked { source })
    }
}

impl Future for Asked {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let mut book = self.source.desk.book();
        let error = |kind| Err(CredentialsError::new(kind, "desk", "closed"));
        let credentials = || Credentials::new(AccessKey::new("id", "hidden"), "desk");
        match book.reply.take() {
            None => {
                book.waker = Some(context.waker().clone());
                Poll::Pending
            }
            Some(Reply::GoodFor(seconds)) => {
                let end = self.source.clock.now() + time::Duration::seconds(seconds);
                Poll::Ready(Ok(credentials().expiring_at(end)))
            }
            Some(Reply::GoodForEver) => Poll::Ready(Ok(credentials())),
            Some(Reply::Unavailable) => {
                book.trouble = Some(self.source.clock.elapsed());
                Poll::Ready(error(CredentialsErrorKind::Unavailable))
            }
            Some(Reply::Invalid) => Poll::Ready(error(CredentialsErrorKind::Invalid)),
        }
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let mut book = self.source.desk.book();
        book.open -= 1;
        book.reply = None;
        book.waker = None;
    }
}

/// A call that is polled only when it was woken: who is stranded shows.
struct Caller {
    future: BoxFuture<'static, Outcome>,
    woken: Arc<Flag>,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Call,
    Poll(usize),
    PollAll,
    Drop(usize),
    Answer(Reply),
    Seconds(u64),
}

fn replies() -> impl Strategy<Value = Reply> {
    prop_oneof![
        4 => (30_i64..4000).prop_map(Reply::GoodFor),
        1 => (-5_i64..30).prop_map(Reply::GoodFor),
        1 => Just(Reply::GoodForEver),
        2 => Just(Reply::Unavailable),
        1 => Just(Reply::Invalid),
    ]
}

fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => Just(Event::Call),
        2 => (0_usize..8).prop_map(Event::Poll),
        3 => Just(Event::PollAll),
        2 => (0_usize..8).prop_map(Event::Drop),
        4 => replies().prop_map(Event::Answer),
        2 => (0_u64..4).prop_map(Event::Seconds),
        2 => (0_u64..60).prop_map(Event::Seconds),
        2 => (0_u64..1500).prop_map(Event::Seconds),
    ]
}

/// The cache, its callers, and what is known of it.
struct Run {
    clock: FakeClock,
    desk: Desk,
    cached: Arc<Cached>,
    callers: Vec<Caller>,
    /// What was handed out last.
    handed_out: Option<Credentials>,
}

impl Run {
    fn new() -> Self {
        let clock = FakeClock::at(datetime!(2026-01-02 03:04:05 UTC));
        let desk = Desk::default();
        let source = Source {
            desk: desk.clone(),
            clock: clock.clone(),
        };
        let cached = Cached::new(Arc::new(source), Arc::new(clock.clone())).with_time_limit(LIMIT);
        Self {
            clock,
            desk,
            cached: Arc::new(cached),
            callers: Vec::new(),
            handed_out: None,
        }
    }

    fn happen(&mut self, event: Event) -> Result<(), TestCaseError> {
        match event {
            Event::Call => {
                let cached = Arc::clone(&self.cached);
                let woken = Arc::new(Flag(AtomicBool::new(true)));
                let future = Box::pin(async move { cached.provide().await });
                self.callers.push(Caller { future, woken });
            }
            Event::Poll(index) if !self.callers.is_empty() => {
                self.poll(index % self.callers.len())?;
            }
            Event::Drop(index) if !self.callers.is_empty() => {
                drop(self.callers.remove(index % self.callers.len()));
            }
            Event::Answer(reply) => {
                self.desk.answer(reply);
            }
            Event::Seconds(seconds) => self.clock.advance(Duration::from_secs(seconds)),
            Event::PollAll => self.poll_all()?,
            Event::Poll(_) | Event::Drop(_) => {}
        }
        let book = self.desk.book();
        prop_assert!(book.most_open <= 1, "the source is asked twice at one time");
        let rest = book.shortest_rest.unwrap_or(Duration::MAX);
        prop_assert!(rest >= Duration::from_secs(1), "asked again after {rest:?}");
        Ok(())
    }

    /// Polls whoever is woken, until nobody is.
    fn poll_all(&mut self) -> Result<(), TestCaseError> {
        while let Some(index) = self
            .callers
            .iter()
            .position(|caller| caller.woken.0.load(Ordering::SeqCst))
        {
            self.poll(index)?;
        }
        Ok(())
    }

    fn poll(&mut self, index: usize) -> Result<(), TestCaseError> {
        let caller = &mut self.callers[index];
        if !caller.woken.0.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let waker = Waker::from(Arc::clone(&caller.woken));
        let polled = caller
            .future
            .as_mut()
            .poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(outcome) = polled {
            drop(self.callers.remove(index));
            self.judge(outcome)?;
        }
        Ok(())
    }

    fn judge(&mut self, outcome: Outcome) -> Result<(), TestCaseError> {
        let now = self.clock.now();
        match outcome {
            Ok(found) => {
                let end = found.expires_at();
                prop_assert!(
                    end.is_none_or(|end| now < end),
                    "over since {end:?} at {now}"
                );
                self.handed_out = Some(found);
            }
            Err(error) => {
                let is_good = |held: &Credentials| held.expires_at().is_none_or(|end| now < end);
                let good = self.handed_out.as_ref().is_some_and(is_good);
                prop_assert!(!good, "{error}, but there are good ones");
            }
        }
        Ok(())
    }

    /// The source says nothing any more: everybody gets an answer in its time.
    fn end(mut self) -> Result<(), TestCaseError> {
        self.poll_all()?;
        for _ in 0..2 {
            self.clock.advance(LIMIT);
            self.poll_all()?;
        }
        prop_assert!(
            self.callers.is_empty(),
            "{} callers are stranded",
            self.callers.len()
        );
        let shown = format!("{:?}", self.cached);
        prop_assert!(!shown.contains("hidden"), "{}", shown);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_cache_keeps_its_word(events in vec(events(), 1..60)) {
        let mut run = Run::new();
        for event in events {
            run.happen(event)?;
        }
        run.end()?;
    }
}

/// A run by hand.
impl Run {
    fn call(&mut self) {
        self.happen(Event::Call).expect("a call");
        self.happen(Event::PollAll).expect("a poll");
    }

    fn answer(&mut self, reply: Reply) {
        assert!(self.desk.answer(reply), "nobody has asked");
        self.happen(Event::PollAll).expect("a poll");
    }

    fn pass(&mut self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
        self.happen(Event::PollAll).expect("a poll");
    }

    /// How many callers wait, and how often the source was asked.
    fn check(&self, waiting: usize, asked: usize) {
        assert_eq!(
            (self.callers.len(), self.desk.book().asked.len()),
            (waiting, asked)
        );
    }
}

#[test]
fn many_callers_make_one_question() {
    let mut run = Run::new();
    (0..100).for_each(|_| run.call());
    run.check(100, 1);
    run.answer(Reply::GoodFor(3600));
    run.check(0, 1);
    run.call();
    run.check(0, 1);
}

#[test]
fn a_caller_that_goes_strands_nobody() {
    let mut run = Run::new();
    (0..3).for_each(|_| run.call());
    run.happen(Event::Drop(0)).expect("it goes");
    run.answer(Reply::GoodFor(3600));
    run.check(0, 1);
}

#[test]
fn what_nobody_waits_for_is_taken_up_in_time_and_asked_anew_later() {
    let mut run = Run::new();
    run.call();
    run.happen(Event::Drop(0)).expect("it goes");
    run.pass(29);
    run.call();
    run.check(1, 1);
    run.happen(Event::Drop(0)).expect("it goes");
    run.pass(1);
    run.call();
    run.check(1, 2);
    run.answer(Reply::GoodForEver);
    run.pass(1_000_000);
    run.call();
    run.check(0, 2);
}

#[test]
fn one_renews_early_while_the_others_go_on() {
    let mut run = Run::new();
    run.call();
    run.answer(Reply::GoodFor(3600));
    run.pass(3600 - 901);
    run.call();
    run.check(0, 1);
    run.pass(1);
    (0..5).for_each(|_| run.call());
    run.check(1, 2);
    run.answer(Reply::GoodFor(3600));
    run.check(0, 2);
    run.call();
    run.check(0, 2);
}

#[test]
fn the_next_one_renews_if_the_first_goes() {
    let mut run = Run::new();
    run.call();
    run.answer(Reply::GoodFor(3600));
    run.pass(3600 - 900);
    run.call();
    run.happen(Event::Drop(0)).expect("it goes");
    run.call();
    run.check(1, 2);
}

#[test]
fn short_before_the_end_all_wait_but_not_long() {
    let mut run = Run::new();
    run.call();
    run.answer(Reply::GoodFor(3600));
    run.pass(3600 - 180);
    (0..5).for_each(|_| run.call());
    run.check(5, 2);
    run.pass(1);
    run.check(5, 2);
    run.pass(1);
    run.check(0, 2);
}

#[test]
fn a_failed_renewal_leaves_what_is_good_and_rests() {
    let mut run = Run::new();
    run.call();
    run.answer(Reply::GoodFor(3600));
    run.pass(3600 - 900);
    for (number, pause) in [1_u64, 2, 4, 8, 10, 10].into_iter().enumerate() {
        run.call();
        run.check(1, number + 2);
        run.answer(Reply::Invalid);
        run.pass(pause - 1);
        run.call();
        run.check(0, number + 2);
        run.pass(1);
    }
}

#[test]
fn a_mistake_is_looked_at_again_at_once_and_trouble_is_not() {
    let mut run = Run::new();
    run.call();
    run.answer(Reply::Invalid);
    run.call();
    run.check(1, 2);
    run.answer(Reply::Unavailable);
    run.call();
    run.check(0, 2);
}

#[test]
fn a_source_that_panics_is_a_failure() {
    #[derive(Debug)]
    struct Broken;

    impl ProvideCredentials for Broken {
        fn provide(&self) -> BoxFuture<'_, Outcome> {
            panic!("on purpose")
        }
    }

    let clock = FakeClock::at(datetime!(2026-01-02 03:04:05 UTC));
    let cached = Cached::new(Arc::new(Broken), Arc::new(clock));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(outcome) = cached.provide().as_mut().poll(&mut context) else {
        panic!("nothing to wait for")
    };
    assert_eq!(
        outcome.expect_err("it panics").to_string(),
        "custom: the source panicked"
    );
}
