//! One turn of an execution: inputs are taken, steps are made until all is quiet, and everything
//! that has to be written is put into one commit.

use crate::command::{Ask, Attach, CommandError, Queued};
use crate::input::Input;
use crate::machine::{Effect, Loaded, Newborn, Step, step};
use crate::store::{Bodies, CONTENT, Versions};
use crate::{Execution, Moment, Outcome, Refusal};
use oos_store::{Changes, CommitError, Expect, Record};
use oos_template::Template;
use std::ops::Range;
use std::sync::Arc;

/// An execution in memory, and what the store holds of it.
#[derive(Debug)]
pub(crate) struct Resident {
    pub(crate) loaded: Loaded,
    pub(crate) versions: Versions,
}

/// A turn that is being made: it takes inputs until it goes into the store.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The execution whose turn it is, then the executions that it has made.
    members: Vec<Member>,
    taken: Vec<Taken>,
    /// What has to be written, but for the execution itself: every input changes that.
    changes: Changes,
    bodies: Bodies,
}

/// A turn that was made and is on its way into the store.
#[derive(Debug)]
pub(crate) struct Turn {
    taken: Vec<Taken>,
    /// The execution whose turn it is, unless it was lent for the turn after this one.
    resident: Option<Resident>,
    effects: Vec<Effect>,
    /// When the execution wants to be looked at after this turn.
    wake_at: Option<Moment>,
    newborns: Vec<Settled>,
}

/// An execution after a turn that is committed, and what it asks for.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) resident: Resident,
    pub(crate) effects: Vec<Effect>,
}

#[derive(Debug)]
struct Member {
    resident: Resident,
    step: Step,
    /// The text of its template, if it has to be written.
    content: Option<Arc<str>>,
}

/// An input that was taken, with what came of it and the place of its rows in the commit.
#[derive(Debug)]
struct Taken {
    queued: Queued,
    outcome: Option<Result<Outcome, CommandError>>,
    rows: Range<usize>,
}

impl Resident {
    /// An execution that is about to begin to exist.
    pub(crate) fn new(template: Arc<Template>, execution: Execution) -> Self {
        Self {
            loaded: Loaded::new(template, execution),
            versions: Versions::default(),
        }
    }

    /// When it wants to be looked at.
    pub(crate) fn wake_at(&self) -> Option<Moment> {
        self.loaded.wake_at()
    }
}

impl Draft {
    pub(crate) fn new(resident: Resident) -> Self {
        Self {
            members: vec![Member::new(resident, None)],
            taken: Vec::new(),
            changes: Changes::new(),
            bodies: Bodies::default(),
        }
    }

    /// How many inputs were taken.
    pub(crate) fn inputs(&self) -> usize {
        self.taken.len()
    }

    /// The execution as the inputs leave it.
    pub(crate) fn resident(&self) -> &Resident {
        &self.members[0].resident
    }

    /// Lets the execution take an input.
    pub(crate) fn take(&mut self, queued: Queued, now: Moment) {
        let known = self.members.len();
        let outcome = self.answer(&queued.ask, now);
        let mut changes = std::mem::take(&mut self.changes);
        for newborn in &mut self.members[known..] {
            changes = newborn.write(changes, &mut self.bodies);
        }
        let begin = changes.len();
        if let (Some(attach), Some(Ok(outcome))) = (&queued.attach, &outcome) {
            changes.extend(attach.rows(outcome));
        }
        self.taken.push(Taken {
            queued,
            outcome,
            rows: begin..changes.len(),
        });
        self.changes = changes;
    }

    /// The turn, and what has to be written.
    pub(crate) fn finish(mut self) -> (Turn, Changes) {
        let changes = self.members[0].write(self.changes, &mut self.bodies);
        let mut members = self.members.into_iter().map(Settled::from);
        let own = members.next().expect("the first member is the execution");
        let turn = Turn {
            taken: self.taken,
            wake_at: own.resident.wake_at(),
            resident: Some(own.resident),
            effects: own.effects,
            newborns: members.collect(),
        };
        (turn, changes)
    }

    /// The inputs of a turn that was made on top of one that failed, to be taken again.
    pub(crate) fn unmake(self) -> impl Iterator<Item = Queued> {
        self.taken.into_iter().map(|taken| taken.queued)
    }
}

impl Turn {
    /// Hands out the execution before its turn is committed, so that the next one can be made
    /// meanwhile. Not if an attempt was asked for: it has to see the execution as it is now.
    pub(crate) fn lend(&mut self) -> Option<Resident> {
        let attempts = self.effects.iter().any(Effect::is_attempt);
        self.resident.take_if(|_| !attempts)
    }

    /// When the execution wants to be looked at after this turn.
    pub(crate) const fn wake_at(&self) -> Option<Moment> {
        self.wake_at
    }

    /// The executions that begin to exist with this turn's commit.
    pub(crate) fn newborns(&self) -> impl Iterator<Item = &Execution> {
        let residents = self.newborns.iter().map(|newborn| &newborn.resident);
        residents.map(|resident| &resident.loaded.execution)
    }

    /// What the execution asks for, once this turn is committed.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The execution as this turn leaves it, unless it was lent.
    pub(crate) fn take_resident(&mut self) -> Option<Resident> {
        self.resident.take()
    }

    /// Answers the commands; hands out the executions that the turn has made.
    pub(crate) fn tell(self) -> Vec<Settled> {
        for Taken {
            queued, outcome, ..
        } in self.taken
        {
            if let Some(outcome) = outcome {
                queued.answer(outcome);
            }
        }
        self.newborns
    }

    /// Answers those for whom the failed commit is final; hands back the inputs to be taken again
    /// and whether that should wait a little: only an attached row is no sign of trouble.
    pub(crate) fn fail(self, error: &CommitError) -> (Vec<Queued>, bool) {
        let mut again = Vec::new();
        let attached = |index| self.taken.iter().any(|taken| taken.rows.contains(index));
        let pause = !matches!(error, CommitError::Conflict { index, .. } if attached(index));
        for Taken {
            mut queued, rows, ..
        } in self.taken
        {
            let lost = match error {
                CommitError::Conflict { index, .. } if rows.contains(index) => {
                    Some(CommandError::AttachmentConflict)
                }
                CommitError::Conflict { key, .. } if matches!(queued.ask, Ask::Start(_)) => {
                    Some(CommandError::Store(format!("`{key}` exists already")))
                }
                CommitError::Conflict { .. } => None,
                other => Some(CommandError::Store(chain(other))),
            };
            match (lost, queued.reply.take()) {
                (Some(error), Some(reply)) => drop(reply.send(Err(error))),
                (Some(CommandError::AttachmentConflict), None) => {}
                (_, reply) => again.push(Queued { reply, ..queued }),
            }
        }
        (again, pause)
    }
}

impl Draft {
    fn answer(&mut self, ask: &Ask, now: Moment) -> Option<Result<Outcome, CommandError>> {
        let (input, started) = match ask {
            Ask::Start(execution) => (Input::Resume, Some(execution)),
            Ask::Input(input) => (input.clone(), None),
        };
        let outcome = self.step(0, input, now);
        match started {
            Some(execution) => Some(Ok(Outcome::Started(execution.clone()))),
            None => outcome.map(|outcome| outcome.map_err(CommandError::Refused)),
        }
    }

    /// Makes a step of a member, and lets the executions that it makes begin at once.
    fn step(
        &mut self,
        place: usize,
        input: Input,
        now: Moment,
    ) -> Option<Result<Outcome, Refusal>> {
        let member = &mut self.members[place];
        let outcome = step(&mut member.resident.loaded, &mut member.step, input, now);
        for child in std::mem::take(&mut member.step.children) {
            let Newborn {
                template,
                execution,
                content,
            } = child;
            let resident = Resident::new(template, execution);
            self.members.push(Member::new(resident, content));
            let newborn = self.members.len() - 1;
            self.step(newborn, Input::Resume, now);
            self.tell_parent(newborn, place, now);
        }
        outcome
    }

    /// A child that ends in the turn that made it tells its parent in the same turn.
    fn tell_parent(&mut self, child: usize, parent: usize, now: Moment) {
        let effects = std::mem::take(&mut self.members[child].step.effects);
        let tell = |effect: &Effect| matches!(effect, Effect::TellParent { .. });
        let (ends, others) = effects.into_iter().partition::<Vec<_>, _>(tell);
        self.members[child].step.effects = others;
        for effect in ends {
            if let Effect::TellParent { end, .. } = effect {
                self.step(parent, Input::ChildEnded(end), now);
            }
        }
    }
}

impl Member {
    fn new(resident: Resident, content: Option<Arc<str>>) -> Self {
        Self {
            resident,
            step: Step::default(),
            content,
        }
    }

    /// Adds what its step has changed.
    fn write(&mut self, mut changes: Changes, bodies: &mut Bodies) -> Changes {
        let Resident { loaded, versions } = &mut self.resident;
        if let Some(content) = self.content.take() {
            let hash = &loaded.execution.start.template.hash;
            let text = Record::new(hash).with_body(content.as_bytes().to_vec());
            changes = changes.put(&CONTENT, text, Expect::Any);
        }
        versions.write(loaded, &self.step, changes, bodies)
    }
}

impl From<Member> for Settled {
    fn from(member: Member) -> Self {
        Self {
            resident: member.resident,
            effects: member.step.effects,
        }
    }
}

/// An error with all its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl Attach {
    fn rows(&self, outcome: &Outcome) -> Changes {
        (self.0)(outcome)
    }
}
