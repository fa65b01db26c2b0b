//! Engines that are broken on purpose, to see that the simulation sees it.
//!
//! Nothing of the core is changed: what stands between the engine and its ports breaks a promise, and so the engine as a
//! whole does. Some breakages are faults that an implementation of a port could have, and some take away what the engine
//! does for safety, where it goes through a port: a journal that is not written is one.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use blikk_calendar_sync::event::Sensitivity;
use blikk_calendar_sync::problem::{Problem, Side};
use blikk_calendar_sync::sync::history::{ChangeRecord, RunRecord};
use blikk_calendar_sync::sync::journal::Operation;
use blikk_calendar_sync::sync::port::{
    Calendar, Change, ChangePage, Draft, Observed, Reading, Removal, Revision, StateStore,
};
use blikk_calendar_sync::sync::state::{Commit, Head, IndexRow, Link, LinkId, RemoteId, Token, Uid, Version};

use crate::surroundings::Surroundings;

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// Nothing: a control, which must never be caught.
    None,
    /// The machine's clock is wrong by ten years: a control too, for nothing may depend on it.
    ClockOff,

    /// Nothing is put into the journal.
    NoJournal,
    /// What was interrupted is never found again.
    FindsNothing,
    /// A create that failed is sent again, without looking.
    RepeatsBlindly,
    /// What we make in Exchange does not carry our marker.
    MarkerForgotten,
    /// What we make in Blikk does not carry the item's UID, and each try has another key.
    UidForgotten,
    /// The places in the lists are remembered before what they lead past is done.
    TokensEarly,
    /// The rest of a list that has several pages is never read.
    LastPageLost,
    /// What a list of everything lacks is gone.
    AbsenceIsDeletion,
    /// What a list calls deleted is gone.
    TombstoneIsDeletion,
    /// What cannot be read just now is gone.
    FailureIsDeletion,
    /// Exchange is never looked at as a whole.
    NeverChecks,
    /// What was sent is remembered, not what the server made of it.
    SentNotHeld,
    /// Whatever stands there is deleted.
    DeletesUnseen,
    /// Whatever stands there is overwritten.
    OverwritesUnseen,
    /// A deletion is reported, and not carried out.
    DeletesNothing,
    /// An update that was refused is reported as done.
    RefusalSwallowed,
    /// The answers to a batch come in another order than the questions.
    AnswersSwapped,
    /// That we were interrupted in writing a series is not told.
    UnfinishedForgotten,
    /// Of the rows of a commit, half are written.
    HalfCommit,
    /// Rows that are to be removed stay.
    RowsStay,
    /// Whoever writes the state, writes it.
    StaleAccepted,
    /// The history is not written.
    NoHistory,
    /// Every deletion counts as approved.
    BrakesOff,
    /// That an event is private is not told.
    PrivacyForgotten,
}

impl Breakage {
    /// What must be caught.
    pub const BROKEN: [Breakage; 24] = [
        Breakage::NoJournal,
        Breakage::FindsNothing,
        Breakage::RepeatsBlindly,
        Breakage::MarkerForgotten,
        Breakage::UidForgotten,
        Breakage::TokensEarly,
        Breakage::LastPageLost,
        Breakage::AbsenceIsDeletion,
        Breakage::TombstoneIsDeletion,
        Breakage::FailureIsDeletion,
        Breakage::NeverChecks,
        Breakage::SentNotHeld,
        Breakage::DeletesUnseen,
        Breakage::OverwritesUnseen,
        Breakage::DeletesNothing,
        Breakage::RefusalSwallowed,
        Breakage::AnswersSwapped,
        Breakage::UnfinishedForgotten,
        Breakage::HalfCommit,
        Breakage::RowsStay,
        Breakage::StaleAccepted,
        Breakage::NoHistory,
        Breakage::BrakesOff,
        Breakage::PrivacyForgotten,
    ];
}

/// What is broken in one run, and what that has to remember.
pub struct Broken {
    what: Breakage,
    surroundings: Rc<Surroundings>,
    /// The last places in the lists of Blikk and of Exchange.
    tokens: RefCell<[Option<Token>; 2]>,
    /// What a list of everything showed.
    listed: RefCell<Option<BTreeSet<RemoteId>>>,
    told_deleted: RefCell<BTreeSet<RemoteId>>,
}

impl Broken {
    pub fn new(what: Breakage, surroundings: Rc<Surroundings>) -> Self {
        let (tokens, listed, told_deleted) = Default::default();
        Broken { what, surroundings, tokens, listed, told_deleted }
    }

    fn is(&self, what: Breakage) -> bool {
        self.what == what
    }

    fn observed(&self, mut observed: Observed) -> Observed {
        observed.is_unfinished &= !self.is(Breakage::UnfinishedForgotten);
        if let (Breakage::PrivacyForgotten, Ok(event)) = (self.what, &mut observed.content) {
            event.sensitivity = Sensitivity::Normal;
        }
        observed
    }

    fn note(&self, side: Side, since: Option<&Token>, page: &ChangePage) {
        let place = usize::from(side == Side::Exchange);
        self.tokens.borrow_mut()[place] = Some(page.next.clone());
        let mut listed = self.listed.borrow_mut();
        if since.is_none() {
            let listed = listed.get_or_insert_default();
            listed.extend(page.changes.iter().map(|change| id_of(change).clone()));
        }
        let deleted = page.changes.iter().filter(|change| matches!(change, Change::Deleted { .. }));
        self.told_deleted.borrow_mut().extend(deleted.map(|change| id_of(change).clone()));
    }
}

fn id_of(change: &Change) -> &RemoteId {
    match change {
        Change::Touched { id, .. } | Change::Deleted { id } => id,
        Change::Seen(observed) => &observed.id,
    }
}

/// A calendar behind what is broken.
pub struct BrokenCalendar<'a, C> {
    inner: &'a C,
    broken: &'a Broken,
}

impl<'a, C: Calendar> BrokenCalendar<'a, C> {
    pub fn new(inner: &'a C, broken: &'a Broken) -> Self {
        BrokenCalendar { inner, broken }
    }

    /// The version that an event has now, whatever it was when we looked.
    async fn version_now(&self, id: &RemoteId, expected: &Version) -> Version {
        match self.inner.read(std::slice::from_ref(id)).await.map(|mut readings| readings.pop()) {
            Ok(Some(Reading::Found(observed))) => observed.version,
            _ => expected.clone(),
        }
    }

    /// What an update or a creation is answered with.
    fn answers<'b>(
        &self,
        answers: Vec<Result<Observed, Problem>>,
        sent: impl Iterator<Item = &'b blikk_calendar_sync::event::Event>,
    ) -> Vec<Result<Observed, Problem>> {
        let answer = |(answer, sent): (Result<Observed, Problem>, &blikk_calendar_sync::event::Event)| {
            let mut observed = self.broken.observed(answer?);
            if self.broken.is(Breakage::SentNotHeld) {
                observed.content = Ok(sent.clone());
            }
            Ok(observed)
        };
        let mut answers: Vec<Result<Observed, Problem>> = answers.into_iter().zip(sent).map(answer).collect();
        if self.broken.is(Breakage::AnswersSwapped) {
            answers.reverse();
        }
        answers
    }
}

impl<C: Calendar> Calendar for BrokenCalendar<'_, C> {
    fn side(&self) -> Side {
        self.inner.side()
    }

    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        let mut page = self.inner.changes(since).await?;
        while self.broken.is(Breakage::LastPageLost) && page.more {
            let rest = self.inner.changes(Some(&page.next)).await?;
            (page.next, page.more) = (rest.next, rest.more);
        }
        self.broken.note(self.side(), since, &page);
        for change in &mut page.changes {
            if let Change::Seen(observed) = change {
                **observed = self.broken.observed((**observed).clone());
            }
        }
        Ok(page)
    }

    async fn list(&self, page: Option<&Token>) -> Result<Option<ChangePage>, Problem> {
        if self.broken.is(Breakage::NeverChecks) {
            return Ok(None);
        }
        self.inner.list(page).await
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let readings = self.inner.read(ids).await?;
        let (listed, told_deleted) = (self.broken.listed.borrow(), self.broken.told_deleted.borrow());
        let is_listed = |id: &RemoteId| listed.as_ref().is_none_or(|listed| listed.contains(id));
        let read = |reading| match reading {
            Reading::Found(observed) if self.broken.is(Breakage::AbsenceIsDeletion) && !is_listed(&observed.id) => {
                Reading::Gone(observed.id)
            }
            Reading::Found(observed)
                if self.broken.is(Breakage::TombstoneIsDeletion) && told_deleted.contains(&observed.id) =>
            {
                Reading::Gone(observed.id)
            }
            Reading::Failed(id, _) if self.broken.is(Breakage::FailureIsDeletion) => Reading::Gone(id),
            Reading::Found(observed) => Reading::Found(Box::new(self.broken.observed(*observed))),
            other => other,
        };
        Ok(readings.into_iter().map(read).collect())
    }

    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        let found = self.inner.find(drafts).await?;
        let told = |found: Option<Observed>| found.map(|observed| self.broken.observed(observed));
        let is_blind = self.broken.is(Breakage::FindsNothing);
        Ok(found.into_iter().map(|found| if is_blind { None } else { told(found) }).collect())
    }

    async fn locate(&self, uids: &[Uid]) -> Result<Vec<Observed>, Problem> {
        let located = self.inner.locate(uids).await?;
        Ok(located.into_iter().map(|observed| self.broken.observed(observed)).collect())
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let mut sent = drafts.to_vec();
        for (place, draft) in sent.iter_mut().enumerate() {
            if self.broken.is(Breakage::MarkerForgotten) && self.side() == Side::Exchange {
                draft.link = LinkId::new("");
                draft.counterpart = RemoteId::new("");
            }
            if self.broken.is(Breakage::UidForgotten) && self.side() == Side::Blikk {
                draft.uid = None;
                draft.link = LinkId::new(format!("{}-{place}", self.broken.surroundings.now().timestamp()));
            }
        }
        let mut answers = self.inner.create(&sent).await;
        if self.broken.is(Breakage::RepeatsBlindly) && answers.is_err() {
            answers = self.inner.create(&sent).await;
        }
        Ok(self.answers(answers?, drafts.iter().map(|draft| &draft.event)))
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let mut sent = revisions.to_vec();
        for revision in &mut sent {
            if self.broken.is(Breakage::OverwritesUnseen) {
                revision.expected = self.version_now(&revision.id, &revision.expected).await;
            }
        }
        let mut answers = self.inner.update(&sent).await?;
        if self.broken.is(Breakage::RefusalSwallowed) {
            for (answer, revision) in answers.iter_mut().zip(&sent).filter(|(answer, _)| answer.is_err()) {
                let mut readings = self.inner.read(std::slice::from_ref(&revision.id)).await?;
                if let Some(Reading::Found(observed)) = readings.pop() {
                    *answer = Ok(*observed);
                }
            }
        }
        Ok(self.answers(answers, revisions.iter().map(|revision| &revision.after)))
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        if self.broken.is(Breakage::DeletesNothing) {
            return Ok(vec![Ok(()); removals.len()]);
        }
        let mut sent = removals.to_vec();
        for removal in &mut sent {
            if self.broken.is(Breakage::DeletesUnseen) {
                removal.expected = self.version_now(&removal.id, &removal.expected).await;
            }
        }
        self.inner.delete(&sent).await
    }

    fn batch_size(&self) -> usize {
        self.inner.batch_size()
    }
}

/// A store behind what is broken.
pub struct BrokenStore<'a, S> {
    inner: &'a S,
    broken: &'a Broken,
}

impl<'a, S> BrokenStore<'a, S> {
    pub fn new(inner: &'a S, broken: &'a Broken) -> Self {
        BrokenStore { inner, broken }
    }
}

impl<S: StateStore> StateStore for BrokenStore<'_, S> {
    async fn head(&self) -> Result<Head, Problem> {
        self.inner.head().await
    }

    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        self.inner.links_of(side, ids).await
    }

    async fn index(&self) -> Result<Vec<IndexRow>, Problem> {
        self.inner.index().await
    }

    async fn links_after(&self, after: Option<&LinkId>, limit: u32) -> Result<Vec<Link>, Problem> {
        self.inner.links_after(after, limit).await
    }

    async fn operations(&self) -> Result<Vec<Operation>, Problem> {
        self.inner.operations().await
    }

    async fn runs(&self) -> Result<Vec<RunRecord>, Problem> {
        self.inner.runs().await
    }

    async fn changes_of(&self, run: u64) -> Result<Vec<ChangeRecord>, Problem> {
        self.inner.changes_of(run).await
    }

    async fn commit(&self, mut commit: Commit) -> Result<(), Problem> {
        match self.broken.what {
            Breakage::NoJournal => {
                commit.put_operations.clear();
                commit.head.operations = 0;
            }
            Breakage::TokensEarly => {
                let tokens = self.broken.tokens.borrow();
                let [blikk, exchange] = &*tokens;
                commit.head.blikk_token = blikk.clone().or(commit.head.blikk_token);
                commit.head.exchange_token = exchange.clone().or(commit.head.exchange_token);
                commit.head.tokens_cover_writes = true;
            }
            Breakage::HalfCommit => commit.put.truncate(commit.put.len().div_ceil(2)),
            Breakage::RowsStay => commit.remove.clear(),
            Breakage::StaleAccepted => {
                commit.expected_generation = self.inner.head().await?.generation;
                commit.head.generation = commit.expected_generation + 1;
            }
            Breakage::NoHistory => commit.put_changes.clear(),
            _ => {}
        }
        self.inner.commit(commit).await
    }
}
