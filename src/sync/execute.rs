//! Steps 7 and 8 of a run: carry out a plan in batches, read back, remember.
//!
//! A row is committed when *all* writes of its step are done, and holds what the servers hold, not what was sent. So
//! whatever call the run dies at, the next run sees either the old row and both sides' present events, or the new row.

use crate::event::Event;
use crate::host::{Audience, Progress};
use crate::problem::{Code, Problem, Side};
use crate::sync::ledger::Ledger;
use crate::sync::places::Places;
use crate::sync::plan::{Act, Reason, Step, Write};
use crate::sync::port::{Calendar, Draft, Observed, Removal, Revision, StateStore};
use crate::sync::report::{Note, Written};
use crate::sync::state::{Link, LinkState, RemoteId, SideState, Unsynced};

/// What executing a plan led to.
#[derive(Default)]
pub(super) struct Executed {
    pub blikk: Written,
    pub exchange: Written,
    pub linked: u32,
    pub notes: Vec<Note>,
    /// Links that somebody changed while we wrote: read both sides and plan again.
    pub again: Vec<Link>,
    /// A write that failed for a passing reason: the tokens must not advance.
    pub unsettled: Option<(Side, Problem)>,
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

/// A step on its way, with the writes it still waits for.
struct Open {
    step: Step,
    left: usize,
    has_failed: bool,
}

/// One write of one open step.
struct Task {
    open: usize,
    write: Write,
}

pub(super) struct Executor<'a, B, X, S, A> {
    pub blikk: &'a B,
    pub exchange: &'a X,
    pub ledger: Ledger<'a, S>,
    pub audience: &'a A,
    pub done: Executed,
    /// Blikk events that this run's creates were answered with.
    claimed: Places,
}

/// A run never holds more rows uncommitted than this when there is nothing to write.
const ROWS_PER_COMMIT: usize = 500;

impl<'a, B: Calendar, X: Calendar, S: StateStore, A: Audience> Executor<'a, B, X, S, A> {
    pub fn new(blikk: &'a B, exchange: &'a X, ledger: Ledger<'a, S>, audience: &'a A) -> Self {
        Executor { blikk, exchange, ledger, audience, done: Executed::default(), claimed: Places::default() }
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
                Act::LookAgain => self.done.again.extend(step.prior),
                Act::Write(ref writes) => open.push(Open { left: writes.len(), step, has_failed: false }),
            }
            if count % ROWS_PER_COMMIT == ROWS_PER_COMMIT - 1 {
                self.commit().await?;
            }
        }
        self.commit().await?;
        for side in [Side::Exchange, Side::Blikk] {
            match side {
                Side::Exchange => self.write_to(self.exchange, &mut open).await?,
                Side::Blikk => self.write_to(self.blikk, &mut open).await?,
            }
        }
        Ok(())
    }

    fn remember(&mut self, step: Step) {
        let keeps_what_was_seen = step.reason == Reason::SetAside;
        let link = if keeps_what_was_seen { step.link } else { settled(step.link) };
        if step.prior.as_ref() == Some(&link) {
            return; // Read anew, and as remembered.
        }
        if step.prior.is_none() && step.reason == Reason::Equal {
            self.done.linked += 1;
        }
        if let LinkState::SetAside { side, reason } = &link.state {
            self.done.notes.push(Note { side: *side, event: reason.clone() });
        }
        self.replace(step.prior.as_ref(), link);
    }

    async fn write_to<C: Calendar>(&mut self, calendar: &C, open: &mut [Open]) -> Result<(), (Option<Side>, Problem)> {
        let side = calendar.side();
        let tasks = tasks_for(side, open);
        let total: usize = tasks.iter().map(Vec::len).sum();
        let mut done = 0;
        for verb in tasks {
            for batch in verb.chunks(calendar.batch_size().max(1)) {
                if self.audience.has_cancelled() {
                    return Err((None, Code::RunCancelled.into()));
                }
                let results = send(calendar, batch, open).await.map_err(|problem| (Some(side), problem))?;
                let results = self.refuse_taken(side, batch, open, results).await?;
                for (task, result) in batch.iter().zip(results) {
                    self.settle(&mut open[task.open], &task.write, result);
                }
                self.commit().await?;
                done += batch.len();
                self.audience.tell(Progress::Writing { side, done: done as u32, total: total as u32 });
            }
        }
        Ok(())
    }

    /// A create that was answered with an event of another link: two Exchange items with one UID. One Blikk event must
    /// not be linked twice, or the two items would overwrite each other through it for ever. A row that holds only the
    /// Blikk event is no other link.
    async fn refuse_taken(
        &mut self,
        side: Side,
        batch: &[Task],
        open: &[Open],
        mut results: Vec<Result<Option<Observed>, Problem>>,
    ) -> Result<Vec<Result<Option<Observed>, Problem>>, (Option<Side>, Problem)> {
        let creates = |task: &Task| matches!(task.write, Write::Create { .. });
        let created = batch.iter().zip(&results).filter(|(task, _)| creates(task));
        let ids: Vec<RemoteId> =
            created.filter_map(|(_, result)| Some(result.as_ref().ok()?.as_ref()?.id.clone())).collect();
        if side != Side::Blikk || ids.is_empty() {
            return Ok(results);
        }
        let owners = self.ledger.links_of(side, &ids).await.map_err(|problem| (None, problem))?;
        for (task, result) in batch.iter().zip(&mut results).filter(|(task, _)| creates(task)) {
            let Ok(Some(held)) = result else { continue };
            let own = open[task.open].step.prior.as_ref().map(|prior| &prior.id);
            let owner = owners
                .iter()
                .find(|link| link.on(side).is_some_and(|state| state.id == held.id) && Some(&link.id) != own);
            let is_linked = owner.is_some_and(|link| link.on(side.other()).is_some());
            if is_linked || self.claimed.put(held.id.as_str(), 0).is_some() {
                *result = Err(Code::EventDuplicateUid.into());
            } else if let Some(owner) = owner {
                self.ledger.forget(owner); // It waited for this item, by its UID.
            }
        }
        Ok(results)
    }

    /// Takes in the outcome of one write.
    fn settle(&mut self, open: &mut Open, write: &Write, result: Result<Option<Observed>, Problem>) {
        let side = write.side();
        open.left -= 1;
        match result {
            Ok(held) => {
                let written = self.done.written(side);
                match write {
                    Write::Create { .. } => written.created += 1,
                    Write::Update { .. } => written.updated += 1,
                    Write::Delete { .. } => written.deleted += 1,
                }
                self.remark_on(write, &open.step.reason);
                take_in(&mut open.step.link, side, held);
            }
            Err(problem) => {
                open.has_failed = true;
                self.take_failure(open, write, problem);
            }
        }
        if open.left == 0 && !open.has_failed {
            self.finish(&open.step);
        }
    }

    fn finish(&mut self, step: &Step) {
        if step.link.blikk.is_none() && step.link.exchange.is_none() {
            self.ledger.forget(step.prior.as_ref().unwrap_or(&step.link));
            return;
        }
        // A deletion that leaves one side cannot be: a delete is planned only when the other side is gone.
        self.replace(step.prior.as_ref(), settled(step.link.clone()));
    }

    fn take_failure(&mut self, open: &mut Open, write: &Write, problem: Problem) {
        let side = write.side();
        match (&open.step.prior, fate(&problem)) {
            (Some(prior), Fate::SomebodyWasFaster) => self.done.again.push(prior.clone()),
            (_, Fate::LaterPerhaps) => {
                self.done.unsettled.get_or_insert((side, problem));
            }
            (_, Fate::SomebodyWasFaster | Fate::Refused) => {
                let reason = unsynced(&open.step.link, write, problem);
                self.done.notes.push(Note { side, event: reason.clone() });
                let mut link = refused(&open.step);
                link.state = LinkState::SetAside { side, reason };
                self.replace(open.step.prior.as_ref(), link);
            }
        }
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
        let event = Unsynced { problem: code.into(), title: event.title.clone(), start: event.when.first_instant() };
        self.done.notes.push(Note { side: write.side().other(), event });
    }

    fn replace(&mut self, prior: Option<&Link>, link: Link) {
        match prior {
            Some(prior) if prior.id != link.id => {
                self.ledger.forget(prior);
                self.ledger.put(None, link);
            }
            prior => self.ledger.put(prior, link),
        }
    }

    async fn commit(&mut self) -> Result<(), (Option<Side>, Problem)> {
        self.ledger.commit().await.map_err(|problem| (None, problem))
    }
}

/// The writes for one side: creates, updates, deletes.
fn tasks_for(side: Side, open: &[Open]) -> [Vec<Task>; 3] {
    let mut tasks: [Vec<Task>; 3] = Default::default();
    for (index, one) in open.iter().enumerate().filter(|(_, one)| !one.has_failed) {
        let Act::Write(writes) = &one.step.act else { continue };
        for write in writes.iter().filter(|write| write.side() == side) {
            let verb = match write {
                Write::Create { .. } => 0,
                Write::Update { .. } => 1,
                Write::Delete { .. } => 2,
            };
            tasks[verb].push(Task { open: index, write: write.clone() });
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
    if results.len() == batch.len() {
        Ok(results)
    } else {
        Err(Problem::new(Code::Internal).said("a batch was answered in part"))
    }
}

fn draft(link: &Link, on: Side, event: Event) -> Draft {
    let counterpart = link.on(on.other()).map_or_else(|| RemoteId::new(""), |state| state.id.clone());
    let uid = if on == Side::Blikk { link.uid.clone() } else { None };
    Draft { link: link.id.clone(), counterpart, uid, event }
}

/// What a refused write means for its event.
enum Fate {
    /// Changed or deleted since we read it: look and plan again.
    SomebodyWasFaster,
    LaterPerhaps,
    /// It will not get better by trying: set it aside until either side changes.
    Refused,
}

fn fate(problem: &Problem) -> Fate {
    match problem.code {
        Code::ExchangeItemChanged | Code::BlikkConflict | Code::ExchangeItemGone | Code::BlikkNotFound => {
            Fate::SomebodyWasFaster
        }
        _ if problem.is_passing() => Fate::LaterPerhaps,
        _ => Fate::Refused,
    }
}

/// The side of the row as it was read back.
fn take_in(link: &mut Link, side: Side, held: Option<Observed>) {
    let Some(held) = held else {
        *link.on_mut(side) = None;
        return;
    };
    if side == Side::Exchange {
        link.uid = held.uid;
    }
    let seen = match held.content {
        Ok(event) => Some(event),
        Err(reason) => {
            link.state = LinkState::SetAside { side, reason };
            None
        }
    };
    *link.on_mut(side) = Some(SideState { id: held.id, version: held.version, seen });
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
fn refused(step: &Step) -> Link {
    let mut link = step.link.clone();
    link.base = step.prior.as_ref().and_then(|prior| prior.base.clone());
    for side in [Side::Blikk, Side::Exchange] {
        let kept = step.prior.as_ref().and_then(|prior| prior.on(side)).and_then(|state| state.seen.clone());
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
        start: event.and_then(|event| event.when.first_instant()),
    }
}
