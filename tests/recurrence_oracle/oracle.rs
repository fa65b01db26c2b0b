//! The crate `rrule`, asked as we ask ourselves: which instants?

use blikk_calendar_sync::recurrence::SeriesStart;
use chrono::{DateTime, Datelike, LocalResult, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use rrule::RRuleSet;

/// Zones with summer time north and south of the equator, at midnight and at other hours, of half an hour, abolished
/// and moved, with offsets from -12 to +14.
pub const ZONES: [&str; 16] = [
    "Europe/Stockholm",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Sao_Paulo",
    "America/Santiago",
    "Asia/Beirut",
    "Asia/Tehran",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "UTC",
];

/// The first instants that the crate finds for `RRULE:rule` from `start`, in UTC; those of an all-day series are at
/// midnight. `Err` when it does not take the rule.
pub fn instants(rule: &str, start: &SeriesStart, most: usize) -> Result<Vec<DateTime<Utc>>, String> {
    let lines = match start {
        SeriesStart::AllDay(date) => format!("DTSTART:{}T000000Z\nRRULE:{}", date.format("%Y%m%d"), with_clock(rule)),
        SeriesStart::Timed { local, zone } if zone.as_str() == "UTC" => {
            format!("DTSTART:{}Z\nRRULE:{rule}", local.format("%Y%m%dT%H%M%S"))
        }
        SeriesStart::Timed { local, zone } => {
            format!("DTSTART;TZID={zone}:{}\nRRULE:{rule}", local.format("%Y%m%dT%H%M%S"))
        }
    };
    let series: RRuleSet = lines.parse().map_err(|error| format!("{error}"))?;
    // `limit` keeps it from looking for a 30 February to the end of time.
    Ok(series.limit().into_iter().take(most).map(|instant| instant.with_timezone(&Utc)).collect())
}

/// The crate has no all-day series: dates become midnights in UTC.
fn with_clock(rule: &str) -> String {
    match rule.split_once("UNTIL=") {
        Some((before, until)) => format!("{before}UNTIL={}T000000Z{}", &until[..8], &until[8..]),
        None => rule.to_owned(),
    }
}

/// Where the crate is known to be wrong: it leaves out an occurrence whose time is skipped or repeated on a day whose
/// midnight is, too. (It counts such times from midnight, see its `add_time_to_date`.) So Havana, Beirut, Santiago
/// and a day that Samoa never had cannot be compared on these few dates.
pub fn loses(start: &SeriesStart, date: NaiveDate) -> bool {
    !is_plain(start, date, NaiveTime::MIN) && !starts_plainly(start, date)
}

/// Whether the series' time is there once on this date. The crate takes no start that is not.
pub fn starts_plainly(start: &SeriesStart, date: NaiveDate) -> bool {
    match start {
        SeriesStart::AllDay(_) => true,
        SeriesStart::Timed { local, .. } => is_plain(start, date, local.time()),
    }
}

fn is_plain(start: &SeriesStart, date: NaiveDate, time: NaiveTime) -> bool {
    let SeriesStart::Timed { zone, .. } = start else { return true };
    let zone: Tz = zone.as_str().parse().unwrap();
    matches!(zone.from_local_datetime(&date.and_time(time)), LocalResult::Single(_))
}

/// The instant of an occurrence, with an all-day one at midnight.
pub fn instant_on(start: &SeriesStart, date: NaiveDate) -> DateTime<Utc> {
    match start {
        SeriesStart::AllDay(_) => date.and_time(NaiveTime::MIN).and_utc(),
        SeriesStart::Timed { .. } => start.instant_on(&blikk_calendar_sync::zone::IanaRules, date).unwrap(),
    }
}

/// The crate ends with year 10,000, we end before it.
pub fn is_in_time(instant: &DateTime<Utc>) -> bool {
    instant.year() < 9999
}
