//! The run's hold on the state: reads the head once, commits rows in groups, keeps the counts right, and never lets a
//! write go out before the journal knows of it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::host::Clock;
use crate::problem::{Code, Problem, Side};
use crate::sync::history::{ChangeRecord, KEPT, RunKind, RunRecord};
use crate::sync::journal::{Operation, OperationId};
use crate::sync::options::Options;
use crate::sync::plan::{Step, Write};
use crate::sync::port::{StateStore, all_links};
use crate::sync::report::{Outcome, Written};
use crate::sync::state::{Commit, FORMAT, Head, LEASE, Lease, Link, LinkState, RemoteId, Token};

/// No call of ours is waited for longer (`www/src/internal/http.ts`).
pub(super) const LONGEST_CALL: TimeDelta = TimeDelta::minutes(2);

/// A lease that ends later than this was given by a clock that is wrong, and says nothing.
const WRONG_CLOCK: TimeDelta = TimeDelta::hours(24);

/// Collects row changes until [`Ledger::commit`].
pub(super) struct Ledger<'a, S> {
    store: &'a S,
    holder: &'a str,
    kind: RunKind,
    started: DateTime<Utc>,
    head: Head,
    next: Commit,
    /// The run in the history, once it has something to say.
    run: Option<RunRecord>,
    /// How many writes the journal was told of so far.
    intended: u32,
    is_first: bool,
    /// A commit failed.
    is_broken: bool,
    /// The earliest of what this run has put to sleep.
    next_waking: Option<DateTime<Utc>>,
}

impl<'a, S: StateStore> Ledger<'a, S> {
    /// # Errors
    /// `store.newer`, and `run.elsewhere` while another device is at work or may still be.
    pub async fn open(store: &'a S, holder: &'a str, kind: RunKind, clock: &impl Clock) -> Result<Self, Problem> {
        let head = store.head().await?;
        // After the head: another device may have begun while it was on its way.
        let now = clock.now();
        if head.format > FORMAT {
            // A newer plugin wrote this. Leave it alone: a guess could lose what it knows.
            return Err(Problem::new(Code::StoreNewer).said(format!("state format {}", head.format)));
        }
        // The first format did not say, but had no tokens before a run had come to its end.
        let is_first = head.last_success.is_none() && (head.format > 1 || head.blikk_token.is_none());
        let next = Commit::default();
        let mut ledger = Ledger {
            store,
            holder,
            kind,
            started: now,
            head,
            next,
            run: None,
            intended: 0,
            is_first,
            is_broken: false,
            next_waking: None,
        };
        match ledger.claim(now).await? {
            Some(seconds) => Err(Problem::new(Code::RunElsewhere).after(seconds)),
            None => Ok(ledger),
        }
    }

    /// How long another device still has the pair for itself.
    ///
    /// What one that is silent has sent may still be on its way. So whoever takes over says so first, which keeps the
    /// other from sending more (its generation is stale from then on), and then waits as long as a call can take, by its
    /// own clock.
    async fn claim(&mut self, now: DateTime<Utc>) -> Result<Option<u32>, Problem> {
        let Some(lease) = self.head.lease.clone() else { return Ok(None) };
        let seconds = |left: TimeDelta| u32::try_from(left.num_seconds().max(1)).ok();
        let is_own = lease.holder == self.holder;
        if let Some(taken_at) = lease.taken_at.filter(|_| is_own) {
            let since = now - taken_at;
            let is_over = since >= LONGEST_CALL || since < TimeDelta::zero();
            return Ok(if is_over { None } else { seconds(LONGEST_CALL - since) });
        }
        let left = lease.until - now;
        if is_own || (left > TimeDelta::zero() && left > WRONG_CLOCK) {
            return Ok(None);
        }
        if left > TimeDelta::zero() {
            return Ok(seconds(left.min(LEASE)));
        }
        if self.head.operations == 0 {
            return Ok(None);
        }
        let lease = Lease { holder: self.holder.to_owned(), until: now + LEASE, taken_at: Some(now) };
        self.write_with(Some(lease), now).await?;
        Ok(seconds(LONGEST_CALL))
    }

    /// No run of the pair ever came to its good end, as far as the state knows.
    pub fn is_first(&self) -> bool {
        self.is_first
    }

    pub fn store(&self) -> &'a S {
        self.store
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The number of the run in the history, if it wrote anything.
    pub fn run(&self) -> Option<u64> {
        self.run.as_ref().map(|run| run.run)
    }

    pub async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        self.store.links_of(side, ids).await
    }

    /// Replaces `prior` by `link` in the next commit.
    pub fn put(&mut self, prior: Option<&Link>, link: Link) {
        if let Some(prior) = prior.filter(|prior| prior.id != link.id) {
            self.forget(prior);
            return self.put(None, link);
        }
        self.count(prior, Some(&link));
        self.head.next_waking = earlier(self.head.next_waking, link.wakes_at());
        self.next_waking = earlier(self.next_waking, link.wakes_at());
        self.next.remove.retain(|id| *id != link.id);
        self.next.put.push(link);
    }

    /// Drops the row in the next commit.
    pub fn forget(&mut self, link: &Link) {
        self.count(Some(link), None);
        self.next.put.retain(|other| other.id != link.id);
        self.next.remove.push(link.id.clone());
    }

    /// Everything whose time had come was looked at; of what was asleep before, nothing wakes before `next`.
    pub fn has_looked_at_the_woken(&mut self, next: Option<DateTime<Utc>>) {
        self.head.next_waking = earlier(next, self.next_waking);
    }

    /// A write that the next commit puts into the journal, so that it may go out after it.
    pub fn intend(&mut self, step: &Step, write: &Write, now: DateTime<Utc>) -> OperationId {
        let run = self.history().run;
        let id = OperationId::new(run, self.intended);
        self.intended += 1;
        self.head.operations += 1;
        self.next.put_operations.push(operation(id.clone(), step, write, now));
        id
    }

    /// A write was carried out, and its step is not at its end yet.
    pub fn mark_done(&mut self, id: &OperationId, step: &Step, write: &Write, now: DateTime<Utc>) {
        let operation = Operation { is_done: true, ..operation(id.clone(), step, write, now) };
        self.next.put_operations.push(operation);
    }

    /// What became of a write is known, and what follows from it stands in the same commit.
    pub fn settle(&mut self, id: OperationId) {
        self.head.operations = self.head.operations.saturating_sub(1);
        self.next.put_operations.retain(|operation| operation.id != id);
        self.next.remove_operations.push(id);
    }

    /// Puts a change into the history; of an event that was made in Exchange, as much as the person wants shown.
    pub fn record(&mut self, change: ChangeRecord, origin: Side) {
        let change = if origin == Side::Exchange { change.covered(&self.head.options) } else { change };
        self.next.put_changes.push(change);
    }

    /// Writes what was collected, if anything was.
    pub async fn commit(&mut self, now: DateTime<Utc>) -> Result<(), Problem> {
        let next = &self.next;
        if next.put.is_empty()
            && next.remove.is_empty()
            && next.put_operations.is_empty()
            && next.remove_operations.is_empty()
            && next.put_changes.is_empty()
        {
            return Ok(());
        }
        if !next.put_operations.is_empty() {
            self.head.tokens_cover_writes = false;
        }
        self.write(now).await
    }

    /// Writes what was collected, and the places from where to go on.
    pub async fn advance(&mut self, advance: Advance, now: DateTime<Utc>) -> Result<(), Problem> {
        let [blikk, exchange] = advance.tokens;
        self.head.blikk_token = Some(blikk);
        self.head.exchange_token = Some(exchange);
        self.head.tokens_cover_writes = advance.cover_writes;
        self.head.exchange_checked_at = advance.checked_at.or(self.head.exchange_checked_at);
        self.head.settled_options = Some(self.head.options.clone());
        if advance.cover_writes {
            self.head.last_success = Some(now);
        }
        self.write(now).await
    }

    /// The last word of a run: how it ended, and that others may begin. A run that wrote nothing has no last word, so
    /// that it costs none.
    pub async fn close(&mut self, outcome: &Outcome, written: [Written; 2], now: DateTime<Utc>) -> Result<(), Problem> {
        if self.is_broken {
            return Ok(());
        }
        if (self.kind, outcome) == (RunKind::Synchronise, &Outcome::Done) {
            self.head.last_success = Some(now);
        }
        let [blikk, exchange] = written;
        if let Some(run) = &mut self.run {
            *run = RunRecord { outcome: Some(outcome.clone()), blikk, exchange, ..run.clone() };
        } else if self.head.lease.is_none() {
            return Ok(());
        }
        self.write_with(None, now).await
    }

    /// Forgets everything but what the person chose. The calendars say who belongs together (scenario 3).
    pub async fn forget_all(&mut self, now: DateTime<Utc>) -> Result<(), Problem> {
        let head = Head { generation: self.head.generation, options: self.head.options.clone(), ..Head::default() };
        self.head = head;
        self.run = None;
        self.next = Commit { clear: true, ..Commit::default() };
        self.write_with(None, now).await
    }

    /// Forgets every link, so that the next run begins anew, but not the history.
    pub async fn forget_links(&mut self, now: DateTime<Utc>) -> Result<(), Problem> {
        self.next.remove = all_links(self.store).await?.into_iter().map(|link| link.id).collect();
        let Head { generation, options, last_run, lease, .. } = std::mem::take(&mut self.head);
        self.head = Head { generation, options, last_run, lease, ..Head::default() };
        self.write(now).await
    }

    /// What the person chooses from now on.
    pub async fn choose(&mut self, options: Options, now: DateTime<Utc>) -> Result<(), Problem> {
        self.head.options = options;
        self.write_with(None, now).await
    }

    async fn write(&mut self, now: DateTime<Utc>) -> Result<(), Problem> {
        // Of a run that only remembers, nobody needs to be kept away.
        let lease = || Lease { holder: self.holder.to_owned(), until: now + LEASE, taken_at: None };
        let lease = self.run.is_some().then(lease);
        self.write_with(lease, now).await
    }

    async fn write_with(&mut self, lease: Option<Lease>, now: DateTime<Utc>) -> Result<(), Problem> {
        let mut commit = std::mem::take(&mut self.next);
        commit.expected_generation = self.head.generation;
        if let Some(run) = &self.run {
            commit.put_runs.push(run.clone());
            commit.forget_before = now.checked_sub_signed(KEPT);
        }
        let generation = self.head.generation + 1;
        commit.head = Head { generation, format: FORMAT, lease, ..self.head.clone() };
        let head = commit.head.clone();
        // Whatever keeps this from being written: what was collected is lost, so nothing may be written after it.
        self.is_broken = true;
        self.store.commit(commit).await?;
        self.is_broken = false;
        self.head = head;
        Ok(())
    }

    /// The run in the history; it begins with its first write.
    fn history(&mut self) -> &RunRecord {
        let (kind, started) = (self.kind, self.started);
        let head = &mut self.head;
        self.run.get_or_insert_with(|| {
            head.last_run += 1;
            let written = Written::default();
            RunRecord { run: head.last_run, kind, started, outcome: None, blikk: written, exchange: written }
        })
    }

    fn count(&mut self, prior: Option<&Link>, link: Option<&Link>) {
        let is_linked = |link: &Link| link.blikk.is_some() && link.exchange.is_some();
        let asks = |link: &Link| matches!(link.state, LinkState::Asks { .. });
        let step = |count: &mut u32, is: &dyn Fn(&Link) -> bool| {
            let (was, is) = (prior.is_some_and(is), link.is_some_and(is));
            *count = (*count + u32::from(is)).saturating_sub(u32::from(was));
        };
        step(&mut self.head.linked, &is_linked);
        step(&mut self.head.asking, &asks);
        if let Some(code) = prior.and_then(why_set_aside) {
            let count = self.head.set_aside.entry(code).or_default();
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.head.set_aside.remove(&code);
            }
        }
        if let Some(code) = link.and_then(why_set_aside) {
            *self.head.set_aside.entry(code).or_default() += 1;
        }
    }
}

fn operation(id: OperationId, step: &Step, write: &Write, sent_at: DateTime<Utc>) -> Operation {
    let replaces = step.prior.as_ref().map(|prior| prior.id.clone()).filter(|id| *id != step.link.id);
    let (link, write, reason) = (step.link.clone(), write.clone(), step.reason.clone());
    Operation { id, link, replaces, write, reason, sent_at, is_done: false }
}

/// How a pass moves the state on.
pub(super) struct Advance {
    /// Of Blikk and of Exchange.
    pub tokens: [Token; 2],
    /// Nothing was written since the tokens were given.
    pub cover_writes: bool,
    /// When Exchange was checked, if it was.
    pub checked_at: Option<DateTime<Utc>>,
}

fn earlier(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    one.into_iter().chain(other).min()
}

fn why_set_aside(link: &Link) -> Option<Code> {
    link.set_aside().map(|(_, reason)| reason.problem.code)
}
