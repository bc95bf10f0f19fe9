//! The driver: makes the turns of all executions, and does what they ask for.

mod actions;
mod load;
mod recovery;
mod wakes;

use crate::command::{Ask, Command, CommandError, Queued};
use crate::engine::Shared;
use crate::input::Input;
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
                self.enqueue(
                    key,
                    id,
                    Input::ActionEnded {
                        task_execution_id,
                        attempt,
                        report,
                    },
                );
            }
        }
    }

    fn loaded(&mut self, key: &str, resident: Result<Option<Box<Resident>>, String>) {
        let Some(active) = self.active.get_mut(key) else {
            return;
        };
        active.busy = false;
        let error = match resident {
            Ok(Some(resident)) => {
                active.resident = Some(*resident);
                self.ready.insert(key.to_owned());
                return self.note_wake(key);
            }
            Ok(None) => CommandError::Refused(Refusal::NotFound {
                id: active.id.clone(),
            }),
            Err(reason) => CommandError::Store(reason),
        };
        if let Some(active) = self.active.remove(key) {
            active
                .queue
                .into_iter()
                .for_each(|queued| queued.answer(Err(error.clone())));
        }
    }

    fn committed(&mut self, key: &str, turn: Turn) {
        for (place, (resident, effects)) in turn.settle().into_iter().enumerate() {
            let member = if place == 0 {
                key.to_owned()
            } else {
                resident.loaded.execution.key()
            };
            for effect in effects {
                self.perform(&member, &resident, effect);
            }
            self.settle(member, resident);
        }
    }

    /// Keeps an execution for its next turn, unless it has ended and nothing more is asked of it.
    fn settle(&mut self, key: String, resident: Resident) {
        let id = resident.loaded.execution.start.id.clone();
        let ended = resident.loaded.execution.head.status.is_final();
        let crowded = self.active.len() >= MOST_IDLE;
        let active = self.active.entry(key.clone()).or_default();
        (active.id, active.busy) = (id, false);
        if !active.queue.is_empty() {
            active.resident = Some(resident);
            self.ready.insert(key);
            return;
        }
        active.resident = Some(resident);
        self.note_wake(&key);
        if ended || (crowded && !self.wakes_for(&key)) {
            self.active.remove(&key);
        }
    }

    /// What a failed commit has changed in memory is thrown away, and loaded again when the
    /// execution has its next turn.
    fn failed(&mut self, key: String, turn: Turn, error: &CommitError) {
        let (again, pause) = turn.fail(error);
        let until = pause.then(|| self.now().after(PAUSE_AFTER_STORE_ERROR));
        let Some(active) = self.active.get_mut(&key) else {
            return;
        };
        active.busy = false;
        active.paused_until = until;
        again
            .into_iter()
            .rev()
            .for_each(|queued| active.queue.push_front(queued));
        if active.queue.is_empty() {
            self.forget_wake(&key);
            self.active.remove(&key);
        } else if let Some(until) = until {
            self.wakes.insert((until, key));
        } else {
            self.ready.insert(key);
        }
    }

    fn perform(&mut self, key: &str, resident: &Resident, effect: Effect) {
        let tenant = &resident.loaded.execution.start.tenant;
        match effect {
            Effect::RunAction {
                task_execution_id,
                attempt,
            } => {
                let shared = Arc::clone(&self.shared);
                let action = actions::attempt(shared, key, resident, task_execution_id, attempt);
                self.work.push(action);
            }
            Effect::CancelChild { id } => self.enqueue(tenant.key(&id), id, Input::Cancel),
            Effect::TellParent { parent, end } => {
                self.enqueue(tenant.key(&parent), parent, Input::ChildEnded(end));
            }
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
