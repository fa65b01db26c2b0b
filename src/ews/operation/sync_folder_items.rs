//! SyncFolderItems: which items were created, changed or deleted since a sync state.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation>
//!
//! It gives ids and little more (R08), series masters but no occurrences (R09), and whatever else lies in the folder,
//! tasks and notes included. Details are GetItem's business.

use super::{FolderRef, Operation, Shape, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::item::CalendarItem;
use crate::ews::xml::{Element, Writer};

/// The most that a server gives in one page.
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/maxchangesreturned>
pub const MOST_CHANGES: u32 = 512;

/// The request.
#[derive(Clone, Debug)]
pub struct SyncFolderItems {
    pub folder: FolderRef,
    /// Where the last page ended; `None` begins with everything that is there.
    pub state: Option<String>,
    /// At most [`MOST_CHANGES`].
    pub max_changes: u32,
}

/// A page of the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyncPage {
    pub state: Option<String>,
    /// Nothing more is to come.
    pub is_last: Option<bool>,
    pub changes: Vec<ItemChange>,
}

/// What happened to an item.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemChange {
    Created(Box<CalendarItem>),
    Updated(Box<CalendarItem>),
    Deleted(Box<CalendarItem>),
    /// Only whether it was read, of no interest in a calendar; or a kind of change that was invented later.
    Other(Box<CalendarItem>),
}

impl ItemChange {
    /// The item, with the few fields that [`Shape::Known`] asks for.
    pub fn item(&self) -> &CalendarItem {
        match self {
            ItemChange::Created(item)
            | ItemChange::Updated(item)
            | ItemChange::Deleted(item)
            | ItemChange::Other(item) => item,
        }
    }
}

impl sealed::Sealed for SyncFolderItems {}

impl Operation for SyncFolderItems {
    const NAME: &'static str = "SyncFolderItems";
    const ONLY_READS: bool = true;
    type Outcome = SyncPage;

    fn write(&self, version: RequestVersion, xml: &mut Writer) {
        xml.element("m:SyncFolderItems", &[], |xml| {
            Shape::Known.write(version, xml);
            xml.element("m:SyncFolderId", &[], |xml| self.folder.write(xml));
            if let Some(state) = &self.state {
                xml.text("m:SyncState", &[], state);
            }
            xml.text("m:MaxChangesReturned", &[], &self.max_changes.clamp(1, MOST_CHANGES).to_string());
        });
    }

    fn read(mut part: Element<'_, '_>, page: &mut SyncPage) {
        match part.name() {
            "SyncState" => page.state = Some(part.text().trim().to_owned()).filter(|state| !state.is_empty()),
            "IncludesLastItemInRange" => page.is_last = Some(part.text().trim().eq_ignore_ascii_case("true")),
            "Changes" => {
                while let Some(change) = part.child() {
                    page.changes.push(read_change(change));
                }
            }
            _ => {}
        }
    }
}

/// `<t:Create><t:CalendarItem>…`, or `<t:Delete><t:ItemId …/>` with the id itself.
fn read_change(mut change: Element<'_, '_>) -> ItemChange {
    let kind = match change.name() {
        "Create" => ItemChange::Created,
        "Update" => ItemChange::Updated,
        "Delete" => ItemChange::Deleted,
        _ => ItemChange::Other,
    };
    let mut item = CalendarItem::default();
    while let Some(inner) = change.child() {
        match inner.name() {
            "ItemId" => item.read_id(&inner),
            "IsRead" => {}
            _ => item = CalendarItem::read(inner),
        }
    }
    kind(Box::new(item))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ews::envelope::read;

    #[test]
    fn every_kind_of_change_to_every_kind_of_item_is_reported() {
        let answer = "<Envelope><Body><SyncFolderItemsResponse><ResponseMessages>\
            <SyncFolderItemsResponseMessage ResponseClass='Success'><ResponseCode>NoError</ResponseCode>\
            <SyncState>H4sI==</SyncState><IncludesLastItemInRange>false</IncludesLastItemInRange><Changes>\
            <Create><CalendarItem><ItemId Id='1' ChangeKey='a'/><Start>2027-01-11T08:00:00Z</Start></CalendarItem></Create>\
            <Update><Task><ItemId Id='2' ChangeKey='b'/></Task></Update>\
            <Delete><ItemId Id='3' ChangeKey='c'/></Delete>\
            <ReadFlagChange><ItemId Id='4' ChangeKey='d'/><IsRead>true</IsRead></ReadFlagChange>\
            <Archive><Hologram><ItemId Id='5' ChangeKey='e'/></Hologram></Archive>\
            </Changes></SyncFolderItemsResponseMessage></ResponseMessages></SyncFolderItemsResponse></Body></Envelope>";
        let mut messages = read::<SyncFolderItems>(answer.as_bytes()).unwrap().messages;
        let page = messages.remove(0).unwrap();
        assert_eq!((page.state.as_deref(), page.is_last), (Some("H4sI=="), Some(false)));
        let said: Vec<String> = page
            .changes
            .iter()
            .map(|change| {
                let kind = match change {
                    ItemChange::Created(_) => "created",
                    ItemChange::Updated(_) => "updated",
                    ItemChange::Deleted(_) => "deleted",
                    ItemChange::Other(_) => "other",
                };
                let item = change.item();
                let (id, key) = (item.id.as_ref().unwrap(), item.change_key.as_ref().unwrap());
                format!("{kind} {} {}", id.as_str(), key.as_str())
            })
            .collect();
        assert_eq!(said, ["created 1 a", "updated 2 b", "deleted 3 c", "other 4 d", "other 5 e"]);
        assert!(page.changes[0].item().start.is_some());
    }
}
