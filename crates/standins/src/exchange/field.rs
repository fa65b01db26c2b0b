//! The fields of a calendar item, as one table: element, field URI, which shapes show it, how it is read and written.
//!
//! The rows stand in the order of ItemType and CalendarItemType in types.xsd, which is the order in which Exchange
//! writes them. Reading answers, writing requests, restrictions and sort orders all go through this table.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use roxmltree::Node;

use super::code::Refusal;
use super::extended::ExtendedPath;
use super::item::{Content, Item};
use super::server::Schema;
use super::xml::Element;
use super::zone::Zone;

mod table;
mod write;

pub use table::FIELDS;
pub use write::zone as read_zone;

/// One row of the table.
pub struct Field {
    /// The element's local name.
    pub name: &'static str,
    pub uri: &'static str,
    pub shape: Shape,
    /// Whether FindItem and SyncFolderItems give it; the rest has to be fetched with GetItem (R08).
    pub found: bool,
    pub read: fn(&View) -> Value,
    pub write: Write,
}

/// The smallest BaseShape that shows a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    IdOnly,
    Default,
    AllProperties,
    /// Only when it stands in AdditionalProperties.
    Asked,
}

/// Takes what stands inside the field's element; the zone is for times without an offset.
pub type Setter = fn(&mut Content, Node, Zone) -> Result<(), Refusal>;

/// What a client may do to a field.
#[derive(Clone, Copy)]
pub enum Write {
    Never,
    OnCreate(Setter),
    Set(Setter),
    SetOrDelete(Setter, fn(&mut Content)),
}

/// What a reader sees of an item.
pub struct View<'a> {
    pub item: &'a Item,
    pub mailbox: &'a Owner,
    pub body: BodyChoice,
    pub extended: &'a [ExtendedPath],
    pub dialect: Dialect,
}

/// What a reader understands, and who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub schema: Schema,
    pub is_grommunio: bool,
}

impl Dialect {
    /// For comparisons within the server.
    pub const NEWEST: Dialect = Dialect { schema: Schema::Exchange2016, is_grommunio: false };
}

impl View<'_> {
    fn content(&self) -> &Content {
        &self.item.content
    }
}

/// Whose calendar it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub guid: super::id::Guid,
    pub name: String,
    pub address: String,
}

/// BodyTypeResponseType of types.xsd.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyChoice {
    #[default]
    Best,
    Html,
    Text,
}

/// A field's value before it is XML.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Missing,
    Text(String),
    Flag(bool),
    Number(i64),
    Time(DateTime<Utc>),
    /// Elements that stand for themselves.
    Elements(Vec<Element>),
}

impl Value {
    /// As the element or elements of that field.
    pub fn to_elements(&self, name: &'static str) -> Vec<Element> {
        let element = Element::new(format!("t:{name}"));
        match self {
            Value::Missing => Vec::new(),
            Value::Text(text) if text.is_empty() => vec![element],
            Value::Text(text) => vec![element.text(text.clone())],
            Value::Flag(flag) => vec![element.text(flag.to_string())],
            Value::Number(number) => vec![element.text(number.to_string())],
            Value::Time(time) => vec![element.text(format_time(*time))],
            Value::Elements(elements) => elements.clone(),
        }
    }

    /// How it compares with a constant of a restriction; `None` where that makes no sense.
    pub fn compare(&self, constant: &str) -> Option<std::cmp::Ordering> {
        match self {
            Value::Text(text) => Some(text.to_lowercase().cmp(&constant.to_lowercase())),
            Value::Flag(flag) => Some(flag.cmp(&matches!(constant, "true" | "1"))),
            Value::Number(number) => Some(number.cmp(&constant.parse().ok()?)),
            Value::Time(time) => Some(time.cmp(&parse_time(constant, Zone::UTC)?)),
            Value::Missing | Value::Elements(_) => None,
        }
    }

    /// For sorting: missing values first.
    pub fn order(&self, other: &Value) -> std::cmp::Ordering {
        match (self, other) {
            (Value::Text(one), Value::Text(other)) => one.to_lowercase().cmp(&other.to_lowercase()),
            (Value::Flag(one), Value::Flag(other)) => one.cmp(other),
            (Value::Number(one), Value::Number(other)) => one.cmp(other),
            (Value::Time(one), Value::Time(other)) => one.cmp(other),
            (one, other) => (*one != Value::Missing).cmp(&(*other != Value::Missing)),
        }
    }
}

/// The row for a field URI.
pub fn by_uri(uri: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.uri == uri)
}

/// The row for an element of CalendarItem.
pub fn by_name(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// Whether UnindexedFieldURIType of types.xsd has it, whether or not this server keeps such a field.
pub fn uri_is_known(uri: &str) -> bool {
    let Some((kind, name)) = uri.split_once(':') else { return false };
    match kind {
        "item" | "calendar" => by_uri(uri).is_some() || table::NOT_KEPT.contains(&name),
        "folder" | "message" | "meeting" | "meetingRequest" | "contacts" | "distributionlist" | "postitem" | "task"
        | "conversation" | "persona" | "role" | "roleMember" | "network" | "person" => !name.is_empty(),
        _ => false,
    }
}

/// xs:dateTime; a time without an offset is the wall clock of `zone`.
pub fn parse_time(text: &str, zone: Zone) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
    Some(zone.instant(wall))
}

pub fn format_time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// ISO 8601 as .NET writes a TimeSpan: `PT1H30M`, `P1D`.
fn format_duration(span: TimeDelta) -> String {
    let (days, hours, minutes) = (span.num_days(), span.num_hours() % 24, span.num_minutes() % 60);
    let part = |number: i64, unit: char| if number == 0 { String::new() } else { format!("{number}{unit}") };
    let clock = part(hours, 'H') + &part(minutes, 'M');
    match (days, clock.is_empty()) {
        (0, true) => "PT0S".to_owned(),
        (_, true) => format!("P{days}D"),
        _ => format!("P{}T{clock}", part(days, 'D')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_an_offset() {
        let stockholm = Zone::from_iana("Europe/Stockholm", 2027).expect("known");
        let parse = |text| parse_time(text, stockholm).map(format_time);
        assert_eq!(parse("2027-03-01T08:00:00Z").as_deref(), Some("2027-03-01T08:00:00Z"));
        assert_eq!(parse("2027-03-01T09:00:00.000+01:00").as_deref(), Some("2027-03-01T08:00:00Z"));
        assert_eq!(parse("2027-07-01T09:00:00").as_deref(), Some("2027-07-01T07:00:00Z"));
        assert_eq!(parse("2027-03-01"), None);
        assert_eq!(parse("igår"), None);
    }

    #[test]
    fn durations_are_written_as_dotnet_does() {
        assert_eq!(format_duration(TimeDelta::minutes(90)), "PT1H30M");
        assert_eq!(format_duration(TimeDelta::days(1)), "P1D");
        assert_eq!(format_duration(TimeDelta::hours(49)), "P2DT1H");
        assert_eq!(format_duration(TimeDelta::zero()), "PT0S");
    }

    #[test]
    fn the_table_keeps_the_order_of_the_schema() {
        let order: Vec<&str> = super::super::schema::CALENDAR_ITEM
            .split_ascii_whitespace()
            .map(|slot| slot.trim_end_matches(['?', '*']))
            .collect();
        let places: Vec<_> = FIELDS.iter().map(|field| order.iter().position(|name| *name == field.name)).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(places.is_sorted(), "{places:?}");
    }

    #[test]
    fn field_uris_are_those_of_the_schema() {
        assert!(uri_is_known("item:Subject") && uri_is_known("calendar:When") && uri_is_known("message:From"));
        assert!(!uri_is_known("item:Titel") && !uri_is_known("calendar:Subject") && !uri_is_known("Subject"));
    }
}
