//! What a calendar item is made of.
//!
//! [`CalendarItem`] holds what was read, [`FIELDS`] is the table of its fields: name, FieldURI, how to read it, how to
//! write it. Reading, creating, UpdateItem's paths and the difference between two events all follow that one table,
//! in its order, which is the schema's:
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem>.

mod fields;
mod recurrence;
mod values;
mod write;

use chrono::{DateTime, Utc};

use crate::event::{Answer, FreeBusy, Importance, Participant, Person, Sensitivity};
use crate::ews::xml::{Element, Writer};
use crate::ews::zone_definition::ZoneDefinition;
use crate::recurrence::Recurrence;

pub use fields::{FIELDS, Field};
pub use write::{FieldChange, MarkerText, Wire, changes, mark_finished, set_rule, unmark, write_change, write_new};

/// Exchange's id of an item. Opaque, case-sensitive, and different after the item was moved to another folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemId(String);

/// Exchange's mark of one state of an item. Opaque; it also changes by itself (R15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeKey(String);

impl ItemId {
    pub fn new(id: impl Into<String>) -> Self {
        ItemId(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ChangeKey {
    pub fn new(key: impl Into<String>) -> Self {
        ChangeKey(key.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An item, as far as it was asked for and the server told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarItem {
    pub element: ItemElement,
    pub id: Option<ItemId>,
    pub change_key: Option<ChangeKey>,
    pub subject: String,
    pub sensitivity: Sensitivity,
    /// As text, whatever form it came in.
    pub body: Option<String>,
    /// The names of what is attached; pictures inside the body are not told.
    pub attachments: Vec<String>,
    pub categories: Vec<String>,
    pub importance: Importance,
    pub reminder_is_set: bool,
    pub reminder_minutes: Option<u32>,
    /// Our marker: the link's id.
    pub link_id: Option<String>,
    /// Our marker: the Blikk event's id.
    pub blikk_id: Option<String>,
    /// Our marker: we have begun to write this series and not ended yet.
    pub is_unfinished: bool,
    /// An original is older than its copies (scenario 8).
    pub created: Option<DateTime<Utc>>,
    pub last_modified: Option<DateTime<Utc>>,
    pub uid: Option<String>,
    /// `None` when it is missing or no time at all.
    pub start: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
    pub is_all_day: bool,
    pub free_busy: FreeBusy,
    pub location: String,
    /// Of an exception: when the rule would have had it (R04).
    pub original_start: Option<DateTime<Utc>>,
    pub is_meeting: bool,
    pub is_cancelled: bool,
    pub is_recurring: bool,
    pub item_type: Option<CalendarItemType>,
    pub my_answer: Option<Answer>,
    /// Told since 2013; before that, MyResponseType says it.
    pub is_organizer: Option<bool>,
    pub organizer: Option<Person>,
    pub participants: Vec<Participant>,
    /// Of a series: its rule, or the part of it that we do not understand.
    pub recurrence: Option<Result<Recurrence, String>>,
    pub modified_occurrences: Vec<OccurrenceInfo>,
    /// When the deleted ones would have started.
    pub deleted_occurrences: Vec<DateTime<Utc>>,
    /// The zones are boxed: with a zone's rules read, they are the largest part of an item, and nearly always empty.
    pub start_zone: Option<Box<ZoneDefinition>>,
    pub end_zone: Option<Box<ZoneDefinition>>,
    pub online_url: Option<String>,
}

/// What a series tells of an occurrence that differs: enough to fetch it.
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/occurrence>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OccurrenceInfo {
    pub id: ItemId,
    pub original_start: DateTime<Utc>,
}

impl CalendarItem {
    /// Reads `<t:CalendarItem>`, or an item of another kind as far as the two are alike.
    pub fn read(mut element: Element<'_, '_>) -> Self {
        let mut item = CalendarItem { element: ItemElement::of(element.name()), ..CalendarItem::default() };
        let mut next = 0;
        while let Some(part) = element.child() {
            if let Some(field) = fields::find(part.name(), &mut next) {
                (field.read)(&mut item, part);
            }
        }
        item
    }

    /// Takes the id and ChangeKey from `<t:ItemId>`.
    pub(super) fn read_id(&mut self, id: &Element<'_, '_>) {
        self.id = id.attribute("Id").filter(|id| !id.is_empty()).map(ItemId::new);
        self.change_key = id.attribute("ChangeKey").filter(|key| !key.is_empty()).map(ChangeKey::new);
    }
}

/// Which kind of item: a calendar folder holds anything that somebody once moved there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ItemElement {
    #[default]
    CalendarItem,
    /// `Message`, `Task`, `Contact`, `MeetingRequest`, ..., and what will be invented (R23).
    Other(String),
}

impl ItemElement {
    fn of(name: &str) -> Self {
        match name {
            "CalendarItem" => ItemElement::CalendarItem,
            other => ItemElement::Other(other.to_owned()),
        }
    }
}

/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritemtype>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarItemType {
    Single,
    Occurrence,
    Exception,
    RecurringMaster,
}

/// One of our named properties. The first two together are the *marker* that every item carries that we create; the
/// third stands on a series between our first and our last write to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkerField {
    name: &'static str,
}

impl MarkerField {
    pub const LINK: MarkerField = MarkerField { name: "BlikkLinkId" };
    pub const BLIKK: MarkerField = MarkerField { name: "BlikkEventId" };
    /// A series with exceptions takes several writes. While this stands on it, what it lacks was not taken away by a
    /// person; we were interrupted.
    pub const UNFINISHED: MarkerField = MarkerField { name: "BlikkUnfinished" };

    /// The set of properties that is ours. Drawn once; changing it would orphan every marker ever written.
    const SET: &str = "6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4";

    pub(super) fn write_uri(self, xml: &mut Writer) {
        xml.empty(
            "t:ExtendedFieldURI",
            &[("PropertySetId", Self::SET), ("PropertyName", self.name), ("PropertyType", "String")],
        );
    }

    fn write(self, value: &str, xml: &mut Writer) {
        xml.element("t:ExtendedProperty", &[], |xml| {
            self.write_uri(xml);
            xml.text("t:Value", &[], value);
        });
    }

    /// Which of ours an `ExtendedFieldURI` names. Servers write GUIDs in either case.
    fn named_by(uri: &Element<'_, '_>) -> Option<MarkerField> {
        let is_ours = uri.attribute("PropertySetId").is_some_and(|set| set.eq_ignore_ascii_case(Self::SET));
        let name = uri.attribute("PropertyName")?;
        MARKER_FIELDS.into_iter().find(|field| is_ours && field.name == name)
    }
}

/// All of ours.
pub(super) const MARKER_FIELDS: [MarkerField; 3] = [MarkerField::LINK, MarkerField::BLIKK, MarkerField::UNFINISHED];
