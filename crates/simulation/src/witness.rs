//! Who watches over people's words: whatever the engine writes, is anything lost by it that a person wrote, and is
//! anything doubled?
//!
//! A word lives from the moment a person writes it until a *person* who saw it writes another in its place or deletes
//! the event. The engine may end a living word only by a rule: for another living word that was written on the other
//! side at the same time ([`Conflicts`]), or because the event is somebody else's meeting. Everything else is a loss, and
//! is seen here in the moment in which the engine's write reaches the calendar.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::merge::Field;
use blikk_calendar_sync::sync::options::{Conflicts, Deletions};

use crate::words::{Word, words_of};

/// What became of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Lives,
    /// A person who saw it wrote another in its place.
    Replaced,
    /// A person deleted its event.
    Deleted,
    /// The engine wrote another in its place, by a rule: it must stand in the history.
    Overruled,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    written_on: Side,
    fate: Fate,
    /// During which run it was replaced or deleted: that run may have seen it still standing.
    replaced_in: u32,
    /// It stands in several events, since a person copied one; of such a word nothing is claimed.
    is_copied: bool,
    /// It was written, and the engine was told that it was not: it takes what a person writes over it for an edit at the
    /// same time.
    is_denied: bool,
    /// Its event is a meeting that somebody else called: Exchange's word stands.
    is_theirs: bool,
    /// It stood in an event that was edited, or was not the same on both sides when it was deleted: the event may
    /// outlive its deletion.
    may_outlive: bool,
}

/// Which rules the engine may end a word by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub conflicts: Conflicts,
    pub deletions: Deletions,
    /// The engine does not know what both sides once agreed on: its state was lost, or another engine works beside it.
    /// Then all that differs is a conflict.
    pub knows_no_base: bool,
    /// It settles what was interrupted.
    pub is_recovering: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            conflicts: Conflicts::NewestWins,
            deletions: Deletions::EditSurvives,
            knows_no_base: false,
            is_recovering: false,
        }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Witness {
    /// By their numbers; `None`: never written.
    words: RefCell<Vec<Option<Known>>>,
    /// How many events may bear a title.
    bearers: RefCell<BTreeMap<Word, u32>>,
    rules: Cell<Rules>,
    /// Of what people write now, nothing is claimed.
    claims_nothing: Cell<bool>,
    /// The number of the run that goes on, or went on last.
    run: Cell<u32>,
    complaints: RefCell<Vec<String>>,
}

impl Witness {
    /// The next word that nobody has said yet.
    pub fn new_word(&self) -> Word {
        let mut words = self.words.borrow_mut();
        if words.is_empty() {
            words.push(None); // Nobody says 0: a reminder and a date may have it by chance.
        }
        words.push(None);
        words.len() as Word - 1
    }

    pub fn rules(&self) -> Rules {
        self.rules.get()
    }

    pub fn set_rules(&self, rules: Rules) {
        self.rules.set(rules);
    }

    /// A run begins. `is_recovering`: the one before ended in the middle, and of what it was writing nobody knows
    /// whether a person who edited it had seen it.
    pub fn run_begins(&self, is_recovering: bool) {
        self.run.set(self.run.get() + 1);
        self.set_rules(Rules { is_recovering, ..self.rules.get() });
    }

    /// Whether anything is claimed of what people write from now on.
    pub fn claim(&self, claims: bool) {
        self.claims_nothing.set(!claims);
    }

    pub fn complain(&self, complaint: impl Into<String>) {
        self.complaints.borrow_mut().push(complaint.into());
    }

    pub fn complaints(&self) -> Vec<String> {
        self.complaints.borrow().clone()
    }

    pub fn has_complaints(&self) -> bool {
        !self.complaints.borrow().is_empty()
    }

    /// A person made an event.
    pub fn person_adds(&self, side: Side, event: &Event) {
        self.person_edits(side, None, event);
        self.bears_title(event);
    }

    /// A person changed an event.
    pub fn person_edits(&self, side: Side, before: Option<&Event>, after: &Event) {
        let (old, new) = (before.map(words_of).unwrap_or_default(), words_of(after));
        let was_theirs = old.iter().any(|(_, word)| self.known(*word).is_some_and(|known| known.is_theirs));
        let is_theirs = if side == Side::Exchange { after.belongs_to_exchange() } else { was_theirs };
        let mut words = self.words.borrow_mut();
        for (_, word) in &old {
            if let Some(Some(known)) = words.get_mut(*word as usize).filter(|_| !says(&new, *word)) {
                known.fate = if known.fate == Fate::Lives { Fate::Replaced } else { known.fate };
                known.replaced_in = self.run.get();
            }
        }
        for (field, word) in &new {
            match words.get_mut(*word as usize) {
                Some(Some(known)) => {
                    known.may_outlive = true;
                    // Once theirs, always: nobody knows when the engine is told otherwise.
                    known.is_theirs |= is_theirs;
                }
                Some(place) => {
                    *place = Some(Known {
                        written_on: side,
                        fate: Fate::Lives,
                        replaced_in: 0,
                        is_copied: self.claims_nothing.get(),
                        is_denied: false,
                        is_theirs,
                        may_outlive: true,
                    });
                    if *field == Field::Title {
                        self.bearers.borrow_mut().entry(*word).or_insert(1);
                    }
                }
                None => {}
            }
        }
    }

    /// A person deleted an event. `is_agreed`: the other side held the same.
    pub fn person_deletes(&self, event: &Event, is_agreed: bool) {
        let mut words = self.words.borrow_mut();
        for (_, word) in words_of(event) {
            if let Some(Some(known)) = words.get_mut(word as usize) {
                known.fate = if known.fate == Fate::Lives { Fate::Deleted } else { known.fate };
                known.replaced_in = self.run.get();
                known.may_outlive = !is_agreed;
            }
        }
    }

    /// A person did something to an event that changes nothing that it says.
    pub fn person_handles(&self, event: &Event) {
        let mut words = self.words.borrow_mut();
        for (_, word) in words_of(event) {
            if let Some(Some(known)) = words.get_mut(word as usize) {
                known.may_outlive = true;
            }
        }
    }

    /// The engine wrote an event, and is told that it did not.
    pub fn denies(&self, written: &Event) {
        let mut words = self.words.borrow_mut();
        for (_, word) in words_of(written) {
            if let Some(Some(known)) = words.get_mut(word as usize) {
                known.is_denied = true;
            }
        }
    }

    /// A person made another event of all that an event says.
    pub fn person_copies(&self, original: &Event) {
        let mut words = self.words.borrow_mut();
        for (_, word) in words_of(original) {
            if let Some(Some(known)) = words.get_mut(word as usize) {
                known.is_copied = true;
            }
        }
    }

    /// An event that bears this title more may be there.
    pub fn bears_title(&self, event: &Event) {
        if let Some((_, word)) = words_of(event).into_iter().find(|(field, _)| *field == Field::Title) {
            let mut bearers = self.bearers.borrow_mut();
            let is_new = !bearers.contains_key(&word);
            *bearers.entry(word).or_insert(0) += u32::from(is_new);
        }
    }

    /// One event more bears the title of this one: a person copied it, title and all.
    pub fn shares_title(&self, event: &Event) {
        if let Some((_, word)) = words_of(event).into_iter().find(|(field, _)| *field == Field::Title) {
            *self.bearers.borrow_mut().entry(word).or_insert(1) += 1;
        }
    }

    /// The engine wrote to a calendar, which now holds `all`.
    pub fn engine_writes<'a>(
        &self,
        side: Side,
        before: Option<&Event>,
        after: Option<&Event>,
        all: impl Iterator<Item = &'a Event>,
    ) {
        match (before, after) {
            (None, Some(after)) => self.count_bearers(side, after, all),
            (Some(before), Some(after)) => self.watch_update(side, before, after),
            (Some(before), None) => self.watch_deletion(before),
            (None, None) => {}
        }
    }

    fn count_bearers<'a>(&self, side: Side, created: &Event, all: impl Iterator<Item = &'a Event>) {
        let title = |event: &Event| words_of(event).into_iter().find(|(field, _)| *field == Field::Title);
        let Some(created_title) = title(created) else { return };
        let bearers = all.filter(|event| title(event) == Some(created_title)).count();
        let allowed = self.bearers.borrow().get(&created_title.1).copied().unwrap_or_default();
        if bearers > allowed as usize {
            self.complain(format!("doubled: {:?} now stands {bearers} times in {side:?}", created.title));
        }
    }

    /// How many events may bear this title.
    pub fn bearers_of(&self, title: Word) -> u32 {
        self.bearers.borrow().get(&title).copied().unwrap_or_default()
    }

    fn watch_update(&self, side: Side, before: &Event, after: &Event) {
        let (old, new) = (words_of(before), words_of(after));
        for (field, word) in old.iter().filter(|(_, word)| !says(&new, *word)) {
            let Some(known) = self.known(*word).filter(|known| known.fate == Fate::Lives && !known.is_copied) else {
                continue;
            };
            let is_shape = before.series.is_some() || after.series.is_some();
            let is_shapely = is_shape && matches!(field, Field::When | Field::Exceptions);
            // A Blikk of before does not say whose it is, but other words of it may be known to be.
            let mut kin = old.iter().chain(&new).filter_map(|(_, word)| self.known(*word));
            let is_theirs = side == Side::Blikk && kin.any(|known| known.is_theirs);
            let mut winners = new.iter().filter(|(other, _)| other == field).filter_map(|(_, word)| self.known(*word));
            // Of a word that stands in several events nobody knows in which of them it was deleted.
            let stood = |word: Known| {
                word.fate == Fate::Lives || word.is_copied || word.is_denied || word.replaced_in == self.run.get()
            };
            let is_clash = winners.any(|winner| stood(winner) && winner.written_on != known.written_on);
            let is_unsure = self.rules.get().knows_no_base || self.rules.get().is_recovering;
            if is_theirs || is_shapely || is_unsure || (is_clash && self.may_win(side.other())) {
                self.overrule(*word);
            } else {
                let title = &before.title;
                self.complain(format!("lost: §{word} ({field:?} of {title:?}) was taken away in {side:?}"));
            }
        }
    }

    fn may_win(&self, side: Side) -> bool {
        match self.rules.get().conflicts {
            Conflicts::BlikkWins => side == Side::Blikk,
            Conflicts::ExchangeWins => side == Side::Exchange,
            Conflicts::NewestWins => true,
            Conflicts::Ask => false,
        }
    }

    fn watch_deletion(&self, before: &Event) {
        let by_rule = self.rules.get().deletions == Deletions::DeletionStands || self.is_theirs(before);
        for (_, word) in words_of(before) {
            if self.known(word).is_none_or(|known| known.fate != Fate::Lives || known.is_copied) {
                continue;
            }
            // Otherwise it must stand on the other side still, and come back; `verdict` looks.
            if by_rule {
                self.overrule(word);
            }
        }
    }

    /// Whether it is a meeting that somebody else called, as far as is known in Exchange.
    pub fn is_theirs(&self, event: &Event) -> bool {
        let is_theirs = |word| self.known(word).is_some_and(|known| known.is_theirs);
        event.belongs_to_exchange() || words_of(event).into_iter().any(|(_, word)| is_theirs(word))
    }

    fn known(&self, word: Word) -> Option<Known> {
        self.words.borrow().get(word as usize).copied().flatten()
    }

    fn overrule(&self, word: Word) {
        if let Some(Some(known)) = self.words.borrow_mut().get_mut(word as usize) {
            known.fate = Fate::Overruled;
        }
    }

    /// The state is thrown away, and with it what was kept of overruled words.
    pub fn forget_history(&self) {
        for known in self.words.borrow_mut().iter_mut().flatten() {
            known.fate = if known.fate == Fate::Overruled { Fate::Replaced } else { known.fate };
        }
    }

    /// The words of that fate of which something can be claimed.
    pub fn words(&self, fate: Fate) -> Vec<Word> {
        let words = self.words.borrow();
        let known = words.iter().enumerate().filter_map(|(word, known)| Some((word, (*known)?)));
        known.filter(|(_, known)| known.fate == fate && !known.is_copied).map(|(word, _)| word as Word).collect()
    }

    /// Whether nothing that this event says should be there any more.
    pub fn should_be_gone(&self, event: &Event) -> bool {
        let words = words_of(event);
        let is_gone = |known: Known| known.fate == Fate::Deleted && !known.may_outlive && !known.is_copied;
        !words.is_empty() && words.iter().all(|(_, word)| self.known(*word).is_some_and(is_gone))
    }
}

fn says(words: &[(Field, Word)], word: Word) -> bool {
    words.iter().any(|(_, other)| *other == word)
}
