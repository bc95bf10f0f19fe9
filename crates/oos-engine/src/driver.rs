//! The driver: makes the turns of all executions, and does what they ask for.

mod actions;
mod ahead;
mod children;
mod ends;
mod load;
mod recovery;
mod wakes;

use crate::command::{Ask, Command, CommandError, Queued};
use crate::engine::Shared;
use crate::input::{FoundChild, Input};
use crate::machine::Effect;
use crate::turn::{Draft, Resident, Turn};
use crate::{ActionReport, Moment, ReadProblem, Refusal};
use futures_channel::mpsc::UnboundedReceiver;
use futures_core::future::BoxFuture;
use futures_util::future::{Fuse, FutureExt};
use futures_util::stream::{FusedStream, FuturesUnordered, StreamExt};
use oos_store::{Changes, CommitError};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// So many inputs of an execution go into one commit: enough to share a sync, and few enough that
/// the next turn can be made meanwhile.
const MOST_INPUTS_A_TURN: usize = 32;

/// How long an execution waits after a commit that the store could not make.
const PAUSE_AFTER_STORE_ERROR: Duration = Duration::from_secs(1);

/// Runs the executions of an [`Engine`](crate::Engine).
///
/// One future owns everything that is under way: turns, commits, actions and the timer. It spawns
/// nothing, so that whoever polls it decides how fast time and work go on. What a turn changes is
/// visible, and what it asks for is done, only once it is committed.
pub struct Driver {
    shared: Arc<Shared>,
    inbox: UnboundedReceiver<Command>,
    active: BTreeMap<String, Active>,
    /// Executions that may be able to make a turn.
    ready: BTreeSet<String>,
    /// Executions that may be able to make one ahead, while their last one is being committed.
    eager: BTreeSet<String>,
    wakes: BTreeSet<(Moment, String)>,
    work: FuturesUnordered<BoxFuture<'static, Done>>,
    /// Turns that are committed and that nobody was told of: the store has its next commit first.
    untold: VecDeque<Box<Turn>>,
    /// Attempts of actions that are under way: key, task execution id and number.
    attempts: BTreeSet<(String, String, u32)>,
    timer: Option<(Moment, Fuse<BoxFuture<'static, ()>>)>,
}

/// An execution to which something happens, or has happened lately.
#[derive(Debug, Default)]
struct Active {
    id: String,
    queue: VecDeque<Queued>,
    /// As of its last turn; absent while that turn's commit is under way and keeps it.
    resident: Option<Resident>,
    /// What is under way with the store.
    busy: Option<Busy>,
    /// The turn after the one that is being committed.
    ahead: Option<Draft>,
    /// The moment under which it stands in the driver's list of wakes.
    wake: Option<Moment>,
    /// The store could not make its last commit.
    paused_until: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Busy {
    Loading,
    Committing,
}

/// Begins an attempt of a task: the task execution and its number come last.
type MakeAttempt = fn(Arc<Shared>, &str, &Resident, String, u32) -> BoxFuture<'static, Done>;

/// Work that is done.
#[derive(Debug)]
enum Done {
    Loaded {
        key: String,
        resident: Result<Option<Box<Resident>>, String>,
    },
    Committed {
        key: String,
        turn: Box<Turn>,
        result: Result<(), CommitError>,
    },
    Acted {
        key: String,
        id: String,
        task_execution_id: String,
        attempt: u32,
        report: ActionReport,
    },
    Found {
        key: String,
        id: String,
        task_execution_id: String,
        attempt: u32,
        found: Result<FoundChild, String>,
    },
}

impl Driver {
    pub(crate) fn new(shared: Arc<Shared>, inbox: UnboundedReceiver<Command>) -> Self {
        Self {
            shared,
            inbox,
            active: BTreeMap::new(),
            ready: BTreeSet::new(),
            eager: BTreeSet::new(),
            wakes: BTreeSet::new(),
            work: FuturesUnordered::new(),
            untold: VecDeque::new(),
            attempts: BTreeSet::new(),
            timer: None,
        }
    }

    /// Goes on with what an earlier engine left in the store, then runs until every
    /// [`Engine`](crate::Engine) is dropped and all that was asked is committed. Attempts of
    /// actions that are under way then are abandoned; the next engine makes them again.
    ///
    /// # Errors
    /// [`ReadProblem`] if the store can not be read at the start; nothing was run then.
    pub async fn run(mut self) -> Result<(), ReadProblem> {
        self.recover().await?;
        loop {
            while let Ok(command) = self.inbox.try_recv() {
                self.accept(command);
            }
            self.wake_due();
            self.make_turns();
            if self.inbox.is_terminated() && !self.is_busy() {
                return Ok(());
            }
            if let Some(done) = self.begin_work().await {
                self.take(done);
            } else if !self.tell_of_turn() && !self.make_turn_ahead() {
                self.set_timer();
                self.wait().await;
            }
        }
    }

    /// Whether something is under way with the store.
    fn is_busy(&self) -> bool {
        !self.untold.is_empty() || self.active.values().any(|active| active.busy.is_some())
    }

    async fn wait(&mut self) {
        let mut no_timer = Fuse::terminated();
        let mut timer = self
            .timer
            .as_mut()
            .map_or(&mut no_timer, |(_, timer)| timer);
        let mut inbox = if self.inbox.is_terminated() {
            Fuse::terminated()
        } else {
            self.inbox.next().fuse()
        };
        futures_util::select_biased! {
            command = inbox => if let Some(command) = command {
                self.accept(command);
            },
            done = self.work.select_next_some() => self.take(done),
            () = timer => self.wake(),
            complete => {}
        }
    }

    fn now(&self) -> Moment {
        self.shared.clock.now().into()
    }

    fn accept(&mut self, command: Command) {
        let Command {
            key,
            id,
            template,
            queued,
        } = command;
        let active = self.active.entry(key.clone()).or_default();
        active.id = id;
        if let (Ask::Start(execution), Some(template)) = (&queued.ask, template) {
            if active.busy.is_some() || active.resident.is_some() {
                let error = CommandError::Store(format!("`{key}` exists already"));
                return queued.answer(Err(error));
            }
            active.resident = Some(Resident::new(template, (**execution).clone()));
        }
        active.queue.push_back(queued);
        self.ready.insert(key);
    }

    fn enqueue(&mut self, key: String, id: String, input: Input) {
        self.accept(Command {
            key,
            id,
            template: None,
            queued: Queued::inside(input),
        });
    }

    fn make_turns(&mut self) {
        while let Some(key) = self.ready.pop_first() {
            self.make_turn(key);
        }
    }

    fn make_turn(&mut self, key: String) {
        let now = self.now();
        let Some(active) = self.active.get_mut(&key) else {
            return;
        };
        if active.queue.is_empty() || active.paused_until.is_some_and(|p| p > now) {
            return;
        }
        if active.busy.is_some() {
            self.eager.insert(key);
        } else if let Some((turn, changes)) = active.make_turn(now) {
            active.busy = Some(Busy::Committing);
            self.commit(key, turn, changes);
        } else {
            active.busy = Some(Busy::Loading);
            let load = load::resident(Arc::clone(&self.shared), key);
            self.work.push(load);
        }
    }

    /// Brings a turn into the store, and lets the execution make the one after it meanwhile.
    fn commit(&mut self, key: String, mut turn: Box<Turn>, changes: Changes) {
        if changes.is_empty() {
            let result = Ok(());
            return self.take(Done::Committed { key, turn, result });
        }
        if let Some(resident) = turn.lend() {
            self.lent(&key, resident);
        }
        let store = Arc::clone(&self.shared.store);
        self.work.push(Box::pin(async move {
            let result = store.commit(changes).await;
            Done::Committed { key, turn, result }
        }));
    }

    fn take(&mut self, done: Done) {
        match done {
            Done::Loaded { key, resident } => self.loaded(&key, resident),
            Done::Committed {
                key,
                turn,
                result: Ok(()),
            } => self.committed(key, turn),
            Done::Committed {
                key,
                turn,
                result: Err(error),
            } => self.failed(key, *turn, &error),
            Done::Acted {
                key,
                id,
                task_execution_id,
                attempt,
                report,
            } => {
                self.attempts
                    .remove(&(key.clone(), task_execution_id.clone(), attempt));
                let ended = Input::ActionEnded {
                    task_execution_id,
                    attempt,
                    report,
                };
                self.enqueue(key, id, ended);
            }
            Done::Found {
                key,
                id,
                task_execution_id,
                attempt,
                found,
            } => {
                self.attempts
                    .remove(&(key.clone(), task_execution_id.clone(), attempt));
                let found = Input::TemplateFound {
                    task_execution_id,
                    attempt,
                    found,
                };
                self.enqueue(key, id, found);
            }
        }
    }

    fn loaded(&mut self, key: &str, resident: Result<Option<Box<Resident>>, String>) {
        let Some(active) = self.active.get_mut(key) else {
            return;
        };
        active.busy = None;
        // An execution that was born while it was looked for is newer than what was found.
        if active.resident.is_none() {
            match resident {
                Ok(Some(resident)) => active.resident = Some(*resident),
                Ok(None) => return self.not_found(key),
                Err(reason) => return self.not_readable(key, &reason),
            }
        }
        let wake = active.resident.as_ref().and_then(Resident::wake_at);
        self.ready.insert(key.to_owned());
        self.note_wake(key, wake);
    }

    fn not_found(&mut self, key: &str) {
        self.forget_wake(key);
        let Some(active) = self.active.remove(key) else {
            return;
        };
        let refusal = Refusal::NotFound { id: active.id };
        for queued in active.queue {
            queued.answer(Err(CommandError::Refused(refusal.clone())));
        }
    }

    /// Commands are told; what comes from inside is kept for the next try.
    fn not_readable(&mut self, key: &str, reason: &str) {
        let until = self.now().after(PAUSE_AFTER_STORE_ERROR);
        let Some(active) = self.active.get_mut(key) else {
            return;
        };
        for queued in std::mem::take(&mut active.queue) {
            if queued.reply.is_some() {
                queued.answer(Err(CommandError::Store(reason.to_owned())));
            } else {
                active.queue.push_back(queued);
            }
        }
        self.try_again(key.to_owned(), Some(until));
    }

    fn perform_all(&mut self, key: &str, resident: &Resident, effects: Vec<Effect>) {
        for effect in effects {
            self.perform(key, resident, effect);
        }
    }

    fn perform(&mut self, key: &str, resident: &Resident, effect: Effect) {
        let tenant = &resident.loaded.execution.start.tenant;
        match effect {
            Effect::RunAction {
                task_execution_id,
                attempt,
            } => {
                self.attempt(key, resident, task_execution_id, attempt, actions::attempt);
            }
            Effect::FindTemplate {
                task_execution_id,
                attempt,
            } => {
                self.attempt(key, resident, task_execution_id, attempt, children::find);
            }
            Effect::CancelChild { id } => self.enqueue(tenant.key(&id), id, Input::Cancel),
            Effect::TellParent { parent, end } => {
                self.enqueue(tenant.key(&parent), parent, Input::ChildEnded(end));
            }
        }
    }
}

impl Driver {
    /// Makes an attempt, unless the turn that asked for it has ended its task, or it is under way.
    fn attempt(
        &mut self,
        key: &str,
        resident: &Resident,
        id: String,
        attempt: u32,
        make: MakeAttempt,
    ) {
        let under_way = (key.to_owned(), id.clone(), attempt);
        if resident.loaded.is_under_way(&id, attempt) && self.attempts.insert(under_way) {
            let shared = Arc::clone(&self.shared);
            let work = make(shared, key, resident, id, attempt);
            self.work.push(work);
        }
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Driver")
            .field("executions", &self.active.len())
            .field("under way", &self.work.len())
            .field("wakes", &self.wakes.len())
            .finish_non_exhaustive()
    }
}
