//! FindItem: which items lie in the calendar. Of each it tells little ([`Shape::Known`]); details are GetItem's
//! business.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation>

use chrono::{DateTime, Utc};

use super::{FolderRef, Operation, Shape, read_items, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::global_object_id::text_of;
use crate::ews::item::{CalendarItem, MarkerField};
use crate::ews::xml::{Element, Writer};
use crate::rfc3339::instant_text;

/// The most that a server gives at once, unless its administrator set another limit (`EWSFindCountLimit`, R14).
pub const MOST_ENTRIES: u32 = 1000;

/// The request.
#[derive(Clone, Debug)]
pub struct FindItem {
    pub folder: FolderRef,
    pub shape: Shape,
    pub which: Which,
}

/// Which items of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those whose marker says this: one again after an answer got lost (scenario 1).
    Marked { field: MarkerField, is_equal_to: String },
    /// Those that bear one of these UIDs, wherever they were moved from. Not too many: a restriction has its limits
    /// (`ErrorRestrictionTooComplex`).
    Named { uids: Vec<String> },
    /// Single events, and occurrences in the place of their series, that touch a window of at most two years.
    /// Overlapping one end is enough. There is no next page: what is too much is asked for in two windows
    /// ([`Ews::occurrences`](crate::ews::client::Ews::occurrences)).
    /// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarview>
    InWindow { start: DateTime<Utc>, end: DateTime<Utc>, max_entries: u32 },
    /// All that lie there, series as one, in pages. While somebody adds or deletes, an item can be missed or told
    /// twice, so a list is no evidence of anything's absence.
    /// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/indexedpageitemview>
    Page { offset: u32, max_entries: u32 },
}

/// A page of the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundItems {
    pub items: Vec<CalendarItem>,
    /// Nothing more is to come.
    pub is_last: Option<bool>,
    /// Where the next page begins.
    pub next_offset: Option<u32>,
    /// How many there are in all.
    pub total: Option<u32>,
}

impl sealed::Sealed for FindItem {}

impl Operation for FindItem {
    const NAME: &'static str = "FindItem";
    const ONLY_READS: bool = true;
    type Outcome = FoundItems;

    fn write(&self, version: RequestVersion, xml: &mut Writer) {
        xml.element("m:FindItem", &[("Traversal", "Shallow")], |xml| {
            self.shape.write(version, xml);
            self.which.write(xml);
            xml.element("m:ParentFolderIds", &[], |xml| self.folder.write(xml));
        });
    }

    fn read(part: Element<'_, '_>, found: &mut FoundItems) {
        if part.name() == "RootFolder" {
            let number = |name| part.attribute(name).and_then(|value| value.trim().parse().ok());
            let is_true = |value: &str| value.trim().eq_ignore_ascii_case("true");
            found.is_last = part.attribute("IncludesLastItemInRange").map(|value| is_true(&value));
            found.next_offset = number("IndexedPagingOffset");
            found.total = number("TotalItemsInView");
            read_root(part, found);
        }
    }
}

impl Which {
    fn write(&self, xml: &mut Writer) {
        let most = |entries: u32| entries.clamp(1, MOST_ENTRIES).to_string();
        match self {
            Which::Marked { field, is_equal_to } => {
                xml.element("m:Restriction", &[], |xml| equals(|xml| field.write_uri(xml), is_equal_to, xml));
            }
            Which::Named { uids } => xml.element("m:Restriction", &[], |xml| {
                xml.element("t:Or", &[], |xml| {
                    for uid in uids {
                        equals(|xml| xml.empty("t:ExtendedFieldURI", &GLOBAL_OBJECT_ID), &text_of(uid), xml);
                    }
                });
            }),
            Which::InWindow { start, end, max_entries } => {
                let (start, end) = (instant_text(*start), instant_text(*end));
                let most = most(*max_entries);
                xml.empty("m:CalendarView", &[("MaxEntriesReturned", &most), ("StartDate", &start), ("EndDate", &end)]);
            }
            Which::Page { offset, max_entries } => {
                let (most, offset) = (most(*max_entries), offset.to_string());
                xml.empty(
                    "m:IndexedPageItemView",
                    &[("MaxEntriesReturned", &most), ("Offset", &offset), ("BasePoint", "Beginning")],
                );
            }
        }
    }
}

/// PidLidGlobalObjectId, as EWS names a property by its number.
const GLOBAL_OBJECT_ID: [(&str, &str); 3] =
    [("DistinguishedPropertySetId", "Meeting"), ("PropertyId", "3"), ("PropertyType", "Binary")];

fn equals(write_path: impl FnOnce(&mut Writer), value: &str, xml: &mut Writer) {
    xml.element("t:IsEqualTo", &[], |xml| {
        write_path(xml);
        xml.element("t:FieldURIOrConstant", &[], |xml| xml.empty("t:Constant", &[("Value", value)]));
    });
}

/// Items side by side, or in groups of which each holds its items.
fn read_root(mut root: Element<'_, '_>, found: &mut FoundItems) {
    while let Some(part) = root.child() {
        match part.name() {
            "Items" => read_items(part, &mut found.items),
            "Groups" => read_groups(part, found),
            _ => {}
        }
    }
}

fn read_groups(mut groups: Element<'_, '_>, found: &mut FoundItems) {
    while let Some(mut group) = groups.child() {
        while let Some(part) = group.child() {
            if part.name() == "Items" {
                read_items(part, &mut found.items);
            }
        }
    }
}
