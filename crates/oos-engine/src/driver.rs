//! The driver: makes the turns of all executions, and does what they ask for.

mod actions;
mod children;
mod load;
mod recovery;
mod wakes;

use crate::command::{Ask, Command, CommandError, Queued};
use crate::engine::Shared;
use crate::input::{FoundChild, Input};
use crate::machine::Effect;
use crate::turn::{Resident, Turn};
use crate::{ActionReport, Moment, ReadProblem, Refusal};
use futures_channel::mpsc::UnboundedReceiver;
use futures_core::future::BoxFuture;
use futures_util::future::{Fuse, FutureExt};
use futures_util::stream::{FusedStream, FuturesUnordered, StreamExt};
use oos_store::CommitError;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// So many inputs of an execution go into one commit.
const MOST_INPUTS_A_TURN: usize = 256;

/// So many executions are kept in memory while nothing happens to them.
const MOST_IDLE: usize = 4096;

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
    wakes: BTreeSet<(Moment, String)>,
    work: FuturesUnordered<BoxFuture<'static, Done>>,
    /// Attempts of actions that are under way: key, task execution id and number.
    attempts: BTreeSet<(String, String, u32)>,
    timer: Option<(Moment, Fuse<BoxFuture<'static, ()>>)>,
}

/// An execution to which something happens, or has happened lately.
#[derive(Debug, Default)]
struct Active {
    id: String,
    queue: VecDeque<Queued>,
    resident: Option<Resident>,
    /// A load or a commit is under way.
    busy: bool,
    /// The moment under which it stands in the driver's list of wakes.
    wake: Option<Moment>,
    /// The store could not make its last commit.
    paused_until: Option<Moment>,
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
            wakes: BTreeSet::new(),
            work: FuturesUnordered::new(),
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
            if self.inbox.is_terminated() && !self.active.values().any(|active| active.busy) {
                return Ok(());
            }
            self.set_timer();
            self.wait().await;
        }
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
            if active.busy || active.resident.is_some() {
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
        if active.busy || active.queue.is_empty() || active.paused_until.is_some_and(|p| p > now) {
            return;
        }
        active.busy = true;
        let Some(resident) = active.resident.take() else {
            return self
                .work
                .push(load::resident(Arc::clone(&self.shared), key));
        };
        let count = active.queue.len().min(MOST_INPUTS_A_TURN);
        let mut turn = Box::new(Turn::make(
            resident,
            active.queue.drain(..count).collect(),
            now,
        ));
        let changes = turn.changes();
        if changes.is_empty() {
            return self.take(Done::Committed {
                key,
                turn,
                result: Ok(()),
            });
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
            } => self.committed(&key, *turn),
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
        active.busy = false;
        // An execution that was born while it was looked for is newer than what was found.
        if active.resident.is_none() {
            match resident {
                Ok(Some(resident)) => active.resident = Some(*resident),
                Ok(None) => return self.not_found(key),
                Err(reason) => return self.not_readable(key, &reason),
            }
        }
        self.ready.insert(key.to_owned());
        self.note_wake(key);
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

    fn committed(&mut self, key: &str, turn: Turn) {
        for (place, (resident, effects)) in turn.settle().into_iter().enumerate() {
            let newborn = place > 0;
            let member = if newborn {
                resident.loaded.execution.key()
            } else {
                key.to_owned()
            };
            for effect in effects {
                self.perform(&member, &resident, effect);
            }
            self.settle(member, resident, newborn);
        }
    }

    /// Keeps an execution for its next turn, unless it has ended and nothing more is asked of it.
    fn settle(&mut self, key: String, resident: Resident, newborn: bool) {
        let id = resident.loaded.execution.start.id.clone();
        let ended = resident.loaded.execution.head.status.is_final();
        let crowded = self.active.len() >= MOST_IDLE;
        let active = self.active.entry(key.clone()).or_default();
        (active.id, active.resident) = (id, Some(resident));
        if newborn && active.busy {
            return; // Somebody has asked for it already: `loaded` goes on with it.
        }
        active.busy = false;
        if !active.queue.is_empty() {
            self.ready.insert(key);
            return;
        }
        self.note_wake(&key);
        if ended || (crowded && !self.wakes_for(&key)) {
            self.active.remove(&key);
        }
    }

    /// What a failed commit has changed in memory is thrown away, and loaded again when the
    /// execution has its next turn. If nobody can tell whether it was made, that turn comes soon:
    /// what it asked for has to be done if it was.
    fn failed(&mut self, key: String, turn: Turn, error: &CommitError) {
        let unsure = matches!(error, CommitError::Unknown { .. });
        let newborns = turn.newborns();
        let (again, pause) = turn.fail(error);
        let until = pause.then(|| self.now().after(PAUSE_AFTER_STORE_ERROR));
        let Some(active) = self.active.get_mut(&key) else {
            return;
        };
        active.busy = false;
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
    fn try_again(&mut self, key: String, until: Option<Moment>) {
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
