//! The mailboxes: calendars with items, and everything that SyncFolderItems has to remember about them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, Utc};

use super::field::Owner;
use super::id::{self, Folder, Random};
use super::item::{Content, Item, version_at};
use super::series::Differences;

/// One mailbox with its calendar.
#[derive(Clone, Debug)]
pub struct Mailbox {
    pub owner: Owner,
    pub items: BTreeMap<u64, Item>,
    /// By their numbers.
    calendars: BTreeMap<u64, MadeCalendar>,
    gone: Vec<Gone>,
    /// Counts every change of the mailbox; an item's version is the change that wrote it.
    changes: u64,
    keys: u64,
    /// Sync states of an earlier epoch are dead.
    epoch: u32,
}

/// A calendar beside the one that every mailbox has.
#[derive(Clone, Debug)]
struct MadeCalendar {
    name: String,
    parent: Folder,
}

/// A stored item, or one instance of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub key: u64,
    /// The date that the pattern has for the instance.
    pub date: Option<NaiveDate>,
}

impl Place {
    /// How the writing of a field is remembered. An instance has fields of its own.
    pub fn path(self, field: &str) -> String {
        self.date.map_or_else(|| field.to_owned(), |date| format!("{date} {field}"))
    }
}

/// Who wrote which fields, and when.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The paths that were written.
    pub fields: Vec<String>,
    pub by: String,
    pub at: DateTime<Utc>,
    /// Whether it moves the ChangeKey, and so is told of by SyncFolderItems. Not every server does that for an
    /// instance.
    pub is_told: bool,
}

/// What is left of a deleted item.
#[derive(Clone, Debug)]
struct Gone {
    key: u64,
    folder: Folder,
    versions: Vec<u64>,
    deleted: u64,
}

/// One line of what SyncFolderItems reports.
#[derive(Debug)]
pub enum Change<'a> {
    Create(&'a Item),
    Update(&'a Item),
    Delete { key: u64, version: u64 },
}

impl Mailbox {
    pub fn new(address: &str, name: &str, random: &mut Random) -> Self {
        let owner = Owner { guid: random.bytes(), name: name.to_owned(), address: address.to_owned() };
        let (items, calendars) = (BTreeMap::new(), BTreeMap::new());
        Mailbox { owner, items, calendars, gone: Vec::new(), changes: 0, keys: 0x0001_0000, epoch: 1 }
    }

    /// Keeps a new item.
    pub fn create(
        &mut self,
        folder: Folder,
        mut content: Content,
        by: &str,
        now: DateTime<Utc>,
        random: &mut Random,
    ) -> &Item {
        self.changes += 1;
        self.keys += 1;
        content.uid.get_or_insert_with(|| id::uid(random, now));
        let item = Item {
            key: self.keys,
            folder,
            versions: vec![self.changes],
            written: BTreeMap::new(),
            created: now,
            modified: now,
            modified_by: by.to_owned(),
            content,
            instance: None,
            differences: Differences::default(),
        };
        self.items.entry(self.keys).or_insert(item)
    }

    /// The item, or the instance of it on that date; `None` when there is no such one.
    pub fn find(&self, place: Place) -> Option<Cow<'_, Item>> {
        let item = self.items.get(&place.key)?;
        match place.date {
            None => Some(Cow::Borrowed(item)),
            Some(date) => item.instance_on(date).map(Cow::Owned),
        }
    }

    /// Keeps a new version of an item; `None` when there is no such one. An instance that is written becomes an
    /// exception, and its series a new version.
    pub fn update(&mut self, place: Place, content: Content, edit: &Edit) -> Option<Cow<'_, Item>> {
        let item = self.items.get_mut(&place.key)?;
        match place.date {
            None => item.replace_content(content),
            Some(date) => drop(item.differences.changed.insert(date, content)),
        }
        self.note(place, edit);
        self.find(place)
    }

    /// Gives a series its exceptions and deletions back, after what would have made it forget them.
    pub fn keep_differences(&mut self, key: u64, differences: Differences) {
        if let Some(item) = self.items.get_mut(&key) {
            item.differences = differences;
        }
    }

    /// Takes one instance out of its series; `None` when there is no such one.
    pub fn delete_instance(&mut self, place: Place, edit: &Edit) -> Option<Item> {
        let gone = self.find(place)?.into_owned();
        let (item, date) = (self.items.get_mut(&place.key)?, place.date?);
        item.differences.changed.remove(&date);
        item.differences.deleted.insert(date);
        self.note(place, edit);
        Some(gone)
    }

    fn note(&mut self, place: Place, edit: &Edit) {
        let Some(item) = self.items.get_mut(&place.key).filter(|_| edit.is_told) else { return };
        self.changes += 1;
        item.versions.push(self.changes);
        item.written.extend(edit.fields.iter().map(|field| (place.path(field), self.changes)));
        item.modified = edit.at;
        item.modified_by = edit.by.clone();
    }

    /// A new version with nothing new in it: what calendar assistants do behind a client's back (R15).
    pub fn touch(&mut self, key: u64, now: DateTime<Utc>) -> bool {
        let edit = Edit { fields: Vec::new(), by: "Calendar Assistant".to_owned(), at: now, is_told: true };
        self.note(Place { key, date: None }, &edit);
        self.items.contains_key(&key)
    }

    pub fn delete(&mut self, key: u64) -> Option<Item> {
        let item = self.items.remove(&key)?;
        self.changes += 1;
        self.gone.push(Gone { key, folder: item.folder, versions: item.versions.clone(), deleted: self.changes });
        Some(item)
    }

    /// The items of a calendar, in the order in which they were made.
    pub fn items_in(&self, folder: Folder) -> impl Iterator<Item = &Item> {
        self.items.values().filter(move |item| item.folder == folder)
    }

    /// Makes a calendar; `None` when the parent has one of that name.
    pub fn make_calendar(&mut self, name: &str, parent: Folder) -> Option<Folder> {
        if self.children(parent).iter().any(|folder| self.title(*folder).to_lowercase() == name.to_lowercase()) {
            return None;
        }
        let number = self.calendars.keys().max().map_or(Folder::FIRST_MADE, |last| last + 1);
        self.calendars.insert(number, MadeCalendar { name: name.to_owned(), parent });
        Some(Folder::Made(number))
    }

    pub fn has_folder(&self, folder: Folder) -> bool {
        Folder::DEFAULT.contains(&folder) || self.calendars.contains_key(&folder.number())
    }

    pub fn folders(&self) -> impl Iterator<Item = Folder> {
        Folder::DEFAULT.into_iter().chain(self.calendars.keys().copied().map(Folder::Made))
    }

    /// The folders right below one.
    pub fn children(&self, parent: Folder) -> Vec<Folder> {
        self.folders().filter(|folder| *folder != Folder::Root && self.parent(*folder) == parent).collect()
    }

    pub fn parent(&self, folder: Folder) -> Folder {
        match folder {
            Folder::Root | Folder::MessageRoot => Folder::Root,
            Folder::Calendar => Folder::MessageRoot,
            Folder::Made(number) => self.calendars.get(&number).map_or(Folder::Root, |made| made.parent),
        }
    }

    /// What people see.
    pub fn title(&self, folder: Folder) -> &str {
        match folder {
            Folder::Root => "Root",
            Folder::MessageRoot => "Början av informationsarkivet",
            Folder::Calendar => "Kalender",
            Folder::Made(number) => self.calendars.get(&number).map_or("", |made| &made.name),
        }
    }

    /// All sync states handed out so far are dead from now on.
    pub fn expire_sync_states(&mut self) {
        self.epoch += 1;
    }

    /// The next page of changes since `state` (`None`: from the beginning), the state behind it, and whether it is the
    /// last page.
    ///
    /// Changes come in the order of their versions and are coalesced as the store does it: an item made and edited
    /// since then is a Create, one made and deleted is nothing.
    pub fn changes_since(&self, folder: Folder, state: &SyncState, limit: usize) -> (Vec<Change<'_>>, SyncState, bool) {
        let seen = state.seen();
        let live = self.items_in(folder).filter(|item| item.version() > seen).map(|item| {
            let change = if state.knows(&item.versions, None) { Change::Update(item) } else { Change::Create(item) };
            (item.version(), change)
        });
        let is_told = |gone: &&Gone| gone.deleted > seen && state.knows(&gone.versions, Some(gone.deleted));
        let gone = self.gone.iter().filter(|gone| gone.folder == folder).filter(is_told).map(|gone| {
            let version = gone.versions.last().copied().unwrap_or_default();
            (gone.deleted, Change::Delete { key: gone.key, version })
        });
        let mut all: Vec<_> = live.chain(gone).collect();
        all.sort_by_key(|(version, _)| *version);
        let is_last = all.len() <= limit;
        all.truncate(limit);
        let reached = all.last().map_or(self.changes, |(version, _)| *version);
        let next = if is_last { state.finished(self.changes) } else { state.continued(self.changes, reached) };
        (all.into_iter().map(|(_, change)| change).collect(), next, is_last)
    }

    /// The state as a client may keep it.
    pub fn seal(&self, folder: Folder, state: &SyncState) -> String {
        let mut bytes = vec![1];
        bytes.extend(self.owner.guid);
        bytes.extend(folder.number().to_le_bytes());
        bytes.extend(self.epoch.to_le_bytes());
        bytes.extend(state.complete.to_le_bytes());
        for (at, reached) in &state.pages {
            bytes.extend(at.to_le_bytes());
            bytes.extend(reached.to_le_bytes());
        }
        bytes.extend(checksum(&bytes).to_le_bytes());
        STANDARD.encode(bytes)
    }

    /// `None`: garbage, another folder's state, or one that has died.
    pub fn unseal(&self, folder: Folder, text: &str) -> Option<SyncState> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        let (bytes, sum) = bytes.split_last_chunk::<8>()?;
        if checksum(bytes) != u64::from_le_bytes(*sum) {
            return None;
        }
        let (tag, rest) = bytes.split_first()?;
        let (guid, rest) = rest.split_first_chunk::<16>()?;
        let (number, rest) = rest.split_first_chunk::<8>()?;
        let (epoch, rest) = rest.split_first_chunk::<4>()?;
        let is_here = *guid == self.owner.guid && u64::from_le_bytes(*number) == folder.number();
        if *tag != 1 || !is_here || u32::from_le_bytes(*epoch) != self.epoch {
            return None;
        }
        let mut numbers = rest.chunks_exact(8).filter_map(|chunk| Some(u64::from_le_bytes(chunk.try_into().ok()?)));
        let complete = numbers.next()?;
        let numbers: Vec<u64> = numbers.collect();
        Some(SyncState { complete, pages: numbers.chunks_exact(2).map(|page| (page[0], page[1])).collect() })
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    // FNV-1a.
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What a client has been told, small enough to be handed to it.
///
/// A client in the middle of many pages has seen some items and not others, and the calendar goes on changing under
/// it. So the pages of an unfinished pass stand in the state, each with the change at which it was asked for and the
/// version up to which it reached; together with the versions of an item they say whether the client knows the item.
/// Then nothing is a Create on one page and an Update on the next without the client having seen it (R21).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncState {
    /// All that existed at this change is known.
    complete: u64,
    /// (asked at, reached)
    pages: Vec<(u64, u64)>,
}

impl SyncState {
    /// Versions up to this one have been reported, or were superseded before their turn.
    fn seen(&self) -> u64 {
        self.pages.last().map_or(self.complete, |(_, reached)| *reached)
    }

    /// Whether the client has been told of an item with these versions; what was deleted when a page was asked for did
    /// not stand on it.
    fn knows(&self, versions: &[u64], deleted: Option<u64>) -> bool {
        if versions.first().is_some_and(|made| *made <= self.complete) {
            return true;
        }
        let mut from = self.complete;
        self.pages.iter().any(|(at, reached)| {
            let stood = deleted.is_none_or(|deleted| deleted > *at);
            let told = stood && version_at(versions, *at).is_some_and(|version| version > from && version <= *reached);
            from = *reached;
            told
        })
    }

    fn continued(&self, at: u64, reached: u64) -> Self {
        let mut next = self.clone();
        next.pages.push((at, reached));
        next
    }

    fn finished(&self, complete: u64) -> Self {
        SyncState { complete, pages: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    struct World {
        mailbox: Mailbox,
        random: Random,
    }

    impl World {
        fn new() -> Self {
            let mut random = Random::seeded(7);
            World { mailbox: Mailbox::new("anna@konsult.example", "Anna", &mut random), random }
        }

        fn create(&mut self, subject: &str) -> u64 {
            let content = Content { subject: Some(subject.into()), ..Content::default() };
            self.mailbox.create(Folder::Calendar, content, "Anna", NOW, &mut self.random).key
        }

        fn edit(&mut self, key: u64) {
            assert!(self.mailbox.touch(key, NOW));
        }

        /// `+Title` created, `~Title` updated, `-` deleted.
        fn page(&self, state: &mut SyncState, limit: usize) -> (Vec<String>, bool) {
            let (changes, next, last) = self.mailbox.changes_since(Folder::Calendar, state, limit);
            *state = self
                .mailbox
                .unseal(Folder::Calendar, &self.mailbox.seal(Folder::Calendar, &next))
                .expect("its own state");
            let subject = |item: &Item| item.content.subject.clone().unwrap_or_default();
            let told = changes.iter().map(|change| match change {
                Change::Create(item) => format!("+{}", subject(item)),
                Change::Update(item) => format!("~{}", subject(item)),
                Change::Delete { .. } => "-".to_owned(),
            });
            (told.collect(), last)
        }
    }

    #[test]
    fn changes_are_coalesced() {
        let mut world = World::new();
        let mut state = SyncState::default();
        let (a, b, c) = (world.create("a"), world.create("b"), world.create("c"));
        world.edit(a);
        world.mailbox.delete(c);
        assert_eq!(world.page(&mut state, 512), (vec!["+b".into(), "+a".into()], true));
        assert_eq!(world.page(&mut state, 512), (vec![], true));
        world.edit(a);
        world.edit(a);
        world.mailbox.delete(b);
        world.create("d");
        assert_eq!(world.page(&mut state, 512), (vec!["~a".into(), "-".into(), "+d".into()], true));
    }

    #[test]
    fn an_item_that_moves_on_between_pages_is_still_created_before_it_is_updated() {
        let mut world = World::new();
        let mut state = SyncState::default();
        let keys: Vec<u64> = ["a", "b", "c", "d"].iter().map(|title| world.create(title)).collect();
        assert_eq!(world.page(&mut state, 2), (vec!["+a".into(), "+b".into()], false));
        world.edit(keys[0]);
        world.edit(keys[2]);
        assert_eq!(world.page(&mut state, 2), (vec!["+d".into(), "~a".into()], false));
        assert_eq!(world.page(&mut state, 2), (vec!["+c".into()], true));
        assert_eq!(world.page(&mut state, 2), (vec![], true));
    }

    #[test]
    fn an_item_deleted_between_pages_is_a_delete_only_for_those_who_knew_it() {
        let mut world = World::new();
        let mut state = SyncState::default();
        let keys: Vec<u64> = ["a", "b", "c", "d"].iter().map(|title| world.create(title)).collect();
        world.page(&mut state, 2);
        world.mailbox.delete(keys[0]);
        world.mailbox.delete(keys[3]);
        assert_eq!(world.page(&mut state, 2), (vec!["+c".into(), "-".into()], true));
    }

    /// A client that pages while the calendar changes under it ends with exactly what is there, and is never told of
    /// an item that it cannot know.
    #[test]
    fn a_client_that_pages_while_people_work_ends_with_exactly_what_is_there() {
        for seed in 0..300 {
            let mut world = World::new();
            let mut random = Random::seeded(seed);
            let mut state = SyncState::default();
            let mut known: BTreeMap<u64, u64> = BTreeMap::new();
            for step in 0..80 {
                let [dice, which] = random.bytes::<2>();
                let keys: Vec<u64> = world.mailbox.items.keys().copied().collect();
                let chosen = keys.get(usize::from(which) % keys.len().max(1)).copied();
                // At the end nobody works any more, and the client comes to the end of its pages.
                match (if step < 50 { dice % 5 } else { 4 }, chosen) {
                    (0 | 1, _) => drop(world.create(&format!("{step}"))),
                    (2, Some(key)) => world.edit(key),
                    (3, Some(key)) => drop(world.mailbox.delete(key)),
                    _ => {
                        let (changes, next, _) = world.mailbox.changes_since(Folder::Calendar, &state, 3);
                        for change in changes {
                            let sound = match change {
                                Change::Create(item) => known.insert(item.key, item.version()).is_none(),
                                Change::Update(item) => known.insert(item.key, item.version()).is_some(),
                                Change::Delete { key, .. } => known.remove(&key).is_some(),
                            };
                            assert!(sound, "seed {seed}, step {step}");
                        }
                        state = next;
                    }
                }
            }
            let there: BTreeMap<u64, u64> =
                world.mailbox.items.values().map(|item| (item.key, item.version())).collect();
            assert_eq!(known, there, "seed {seed}");
        }
    }

    #[test]
    fn a_state_of_another_mailbox_or_epoch_or_of_nobody_is_refused() {
        let mut world = World::new();
        let sealed = world.mailbox.seal(Folder::Calendar, &SyncState::default());
        assert!(world.mailbox.unseal(Folder::Calendar, &sealed).is_some());
        assert!(
            World { random: Random::seeded(8), ..World::new() }.mailbox.unseal(Folder::Calendar, &sealed).is_some(),
            "same guid"
        );
        let other = Mailbox::new("b@konsult.example", "B", &mut world.random);
        assert_eq!(other.unseal(Folder::Calendar, &sealed), None);
        for garbage in ["", "AAAA", "inte base64", &sealed[..sealed.len() - 4]] {
            assert_eq!(world.mailbox.unseal(Folder::Calendar, garbage), None, "{garbage}");
        }
        world.mailbox.expire_sync_states();
        assert_eq!(world.mailbox.unseal(Folder::Calendar, &sealed), None);
    }
}
