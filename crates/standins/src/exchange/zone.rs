//! Time zones as a Windows server knows them: by Windows id, with a title for people.
//!
//! The ids and the IANA zone that stands for each come from CLDR's windowsZones.xml (territory 001). Windows' own
//! rules differ from the tz database in years long past, which no test here visits.

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _, Utc,
};
use chrono_tz::{OffsetComponents as _, Tz};

/// A time zone that this server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    windows: &'static str,
    rules: Tz,
}

impl Zone {
    pub const UTC: Zone = Zone { windows: "UTC", rules: Tz::UTC };

    /// By Windows id; servers compare without regard to case.
    pub fn from_windows(id: &str) -> Option<Self> {
        let (windows, iana) = ZONES.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(id))?;
        Some(Zone { windows, rules: iana.parse().ok()? })
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

    pub fn windows(self) -> &'static str {
        self.windows
    }

    /// For people's eyes: Windows' one zone for Western Europe is Stockholm's to everybody here.
    pub fn iana(self) -> &'static str {
        match self.windows {
            "UTC" => "UTC",
            "W. Europe Standard Time" => "Europe/Stockholm",
            _ => self.rules.name(),
        }
    }

    /// `(UTC+01:00) W. Europe Standard Time`; Windows itself lists cities instead of the id.
    pub fn title(self) -> String {
        let winter = self.rules.offset_from_utc_datetime(&NaiveDateTime::default());
        let minutes = winter.base_utc_offset().num_minutes();
        let sign = if minutes < 0 { '-' } else { '+' };
        let cities = match self.windows {
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

    /// What the clock on the wall shows.
    pub fn wall(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.rules).naive_local()
    }

    /// The wall clock with its offset, as StartWallClock has it.
    pub fn wall_with_offset(self, instant: DateTime<Utc>) -> DateTime<chrono::FixedOffset> {
        let local = instant.with_timezone(&self.rules);
        local.with_timezone(&local.offset().fix())
    }

    /// The instant at which the clock on the wall shows `wall`: the first of two when it is set back, and as long
    /// after midnight as the clock would have shown when it is set forward over it.
    pub fn instant(self, wall: NaiveDateTime) -> DateTime<Utc> {
        let local = self.rules.from_local_datetime(&wall);
        local.earliest().map_or_else(
            || {
                let before = self.rules.offset_from_utc_datetime(&(wall - TimeDelta::days(1))).fix();
                Utc.from_utc_datetime(&(wall - before))
            },
            |found| found.to_utc(),
        )
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

const ZONES: &[(&str, &str)] = &[
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Belarus Standard Time", "Europe/Minsk"),
    ("UTC", "Etc/UTC"),
    ("Dateline Standard Time", "Etc/GMT+12"),
    ("UTC-11", "Etc/GMT+11"),
    ("Aleutian Standard Time", "America/Adak"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("Marquesas Standard Time", "Pacific/Marquesas"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("UTC-09", "Etc/GMT+9"),
    ("Pacific Standard Time (Mexico)", "America/Tijuana"),
    ("UTC-08", "Etc/GMT+8"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("Mountain Standard Time (Mexico)", "America/Mazatlan"),
    ("Mountain Standard Time", "America/Denver"),
    ("Yukon Standard Time", "America/Whitehorse"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Central Standard Time", "America/Chicago"),
    ("Easter Island Standard Time", "Pacific/Easter"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("Canada Central Standard Time", "America/Regina"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("Eastern Standard Time (Mexico)", "America/Cancun"),
    ("Eastern Standard Time", "America/New_York"),
    ("Haiti Standard Time", "America/Port-au-Prince"),
    ("Cuba Standard Time", "America/Havana"),
    ("US Eastern Standard Time", "America/Indianapolis"),
    ("Turks And Caicos Standard Time", "America/Grand_Turk"),
    ("Paraguay Standard Time", "America/Asuncion"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Venezuela Standard Time", "America/Caracas"),
    ("Central Brazilian Standard Time", "America/Cuiaba"),
    ("SA Western Standard Time", "America/La_Paz"),
    ("Pacific SA Standard Time", "America/Santiago"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("Tocantins Standard Time", "America/Araguaina"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("Argentina Standard Time", "America/Buenos_Aires"),
    ("Greenland Standard Time", "America/Godthab"),
    ("Montevideo Standard Time", "America/Montevideo"),
    ("Magallanes Standard Time", "America/Punta_Arenas"),
    ("Saint Pierre Standard Time", "America/Miquelon"),
    ("Bahia Standard Time", "America/Bahia"),
    ("UTC-02", "Etc/GMT+2"),
    ("Azores Standard Time", "Atlantic/Azores"),
    ("Cape Verde Standard Time", "Atlantic/Cape_Verde"),
    ("Sao Tome Standard Time", "Africa/Sao_Tome"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("Jordan Standard Time", "Asia/Amman"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("Syria Standard Time", "Asia/Damascus"),
    ("West Bank Standard Time", "Asia/Hebron"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("South Sudan Standard Time", "Africa/Juba"),
    ("Sudan Standard Time", "Africa/Khartoum"),
    ("Libya Standard Time", "Africa/Tripoli"),
    ("Namibia Standard Time", "Africa/Windhoek"),
    ("Arabic Standard Time", "Asia/Baghdad"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("Volgograd Standard Time", "Europe/Volgograd"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Astrakhan Standard Time", "Europe/Astrakhan"),
    ("Azerbaijan Standard Time", "Asia/Baku"),
    ("Russia Time Zone 3", "Europe/Samara"),
    ("Mauritius Standard Time", "Indian/Mauritius"),
    ("Saratov Standard Time", "Europe/Saratov"),
    ("Georgian Standard Time", "Asia/Tbilisi"),
    ("Caucasus Standard Time", "Asia/Yerevan"),
    ("Afghanistan Standard Time", "Asia/Kabul"),
    ("West Asia Standard Time", "Asia/Tashkent"),
    ("Ekaterinburg Standard Time", "Asia/Yekaterinburg"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("Qyzylorda Standard Time", "Asia/Qyzylorda"),
    ("India Standard Time", "Asia/Calcutta"),
    ("Sri Lanka Standard Time", "Asia/Colombo"),
    ("Nepal Standard Time", "Asia/Katmandu"),
    ("Central Asia Standard Time", "Asia/Bishkek"),
    ("Bangladesh Standard Time", "Asia/Dhaka"),
    ("Omsk Standard Time", "Asia/Omsk"),
    ("Myanmar Standard Time", "Asia/Rangoon"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("Altai Standard Time", "Asia/Barnaul"),
    ("W. Mongolia Standard Time", "Asia/Hovd"),
    ("North Asia Standard Time", "Asia/Krasnoyarsk"),
    ("N. Central Asia Standard Time", "Asia/Novosibirsk"),
    ("Tomsk Standard Time", "Asia/Tomsk"),
    ("China Standard Time", "Asia/Shanghai"),
    ("North Asia East Standard Time", "Asia/Irkutsk"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("Taipei Standard Time", "Asia/Taipei"),
    ("Ulaanbaatar Standard Time", "Asia/Ulaanbaatar"),
    ("Aus Central W. Standard Time", "Australia/Eucla"),
    ("Transbaikal Standard Time", "Asia/Chita"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("North Korea Standard Time", "Asia/Pyongyang"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("Yakutsk Standard Time", "Asia/Yakutsk"),
    ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("West Pacific Standard Time", "Pacific/Port_Moresby"),
    ("Tasmania Standard Time", "Australia/Hobart"),
    ("Vladivostok Standard Time", "Asia/Vladivostok"),
    ("Lord Howe Standard Time", "Australia/Lord_Howe"),
    ("Bougainville Standard Time", "Pacific/Bougainville"),
    ("Russia Time Zone 10", "Asia/Srednekolymsk"),
    ("Magadan Standard Time", "Asia/Magadan"),
    ("Norfolk Standard Time", "Pacific/Norfolk"),
    ("Sakhalin Standard Time", "Asia/Sakhalin"),
    ("Central Pacific Standard Time", "Pacific/Guadalcanal"),
    ("Russia Time Zone 11", "Asia/Kamchatka"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("UTC+12", "Etc/GMT-12"),
    ("Fiji Standard Time", "Pacific/Fiji"),
    ("Chatham Islands Standard Time", "Pacific/Chatham"),
    ("UTC+13", "Etc/GMT-13"),
    ("Tonga Standard Time", "Pacific/Tongatapu"),
    ("Samoa Standard Time", "Pacific/Apia"),
    ("Line Islands Standard Time", "Pacific/Kiritimati"),
];

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
        let windows = |iana| Zone::from_iana(iana, 2027).map(Zone::windows);
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
