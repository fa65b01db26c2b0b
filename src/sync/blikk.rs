//! Blikk as a [`Calendar`](super::port::Calendar).
//!
//! Every write of Blikk's contract can be repeated without harm, and this file is where that is used:
//!
//! | write | made safe by | after a lost answer |
//! |---|---|---|
//! | create | `Idempotency-Key` = the link's id, `externalId` = the item's UID | send again: 200 or 409 shows what is there |
//! | update | `If-Match` | send again: a 412 is settled by reading; what is there already is done |
//! | delete | `If-Match` | send again: 404 and 410 say that it is done |
//!
//! So a call whose connection breaks is sent once more. When Blikk asks for patience (429) everything waits as long as
//! it says, and the person is told until when (scenario 19).

use std::ops::Deref;

use crate::blikk::client::{Client, Created};
use crate::blikk::error::concerns_one_event;
use crate::blikk::mapping::{all_fields, changed_fields, event_of, start_of};
use crate::blikk::wire::{EventFields, Field, Id, Item};
use crate::event::Event;
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem, Side};
use crate::rfc3339::instant_from;
use crate::sync::port::{Calendar, Change, ChangePage, Draft, Observed, Reading, Removal, Revision};
use crate::sync::state::{RemoteId, Token, Uid, Unsynced, Version};
use crate::zone::ZoneRules;

/// How many events one call of the engine writes. Blikk takes them one by one, about four a second, and the engine
/// commits its state after each call.
const BATCH: usize = 20;

/// Blikk's calendar of the signed-in user, over the ports of `H` (an `Rc` of the page, a reference to a test's world)
/// and the zone rules `R`, by which the dates of a series are told.
pub struct BlikkCalendar<H, R> {
    host: H,
    rules: R,
}

impl<H, R> BlikkCalendar<H, R>
where
    H: Deref<Target: Transport + Json + Clock + Audience + Sized>,
    R: ZoneRules,
{
    pub fn new(host: H, rules: R) -> Self {
        BlikkCalendar { host, rules }
    }

    fn client(&self) -> Client<'_, H::Target> {
        Client::new(&self.host)
    }
}

impl<H, R> Calendar for BlikkCalendar<H, R>
where
    H: Deref<Target: Transport + Json + Clock + Audience + Sized>,
    R: ZoneRules,
{
    fn side(&self) -> Side {
        Side::Blikk
    }

    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        let page = self.client().changes(since.map(Token::as_str)).await?;
        Ok(ChangePage {
            changes: page.items.iter().enumerate().filter_map(|(place, item)| self.change_of(place, item)).collect(),
            next: Token::new(page.next_cursor),
            more: page.has_more,
        })
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let mut readings = Vec::with_capacity(ids.len());
        for id in ids {
            readings.push(match self.get(id).await {
                Ok(item) if is_another(&item, id) => Reading::Failed(
                    id.clone(),
                    Problem::new(Code::BlikkNotUnderstood).said("another event than asked for"),
                ),
                Ok(item) => Reading::Found(Box::new(self.observed(&item, id))),
                Err(problem) if problem.code == Code::BlikkNotFound => Reading::Gone(id.clone()),
                Err(problem) if concerns_one_event(&problem) => Reading::Failed(id.clone(), problem),
                Err(problem) => return Err(problem),
            });
        }
        Ok(readings)
    }

    /// By the item's UID. What has none is known by its idempotency key alone, and is found by creating it again under
    /// the same key.
    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        let mut found = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let item = self.find_by_uid(draft.uid.as_ref()).await?;
            found.push(item.map(|item| self.observed_itself(&item)));
        }
        Ok(found)
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        one_by_one(drafts, async |draft| self.create_one(draft).await).await
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        one_by_one(revisions, async |revision| self.update_one(revision).await).await
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        one_by_one(removals, async |removal| self.delete_one(removal).await).await
    }

    fn batch_size(&self) -> usize {
        BATCH
    }
}

impl<H, R> BlikkCalendar<H, R>
where
    H: Deref<Target: Transport + Json + Clock + Audience + Sized>,
    R: ZoneRules,
{
    async fn create_one(&self, draft: &Draft) -> Result<Observed, Problem> {
        let mut fields = all_fields(&draft.event, &self.rules)?;
        fields.external_id = draft.uid.as_ref().map(|uid| uid.as_str().to_owned());
        match self.client().create(draft.link.as_str(), &fields).await {
            Ok(Created::Now(item)) => Ok(self.observed_itself(&item)),
            Ok(Created::Before(item)) => self.adopt(draft, &item).await,
            // Created in an earlier run whose key is forgotten; or made of another item with the same UID, and then
            // not ours to touch.
            Err(problem) if problem.code == Code::BlikkConflict => match self.find_by_uid(draft.uid.as_ref()).await? {
                Some(item) => {
                    let found = self.observed_itself(&item);
                    if self.holds(&found, &draft.event) { Ok(found) } else { Err(Code::EventDuplicateUid.into()) }
                }
                None => Err(problem),
            },
            Err(problem) => Err(problem),
        }
    }

    /// Takes what the link's own key has created before for the event that the draft asks for.
    ///
    /// As the draft says: done. Untouched since its creation: the draft is newer, so it is brought up to it. Touched by
    /// a person meanwhile: a conflict, for the engine to plan with both sides before it; unless the item has no UID
    /// by which the engine would know the two for a pair again, since nothing may be doubled.
    async fn adopt(&self, draft: &Draft, item: &Item) -> Result<Observed, Problem> {
        let found = self.observed_itself(item);
        let missing = match &found.content {
            Ok(event) => changed_fields(event, &draft.event, &self.rules)?,
            Err(_) => all_fields(&draft.event, &self.rules)?,
        };
        if missing == EventFields::default() {
            return Ok(found);
        }
        let is_untouched = item.changed_at.read().is_some() && item.changed_at == item.created_at;
        if is_untouched {
            let written = self.put(&found.id, &found.version, &missing).await?;
            return Ok(self.observed_itself(&written));
        }
        if draft.uid.is_none() {
            Ok(found)
        } else {
            Err(Problem::new(Code::BlikkConflict).said("changed since created"))
        }
    }

    async fn update_one(&self, revision: &Revision) -> Result<Observed, Problem> {
        let fields = changed_fields(&revision.before, &revision.after, &self.rules)?;
        match self.put(&revision.id, &revision.expected, &fields).await {
            Ok(item) => Ok(self.observed(&item, &revision.id)),
            // Perhaps it was ourselves: applied, and the answer lost. What is there decides.
            Err(problem) if problem.code == Code::BlikkConflict => {
                let now = self.observed(&self.get(&revision.id).await?, &revision.id);
                if self.holds(&now, &revision.after) { Ok(now) } else { Err(problem) }
            }
            Err(problem) => Err(problem),
        }
    }

    async fn delete_one(&self, removal: &Removal) -> Result<(), Problem> {
        let (id, version) = (removal.id.as_str(), removal.expected.as_str());
        match self.client().delete(id, version).await {
            Err(problem) if problem.code == Code::BlikkNotFound => Ok(()),
            result => result,
        }
    }

    async fn get(&self, id: &RemoteId) -> Result<Item, Problem> {
        self.client().get(id.as_str()).await
    }

    async fn find_by_uid(&self, uid: Option<&Uid>) -> Result<Option<Item>, Problem> {
        match uid {
            Some(uid) => self.client().find(uid.as_str()).await,
            None => Ok(None),
        }
    }

    async fn put(&self, id: &RemoteId, version: &Version, fields: &EventFields) -> Result<Item, Problem> {
        self.client().update(id.as_str(), version.as_str(), fields).await
    }

    fn change_of(&self, place: usize, item: &Field<Item>) -> Option<Change> {
        let item = match item {
            Field::Read(item) => item,
            // Not even an object: set aside, like any event that cannot be read.
            Field::Missing | Field::Null | Field::Wrong => &Item::default(),
        };
        let id = item.id.read().map(|Id(id)| RemoteId::new(id));
        match item.object_name.read().map(String::as_str) {
            Some(Item::TOMBSTONE) => id.map(|id| Change::Deleted { id }),
            Some(Item::EVENT) | None => {
                // Without an id nobody can ask for it again, so it is set aside under its place on the page. Once Blikk is
                // mended, reading that id says that there is no such event, and the row goes.
                let id = id.unwrap_or_else(|| RemoteId::new(format!("without-id-{place}")));
                Some(Change::Seen(Box::new(self.observed(item, &id))))
            }
            // A kind of object that a later version of the contract knows.
            Some(_) => None,
        }
    }

    /// An answer that [`Client`] has made sure has an id.
    fn observed_itself(&self, item: &Item) -> Observed {
        let id = item.id.read().map_or("", |Id(id)| id.as_str());
        self.observed(item, &RemoteId::new(id))
    }

    fn observed(&self, item: &Item, id: &RemoteId) -> Observed {
        let version = item.version.read().map_or("", |Id(version)| version.as_str());
        let content = match event_of(item, &self.rules) {
            Ok(_) if version.is_empty() => Err(Problem::new(Code::EventUnreadable).said("version")),
            content => content,
        };
        Observed {
            id: id.clone(),
            version: Version::new(version),
            uid: item.external_id.read().filter(|uid| !uid.is_empty()).map(|uid| Uid::new(uid.as_str())),
            marker: None,
            created_at: item.created_at.read().and_then(|text| instant_from(text)),
            changed_at: item.changed_at.read().and_then(|text| instant_from(text)),
            is_unfinished: false,
            content: content.map_err(|problem| unsynced(item, problem)),
        }
    }

    /// Whether everything that we would write stands there already.
    fn holds(&self, observed: &Observed, wanted: &Event) -> bool {
        observed
            .content
            .as_ref()
            .is_ok_and(|event| changed_fields(event, wanted, &self.rules) == Ok(EventFields::default()))
    }
}

/// Writes one after the other. What concerns one event is that event's result. Anything else ends the work: with
/// nothing done it is the whole call's; if it is passing, the ones that are done keep their result and the rest share
/// the problem.
async fn one_by_one<T, R>(
    tasks: &[T],
    carry_out: impl AsyncFn(&T) -> Result<R, Problem>,
) -> Result<Vec<Result<R, Problem>>, Problem> {
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        match carry_out(task).await {
            Err(problem) if !concerns_one_event(&problem) => {
                if results.is_empty() || !problem.is_passing() {
                    return Err(problem);
                }
                results.resize_with(tasks.len(), || Err(problem.clone()));
                return Ok(results);
            }
            result => results.push(result),
        }
    }
    Ok(results)
}

fn is_another(item: &Item, id: &RemoteId) -> bool {
    item.id.read().is_some_and(|Id(given)| given != id.as_str())
}

fn unsynced(item: &Item, problem: Problem) -> Unsynced {
    let start = start_of(item);
    Unsynced { problem, title: item.occurrence.title.read().cloned().unwrap_or_default(), start }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "blikk_tests.rs"]
mod tests;
