//! GetItem: items by their ids, in batches.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/getitem-operation-calendar-item>

use super::{ItemRef, Operation, Shape, read_items, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::item::CalendarItem;
use crate::ews::xml::{Element, Writer};

/// The request.
#[derive(Clone, Debug)]
pub struct GetItem {
    pub shape: Shape,
    /// At least one.
    pub items: Vec<ItemRef>,
}

impl sealed::Sealed for GetItem {}

impl Operation for GetItem {
    const NAME: &'static str = "GetItem";
    const ONLY_READS: bool = true;
    /// One item, if all is well.
    type Outcome = Vec<CalendarItem>;

    fn write(&self, version: RequestVersion, xml: &mut Writer) {
        xml.element("m:GetItem", &[], |xml| {
            self.shape.write(version, xml);
            xml.element("m:ItemIds", &[], |xml| self.items.iter().for_each(|item| item.write(xml)));
        });
    }

    fn read(part: Element<'_, '_>, items: &mut Vec<CalendarItem>) {
        if part.name() == "Items" {
            read_items(part, items);
        }
    }
}
