//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/createitem-operation-calendar-item>

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::extended::ExtendedProperty;
use super::super::field::{self, Write};
use super::super::id::Folder;
use super::super::item::Content;
use super::super::mail::{self, Kind};
use super::super::shape;
use super::super::xml::{self, Element};
use super::super::zone::Zone;
use super::{Call, asked_for, each, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let folder = target(request, call);
    let send = request.attribute("SendMeetingInvitations");
    let items = asked_for(request).filter(|node| node.parent().is_some_and(|list| list.tag_name().name() == "Items"));
    each("CreateItem", items, call, |item, call| {
        let (address, folder) = folder.clone()?;
        let created = create(item, &address, folder, send, call)?;
        Ok(success("CreateItem").child(Element::new("m:Items").child(created)))
    })
}

/// The folder that new items go to, and its owner: the caller's own calendar unless it says otherwise.
fn target(request: Node, call: &Call) -> Result<(String, Folder), Refusal> {
    let folder = xml::child(request, "SavedItemFolderId").and_then(|target| xml::elements(target).next());
    match (folder, &call.caller) {
        (Some(folder), caller) => {
            caller.calendar(call.state, folder, "ErrorCannotCreateCalendarItemInNonCalendarFolder")
        }
        (None, super::Caller::Owner(address)) => Ok((address.clone(), Folder::Calendar)),
        (None, super::Caller::ServiceAccount) => Err(Refusal::new("ErrorMissingEmailAddress")),
    }
}

fn create(item: Node, address: &str, folder: Folder, send: Option<&str>, call: &mut Call) -> Result<Element, Refusal> {
    if item.tag_name().name() != "CalendarItem" {
        return Err(Refusal::saying("ErrorInvalidOperation", "This server keeps calendar items only."));
    }
    let send = send.ok_or_else(|| Refusal::new("ErrorSendMeetingInvitationsRequired"))?;
    xml::elements(item).try_for_each(|property| call.check_age(property))?;
    let mut content = read(item, call.zone)?.settled(call.zone, call.now)?;
    if let Some(refusal) = call.state.poisoned("CreateItem", &content) {
        return Err(refusal);
    }
    let by = call.caller_name();
    let (now, dialect) = (call.now, call.dialect());
    let mailbox = call.state.mailboxes.get_mut(&address.to_ascii_lowercase());
    let mailbox = mailbox.ok_or_else(|| Refusal::new("ErrorFolderNotFound"))?;
    let invitation = mail::due(send, Kind::Invitation, &mailbox.owner, &content, &[], now);
    content.invitations_sent = invitation.is_some();
    let owner = mailbox.owner.clone();
    let created = mailbox.create(folder, content, &by, now, &mut call.state.random);
    let shown = shape::id_only(created, &owner, dialect);
    call.state.outbox.extend(invitation);
    Ok(shown)
}

/// The time zones first: in the schema they stand after the times that may need them.
fn read(item: Node, context_zone: Zone) -> Result<Content, Refusal> {
    let mut content = Content::default();
    let is_zone = |node: &Node| node.tag_name().name().ends_with("TimeZone");
    let zones = xml::elements(item).filter(|node| is_zone(node));
    let others = xml::elements(item).filter(|node| !is_zone(node));
    for node in zones.chain(others) {
        let name = node.tag_name().name();
        if name == "ExtendedProperty" {
            content.extended.push(ExtendedProperty::read(node)?);
            continue;
        }
        let refused = || Refusal::new("ErrorInvalidPropertySet").about_field(name);
        match field::by_name(name).ok_or_else(refused)?.write {
            Write::Never => return Err(refused()),
            Write::OnCreate(set) | Write::Set(set) | Write::SetOrDelete(set, _) => {
                set(&mut content, node, context_zone)?
            }
        }
    }
    Ok(content)
}
