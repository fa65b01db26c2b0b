//! How a request names a folder or an item.

use crate::ews::item::{ChangeKey, ItemId};
use crate::ews::xml::Writer;

/// Exchange's id of a folder. Opaque.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FolderId(String);

impl FolderId {
    pub fn new(id: impl Into<String>) -> Self {
        FolderId(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which folder: one that every mailbox has, or one by its id.
///
/// The mailbox is named although the request impersonates its owner, because a service account may have none of its
/// own (R24).
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/distinguishedfolderid>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FolderRef {
    /// The calendar that Outlook opens first.
    Calendar {
        mailbox: String,
    },
    /// What all folders that a person sees lie in.
    Root {
        mailbox: String,
    },
    Id(FolderId),
}

impl FolderRef {
    pub(super) fn write(&self, xml: &mut Writer) {
        let (name, mailbox) = match self {
            FolderRef::Calendar { mailbox } => ("calendar", mailbox),
            FolderRef::Root { mailbox } => ("msgfolderroot", mailbox),
            FolderRef::Id(id) => return xml.empty("t:FolderId", &[("Id", id.as_str())]),
        };
        xml.element("t:DistinguishedFolderId", &[("Id", name)], |xml| {
            xml.element("t:Mailbox", &[], |xml| xml.text("t:EmailAddress", &[], mailbox));
        });
    }
}

/// Which item; with the ChangeKey where the server shall notice that it is out of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemRef {
    /// A single event, a series, or an occurrence that has an id of its own.
    Item { id: ItemId, change_key: Option<ChangeKey> },
    /// An occurrence by its number: the first is 1, and deleted ones count (R17). An occurrence that was never changed
    /// can be named only so.
    /// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/occurrenceitemid>
    Occurrence { series: ItemId, index: u32, change_key: Option<ChangeKey> },
}

impl ItemRef {
    /// The item in the state that `change_key` marks.
    pub fn in_state(id: ItemId, change_key: ChangeKey) -> Self {
        ItemRef::Item { id, change_key: Some(change_key) }
    }

    pub(super) fn write(&self, xml: &mut Writer) {
        let index;
        let (name, mut attributes, change_key) = match self {
            ItemRef::Item { id, change_key } => ("t:ItemId", vec![("Id", id.as_str())], change_key),
            ItemRef::Occurrence { series, index: number, change_key } => {
                index = number.to_string();
                let attributes = vec![("RecurringMasterId", series.as_str()), ("InstanceIndex", index.as_str())];
                ("t:OccurrenceItemId", attributes, change_key)
            }
        };
        attributes.extend(change_key.as_ref().map(|key| ("ChangeKey", key.as_str())));
        xml.empty(name, &attributes);
    }
}

impl From<ItemId> for ItemRef {
    fn from(id: ItemId) -> Self {
        ItemRef::Item { id, change_key: None }
    }
}
