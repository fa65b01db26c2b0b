//! Steps 7 and 8 of a run: carry out a plan in batches, read back, remember.
//!
//! Before a batch goes out, the journal has its writes; the commit that holds them holds the results of the batch before.
//! A row is replaced when *all* writes of its step are done, and holds what the servers hold, not what was sent. So
//! whatever call the run dies at, the next run finds the old row and the journal's word on what was under way, or the new
//! row.

mod taken;

use crate::event::Event;
use crate::host::{Audience, Clock, Progress};
use crate::problem::{Code, Problem, Side};
use crate::sync::history::{ChangeRecord, Done};
use crate::sync::journal::OperationId;
use crate::sync::ledger::Ledger;
use crate::sync::outcome::{Fate, Row, row_after};
use crate::sync::places::Places;
use crate::sync::plan::{Act, Reason, Step, Write};
use crate::sync::port::{Calendar, Draft, Observed, Removal, Revision, StateStore, whole};
use crate::sync::preview::verb_of;
use crate::sync::report::{Note, Written};
use crate::sync::state::{Link, LinkId, LinkState, RemoteId, Unsynced};

/// What executing a plan led to.
#[derive(Default)]
pub(super) struct Executed {
    pub blikk: Written,
    pub exchange: Written,
    pub linked: u32,
    /// In Blikk and in Exchange.
    pub created: [Vec<RemoteId>; 2],
    pub notes: Vec<Note>,
    /// Links of which what was heard did not decide: read both sides and plan again.
    pub again: Again,
    /// Writes that failed for a passing reason, or because somebody came between, and of which nobody knows whether they
    /// were carried out.
    pub unsettled: Vec<Unsettled>,
}

impl Executed {
    /// Everything written so far, on both sides.
    pub fn total(&self) -> u32 {
        self.blikk.total() + self.exchange.total()
    }

    fn written(&mut self, side: Side) -> &mut Written {
        match side {
            Side::Blikk => &mut self.blikk,
            Side::Exchange => &mut self.exchange,
        }
    }
}

/// What is to be planned again.
#[derive(Default)]
pub(super) struct Again {
    pub links: Vec<Link>,
    /// Those among them whose event we created on that side, and a person deleted.
    pub deleted: Vec<(LinkId, Side)>,
}

/// A write of which nobody knows; its operation stays in the journal.
#[derive(Clone, Debug)]
pub(super) struct Unsettled {
    pub link: LinkId,
    pub side: Side,
    pub reason: Unsynced,
    /// Somebody came between: it is planned again at once.
    pub is_moving: bool,
    /// Created, and gone when it was to be read back: moved, or else deleted by a person.
    pub is_gone_again: bool,
    /// The row from which it was planned, which knows of an item that has moved what the stored one does not.
    pub prior: Option<Link>,
}

/// A step on its way.
struct Open {
    step: Step,
    /// In the journal, in the order of the step's writes; none before the first of them goes out.
    operations: Vec<OperationId>,
    /// What became of each write so far.
    fates: Vec<Option<Fate>>,
    /// Nothing more is to be sent.
    is_over: bool,
}

impl Open {
    fn new(step: Step) -> Self {
        let fates = vec![None; step.writes().len()];
        Open { step, operations: Vec::new(), fates, is_over: false }
    }

    /// The writes with what became of them; what was not sent was not done.
    fn outcome(&self) -> Vec<(&Write, Fate)> {
        let fate = |fate: &Option<Fate>| fate.clone().unwrap_or(Fate::NotDone);
        self.step.writes().iter().zip(self.fates.iter().map(fate)).collect()
    }
}

/// One write of one open step.
struct Task {
    open: usize,
    /// Its place among the step's writes.
    place: usize,
    write: Write,
}

pub(super) struct Executor<'a, B, X, S, C, A> {
    pub blikk: &'a B,
    pub exchange: &'a X,
    pub ledger: Ledger<'a, S>,
    pub clock: &'a C,
    pub audience: &'a A,
    pub done: Executed,
    /// Blikk events that this run's creates were answered with.
    claimed: Places,
}

/// A run never holds more rows uncommitted than this when there is nothing to write.
const ROWS_PER_COMMIT: usize = 500;

impl<'a, B: Calendar, X: Calendar, S: StateStore, C: Clock, A: Audience> Executor<'a, B, X, S, C, A> {
    pub fn new(blikk: &'a B, exchange: &'a X, ledger: Ledger<'a, S>, clock: &'a C, audience: &'a A) -> Self {
        Executor { blikk, exchange, ledger, clock, audience, done: Executed::default(), claimed: Places::default() }
    }

    /// Carries out the steps.
    ///
    /// # Errors
    /// A whole call failed, the store failed, or the person cancelled. What was committed stands.
    pub async fn carry_out(&mut self, steps: Vec<Step>) -> Result<(), (Option<Side>, Problem)> {
        let mut open = Vec::new();
        for (count, step) in steps.into_iter().enumerate() {
            match step.act {
                Act::Remember => self.remember(step),
                Act::Forget => self.ledger.forget(&step.link),
                Act::LookAgain => self.done.again.links.extend(step.prior),
                Act::Write(_) => open.push(Open::new(step)),
            }
            if count % ROWS_PER_COMMIT == ROWS_PER_COMMIT - 1 {
                self.commit().await?;
            }
        }
        self.commit().await?;
        self.write_to(self.exchange, &mut open).await?;
        self.write_to(self.blikk, &mut open).await
    }

    fn remember(&mut self, step: Step) {
        let keeps_what_was_seen = step.link.state != LinkState::Active;
        let link = if keeps_what_was_seen { step.link } else { settled(step.link) };
        if step.prior.as_ref() == Some(&link) {
            return; // Read anew, and as remembered.
        }
        if step.prior.is_none() && step.reason == Reason::Equal {
            self.done.linked += 1;
        }
        if let Some((side, reason)) = link.set_aside() {
            self.done.notes.push(Note { side, event: reason.clone() });
        }
        self.ledger.put(step.prior.as_ref(), link);
    }

    async fn write_to<K: Calendar>(&mut self, calendar: &K, open: &mut [Open]) -> Result<(), (Option<Side>, Problem)> {
        let side = calendar.side();
        let tasks = tasks_for(side, open);
        let total: usize = tasks.iter().map(Vec::len).sum();
        let mut done = 0;
        for verb in tasks {
            for batch in verb.chunks(calendar.batch_size().max(1)) {
                if self.audience.has_cancelled() {
                    return Err((None, Code::RunCancelled.into()));
                }
                self.intend(batch, open);
                // With the results of the batch before: one commit for each.
                self.commit().await?;
                let results = send(calendar, batch, open).await.map_err(|problem| (Some(side), problem))?;
                let results = self.refuse_taken(side, batch, open, results).await?;
                for (task, result) in batch.iter().zip(results) {
                    match result {
                        Some(result) => self.settle(&mut open[task.open], task, result),
                        None => self.drop_step(&mut open[task.open]),
                    }
                }
                done += batch.len();
                self.audience.tell(Progress::Writing { side, done: done as u32, total: total as u32 });
            }
        }
        self.commit().await
    }

    /// Puts the writes of a batch into the journal, and with them what else their steps are to write: whoever finds one of
    /// two in the journal must know of the other.
    fn intend(&mut self, batch: &[Task], open: &mut [Open]) {
        let now = self.clock.now();
        for task in batch {
            let Open { step, operations, .. } = &mut open[task.open];
            if operations.is_empty() {
                operations.extend(step.writes().iter().map(|write| self.ledger.intend(step, write, now)));
            }
        }
    }

    fn drop_step(&mut self, open: &mut Open) {
        open.is_over = true;
        if let Some(prior) = &open.step.prior {
            self.ledger.forget(prior);
        }
        self.forget_intentions(open);
    }

    /// Takes in the outcome of one write.
    fn settle(&mut self, open: &mut Open, task: &Task, result: Result<Option<Observed>, Problem>) {
        let write = &task.write;
        match result {
            Ok(held) => {
                self.done.written(write.side()).count(verb_of(write));
                self.remark_on(write, &open.step.reason);
                self.record(open, task, held.as_ref());
                if let (Write::Create { on, .. }, Some(held)) = (write, &held) {
                    self.done.created[usize::from(*on == Side::Exchange)].push(held.id.clone());
                }
                open.fates[task.place] = Some(Fate::Done(held.map(Box::new)));
                if open.fates.iter().all(Option::is_some) {
                    self.finish(open);
                } else if let Some(operation) = open.operations.get(task.place) {
                    self.ledger.mark_done(operation, &open.step, write, self.clock.now());
                }
            }
            Err(problem) => self.take_failure(open, write, problem),
        }
    }

    fn record(&mut self, open: &Open, task: &Task, held: Option<&Observed>) {
        let id = match (&task.write, held) {
            (_, Some(held)) => held.id.clone(),
            (Write::Update { id, .. } | Write::Delete { id, .. }, None) => id.clone(),
            (Write::Create { .. }, None) => return,
        };
        let after = held.and_then(|held| held.content.as_ref().ok().cloned());
        let Some(operation) = open.operations.get(task.place) else { return };
        let about = (&open.step.link.id, &open.step.reason);
        let change = ChangeRecord::of(operation, self.clock.now(), about, &task.write, Done { id, after });
        self.ledger.record(change, open.step.link.origin);
    }

    /// Everything is done, or will not be: the row, and the journal is told.
    fn finish(&mut self, open: &mut Open) {
        open.is_over = true;
        let prior = open.step.prior.as_ref();
        match row_after(&open.step.link, prior, &open.outcome()) {
            Row::Is(row) => self.ledger.put(prior, settled(row)),
            Row::None => self.ledger.forget(prior.unwrap_or(&open.step.link)),
            Row::AsBefore => {}
        }
        self.forget_intentions(open);
    }

    fn forget_intentions(&mut self, open: &mut Open) {
        for operation in std::mem::take(&mut open.operations) {
            self.ledger.settle(operation);
        }
    }

    fn take_failure(&mut self, open: &mut Open, write: &Write, problem: Problem) {
        let side = write.side();
        open.is_over = true;
        let has_prior = open.step.prior.is_some();
        if problem.code == Code::BlikkNotFound && matches!(write, Write::Create { .. }) {
            // The key has created it before, the answer was lost, and then a person deleted it (410): not a create that
            // failed, but a deletion.
            // What whoever deleted it had seen is what was made then, and not what is made now.
            let row = refused(&open.step.link, open.step.prior.as_ref());
            self.done.again.deleted.push((row.id.clone(), side));
            self.done.again.links.push(row);
            return self.forget_intentions(open);
        }
        let is_gone_again =
            problem.code == Code::ExchangeItemGone && matches!(write, Write::Create { on: Side::Exchange, .. });
        let verdict = verdict(&problem);
        let reason = unsynced(&open.step.link, write, problem);
        // Of an update that is answered so, a proxy may have delivered a first one before.
        let is_update = matches!(write, Write::Update { .. });
        let is_moving = verdict == Verdict::SomebodyWasFaster && (has_prior || is_update || is_gone_again);
        if is_moving || verdict == Verdict::LaterPerhaps {
            // Nobody knows: it stays in the journal until somebody has looked.
            let link = open.step.link.id.clone();
            let prior = open.step.prior.clone();
            self.done.unsettled.push(Unsettled { link, side, reason, is_moving, is_gone_again, prior });
            return;
        }
        self.done.notes.push(Note { side, event: reason.clone() });
        let is_half_done = open.fates.iter().any(Option::is_some);
        let mut link = match row_after(&open.step.link, open.step.prior.as_ref(), &open.outcome()) {
            Row::Is(row) if is_half_done => row,
            _ => refused(&open.step.link, open.step.prior.as_ref()),
        };
        link.state = LinkState::SetAside { side, reason };
        self.ledger.put(open.step.prior.as_ref(), link);
        self.forget_intentions(open);
    }

    /// An untitled event is synchronised as it is, and somebody else's meeting is put back as it was; the person is
    /// told, once.
    fn remark_on(&mut self, write: &Write, reason: &Reason) {
        let (code, event) = match write {
            Write::Create { on: Side::Blikk, event } | Write::Update { on: Side::Blikk, after: event, .. }
                if matches!(reason, Reason::BelongsToExchange { .. }) =>
            {
                (Code::EventBelongsToExchange, event)
            }
            Write::Create { event, .. } if event.title.is_empty() => (Code::EventUntitled, event),
            _ => return,
        };
        let event = Unsynced { problem: code.into(), title: event.title.clone(), start: Some(event.when.start()) };
        self.done.notes.push(Note { side: write.side().other(), event });
    }

    pub async fn commit(&mut self) -> Result<(), (Option<Side>, Problem)> {
        self.ledger.commit(self.clock.now()).await.map_err(|problem| (None, problem))
    }
}

/// The writes for one side: creates, updates, deletes.
fn tasks_for(side: Side, open: &[Open]) -> [Vec<Task>; 3] {
    let mut tasks: [Vec<Task>; 3] = Default::default();
    for (index, one) in open.iter().enumerate().filter(|(_, one)| !one.is_over) {
        for (place, write) in one.step.writes().iter().enumerate().filter(|(_, write)| write.side() == side) {
            let verb = match write {
                Write::Create { .. } => 0,
                Write::Update { .. } => 1,
                Write::Delete { .. } => 2,
            };
            tasks[verb].push(Task { open: index, place, write: write.clone() });
        }
    }
    tasks
}

/// One call for a batch of writes of one verb.
async fn send<C: Calendar>(
    calendar: &C,
    batch: &[Task],
    open: &[Open],
) -> Result<Vec<Result<Option<Observed>, Problem>>, Problem> {
    let (mut drafts, mut revisions, mut removals) = (Vec::new(), Vec::new(), Vec::new());
    for task in batch {
        match task.write.clone() {
            Write::Create { on, event } => drafts.push(draft(&open[task.open].step.link, on, event)),
            Write::Update { id, expected, before, after, unmark, .. } => {
                revisions.push(Revision { id, expected, before, after, unmark });
            }
            Write::Delete { id, expected, .. } => removals.push(Removal { id, expected }),
        }
    }
    let held = |results: Vec<Result<Observed, Problem>>| results.into_iter().map(|one| one.map(Some)).collect();
    let mut results: Vec<Result<Option<Observed>, Problem>> = Vec::new();
    if !drafts.is_empty() {
        results = held(calendar.create(&drafts).await?);
    } else if !revisions.is_empty() {
        results = held(calendar.update(&revisions).await?);
    } else if !removals.is_empty() {
        results = calendar.delete(&removals).await?.into_iter().map(|one| one.map(|()| None)).collect();
    }
    whole(batch.len(), results)
}

pub(super) fn draft(link: &Link, on: Side, event: Event) -> Draft {
    let counterpart = link.on(on.other()).map_or_else(|| RemoteId::new(""), |state| state.id.clone());
    let uid = if on == Side::Blikk { link.uid.clone() } else { None };
    Draft { link: link.id.clone(), counterpart, uid, event }
}

/// What a refused write means for its event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Changed or deleted since we read it: look and plan again.
    SomebodyWasFaster,
    LaterPerhaps,
    /// It will not get better by trying: set it aside until either side changes.
    Refused,
}

fn verdict(problem: &Problem) -> Verdict {
    match problem.code {
        Code::ExchangeItemChanged | Code::BlikkConflict | Code::ExchangeItemGone | Code::BlikkNotFound => {
            Verdict::SomebodyWasFaster
        }
        _ if problem.is_passing() => Verdict::LaterPerhaps,
        _ => Verdict::Refused,
    }
}

/// Both sides agree: the base is what Blikk holds, and Exchange's own form is kept beside it where it differs.
fn settled(mut link: Link) -> Link {
    if let (Some(blikk), Some(exchange)) = (&mut link.blikk, &mut link.exchange)
        && blikk.seen.is_some()
        && exchange.seen.is_some()
    {
        link.base = blikk.seen.take();
        if exchange.seen == link.base {
            exchange.seen = None;
        }
    }
    link
}

/// The row of a step that was refused: what each side held when both last agreed, under the versions of today, so
/// that nothing is tried again until either side changes, and then compared with the right past.
pub(super) fn refused(planned: &Link, prior: Option<&Link>) -> Link {
    let mut link = planned.clone();
    link.base = prior.and_then(|prior| prior.base.clone());
    for side in [Side::Blikk, Side::Exchange] {
        let kept = prior.and_then(|prior| prior.on(side)).and_then(|state| state.seen.clone());
        if let Some(state) = link.on_mut(side) {
            state.seen = kept;
        }
    }
    link
}

fn unsynced(link: &Link, write: &Write, problem: Problem) -> Unsynced {
    let event = match write {
        Write::Create { event, .. } | Write::Update { after: event, .. } => Some(event),
        Write::Delete { on, .. } => link.seen_on(*on),
    };
    Unsynced {
        problem,
        title: event.map(|event| event.title.clone()).unwrap_or_default(),
        start: event.map(|event| event.when.start()),
    }
}
