//! The table of fields.
//!
//! A row reads like the specification: the element's name, its FieldURI, how it is read into a [`CalendarItem`], and,
//! unless it is read-only, what an event says in its place. Attendees and the organiser are read-only *here*, so
//! that there is no code that could ever write one (R16).

use crate::event::{Attendance, Participant, Person};
use crate::ews::envelope::RequestVersion;
use crate::ews::html;
use crate::ews::item::write::{Value, Wire};
use crate::ews::item::{CalendarItem, ItemId, MarkerField, OccurrenceInfo, recurrence, values};
use crate::ews::xml::Element;
use crate::ews::zone_definition::ZoneDefinition;
use crate::rfc3339::instant_text;

/// A field of a calendar item.
pub struct Field {
    /// The element's name, as it is written.
    pub(super) tag: &'static str,
    /// How a request names the field; `None` where it needs no asking, or asking of another kind.
    pub uri: Option<&'static str>,
    pub(super) read: fn(&mut CalendarItem, Element<'_, '_>),
    pub(super) write: for<'e> fn(&Wire<'e>) -> Value<'e>,
    pub(super) part: Part,
    /// The version of the schema that brought it; an older one refuses a request that names it.
    pub(in crate::ews) since: RequestVersion,
}

/// Of `t:`, the prefix that we write; servers choose their own.
const PREFIX: usize = 2;

/// The field of that name. The table is searched from `*next` on, behind the field found last: servers keep the
/// schema's order nearly always, and reading an answer is mostly looking up names.
pub(super) fn find(name: &str, next: &mut usize) -> Option<&'static Field> {
    let (before, after) = FIELDS.split_at((*next).min(FIELDS.len()));
    let is_it =
        |field: &Field| field.tag.len() == PREFIX + name.len() && field.tag.as_bytes()[PREFIX..] == *name.as_bytes();
    let at = match after.iter().position(is_it) {
        Some(at) => before.len() + at,
        None => before.iter().position(is_it)?,
    };
    *next = at + 1;
    FIELDS.get(at)
}

/// How a field takes part in an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Written when it differs.
    Alone,
    /// Written with all of `Zone` and `Time` when one of them differs: the zones first, and never one end without the
    /// other, because Exchange checks the end against the old start meanwhile (R06).
    Zone,
    Time,
    /// Written when it differs, after the times, from which it counts.
    Rule,
}

type Read = fn(&mut CalendarItem, Element<'_, '_>);
type Write = for<'e> fn(&Wire<'e>) -> Value<'e>;

const fn field(tag: &'static str, uri: &'static str, part: Part, read: Read, write: Write) -> Field {
    Field { tag, uri: Some(uri), read, write, part, since: RequestVersion::Exchange2010Sp2 }
}

const fn read_only(tag: &'static str, uri: &'static str, read: Read) -> Field {
    field(tag, uri, Part::Alone, read, |_| Value::Kept)
}

const fn since_2013(field: Field) -> Field {
    Field { since: RequestVersion::Exchange2013, ..field }
}

/// A field that comes without asking, or by asking otherwise.
const fn unasked(tag: &'static str, read: Read, write: Write) -> Field {
    Field { tag, uri: None, read, write, part: Part::Alone, since: RequestVersion::Exchange2010Sp2 }
}

/// Every field that we know, in the schema's order.
pub static FIELDS: &[Field] = &[
    unasked("t:ItemId", |item, part| item.read_id(&part), |_| Value::Kept),
    field(
        "t:Subject",
        "item:Subject",
        Part::Alone,
        |item, part| item.subject = part.text().into_owned(),
        |wire| Value::text_or_absent(&wire.event.title),
    ),
    field(
        "t:Sensitivity",
        "item:Sensitivity",
        Part::Alone,
        |item, part| item.sensitivity = values::sensitivity(&part.text()),
        |wire| Value::name(values::sensitivity_name(wire.event.sensitivity)),
    ),
    field("t:Body", "item:Body", Part::Alone, read_body, |wire| match wire.event.body.as_str() {
        "" => Value::Absent,
        body => Value::Body(body),
    }),
    read_only("t:Attachments", "item:Attachments", read_attachments),
    field("t:Categories", "item:Categories", Part::Alone, read_categories, |wire| match &wire.event.categories {
        none if none.is_empty() => Value::Absent,
        categories => Value::Strings(categories),
    }),
    field(
        "t:Importance",
        "item:Importance",
        Part::Alone,
        |item, part| item.importance = values::importance(&part.text()),
        |wire| Value::name(values::importance_name(wire.event.importance)),
    ),
    read_only("t:DateTimeCreated", "item:DateTimeCreated", |item, part| item.created = values::instant(&part.text())),
    field(
        "t:ReminderIsSet",
        "item:ReminderIsSet",
        Part::Alone,
        |item, part| item.reminder_is_set = values::boolean(&part.text()),
        // Always said: left out, Exchange gives a new item its own 15 minutes.
        |wire| Value::boolean(wire.event.reminder.is_some()),
    ),
    field(
        "t:ReminderMinutesBeforeStart",
        "item:ReminderMinutesBeforeStart",
        Part::Alone,
        |item, part| item.reminder_minutes = values::reminder_minutes(&part.text()),
        |wire| match wire.event.reminder {
            Some(reminder) => Value::Text(values::reminder_text(reminder).into()),
            None => Value::Kept,
        },
    ),
    unasked("t:ExtendedProperty", read_extended_property, |wire| wire.marker.map_or(Value::Kept, Value::Marker)),
    read_only("t:LastModifiedTime", "item:LastModifiedTime", |item, part| {
        item.last_modified = values::instant(&part.text());
    }),
    read_only("t:UID", "calendar:UID", |item, part| {
        item.uid = Some(part.text().trim().to_owned()).filter(|uid| !uid.is_empty());
    }),
    field(
        "t:Start",
        "calendar:Start",
        Part::Time,
        |item, part| item.start = values::instant(&part.text()),
        |wire| Value::Text(instant_text(wire.start).into()),
    ),
    field(
        "t:End",
        "calendar:End",
        Part::Time,
        |item, part| item.end = values::instant(&part.text()),
        |wire| Value::Text(instant_text(wire.end).into()),
    ),
    read_only("t:OriginalStart", "calendar:OriginalStart", |item, part| {
        item.original_start = values::instant(&part.text());
    }),
    field(
        "t:IsAllDayEvent",
        "calendar:IsAllDayEvent",
        Part::Time,
        |item, part| item.is_all_day = values::boolean(&part.text()),
        |wire| Value::boolean(wire.event.when.is_all_day()),
    ),
    field(
        "t:LegacyFreeBusyStatus",
        "calendar:LegacyFreeBusyStatus",
        Part::Alone,
        |item, part| item.free_busy = values::free_busy(&part.text()),
        |wire| Value::name(values::free_busy_name(wire.event.free_busy, wire.version)),
    ),
    field(
        "t:Location",
        "calendar:Location",
        Part::Alone,
        |item, part| item.location = part.text().into_owned(),
        |wire| Value::text_or_absent(&wire.event.place),
    ),
    read_only("t:IsMeeting", "calendar:IsMeeting", |item, part| item.is_meeting = values::boolean(&part.text())),
    read_only("t:IsCancelled", "calendar:IsCancelled", |item, part| item.is_cancelled = values::boolean(&part.text())),
    read_only("t:IsRecurring", "calendar:IsRecurring", |item, part| item.is_recurring = values::boolean(&part.text())),
    read_only("t:CalendarItemType", "calendar:CalendarItemType", |item, part| {
        item.item_type = values::item_type(&part.text());
    }),
    read_only("t:MyResponseType", "calendar:MyResponseType", |item, part| {
        item.my_answer = Some(values::answer(&part.text()));
    }),
    read_only("t:Organizer", "calendar:Organizer", |item, mut part| {
        while let Some(mailbox) = part.child() {
            item.organizer = Some(read_mailbox(mailbox));
        }
    }),
    read_only("t:RequiredAttendees", "calendar:RequiredAttendees", |item, part| {
        read_attendees(part, Attendance::Required, &mut item.participants);
    }),
    read_only("t:OptionalAttendees", "calendar:OptionalAttendees", |item, part| {
        read_attendees(part, Attendance::Optional, &mut item.participants);
    }),
    read_only("t:Resources", "calendar:Resources", |item, part| {
        read_attendees(part, Attendance::Resource, &mut item.participants);
    }),
    field("t:Recurrence", "calendar:Recurrence", Part::Rule, read_recurrence, |wire| match wire.rule {
        Some((rule, first)) => Value::Rule(rule, first),
        None => Value::Absent,
    }),
    read_only("t:ModifiedOccurrences", "calendar:ModifiedOccurrences", read_modified_occurrences),
    read_only("t:DeletedOccurrences", "calendar:DeletedOccurrences", read_deleted_occurrences),
    field(
        "t:StartTimeZone",
        "calendar:StartTimeZone",
        Part::Zone,
        |item, part| item.start_zone = zone(part),
        |wire| Value::Zone(wire.start_zone),
    ),
    field(
        "t:EndTimeZone",
        "calendar:EndTimeZone",
        Part::Zone,
        |item, part| item.end_zone = zone(part),
        |wire| Value::Zone(wire.end_zone),
    ),
    since_2013(read_only("t:JoinOnlineMeetingUrl", "calendar:JoinOnlineMeetingUrl", |item, part| {
        item.online_url = Some(part.text().trim().to_owned()).filter(|url| !url.is_empty());
    })),
    since_2013(read_only("t:IsOrganizer", "calendar:IsOrganizer", |item, part| {
        item.is_organizer = Some(values::boolean(&part.text()));
    })),
];

/// Though we ask for text, it may come as HTML, or as both: the text counts.
fn read_body(item: &mut CalendarItem, part: Element<'_, '_>) {
    let is_html = part.attribute("BodyType").is_some_and(|kind| kind.eq_ignore_ascii_case("HTML"));
    if !is_html {
        item.body = Some(part.text().into_owned());
    } else if item.body.is_none() {
        item.body = Some(html::to_text(&part.text()));
    }
}

/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/attachments-ex15websvcsotherref>
fn read_attachments(item: &mut CalendarItem, mut list: Element<'_, '_>) {
    while let Some(mut attachment) = list.child() {
        let (mut name, mut is_inline) = (String::new(), false);
        while let Some(part) = attachment.child() {
            match part.name() {
                "Name" => name = part.text().trim().to_owned(),
                "IsInline" => is_inline = values::boolean(&part.text()),
                _ => {}
            }
        }
        if !is_inline && !name.is_empty() {
            item.attachments.push(name);
        }
    }
}

fn read_recurrence(item: &mut CalendarItem, part: Element<'_, '_>) {
    item.recurrence = Some(recurrence::read(part));
}

/// What of these cannot be read is left out: such an occurrence counts as unchanged, as it does for a client that does
/// not know exceptions.
fn read_modified_occurrences(item: &mut CalendarItem, mut list: Element<'_, '_>) {
    while let Some(mut occurrence) = list.child() {
        let (mut id, mut original_start) = (None, None);
        while let Some(part) = occurrence.child() {
            match part.name() {
                "ItemId" => id = part.attribute("Id").filter(|id| !id.is_empty()).map(ItemId::new),
                "OriginalStart" => original_start = values::instant(&part.text()),
                _ => {}
            }
        }
        let info = id.zip(original_start).map(|(id, original_start)| OccurrenceInfo { id, original_start });
        item.modified_occurrences.extend(info);
    }
}

fn read_deleted_occurrences(item: &mut CalendarItem, mut list: Element<'_, '_>) {
    while let Some(mut occurrence) = list.child() {
        while let Some(part) = occurrence.child() {
            if part.name() == "Start" {
                item.deleted_occurrences.extend(values::instant(&part.text()));
            }
        }
    }
}

fn read_categories(item: &mut CalendarItem, mut part: Element<'_, '_>) {
    while let Some(category) = part.child() {
        item.categories.push(category.text().into_owned());
    }
}

fn read_extended_property(item: &mut CalendarItem, mut part: Element<'_, '_>) {
    let mut field = None;
    let mut value = None;
    while let Some(inner) = part.child() {
        match inner.name() {
            "ExtendedFieldURI" => field = MarkerField::named_by(&inner),
            "Value" if field.is_some() => value = Some(inner.text().into_owned()),
            _ => {}
        }
    }
    match field {
        Some(MarkerField::LINK) => item.link_id = value,
        Some(MarkerField::BLIKK) => item.blikk_id = value,
        Some(MarkerField::UNFINISHED) => item.is_unfinished = value.is_some(),
        _ => {}
    }
}

fn read_attendees(mut list: Element<'_, '_>, attendance: Attendance, into: &mut Vec<Participant>) {
    while let Some(mut attendee) = list.child() {
        let mut person = Person { name: String::new(), address: String::new() };
        let mut answer = Default::default();
        while let Some(part) = attendee.child() {
            match part.name() {
                "Mailbox" => person = read_mailbox(part),
                "ResponseType" => answer = values::answer(&part.text()),
                _ => {}
            }
        }
        into.push(Participant { person, attendance, answer });
    }
}

/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/mailbox>
fn read_mailbox(mut mailbox: Element<'_, '_>) -> Person {
    let mut person = Person { name: String::new(), address: String::new() };
    let mut is_smtp = true;
    while let Some(part) = mailbox.child() {
        match part.name() {
            "Name" => person.name = part.text().into_owned(),
            "EmailAddress" => person.address = part.text().into_owned(),
            "RoutingType" => is_smtp = part.text().eq_ignore_ascii_case("SMTP"),
            _ => {}
        }
    }
    if !is_smtp {
        person.address.clear();
    }
    person
}

fn zone(part: Element<'_, '_>) -> Option<Box<ZoneDefinition>> {
    let zone = ZoneDefinition::read(part);
    (!zone.id.is_empty() || !zone.name.is_empty() || !zone.periods.is_empty()).then(|| Box::new(zone))
}
