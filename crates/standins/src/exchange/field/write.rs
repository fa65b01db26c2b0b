//! How a request's elements get into an item.

use roxmltree::Node;

use super::super::body::{Body, Kind};
use super::super::code::Refusal;
use super::super::item::{Attendee, Content, Person};
use super::super::xml;
use super::super::zone::{Definition, Zone};
use super::parse_time;

type Done = Result<(), Refusal>;

/// The schema has already seen to it that a value is one of its type.
fn flag(node: Node) -> bool {
    matches!(xml::text(node).trim(), "true" | "1")
}

fn word(node: Node) -> String {
    xml::text(node).trim().to_owned()
}

pub fn uid(content: &mut Content, node: Node, _: Zone) -> Done {
    content.uid = Some(word(node)).filter(|uid| !uid.is_empty());
    Ok(())
}

pub fn item_class(content: &mut Content, node: Node, _: Zone) -> Done {
    content.item_class = word(node);
    if content.item_class.starts_with("IPM.Appointment") {
        return Ok(());
    }
    Err(Refusal::saying("ErrorObjectTypeChanged", "ItemClass does not match the type of the item."))
}

pub fn subject(content: &mut Content, node: Node, _: Zone) -> Done {
    content.subject = Some(xml::text(node));
    Ok(())
}

pub fn sensitivity(content: &mut Content, node: Node, _: Zone) -> Done {
    content.sensitivity = word(node);
    Ok(())
}

pub fn body(content: &mut Content, node: Node, _: Zone) -> Done {
    let kind = if node.attribute("BodyType") == Some("HTML") { Kind::Html } else { Kind::Text };
    content.body = Some(Body { kind, content: xml::text(node) });
    Ok(())
}

pub fn categories(content: &mut Content, node: Node, _: Zone) -> Done {
    content.categories = xml::elements(node).map(xml::text).collect();
    Ok(())
}

pub fn importance(content: &mut Content, node: Node, _: Zone) -> Done {
    content.importance = word(node);
    Ok(())
}

pub fn reminder_is_set(content: &mut Content, node: Node, _: Zone) -> Done {
    content.reminder_is_set = flag(node);
    Ok(())
}

pub fn reminder_minutes(content: &mut Content, node: Node, _: Zone) -> Done {
    content.reminder_minutes = word(node).parse().unwrap_or_default();
    Ok(())
}

pub fn start(content: &mut Content, node: Node, zone: Zone) -> Done {
    content.start = parse_time(&word(node), content.start_zone.unwrap_or(zone));
    Ok(())
}

pub fn end(content: &mut Content, node: Node, zone: Zone) -> Done {
    content.end = parse_time(&word(node), content.end_zone.or(content.start_zone).unwrap_or(zone));
    Ok(())
}

pub fn start_zone(content: &mut Content, node: Node, _: Zone) -> Done {
    content.start_zone = Some(zone(node)?);
    Ok(())
}

pub fn end_zone(content: &mut Content, node: Node, _: Zone) -> Done {
    content.end_zone = Some(zone(node)?);
    Ok(())
}

/// What Exchange 2007 had instead of StartTimeZone and EndTimeZone.
pub fn meeting_zone(content: &mut Content, node: Node, _: Zone) -> Done {
    let id = node.attribute("TimeZoneName").unwrap_or_default();
    let zone = Zone::from_windows(id).ok_or_else(|| Refusal::new("ErrorTimeZone"))?;
    (content.start_zone, content.end_zone) = (Some(zone), Some(zone));
    Ok(())
}

/// A zone that this server knows by its id, else one whose rules come along: an id alone that no Windows knows says
/// nothing (R05). A zone that comes without an id gets the one that .NET gives it.
pub fn zone(node: Node) -> Result<Zone, Refusal> {
    let attribute = |name| node.attribute(name).map(str::trim).filter(|text| !text.is_empty());
    let id = attribute("Id").unwrap_or("tzone://Microsoft/Custom");
    if let Some(known) = Zone::from_windows(id) {
        return Ok(known);
    }
    let definition = Definition::read(node)?.ok_or_else(|| Refusal::new("ErrorTimeZone"))?;
    Ok(Zone::defined(id, attribute("Name").unwrap_or(id), definition))
}

pub fn all_day(content: &mut Content, node: Node, _: Zone) -> Done {
    content.all_day = flag(node);
    Ok(())
}

pub fn free_busy(content: &mut Content, node: Node, _: Zone) -> Done {
    content.free_busy = word(node);
    Ok(())
}

pub fn place(content: &mut Content, node: Node, _: Zone) -> Done {
    content.place = Some(xml::text(node));
    Ok(())
}

pub fn response_requested(content: &mut Content, node: Node, _: Zone) -> Done {
    content.response_requested = flag(node);
    Ok(())
}

pub fn allow_new_time(content: &mut Content, node: Node, _: Zone) -> Done {
    content.allow_new_time = flag(node);
    Ok(())
}

pub fn required(content: &mut Content, node: Node, _: Zone) -> Done {
    content.required = attendees(node)?;
    Ok(())
}

pub fn optional(content: &mut Content, node: Node, _: Zone) -> Done {
    content.optional = attendees(node)?;
    Ok(())
}

pub fn resources(content: &mut Content, node: Node, _: Zone) -> Done {
    content.resources = attendees(node)?;
    Ok(())
}

fn attendees(node: Node) -> Result<Vec<Attendee>, Refusal> {
    xml::elements(node)
        .map(|attendee| {
            let mailbox = xml::child(attendee, "Mailbox");
            let part = |name| mailbox.and_then(|mailbox| xml::child_text(mailbox, name)).unwrap_or_default();
            let address = part("EmailAddress").trim().to_owned();
            if address.is_empty() {
                return Err(Refusal::saying("ErrorMissingInformationEmailAddress", "An e-mail address is required."));
            }
            let name = Some(part("Name")).filter(|name| !name.is_empty()).unwrap_or_else(|| address.clone());
            let response = xml::child_text(attendee, "ResponseType").unwrap_or_else(|| "Unknown".to_owned());
            Ok(Attendee { person: Person { name, address }, response })
        })
        .collect()
}

pub fn recurrence(content: &mut Content, node: Node, _: Zone) -> Done {
    content.recurrence = Some(super::super::recurrence::read(node)?);
    Ok(())
}
