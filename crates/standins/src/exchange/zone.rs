//! Time zones as a Windows server knows them: by Windows id, with a title for people; and the zones that people bring
//! along, whose rules stand in the item itself (R05).
//!
//! Windows' own rules differ from the tz database in years long past, which no test here visits.

use std::sync::{Mutex, PoisonError};

use chrono::{
    DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta,
    TimeZone as _, Utc,
};
use chrono_tz::{OffsetComponents as _, Tz};

use super::xml::Element;

mod definition;
mod derive;
mod table;

pub use definition::Definition;
use table::ZONES;

/// A time zone: one that this server knows, or one that somebody brought along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    id: &'static str,
    rules: Rules,
    /// What it says beside its id, when it is none of the server's own.
    foreign: Option<Foreign>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rules {
    Known(Tz),
    Defined(&'static Definition),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Foreign {
    name: &'static str,
    /// Shown with the zone; without them, only its name says what it is.
    definition: Option<&'static Definition>,
}

impl Zone {
    pub const UTC: Zone = Zone { id: "UTC", rules: Rules::Known(Tz::UTC), foreign: None };

    /// By Windows id; servers compare without regard to case.
    pub fn from_windows(id: &str) -> Option<Self> {
        let (id, iana) = ZONES.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(id))?;
        Some(Zone { id, rules: Rules::Known(iana.parse().ok()?), foreign: None })
    }

    /// By IANA id: the zone that CLDR names for it, else one whose clocks show the same all through `year`.
    pub fn from_iana(id: &str, year: i32) -> Option<Self> {
        let rules: Tz = id.parse().ok()?;
        if matches!(id, "UTC" | "Etc/UTC" | "Etc/GMT" | "GMT") {
            return Some(Zone::UTC);
        }
        let named = ZONES.iter().find(|(_, iana)| *iana == id);
        let alike = || ZONES.iter().find(|(_, iana)| iana.parse().is_ok_and(|tz: Tz| same_clock(tz, rules, year)));
        named.or_else(alike).and_then(|(windows, _)| Zone::from_windows(windows))
    }

    /// A zone that no Windows knows, with rules of its own.
    pub fn defined(id: &str, name: &str, definition: Definition) -> Self {
        let definition = kept(definition);
        let foreign = Foreign { name: kept_text(name), definition: Some(definition) };
        Zone { id: kept_text(id), rules: Rules::Defined(definition), foreign: Some(foreign) }
    }

    /// This zone under another name, as programs that are not Outlook write it.
    #[must_use]
    pub fn called(self, id: &str, name: &str, with_rules: bool) -> Self {
        let definition = with_rules.then(|| kept(self.definition()));
        Zone { id: kept_text(id), foreign: Some(Foreign { name: kept_text(name), definition }), ..self }
    }

    /// All zones that this server knows by itself.
    pub fn all() -> impl Iterator<Item = Zone> {
        ZONES.iter().filter_map(|(id, _)| Zone::from_windows(id))
    }

    /// A Windows id, unless somebody brought the zone along.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// For people's eyes: Windows' one zone for Western Europe is Stockholm's to everybody here.
    pub fn iana(self) -> &'static str {
        match (self.id, self.rules) {
            ("UTC", _) => "UTC",
            ("W. Europe Standard Time", _) => "Europe/Stockholm",
            (_, Rules::Known(rules)) => rules.name(),
            (id, Rules::Defined(_)) => id,
        }
    }

    /// `(UTC+01:00) W. Europe Standard Time`; Windows itself lists cities instead of the id.
    pub fn title(self) -> String {
        if let Some(foreign) = self.foreign {
            return foreign.name.to_owned();
        }
        let minutes = self.winter_offset() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let cities = match self.id {
            "UTC" => return "(UTC) Coordinated Universal Time".to_owned(),
            "W. Europe Standard Time" => "Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "Romance Standard Time" => "Brussels, Copenhagen, Madrid, Paris",
            "GMT Standard Time" => "Dublin, Edinburgh, Lisbon, London",
            "FLE Standard Time" => "Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius",
            "Eastern Standard Time" => "Eastern Time (US & Canada)",
            other => other,
        };
        format!("(UTC{sign}{:02}:{:02}) {cities}", minutes.abs() / 60, minutes.abs() % 60)
    }

    fn winter_offset(self) -> i32 {
        let Rules::Known(rules) = self.rules else { return 0 };
        let winter = rules.offset_from_utc_datetime(&NaiveDateTime::default());
        i32::try_from(winter.base_utc_offset().num_seconds()).unwrap_or_default()
    }

    /// The rules as Exchange writes them.
    pub fn definition(self) -> Definition {
        match self.rules {
            Rules::Known(rules) => derive::definition(self.id, rules),
            Rules::Defined(definition) => definition.clone(),
        }
    }

    /// StartTimeZone and EndTimeZone. For a zone of Windows' own its id says everything; a zone that somebody brought
    /// along says its rules, if it has brought any.
    pub fn to_element(self, name: &'static str) -> Element {
        let element = Element::new(name).attribute("Name", self.title()).attribute("Id", self.id);
        let definition = self.foreign.and_then(|foreign| foreign.definition);
        element.children(definition.into_iter().flat_map(Definition::to_elements))
    }

    fn offset(self, instant: DateTime<Utc>) -> FixedOffset {
        match self.rules {
            Rules::Known(rules) => rules.offset_from_utc_datetime(&instant.naive_utc()).fix(),
            Rules::Defined(definition) => definition.offset(instant),
        }
    }

    /// What the clock on the wall shows.
    pub fn wall(self, instant: DateTime<Utc>) -> NaiveDateTime {
        self.wall_with_offset(instant).naive_local()
    }

    /// The wall clock with its offset, as StartWallClock has it.
    pub fn wall_with_offset(self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        instant.with_timezone(&self.offset(instant))
    }

    /// The instant at which the clock on the wall shows `wall`: the first of two when it is set back, and as long
    /// after midnight as the clock would have shown when it is set forward over it.
    pub fn instant(self, wall: NaiveDateTime) -> DateTime<Utc> {
        let near = |days| self.offset(Utc.from_utc_datetime(&(wall + TimeDelta::days(days))));
        let at = |offset: FixedOffset| Utc.from_utc_datetime(&(wall - offset));
        let (before, after) = (near(-1), near(1));
        let mut candidates = [before, after].map(at);
        candidates.sort();
        let shown = candidates.into_iter().find(|instant| self.wall(*instant) == wall);
        shown.unwrap_or_else(|| at(before))
    }

    pub fn midnight(self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date.and_time(NaiveTime::MIN))
    }

    /// All days that an event touches, as Exchange rounds an all-day event: down to midnight, up to midnight, at least
    /// one day.
    pub fn whole_days(self, start: DateTime<Utc>, end: DateTime<Utc>) -> (NaiveDate, NaiveDate) {
        let first = self.wall(start).date();
        let wall_end = self.wall(end);
        let past = wall_end.time() > NaiveTime::MIN;
        let last = wall_end.date() + Days::new(past.into());
        (first, last.max(first + Days::new(1)))
    }
}

/// Zones that people bring along are few, and live as long as the server: then a zone is as easy to hand around as a
/// number.
fn kept(definition: Definition) -> &'static Definition {
    static KEPT: Mutex<Vec<&Definition>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|known| ***known == definition) {
        return known;
    }
    let new: &'static Definition = Box::leak(Box::new(definition));
    kept.push(new);
    new
}

fn kept_text(text: &str) -> &'static str {
    static KEPT: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|known| **known == text) {
        return known;
    }
    let new: &'static str = Box::leak(text.to_owned().into_boxed_str());
    kept.push(new);
    new
}

fn same_clock(one: Tz, other: Tz, year: i32) -> bool {
    (0..12).all(|month| {
        NaiveDate::from_ymd_opt(year, month + 1, 15).is_some_and(|day| {
            let noon = day.and_time(NaiveTime::MIN) + TimeDelta::hours(12);
            one.offset_from_utc_datetime(&noon).fix() == other.offset_from_utc_datetime(&noon).fix()
        })
    })
}

/// The year to compare zones in: the event's own, where the tz database has rules.
pub fn year_of(instant: DateTime<Utc>) -> i32 {
    instant.year().clamp(1990, 2037)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn every_windows_zone_has_rules() {
        for (windows, _) in ZONES {
            assert!(Zone::from_windows(windows).is_some(), "{windows}");
        }
    }

    #[test]
    fn stockholm_is_west_europe_and_helsinki_is_fle() {
        let windows = |iana| Zone::from_iana(iana, 2027).map(Zone::id);
        assert_eq!(windows("Europe/Stockholm"), Some("W. Europe Standard Time"));
        assert_eq!(windows("Europe/Helsinki"), Some("FLE Standard Time"));
        assert_eq!(windows("America/New_York"), Some("Eastern Standard Time"));
        assert_eq!(windows("Pacific/Kiritimati"), Some("Line Islands Standard Time"));
        assert_eq!(windows("UTC"), Some("UTC"));
        assert_eq!(windows("Mellanjorden/Fylke"), None);
    }

    #[test]
    fn a_day_on_which_the_clock_is_set_forward_has_23_hours() {
        let zone = Zone::from_iana("Europe/Stockholm", 2027).expect("known");
        let day = NaiveDate::from_ymd_opt(2027, 3, 28).expect("a date");
        assert_eq!(zone.midnight(day), utc("2027-03-27T23:00:00Z"));
        assert_eq!(zone.midnight(day + Days::new(1)), utc("2027-03-28T22:00:00Z"));
        let gap = day.and_hms_opt(2, 30, 0).expect("a time");
        assert_eq!(zone.instant(gap), utc("2027-03-28T01:30:00Z"), "half past two is half past three");
    }

    #[test]
    fn an_all_day_event_is_rounded_outwards_to_midnights() {
        let zone = Zone::from_iana("Europe/Stockholm", 2027).expect("known");
        let days = |start, end| {
            let (first, last) = zone.whole_days(utc(start), utc(end));
            (first.to_string(), last.to_string())
        };
        let one = ("2027-06-25".to_owned(), "2027-06-26".to_owned());
        assert_eq!(days("2027-06-24T22:00:00Z", "2027-06-25T22:00:00Z"), one, "midnight to midnight stays");
        assert_eq!(days("2027-06-25T07:00:00Z", "2027-06-25T15:00:00Z"), one, "a working day becomes the day");
        assert_eq!(days("2027-06-24T22:00:00Z", "2027-06-24T22:00:00Z"), one, "no length becomes a day");
    }

    #[test]
    fn titles_say_the_winter_offset() {
        let title = |id| Zone::from_windows(id).expect("known").title();
        assert!(title("w. europe standard time").starts_with("(UTC+01:00) Amsterdam"));
        assert_eq!(title("Newfoundland Standard Time"), "(UTC-03:30) Newfoundland Standard Time");
    }
}
