//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/updateitem-operation>

use chrono::NaiveDate;
use roxmltree::Node;

use super::super::code::Refusal;
use super::super::extended::{ExtendedPath, ExtendedProperty};
use super::super::field::{self, Owner, Write};
use super::super::id;
use super::super::item::{Content, Item};
use super::super::mail::{self, Kind};
use super::super::shape;
use super::super::store::{Edit, Mailbox};
use super::super::xml::{self, Element};
use super::super::zone::Zone;
use super::{Call, asked_for, each, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let send = request.attribute("SendMeetingInvitationsOrCancellations");
    let resolution = request.attribute("ConflictResolution").unwrap_or_default();
    let changes = asked_for(request).filter(|node| node.tag_name().name() == "ItemChange");
    each("UpdateItem", changes, call, |change, call| {
        let updated = update(change, resolution, send, call)?;
        let conflicts = Element::new("m:ConflictResults").child(Element::new("t:Count").text("0"));
        Ok(success("UpdateItem").child(Element::new("m:Items").child(updated)).child(conflicts))
    })
}

fn update(change: Node, resolution: &str, send: Option<&str>, call: &mut Call) -> Result<Element, Refusal> {
    let not_found = || Refusal::new("ErrorItemNotFound");
    let id = xml::elements(change).next().ok_or_else(not_found)?;
    let (address, place) = call.caller.item(call.state, id)?;
    let send = send.ok_or_else(|| Refusal::new("ErrorSendMeetingInvitationsOrCancellationsRequired"))?;
    let mailbox = call.state.mailbox(&address).ok_or_else(not_found)?;
    let item = mailbox.find(place).ok_or_else(not_found)?;
    let updates: Vec<Node> = xml::child(change, "Updates").into_iter().flat_map(xml::elements).collect();
    let fields = updates.iter().map(|update| path_of(*update)).collect::<Result<Vec<_>, _>>()?;
    let paths: Vec<String> = fields.iter().map(|field| place.path(field)).collect();
    if !call.state.server.is_grommunio() {
        check_conflict(&item, &mailbox.owner, id, resolution, &paths)?;
    }

    let before: Vec<String> = item.content.attendees().map(|attendee| attendee.person.address.clone()).collect();
    let mut content = item.content.clone();
    for update in updates {
        check_age(update, call)?;
        apply(update, &mut content, call.zone)?;
    }
    let mut content = content.settled(call.zone, call.now)?;
    if let Some(date) = place.date {
        check_exception(mailbox, place.key, date, &content)?;
    }
    if let Some(refusal) = call.state.poisoned("UpdateItem", &content) {
        return Err(refusal);
    }
    let added = content.attendees().map(|attendee| attendee.person.address.clone());
    let added: Vec<String> = added.filter(|address| !before.contains(address)).collect();
    let owner = mailbox.owner.clone();
    let mail = mail::due(send, Kind::Update, &owner, &content, &added, call.now);
    if mail.is_some() {
        content.sequence += 1;
        content.invitations_sent = true;
    }
    let edit = Edit { fields, by: call.caller_name(), at: call.now, is_told: call.tells_of(place) };
    let dialect = call.dialect();
    let mailbox = call.state.mailbox_mut(&address).ok_or_else(not_found)?;
    let updated = mailbox.update(place, content, &edit).ok_or_else(not_found)?;
    let shown = shape::id_only(&updated, &owner, dialect);
    call.state.outbox.extend(mail);
    Ok(shown)
}

/// An exception is no series, and keeps its place among its neighbours.
fn check_exception(mailbox: &Mailbox, key: u64, date: NaiveDate, content: &Content) -> Result<(), Refusal> {
    if content.recurrence.is_some() {
        return Err(Refusal::new("ErrorInvalidPropertySet").about_field("calendar:Recurrence"));
    }
    let series = mailbox.items.get(&key).ok_or_else(|| Refusal::new("ErrorItemNotFound"))?;
    series.check_move(date, content)
}

/// NeverOverwrite wants the newest ChangeKey; AutoResolve is content when nobody has written the same fields since
/// that ChangeKey; AlwaysOverwrite asks for none.
fn check_conflict(item: &Item, owner: &Owner, id: Node, resolution: &str, paths: &[String]) -> Result<(), Refusal> {
    if resolution == "AlwaysOverwrite" {
        return Ok(());
    }
    let change_key = id.attribute("ChangeKey").filter(|key| !key.is_empty());
    let change_key = change_key.ok_or_else(|| Refusal::new("ErrorChangeKeyRequiredForWriteOperations"))?;
    let known = id::version_of(&owner.guid, change_key).ok_or_else(|| Refusal::new("ErrorInvalidChangeKey"))?;
    let written_since = |path: &String| item.written.get(path).is_some_and(|version| *version > known);
    let conflict = match resolution {
        "NeverOverwrite" => known != item.version(),
        _ => paths.iter().any(written_since),
    };
    if conflict { Err(Refusal::new("ErrorIrresolvableConflict")) } else { Ok(()) }
}

fn check_age(update: Node, call: &Call) -> Result<(), Refusal> {
    let path = xml::elements(update).next();
    let uri = path.and_then(|path| path.attribute("FieldURI")).unwrap_or_default();
    if !call.schema.has(uri) {
        return Err(Refusal::new("ErrorInvalidPropertyRequest").about_field(uri));
    }
    let properties = xml::elements(update).skip(1).flat_map(xml::elements);
    properties.into_iter().try_for_each(|property| call.check_age(property))
}

/// A name for the one field that an update is about.
fn path_of(update: Node) -> Result<String, Refusal> {
    let path = xml::elements(update).next().ok_or_else(|| Refusal::new("ErrorIncorrectUpdatePropertyCount"))?;
    match path.tag_name().name() {
        "FieldURI" => Ok(path.attribute("FieldURI").unwrap_or_default().to_owned()),
        "ExtendedFieldURI" => Ok(ExtendedPath::read(path)?.to_element().to_xml()),
        _ => Err(Refusal::new("ErrorInvalidPropertyRequest")),
    }
}

fn apply(update: Node, content: &mut Content, zone: Zone) -> Result<(), Refusal> {
    let mut inside = xml::elements(update);
    let path = inside.next().ok_or_else(|| Refusal::new("ErrorIncorrectUpdatePropertyCount"))?;
    match update.tag_name().name() {
        "SetItemField" => {
            let item = inside.next().filter(|item| item.tag_name().name() == "CalendarItem");
            let item = item.ok_or_else(|| Refusal::new("ErrorUpdatePropertyMismatch"))?;
            set(path, only_property(item)?, content, zone)
        }
        "DeleteItemField" => delete(path, content),
        // Some fields can be appended to on a real server; nothing here needs it, and what is not done is refused.
        _ => Err(Refusal::new("ErrorInvalidPropertyAppend")),
    }
}

fn only_property<'a, 'input>(item: Node<'a, 'input>) -> Result<Node<'a, 'input>, Refusal> {
    let mut properties = xml::elements(item);
    match (properties.next(), properties.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(Refusal::new("ErrorIncorrectUpdatePropertyCount")),
    }
}

fn set(path: Node, property: Node, content: &mut Content, zone: Zone) -> Result<(), Refusal> {
    let mismatch = || Refusal::new("ErrorUpdatePropertyMismatch");
    if path.tag_name().name() == "ExtendedFieldURI" {
        if property.tag_name().name() != "ExtendedProperty" {
            return Err(mismatch());
        }
        let path = ExtendedPath::read(path)?;
        let property = ExtendedProperty::read(property)?;
        if property.path != path {
            return Err(mismatch());
        }
        content.extended.retain(|kept| kept.path != path);
        content.extended.push(property);
        return Ok(());
    }
    let uri = path.attribute("FieldURI").unwrap_or_default();
    let refused = || Refusal::new("ErrorInvalidPropertySet").about_field(uri);
    let field = field::by_uri(uri).ok_or_else(refused)?;
    if property.tag_name().name() != field.name {
        return Err(mismatch());
    }
    match field.write {
        Write::Set(set) | Write::SetOrDelete(set, _) => set(content, property, zone),
        Write::OnCreate(_) | Write::Never => Err(refused()),
    }
}

fn delete(path: Node, content: &mut Content) -> Result<(), Refusal> {
    if path.tag_name().name() == "ExtendedFieldURI" {
        let path = ExtendedPath::read(path)?;
        content.extended.retain(|kept| kept.path != path);
        return Ok(());
    }
    let uri = path.attribute("FieldURI").unwrap_or_default();
    match field::by_uri(uri).map(|field| field.write) {
        Some(Write::SetOrDelete(_, delete)) => {
            delete(content);
            Ok(())
        }
        _ => Err(Refusal::new("ErrorInvalidPropertyDelete").about_field(uri)),
    }
}
