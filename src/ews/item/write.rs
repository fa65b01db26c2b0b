//! Writing items: whole ones for CreateItem, differences for UpdateItem.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::event::Event;
use crate::ews::envelope::RequestVersion;
use crate::ews::item::fields::{FIELDS, Field, Part};
use crate::ews::item::{MarkerField, recurrence};
use crate::ews::xml::Writer;
use crate::recurrence::Recurrence;

/// An event as it goes over the wire: its times as Exchange wants them. Made by [`crate::ews::mapping::wire`].
#[derive(Clone, Debug)]
pub struct Wire<'e> {
    pub event: &'e Event,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// Windows zone ids.
    pub start_zone: &'static str,
    pub end_zone: &'static str,
    /// Of a series: how it repeats, and the date from which that counts.
    pub rule: Option<(&'e Recurrence, NaiveDate)>,
    /// For a new item.
    pub marker: Option<MarkerText<'e>>,
    /// What the server understands.
    pub version: RequestVersion,
}

impl Wire<'_> {
    /// For a server that speaks `version`.
    #[must_use]
    pub fn speaking(mut self, version: RequestVersion) -> Self {
        self.version = version;
        self
    }
}

/// What our named properties say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkerText<'e> {
    pub link: &'e str,
    pub blikk: &'e str,
    /// Further writes follow before the item is what it shall be.
    pub is_unfinished: bool,
}

/// What an event says in the place of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'e> {
    Text(Cow<'e, str>),
    Body(&'e str),
    Strings(&'e BTreeSet<String>),
    Zone(&'static str),
    Rule(&'e Recurrence, NaiveDate),
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
        let name = field.tag;
        match self {
            Value::Text(text) => xml.text(name, &[], text),
            Value::Body(text) => xml.text(name, &[("BodyType", "Text")], text),
            Value::Strings(strings) => xml.element(name, &[], |xml| {
                strings.iter().for_each(|string| xml.text("t:String", &[], string));
            }),
            Value::Zone(id) => xml.empty(name, &[("Id", id)]),
            Value::Marker(marker) => {
                MarkerField::LINK.write(marker.link, xml);
                MarkerField::BLIKK.write(marker.blikk, xml);
                if marker.is_unfinished {
                    MarkerField::UNFINISHED.write(UNFINISHED, xml);
                }
            }
            Value::Rule(rule, first) => xml.element(name, &[], |xml| recurrence::write(rule, *first, xml)),
            Value::Absent | Value::Kept => {}
        }
    }
}

/// What stands in [`MarkerField::UNFINISHED`]; that it stands there is what counts.
const UNFINISHED: &str = "1";

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
pub struct FieldChange<'e>(Change<'e>);

#[derive(Clone)]
enum Change<'e> {
    Field {
        field: &'static Field,
        uri: &'static str,
        value: Value<'e>,
    },
    /// A property of our own, set or taken away.
    Marker(MarkerField, Option<&'static str>),
}

impl std::fmt::Debug for FieldChange<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Change::Field { uri, value: Value::Absent, .. } => write!(f, "delete {uri}"),
            Change::Field { uri, .. } => write!(f, "set {uri}"),
            Change::Marker(field, value) => write!(f, "{field:?}: {value:?}"),
        }
    }
}

/// Says on the item that further writes follow, or that they are done.
pub fn mark_finished<'e>(is_finished: bool) -> FieldChange<'e> {
    FieldChange(Change::Marker(MarkerField::UNFINISHED, (!is_finished).then_some(UNFINISHED)))
}

/// Takes from an item what says that it is the counterpart of a Blikk event: a copy is not (scenario 8).
pub fn unmark<'e>() -> [FieldChange<'e>; 2] {
    [MarkerField::LINK, MarkerField::BLIKK].map(|field| FieldChange(Change::Marker(field, None)))
}

/// The rule of `wire` alone, whatever the item says now; taken away where it has none.
pub fn set_rule<'e>(wire: &Wire<'e>) -> Option<FieldChange<'e>> {
    let field = FIELDS.iter().find(|field| field.part == Part::Rule)?;
    Some(FieldChange(Change::Field { field, uri: field.uri?, value: (field.write)(wire) }))
}

/// The fields in which `after` differs from `before`, in the order in which Exchange wants them: zones, then times,
/// then the rest.
pub fn changes<'e>(before: &Wire<'_>, after: &Wire<'e>) -> Vec<FieldChange<'e>> {
    let differs = |field: &Field| (field.write)(before) != (field.write)(after);
    let is_time = |field: &Field| matches!(field.part, Part::Zone | Part::Time);
    let is_moved = FIELDS.iter().any(|field| is_time(field) && differs(field));
    let changed = |field: &&Field| if is_time(field) { is_moved } else { differs(field) };
    [Part::Zone, Part::Time, Part::Rule, Part::Alone]
        .into_iter()
        .flat_map(|part| FIELDS.iter().filter(move |field| field.part == part))
        .filter(changed)
        .filter_map(|field| {
            let value = (field.write)(after);
            (value != Value::Kept).then_some(FieldChange(Change::Field { field, uri: field.uri?, value }))
        })
        .collect()
}

/// Writes `<t:SetItemField>` or `<t:DeleteItemField>`:
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/setitemfield>.
pub fn write_change(change: &FieldChange<'_>, xml: &mut Writer) {
    let path = |xml: &mut Writer| match &change.0 {
        Change::Field { uri, .. } => xml.empty("t:FieldURI", &[("FieldURI", uri)]),
        Change::Marker(field, _) => field.write_uri(xml),
    };
    let value = |xml: &mut Writer| match &change.0 {
        Change::Field { field, value, .. } => value.write(field, xml),
        Change::Marker(field, value) => field.write(value.unwrap_or_default(), xml),
    };
    if let Change::Field { value: Value::Absent, .. } | Change::Marker(_, None) = change.0 {
        return xml.element("t:DeleteItemField", &[], path);
    }
    xml.element("t:SetItemField", &[], |xml| {
        path(xml);
        xml.element("t:CalendarItem", &[], value);
    });
}
