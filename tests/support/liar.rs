//! A calendar that stands before another and changes its answers, or does something at the moment of one: a server that
//! says what is not so, and people who are at work while we are.

use blikk_calendar_sync::host::{Audience, Clock, Random};
use blikk_calendar_sync::problem::{Problem, Side};
use blikk_calendar_sync::sync::port::{Calendar, ChangePage, Draft, Observed, Reading, Removal, Revision, StateStore};
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::RunReport;
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::sync::state::{RemoteId, Token};

use crate::pair::at_once;

type Answered<T> = Result<T, Problem>;
type OfWrites = Answered<Vec<Result<Observed, Problem>>>;

/// What becomes of the answers.
pub struct Liar<'a, C> {
    pub inner: &'a C,
    pub changes: Box<dyn Fn(Option<&Token>, Answered<ChangePage>) -> Answered<ChangePage> + 'a>,
    pub list: Box<dyn Fn(Answered<Option<ChangePage>>) -> Answered<Option<ChangePage>> + 'a>,
    pub read: Box<dyn Fn(&[RemoteId], Answered<Vec<Reading>>) -> Answered<Vec<Reading>> + 'a>,
    pub find: Box<dyn Fn(Answered<Vec<Option<Observed>>>) -> Answered<Vec<Option<Observed>>> + 'a>,
    pub create: Box<dyn Fn(OfWrites) -> OfWrites + 'a>,
    pub update: Box<dyn Fn(OfWrites) -> OfWrites + 'a>,
    pub delete: Box<dyn Fn(Answered<Vec<Result<(), Problem>>>) -> Answered<Vec<Result<(), Problem>>> + 'a>,
}

impl<'a, C: Calendar> Liar<'a, C> {
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
        (self.changes)(since, self.inner.changes(since).await)
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
    let world = World { blikk, exchange, store, clock: host, random: host, audience: host, holder: "test" };
    at_once(run(&world, Approval::default())).expect("the engine waits for nothing but its ports")
}
