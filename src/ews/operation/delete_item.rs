//! DeleteItem: into the user's *Deleted Items*, from where a person can take it back. Never mails anyone.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteitem-operation>

use super::{ItemRef, Operation, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::xml::{Element, Writer};

/// The request.
#[derive(Clone, Debug)]
pub struct DeleteItem {
    /// At least one. Exchange does not compare the ChangeKey here: whoever cares asks first.
    pub items: Vec<ItemRef>,
}

impl sealed::Sealed for DeleteItem {}

impl Operation for DeleteItem {
    const NAME: &'static str = "DeleteItem";
    const ONLY_READS: bool = false;
    type Outcome = ();

    fn write(&self, _: RequestVersion, xml: &mut Writer) {
        let attributes = [("DeleteType", "MoveToDeletedItems"), ("SendMeetingCancellations", "SendToNone")];
        xml.element("m:DeleteItem", &attributes, |xml| {
            xml.element("m:ItemIds", &[], |xml| self.items.iter().for_each(|item| item.write(xml)));
        });
    }

    fn read(_: Element<'_, '_>, (): &mut ()) {}
}
