//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/syncfolderitems-operation>

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::id::{self, Named};
use super::super::shape::{ItemShape, Through};
use super::super::store::{Change, SyncState};
use super::super::xml::{self, Element};
use super::{Call, error, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    vec![sync(request, call).unwrap_or_else(|refusal| error("SyncFolderItems", &refusal))]
}

fn sync(request: Node, call: &Call) -> Result<Element, Refusal> {
    let shape = ItemShape::read(xml::child(request, "ItemShape"), call.dialect())?;
    let folder = xml::child(request, "SyncFolderId").and_then(|target| xml::elements(target).next());
    let folder = folder.ok_or_else(|| Refusal::new("ErrorSyncFolderNotFound"))?;
    let (address, folder) =
        call.caller.calendar(call.state, folder, "ErrorInvalidOperation").map_err(as_sync_folder)?;
    let mailbox = call.state.mailbox(&address).ok_or_else(|| Refusal::new("ErrorSyncFolderNotFound"))?;
    let state = match xml::child_text(request, "SyncState").filter(|state| !state.trim().is_empty()) {
        Some(sealed) => mailbox.unseal(folder, &sealed).ok_or_else(|| Refusal::new("ErrorInvalidSyncStateData"))?,
        None => SyncState::default(),
    };
    let limit = xml::child_text(request, "MaxChangesReturned").and_then(|text| text.trim().parse().ok()).unwrap_or(512);
    let ignored: Vec<&str> =
        xml::child(request, "Ignore").into_iter().flat_map(xml::elements).filter_map(|id| id.attribute("Id")).collect();

    let (changes, next, is_last) = mailbox.changes_since(folder, &state, limit);
    let shown = changes.iter().filter_map(|change| {
        let (name, key, inner) = match change {
            Change::Create(item) => ("t:Create", item.key, shape.show(item, &mailbox.owner, Through::Find)),
            Change::Update(item) => ("t:Update", item.key, shape.show(item, &mailbox.owner, Through::Find)),
            Change::Delete { key, version } => {
                let id = Named::Item { mailbox: mailbox.owner.guid, key: *key }.encode();
                let change_key = id::change_key(&mailbox.owner.guid, *version);
                ("t:Delete", *key, Element::new("t:ItemId").attribute("Id", id).attribute("ChangeKey", change_key))
            }
        };
        let id = Named::Item { mailbox: mailbox.owner.guid, key }.encode();
        (!ignored.contains(&id.as_str())).then(|| Element::new(name).child(inner))
    });
    Ok(success("SyncFolderItems")
        .child(Element::new("m:SyncState").text(mailbox.seal(folder, &next)))
        .child(Element::new("m:IncludesLastItemInRange").text(is_last.to_string()))
        .child(Element::new("m:Changes").children(shown)))
}

/// This operation has a word of its own for a folder that is not there.
fn as_sync_folder(refusal: Refusal) -> Refusal {
    if refusal.code == "ErrorFolderNotFound" { Refusal::new("ErrorSyncFolderNotFound") } else { refusal }
}
