//! A calendar item as the store keeps it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};

use super::body::Body;
use super::code::Refusal;
use super::extended::ExtendedProperty;
use super::id::{Folder, Guid, Named};
use super::recurrence::Recurrence;
use super::series::{Differences, Instance};
use super::zone::Zone;

/// One item of a calendar folder: what people wrote, and what the store remembers about it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The number within the mailbox that the ItemId is made of.
    pub key: u64,
    /// The calendar that it is in.
    pub folder: Folder,
    /// The changes of the mailbox at which this item was written: the first one made it, the last one is its version.
    pub versions: Vec<u64>,
    /// Field (its path) -> the version at which it was last written; what AutoResolve decides by.
    pub written: BTreeMap<String, u64>,
    pub created: DateTime<Utc>,
    pub modified: DateTime<Utc>,
    pub modified_by: String,
    pub content: Content,
    /// `None`: a single event or a recurring master, which are what the store keeps.
    pub instance: Option<Instance>,
    pub differences: Differences,
}

impl Item {
    pub fn named(&self, mailbox: Guid) -> Named {
        match &self.instance {
            Some(instance) => Named::Instance { mailbox, key: self.key, date: instance.date },
            None => Named::Item { mailbox, key: self.key },
        }
    }

    pub fn version(&self) -> u64 {
        self.versions.last().copied().unwrap_or_default()
    }
}

/// The last of `versions` that is not later than `change`.
pub fn version_at(versions: &[u64], change: u64) -> Option<u64> {
    versions.iter().rev().find(|version| **version <= change).copied()
}

/// What a client can write into an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The GlobalObjectId in hex; the store makes one up for an item that brings none.
    pub uid: Option<String>,
    pub item_class: String,
    pub subject: Option<String>,
    pub sensitivity: String,
    pub body: Option<Body>,
    pub categories: Vec<String>,
    pub importance: String,
    pub reminder_is_set: bool,
    pub reminder_minutes: u32,
    pub extended: Vec<ExtendedProperty>,
    pub start: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
    pub start_zone: Option<Zone>,
    pub end_zone: Option<Zone>,
    pub all_day: bool,
    pub free_busy: String,
    pub place: Option<String>,
    pub response_requested: bool,
    pub allow_new_time: bool,
    pub invitations_sent: bool,
    /// Who called the meeting; `None`: the mailbox's owner.
    pub organizer: Option<Person>,
    pub my_response: Option<String>,
    pub required: Vec<Attendee>,
    pub optional: Vec<Attendee>,
    pub resources: Vec<Attendee>,
    pub sequence: u32,
    pub is_cancelled: bool,
    pub online_url: Option<String>,
    /// Names of files.
    pub attachments: Vec<String>,
    /// Makes it a series.
    pub recurrence: Option<Recurrence>,
}

impl Default for Content {
    fn default() -> Self {
        Content {
            uid: None,
            item_class: "IPM.Appointment".to_owned(),
            subject: None,
            sensitivity: "Normal".to_owned(),
            body: None,
            categories: Vec::new(),
            importance: "Normal".to_owned(),
            // Exchange's own defaults for an item that says nothing about reminders.
            reminder_is_set: true,
            reminder_minutes: 15,
            extended: Vec::new(),
            start: None,
            end: None,
            start_zone: None,
            end_zone: None,
            all_day: false,
            free_busy: "Busy".to_owned(),
            place: None,
            response_requested: true,
            allow_new_time: true,
            invitations_sent: false,
            organizer: None,
            my_response: None,
            required: Vec::new(),
            optional: Vec::new(),
            resources: Vec::new(),
            sequence: 0,
            is_cancelled: false,
            online_url: None,
            attachments: Vec::new(),
            recurrence: None,
        }
    }
}

/// A name and an SMTP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub address: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    pub person: Person,
    /// ResponseTypeType of types.xsd.
    pub response: String,
}

impl Content {
    pub fn start(&self) -> DateTime<Utc> {
        self.start.unwrap_or_default()
    }

    pub fn end(&self) -> DateTime<Utc> {
        self.end.unwrap_or_default()
    }

    pub fn start_zone(&self) -> Zone {
        self.start_zone.unwrap_or(Zone::UTC)
    }

    pub fn end_zone(&self) -> Zone {
        self.end_zone.unwrap_or_else(|| self.start_zone())
    }

    pub fn attendees(&self) -> impl Iterator<Item = &Attendee> {
        self.required.iter().chain(&self.optional).chain(&self.resources)
    }

    pub fn is_meeting(&self) -> bool {
        self.organizer.is_some() || self.attendees().next().is_some()
    }

    /// What the store does to an item before it keeps it.
    ///
    /// # Errors
    /// What the store does not keep, with Exchange's code for it.
    pub fn settled(mut self, context_zone: Zone, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let start = self.start.unwrap_or_else(|| next_half_hour(now));
        let end = self.end.unwrap_or(start + TimeDelta::minutes(30));
        let zone = *self.start_zone.get_or_insert(context_zone);
        self.end_zone.get_or_insert(zone);
        if end < start {
            return Err(Refusal::new("ErrorCalendarEndDateIsEarlierThanStartDate"));
        }
        // https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/responsecode: five years.
        if end - start > TimeDelta::days(1825) {
            return Err(Refusal::saying("ErrorCalendarDurationIsTooLong", "Event length exceeds 5 years."));
        }
        // The store counts UTF-16 code units.
        if self.subject.as_ref().is_some_and(|subject| subject.encode_utf16().count() > 255) {
            return Err(Refusal::new("ErrorPropertyValidationFailure").about_field("item:Subject"));
        }
        (self.start, self.end) = (Some(start), Some(end));
        if self.all_day {
            let (first, last) = zone.whole_days(start, end);
            (self.start, self.end) = (Some(zone.midnight(first)), Some(zone.midnight(last)));
        }
        self.aligned()
    }

    /// What an exception does when its master changes: it follows in every field in which it was like it before.
    pub fn follow(&mut self, before: &Content, after: &Content) {
        macro_rules! follow {
            ($($field:ident)*) => {
                $(if self.$field == before.$field { self.$field.clone_from(&after.$field); })*
            };
        }
        follow!(item_class subject sensitivity body categories importance reminder_is_set reminder_minutes free_busy);
        follow!(place response_requested allow_new_time invitations_sent organizer my_response);
        follow!(required optional resources sequence is_cancelled online_url attachments);
        let own: Vec<_> = self.extended.iter().filter(|kept| !before.extended.contains(kept)).cloned().collect();
        let is_own = |property: &&ExtendedProperty| own.iter().any(|kept| kept.path == property.path);
        self.extended = after.extended.iter().filter(|property| !is_own(property)).cloned().collect();
        self.extended.extend(own);
    }
}

fn next_half_hour(now: DateTime<Utc>) -> DateTime<Utc> {
    let past = i64::from(now.minute() % 30) * 60 + i64::from(now.second());
    let whole = now - TimeDelta::nanoseconds(now.nanosecond().into());
    whole + TimeDelta::seconds((1800 - past) % 1800)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn an_item_without_times_begins_at_the_next_half_hour() {
        let content = Content::default().settled(Zone::UTC, utc("2027-03-01T08:10:11.5Z")).expect("kept");
        assert_eq!((content.start(), content.end()), (utc("2027-03-01T08:30:00Z"), utc("2027-03-01T09:00:00Z")));
    }

    #[test]
    fn an_end_before_the_start_is_refused_with_exchanges_code() {
        let content = Content {
            start: Some(utc("2027-03-01T08:00:00Z")),
            end: Some(utc("2027-03-01T07:00:00Z")),
            ..Content::default()
        };
        let refusal = content.settled(Zone::UTC, utc("2027-03-01T08:00:00Z")).expect_err("refused");
        assert_eq!(refusal.code, "ErrorCalendarEndDateIsEarlierThanStartDate");
    }

    #[test]
    fn a_subject_of_256_utf16_units_is_one_too_long() {
        let with_subject = |subject: String| {
            Content { subject: Some(subject), ..Content::default() }.settled(Zone::UTC, DateTime::UNIX_EPOCH)
        };
        assert!(with_subject("å".repeat(255)).is_ok());
        assert!(with_subject("😀".repeat(127)).is_ok());
        let refusal = with_subject("😀".repeat(128)).expect_err("refused");
        assert_eq!(refusal.code, "ErrorPropertyValidationFailure");
    }

    #[test]
    fn the_version_at_a_change_is_the_last_one_before_it() {
        assert_eq!(version_at(&[3, 9], 2), None);
        assert_eq!(version_at(&[3, 9], 8), Some(3));
        assert_eq!(version_at(&[3, 9], 9), Some(9));
    }
}
