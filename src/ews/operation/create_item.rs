//! CreateItem: new appointments in the user's calendar, in batches. Never mails anyone.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation-calendar-item>

use super::{FolderRef, Operation, read_items, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::item::{CalendarItem, Wire, write_new};
use crate::ews::xml::{Element, Writer};

/// The request.
#[derive(Clone, Debug)]
pub struct CreateItem<'e> {
    pub folder: FolderRef,
    /// At least one.
    pub items: Vec<Wire<'e>>,
}

impl sealed::Sealed for CreateItem<'_> {}

impl Operation for CreateItem<'_> {
    const NAME: &'static str = "CreateItem";
    const ONLY_READS: bool = false;
    /// The new item's id and ChangeKey.
    type Outcome = Vec<CalendarItem>;

    fn write(&self, _: RequestVersion, xml: &mut Writer) {
        // R16, scenario 9: the default of this attribute is the one that mails.
        xml.element("m:CreateItem", &[("SendMeetingInvitations", "SendToNone")], |xml| {
            xml.element("m:SavedItemFolderId", &[], |xml| self.folder.write(xml));
            xml.element("m:Items", &[], |xml| self.items.iter().for_each(|item| write_new(item, xml)));
        });
    }

    fn read(part: Element<'_, '_>, items: &mut Vec<CalendarItem>) {
        if part.name() == "Items" {
            read_items(part, items);
        }
    }
}
