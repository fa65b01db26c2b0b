//! A calendar that stands before another and changes its answers, or does something at the moment of one: a server that
//! says what is not so, and people who are at work while we are.

use blikk_calendar_sync::host::{Audience, Clock, Random};
use blikk_calendar_sync::problem::{Problem, Side};
use blikk_calendar_sync::sync::port::{Calendar, ChangePage, Draft, Observed, Reading, Removal, Revision, StateStore};
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::RunReport;
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::sync::state::{RemoteId, Token};
use blikk_calendar_sync::zone::IanaRules;

use crate::pair::at_once;

type Answered<T> = Result<T, Problem>;
type OfWrites = Answered<Vec<Result<Observed, Problem>>>;

type Make<'a, T> = Box<dyn Fn(Answered<T>) -> Answered<T> + 'a>;
type MakeOf<'a, A, T> = Box<dyn Fn(&A, Answered<T>) -> Answered<T> + 'a>;

/// What becomes of the answers.
pub struct Liar<'a, C> {
    pub inner: &'a C,
    pub changes: MakeOf<'a, Option<Token>, ChangePage>,
    pub list: Make<'a, Option<ChangePage>>,
    pub read: MakeOf<'a, [RemoteId], Vec<Reading>>,
    pub find: Make<'a, Vec<Option<Observed>>>,
    pub create: Make<'a, Vec<Result<Observed, Problem>>>,
    pub update: Make<'a, Vec<Result<Observed, Problem>>>,
    pub delete: Make<'a, Vec<Result<(), Problem>>>,
}

impl<'a, C: Calendar> Liar<'a, C> {
    pub fn inner_side(&self) -> Side {
        self.inner.side()
    }

    /// Tells the truth, so far.
    pub fn before(inner: &'a C) -> Self {
        Liar {
            inner,
            changes: Box::new(|_, page| page),
            list: Box::new(|page| page),
            read: Box::new(|_, readings| readings),
            find: Box::new(|found| found),
            create: Box::new(|results| results),
            update: Box::new(|results| results),
            delete: Box::new(|results| results),
        }
    }
}

impl<C: Calendar> Calendar for Liar<'_, C> {
    fn side(&self) -> Side {
        self.inner.side()
    }

    async fn changes(&self, since: Option<&Token>) -> Answered<ChangePage> {
        (self.changes)(&since.cloned(), self.inner.changes(since).await)
    }

    async fn list(&self, page: Option<&Token>) -> Answered<Option<ChangePage>> {
        (self.list)(self.inner.list(page).await)
    }

    async fn read(&self, ids: &[RemoteId]) -> Answered<Vec<Reading>> {
        (self.read)(ids, self.inner.read(ids).await)
    }

    async fn find(&self, drafts: &[Draft]) -> Answered<Vec<Option<Observed>>> {
        (self.find)(self.inner.find(drafts).await)
    }

    async fn create(&self, drafts: &[Draft]) -> OfWrites {
        (self.create)(self.inner.create(drafts).await)
    }

    async fn update(&self, revisions: &[Revision]) -> OfWrites {
        (self.update)(self.inner.update(revisions).await)
    }

    async fn delete(&self, removals: &[Removal]) -> Answered<Vec<Result<(), Problem>>> {
        (self.delete)(self.inner.delete(removals).await)
    }

    fn batch_size(&self) -> usize {
        self.inner.batch_size()
    }
}

/// A run between any two calendars, with any memory.
pub fn run_between<H: Clock + Random + Audience>(
    blikk: &impl Calendar,
    exchange: &impl Calendar,
    store: &impl StateStore,
    host: &H,
) -> RunReport {
    let world =
        World { blikk, exchange, store, clock: host, random: host, audience: host, zones: &IanaRules, holder: "test" };
    at_once(run(&world, Approval::default())).expect("the engine waits for nothing but its ports")
}
