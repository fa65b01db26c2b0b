//! A series: one item with a pattern, and the places in time where it differs from it.
//!
//! The store holds the recurring master only. Occurrences are computed from it when somebody asks, exceptions are
//! remembered under the date on which the pattern has them:
//! <https://learn.microsoft.com/en-us/exchange/client-developer/exchange-web-services/recurrence-patterns-and-ews>.
//! All of them share the master's ChangeKey and UID (.../web-service-reference/recurringmasteritemid).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use super::code::Refusal;
use super::item::{Content, Item};
use super::recurrence::{End, Recurrence};

/// Where a series differs from its pattern, by the date that the pattern has, in the series' zone.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// ModifiedOccurrences
    pub changed: BTreeMap<NaiveDate, Content>,
    /// DeletedOccurrences
    pub deleted: BTreeSet<NaiveDate>,
}

/// Which place of its series an item stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The date that the pattern has, in the series' zone.
    pub date: NaiveDate,
    /// When it would begin without its changes.
    pub original: DateTime<Utc>,
    pub is_changed: bool,
}

/// CalendarItemTypeType of types.xsd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Single,
    Occurrence,
    Exception,
    RecurringMaster,
}

impl Item {
    pub fn kind(&self) -> Kind {
        match (&self.instance, &self.content.recurrence) {
            (Some(instance), _) if instance.is_changed => Kind::Exception,
            (Some(_), _) => Kind::Occurrence,
            (None, Some(_)) => Kind::RecurringMaster,
            (None, None) => Kind::Single,
        }
    }

    /// When the pattern has the occurrence of that date: at the same time on the wall, whatever the clocks were set to.
    pub fn original_start(&self, date: NaiveDate) -> DateTime<Utc> {
        self.content.start_zone().instant(date.and_time(self.wall_start().time()))
    }

    fn wall_start(&self) -> NaiveDateTime {
        self.content.start_zone().wall(self.content.start())
    }

    /// The occurrence or exception that the pattern has on that date; `None` when it has none, or had one that was
    /// deleted.
    pub fn instance_on(&self, date: NaiveDate) -> Option<Item> {
        let recurrence = self.content.recurrence.as_ref()?;
        let slots = recurrence.slots().skip_while(|slot| slot.date < date);
        let is_live = slots.take(1).any(|slot| slot.date == date) && !self.differences.deleted.contains(&date);
        is_live.then(|| self.instance(date))
    }

    /// The occurrence or exception with that InstanceIndex.
    ///
    /// # Errors
    /// Exchange's codes for an index beyond the range, and for one of a deleted occurrence.
    pub fn instance_at(&self, index: i32) -> Result<Item, Refusal> {
        let recurrence = self.content.recurrence.as_ref();
        let recurrence = recurrence.ok_or_else(|| Refusal::new("ErrorCalendarCannotUseIdForRecurringMasterId"))?;
        let beyond = || Refusal::new("ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange");
        let place = usize::try_from(index).ok().and_then(|index| index.checked_sub(1)).ok_or_else(beyond)?;
        let slot = recurrence.slots().nth(place).ok_or_else(beyond)?;
        if self.differences.deleted.contains(&slot.date) {
            return Err(Refusal::new("ErrorCalendarOccurrenceIsDeletedFromRecurrence"));
        }
        Ok(self.instance(slot.date))
    }

    /// All occurrences and exceptions, by the pattern's dates; without end where the series has none.
    pub fn instances(&self) -> impl Iterator<Item = Item> + '_ {
        self.live_dates().map(|date| self.instance(date))
    }

    fn live_dates(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        let slots = self.content.recurrence.iter().flat_map(Recurrence::slots);
        slots.map(|slot| slot.date).filter(|date| !self.differences.deleted.contains(date))
    }

    /// Those that touch a span of time.
    pub fn instances_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Item> {
        let is_changed = |date: &NaiveDate| self.differences.changed.contains_key(date);
        let begun = |date: &NaiveDate| self.original_start(*date) < to;
        let unchanged = self.live_dates().take_while(begun).filter(|date| !is_changed(date));
        // An exception may have been moved into the span, or out of it.
        let changed = self.differences.changed.keys().copied();
        let all = unchanged.chain(changed).map(|date| self.instance(date));
        all.filter(|instance| instance.content.touches(from, to)).collect()
    }

    /// The first one; a valid series has one.
    pub fn first_instance(&self) -> Option<Item> {
        self.instances().next()
    }

    /// The last one, where the series has an end.
    pub fn last_instance(&self) -> Option<Item> {
        let recurrence = self.content.recurrence.as_ref()?;
        if recurrence.end == End::Never {
            return None;
        }
        self.live_dates().last().map(|date| self.instance(date))
    }

    fn instance(&self, date: NaiveDate) -> Item {
        let changed = self.differences.changed.get(&date);
        let original = self.original_start(date);
        let content = changed.cloned().unwrap_or_else(|| {
            let days = date - self.wall_start().date();
            let zone = self.content.end_zone();
            let end = zone.instant(zone.wall(self.content.end()) + days);
            Content { start: Some(original), end: Some(end), recurrence: None, ..self.content.clone() }
        });
        Item {
            key: self.key,
            folder: self.folder,
            versions: self.versions.clone(),
            written: self.written.clone(),
            created: self.created,
            modified: self.modified,
            modified_by: self.modified_by.clone(),
            content,
            instance: Some(Instance { date, original, is_changed: changed.is_some() }),
            differences: Differences::default(),
        }
    }

    /// Takes new content over. A series whose pattern or times are other ones forgets its exceptions and deletions
    /// ([MS-OXOCAL] 3.1.4.7.3.5: "removes every exception"); else exceptions follow in what they had in common with it.
    ///
    /// That a Recurrence written again with the same value changes nothing is a judgement; no real server was asked.
    pub fn replace_content(&mut self, content: Content) {
        let pattern = |content: &Content| {
            let zones = (content.start_zone(), content.end_zone());
            (content.recurrence.clone(), content.start, content.end, content.all_day, zones)
        };
        if pattern(&self.content) == pattern(&content) {
            self.differences.changed.values_mut().for_each(|own| own.follow(&self.content, &content));
        } else {
            self.differences = Differences::default();
        }
        self.content = content;
    }

    /// Whether the instance of that date may begin and end at the times of `content` (R19).
    ///
    /// # Errors
    /// ErrorOccurrenceCrossingBoundary when it would pass a neighbour or share its date, ErrorOccurrenceTimeSpanTooBig
    /// when it would overlap one (.../web-service-reference/responsecode). That a deleted neighbour is in nobody's way
    /// is a judgement.
    pub fn check_move(&self, date: NaiveDate, content: &Content) -> Result<(), Refusal> {
        let zone = self.content.start_zone();
        let day = |content: &Content| zone.wall(content.start()).date();
        let before = self.live_dates().take_while(|other| *other < date).last().map(|date| self.instance(date).content);
        let after = self.live_dates().find(|other| *other > date).map(|date| self.instance(date).content);
        let crosses = before.as_ref().is_some_and(|before| day(before) >= day(content))
            || after.as_ref().is_some_and(|after| day(after) <= day(content));
        let overlaps = before.is_some_and(|before| before.end() > content.start())
            || after.is_some_and(|after| after.start() < content.end());
        match (crosses, overlaps) {
            (true, _) => Err(Refusal::new("ErrorOccurrenceCrossingBoundary")),
            (false, true) => Err(Refusal::new("ErrorOccurrenceTimeSpanTooBig")),
            (false, false) => Ok(()),
        }
    }

    /// The series that goes on from that date by the same pattern, without what it differed in.
    pub fn following(&self, date: NaiveDate) -> Option<Content> {
        let recurrence = self.content.recurrence.as_ref()?;
        let slot = recurrence.slots().find(|slot| slot.date >= date)?;
        let end = match recurrence.end {
            End::After(times) => End::After(times - (slot.index - 1)),
            end => end,
        };
        let unchanged = Item { differences: Differences::default(), ..self.clone() }.instance(slot.date).content;
        let recurrence = Recurrence { start: slot.date, end, ..recurrence.clone() };
        Some(Content { uid: None, recurrence: Some(recurrence), ..unchanged })
    }

    /// The series that ends the day before, with what it differed in until then; `None` when nothing is left.
    pub fn ended_before(&self, date: NaiveDate) -> Option<(Content, Differences)> {
        let recurrence = self.content.recurrence.as_ref()?;
        let recurrence = Recurrence { end: End::On(date.pred_opt()?), ..recurrence.clone() };
        let mut differences = self.differences.clone();
        differences.changed.retain(|changed, _| *changed < date);
        differences.deleted.retain(|deleted| *deleted < date);
        let is_live = recurrence.slots().any(|slot| !differences.deleted.contains(&slot.date));
        is_live.then(|| (Content { recurrence: Some(recurrence), ..self.content.clone() }, differences))
    }

    /// Whether anything is left of the series without the instance of that date.
    pub fn has_others_than(&self, date: NaiveDate) -> bool {
        self.live_dates().any(|other| other != date)
    }
}

impl Content {
    /// Whether a view from `from` to `to` shows it: an event without length that begins with the view is in it.
    pub fn touches(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        self.start() < to && (self.end() > from || self.start() >= from)
    }

    /// Puts a series where its pattern says: on the date of its first occurrence, at its own time of day (R26).
    ///
    /// # Errors
    /// ErrorRecurrenceHasNoOccurrence for a range without one, ErrorOccurrenceTimeSpanTooBig for occurrences that
    /// overlap each other.
    pub fn aligned(mut self) -> Result<Self, Refusal> {
        let Some(recurrence) = &mut self.recurrence else { return Ok(self) };
        let first = recurrence.slots().next().ok_or_else(|| Refusal::new("ErrorRecurrenceHasNoOccurrence"))?.date;
        recurrence.start = first;
        let least_gap = recurrence.least_gap();
        let (start_zone, end_zone) = (self.start_zone(), self.end_zone());
        let wall_start = start_zone.wall(self.start());
        let wall_end = end_zone.wall(self.end()) + (first - wall_start.date());
        let wall_start = first.and_time(wall_start.time());
        if least_gap.is_some_and(|days| wall_end - wall_start > TimeDelta::days(days)) {
            return Err(Refusal::new("ErrorOccurrenceTimeSpanTooBig"));
        }
        (self.start, self.end) = (Some(start_zone.instant(wall_start)), Some(end_zone.instant(wall_end)));
        Ok(self)
    }
}
