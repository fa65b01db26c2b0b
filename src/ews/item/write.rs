//! Writing items: whole ones for CreateItem, differences for UpdateItem.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::event::Event;
use crate::ews::item::fields::{FIELDS, Field, Part};
use crate::ews::item::{MARKER_FIELDS, MarkerField};
use crate::ews::xml::Writer;

/// An event as it goes over the wire: its times as Exchange wants them. Made by [`crate::ews::mapping::wire`].
#[derive(Clone, Debug)]
pub struct Wire<'e> {
    pub event: &'e Event,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// Windows zone ids.
    pub start_zone: &'static str,
    pub end_zone: &'static str,
    /// For a new item.
    pub marker: Option<MarkerText<'e>>,
}

/// What our two named properties say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkerText<'e> {
    pub link: &'e str,
    pub blikk: &'e str,
}

/// What an event says in the place of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'e> {
    Text(Cow<'e, str>),
    Body(&'e str),
    Strings(&'e BTreeSet<String>),
    Zone(&'static str),
    Marker(MarkerText<'e>),
    /// Nothing: not written on a new item, deleted from an old one.
    Absent,
    /// Not the event's business: never written.
    Kept,
}

impl<'e> Value<'e> {
    pub(super) fn text_or_absent(text: &'e str) -> Self {
        if text.is_empty() { Value::Absent } else { Value::Text(text.into()) }
    }

    pub(super) fn name(name: &'static str) -> Self {
        Value::Text(name.into())
    }

    pub(super) fn boolean(value: bool) -> Self {
        Value::name(if value { "true" } else { "false" })
    }

    fn write(&self, field: &Field, xml: &mut Writer) {
        let name = Cow::from("t:") + field.name;
        match self {
            Value::Text(text) => xml.text(&name, &[], text),
            Value::Body(text) => xml.text(&name, &[("BodyType", "Text")], text),
            Value::Strings(strings) => xml.element(&name, &[], |xml| {
                strings.iter().for_each(|string| xml.text("t:String", &[], string));
            }),
            Value::Zone(id) => xml.empty(&name, &[("Id", id)]),
            Value::Marker(marker) => {
                for (field, value) in MARKER_FIELDS.into_iter().zip([marker.link, marker.blikk]) {
                    MarkerField::write(field, value, xml);
                }
            }
            Value::Absent | Value::Kept => {}
        }
    }
}

/// Writes a new `<t:CalendarItem>`.
pub fn write_new(wire: &Wire<'_>, xml: &mut Writer) {
    xml.element("t:CalendarItem", &[], |xml| {
        for field in FIELDS {
            (field.write)(wire).write(field, xml);
        }
    });
}

/// One field that shall differ.
#[derive(Clone)]
pub struct FieldChange<'e> {
    field: &'static Field,
    uri: &'static str,
    value: Value<'e>,
}

impl std::fmt::Debug for FieldChange<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verb = if self.value == Value::Absent { "delete" } else { "set" };
        write!(f, "{verb} {}", self.uri)
    }
}

/// The fields in which `after` differs from `before`, in the order in which Exchange wants them: zones, then times,
/// then the rest.
pub fn changes<'e>(before: &Wire<'_>, after: &Wire<'e>) -> Vec<FieldChange<'e>> {
    let differs = |field: &Field| (field.write)(before) != (field.write)(after);
    let is_moved = FIELDS.iter().any(|field| field.part != Part::Alone && differs(field));
    let changed = |field: &&Field| if field.part == Part::Alone { differs(field) } else { is_moved };
    [Part::Zone, Part::Time, Part::Alone]
        .into_iter()
        .flat_map(|part| FIELDS.iter().filter(move |field| field.part == part))
        .filter(changed)
        .filter_map(|field| {
            let value = (field.write)(after);
            (value != Value::Kept).then_some(FieldChange { field, uri: field.uri?, value })
        })
        .collect()
}

/// Writes `<t:SetItemField>` or `<t:DeleteItemField>`:
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/setitemfield>.
pub fn write_change(change: &FieldChange<'_>, xml: &mut Writer) {
    let path = [("FieldURI", change.uri)];
    if change.value == Value::Absent {
        return xml.element("t:DeleteItemField", &[], |xml| xml.empty("t:FieldURI", &path));
    }
    xml.element("t:SetItemField", &[], |xml| {
        xml.empty("t:FieldURI", &path);
        xml.element("t:CalendarItem", &[], |xml| change.value.write(change.field, xml));
    });
}
