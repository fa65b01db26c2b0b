//! A zone's name: IANA's, and Windows' for the same.

use serde::{Deserialize, Serialize};

use super::windows::WINDOWS_ZONES;

/// An IANA time zone id, such as `Europe/Stockholm`. Not checked against a list: zones are born and renamed, and the
/// rules' source ([`ZoneRules`](super::ZoneRules)) is the one that knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct ZoneId(String);

impl ZoneId {
    pub fn new(id: impl Into<String>) -> Self {
        ZoneId(id.into())
    }

    pub fn utc() -> Self {
        ZoneId("UTC".into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Windows id of the zone, by any of the zone's names, if CLDR knows one.
    ///
    /// ```
    /// # use blikk_calendar_sync::zone::ZoneId;
    /// assert_eq!(ZoneId::new("Europe/Stockholm").windows(), Some("W. Europe Standard Time"));
    /// assert_eq!(ZoneId::new("Asia/Kolkata").windows(), ZoneId::new("Asia/Calcutta").windows());
    /// assert_eq!(ZoneId::new("Mars/Olympus_Mons").windows(), None);
    /// ```
    pub fn windows(&self) -> Option<&'static str> {
        self.windows_zone().map(|zone| zone.windows)
    }

    /// The Windows zone that the zone lies in.
    pub fn windows_zone(&self) -> Option<WindowsZone> {
        line_with(b',', &self.0)
    }

    /// The IANA zone of a Windows id: `prefer` where that lies in it, else the one that CLDR gives for the whole
    /// zone. `None` for an id that CLDR does not know ("Customized Time Zone", R05).
    ///
    /// Enough for an event whose instants are known. For a series the clocks must agree too: see
    /// [`resolve`](super::resolve).
    ///
    /// ```
    /// # use blikk_calendar_sync::zone::ZoneId;
    /// let stockholm = ZoneId::new("Europe/Stockholm");
    /// assert_eq!(ZoneId::from_windows("W. Europe Standard Time", &stockholm), Some(stockholm.clone()));
    /// assert_eq!(ZoneId::from_windows("GMT Standard Time", &stockholm), Some(ZoneId::new("Europe/London")));
    /// ```
    pub fn from_windows(windows: &str, prefer: &ZoneId) -> Option<ZoneId> {
        let zone = WindowsZone::of(windows)?;
        Some(if prefer.windows() == Some(windows) { prefer.clone() } else { zone.main_zone() })
    }

    /// Whether both are the same zone for Exchange: one Windows zone, or literally the same id.
    ///
    /// ```
    /// # use blikk_calendar_sync::zone::ZoneId;
    /// assert!(ZoneId::new("Europe/Stockholm").is_same_zone_as(&ZoneId::new("Europe/Berlin")));
    /// assert!(ZoneId::new("Europe/Kyiv").is_same_zone_as(&ZoneId::new("Europe/Kiev")));
    /// assert!(!ZoneId::new("Europe/Stockholm").is_same_zone_as(&ZoneId::new("Europe/London")));
    /// ```
    pub fn is_same_zone_as(&self, other: &ZoneId) -> bool {
        self == other || self.windows().is_some_and(|windows| other.windows() == Some(windows))
    }
}

impl std::fmt::Display for ZoneId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of CLDR's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowsZone {
    /// Windows' id.
    pub windows: &'static str,
    iana: &'static str,
}

impl WindowsZone {
    /// The line of a Windows id.
    pub fn of(windows: &str) -> Option<WindowsZone> {
        line_with(b'\n', windows)
    }

    /// The zone that stands for the whole line when nothing more is known, and whose clock is the one that Windows
    /// means. A few zones lie in a line whose clock is not theirs: CLDR puts Edmonton with Denver, but in 2026 it has
    /// stopped to change its clock.
    pub fn main_zone(&self) -> ZoneId {
        // CLDR says Etc/UTC, the rest of the world UTC.
        if self.windows == "UTC" {
            return ZoneId::utc();
        }
        ZoneId::new(self.iana.split_once(',').map_or(self.iana, |(first, _)| first))
    }

    /// The names of all IANA zones in it.
    pub fn iana_names(&self) -> impl Iterator<Item = &'static str> {
        self.iana.split(',')
    }
}

/// All Windows zones that CLDR knows.
pub fn windows_zones() -> impl Iterator<Item = WindowsZone> {
    WINDOWS_ZONES.lines().filter_map(line_of)
}

fn line_of(line: &'static str) -> Option<WindowsZone> {
    line.split_once(',').map(|(windows, iana)| WindowsZone { windows, iana })
}

/// The line in which `name` stands whole, right behind the byte `before`: `\n` for a Windows id, `,` for an IANA name.
///
/// A search in one long text, where a map would be expected: it takes a microsecond for each written event, and a map
/// would double the table's bytes.
fn line_with(before: u8, name: &str) -> Option<WindowsZone> {
    let bytes = WINDOWS_ZONES.as_bytes();
    let is_whole = |at: usize| {
        let ends = matches!(bytes.get(at + name.len()), Some(b',' | b'\n'));
        ends && at.checked_sub(1).is_some_and(|previous| bytes[previous] == before)
    };
    // What holds a comma or a line break would be more than one name.
    if name.bytes().any(|byte| matches!(byte, b',' | b'\n')) {
        return None;
    }
    let (at, _) = WINDOWS_ZONES.match_indices(name).find(|(at, _)| is_whole(*at))?;
    let start = WINDOWS_ZONES[..at].rfind('\n')? + 1;
    WINDOWS_ZONES[start..].lines().next().and_then(line_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_table_comes_back_as_itself_when_preferred() {
        assert!(windows_zones().count() > 130);
        for zone in windows_zones() {
            for name in zone.iana_names().map(ZoneId::new) {
                assert_eq!(name.windows(), Some(zone.windows), "{name}");
                assert_eq!(ZoneId::from_windows(zone.windows, &name), Some(name));
            }
        }
    }

    #[test]
    fn a_windows_zone_without_a_preference_is_the_one_that_stands_for_the_whole() {
        let mars = ZoneId::new("Mars/Olympus_Mons");
        #[rustfmt::skip]
        let cases = [
            ("W. Europe Standard Time",       Some("Europe/Berlin")),
            ("Romance Standard Time",         Some("Europe/Paris")),
            ("FLE Standard Time",             Some("Europe/Kiev")),
            ("AUS Central Standard Time",     Some("Australia/Darwin")),     // the table's first line
            ("Yukon Standard Time",           Some("America/Whitehorse")),   // and its last
            ("Central Standard Time (Mexico)", Some("America/Mexico_City")),
            ("UTC",                           Some("UTC")),
            ("UTC+12",                        Some("Etc/GMT-12")),
            ("UTC-02",                        Some("Etc/GMT+2")),
            // R05: these are for `resolve`.
            ("Customized Time Zone",          None),
            ("Mitteleuropäische Zeit",        None),
            ("",                              None),
            ("Standard Time",                 None),
            ("Europe/Berlin",                 None),
            ("UTC,Etc/UTC",                   None),
            ("Yukon Standard Time\n",         None),
        ];
        for (windows, expected) in cases {
            assert_eq!(ZoneId::from_windows(windows, &mars), expected.map(ZoneId::new), "{windows:?}");
        }
    }

    #[test]
    fn a_zone_is_known_by_each_of_its_names_and_by_no_part_of_one() {
        #[rustfmt::skip]
        let cases = [
            ("Asia/Calcutta",                "India Standard Time"),
            ("Asia/Kolkata",                 "India Standard Time"),
            ("Europe/Kyiv",                  "FLE Standard Time"),
            ("US/Eastern",                   "Eastern Standard Time"),
            ("America/Indiana/Indianapolis", "US Eastern Standard Time"),
            ("America/Indianapolis",         "US Eastern Standard Time"),
            ("America/Nuuk",                 "Greenland Standard Time"),
            ("Asia/Ho_Chi_Minh",             "SE Asia Standard Time"),
            ("Atlantic/Faroe",               "GMT Standard Time"),
            ("Pacific/Pohnpei",              "Central Pacific Standard Time"),
            ("Arctic/Longyearbyen",          "W. Europe Standard Time"),
            ("Etc/UTC",                      "UTC"),
            ("Zulu",                         "UTC"),
            ("GMT",                          "UTC"),
        ];
        for (name, windows) in cases {
            assert_eq!(ZoneId::new(name).windows(), Some(windows), "{name}");
        }
        for nothing in ["", ",", "Berlin", "Europe", "Europe/Berli", "urope/Berlin", "Europe/Berlin,", "Standard Time"]
        {
            assert_eq!(ZoneId::new(nothing).windows(), None, "{nothing:?}");
        }
    }
}
