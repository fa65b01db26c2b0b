//! UpdateItem: the fields in which an item shall differ, in batches. Never mails anyone.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem-operation>

use super::{ItemRef, Operation, read_items, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::item::{CalendarItem, FieldChange, write_change};
use crate::ews::xml::{Element, Writer};

/// The request.
#[derive(Clone, Debug)]
pub struct UpdateItem<'e> {
    /// At least one.
    pub items: Vec<ItemUpdate<'e>>,
    pub conflict: Conflict,
}

/// What happens to an item whose ChangeKey is out of date. The third choice, AutoResolve, which is the default, would
/// merge behind our back.
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// It is refused, and the engine decides again (R15).
    NeverOverwrite,
    /// It is written all the same; the caller has made sure. The ChangeKey may be left out.
    AlwaysOverwrite,
}

/// What shall differ in one item.
#[derive(Clone, Debug)]
pub struct ItemUpdate<'e> {
    /// With the ChangeKey of what `changes` was computed from.
    pub item: ItemRef,
    /// At least one: see [`changes`](crate::ews::item::changes).
    pub changes: Vec<FieldChange<'e>>,
}

impl sealed::Sealed for UpdateItem<'_> {}

impl Operation for UpdateItem<'_> {
    const NAME: &'static str = "UpdateItem";
    const ONLY_READS: bool = false;
    /// The item's new ChangeKey.
    type Outcome = Vec<CalendarItem>;

    fn write(&self, _: RequestVersion, xml: &mut Writer) {
        let conflict = match self.conflict {
            Conflict::NeverOverwrite => "NeverOverwrite",
            Conflict::AlwaysOverwrite => "AlwaysOverwrite",
        };
        let attributes = [("ConflictResolution", conflict), ("SendMeetingInvitationsOrCancellations", "SendToNone")];
        xml.element("m:UpdateItem", &attributes, |xml| {
            xml.element("m:ItemChanges", &[], |xml| {
                for update in &self.items {
                    xml.element("t:ItemChange", &[], |xml| {
                        update.item.write(xml);
                        xml.element("t:Updates", &[], |xml| {
                            update.changes.iter().for_each(|change| write_change(change, xml));
                        });
                    });
                }
            });
        });
    }

    fn read(part: Element<'_, '_>, items: &mut Vec<CalendarItem>) {
        if part.name() == "Items" {
            read_items(part, items);
        }
    }
}
