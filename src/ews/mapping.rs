//! Calendar item <-> [`Event`].
//!
//! Everything about time stands here (R03, R05, R07): an item's times are instants with a zone beside them, an all-day
//! item is midnight to midnight *in its own zone*, and an all-day event has dates and no zone at all.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::event::{Event, Moment, Reminder, When};
use crate::ews::item::{CalendarItem, CalendarItemType, ItemElement, MarkerText, Wire};
use crate::problem::{Code, Problem};
use crate::zone::{ZoneId, ZoneRules, start_of_day, wall_clock};

/// The zone that is written for one that has no Windows id. The instant is what counts for a single event, and UTC
/// keeps it without claiming that the event belongs to a place where it does not.
const NO_ZONE: &str = "UTC";

/// The years that an Exchange calendar holds: from the beginning of FILETIME to the end of Outlook's time.
const YEARS: std::ops::Range<i32> = 1601..4500;

/// A person's own zone, and the rules of all zones.
pub struct Place<'z, Z> {
    /// What a Windows id that covers many IANA zones is taken for, and where all-day events are written.
    pub own_zone: &'z ZoneId,
    pub rules: &'z Z,
}

/// The event that an item is. Takes the texts out of the item when it succeeds.
///
/// # Errors
/// Why it is no event that we can synchronise; the item is as it was then.
pub fn event_of<Z: ZoneRules>(item: &mut CalendarItem, place: &Place<'_, Z>) -> Result<Event, Problem> {
    if let ItemElement::Other(name) = &item.element {
        return Err(Problem::new(Code::EventNotAnAppointment).said(name));
    }
    if item.is_recurring || !matches!(item.item_type, None | Some(CalendarItemType::Single)) {
        return Err(Code::EventSeries.into());
    }
    if item.is_meeting || !item.participants.is_empty() {
        return Err(Code::EventMeeting.into());
    }
    let when = when_of(item, place)?;
    let mut event = Event::new(std::mem::take(&mut item.subject), when);
    event.body = item.body.take().unwrap_or_default();
    event.place = std::mem::take(&mut item.location);
    event.free_busy = item.free_busy;
    event.sensitivity = item.sensitivity;
    event.categories = std::mem::take(&mut item.categories).into_iter().collect();
    if item.reminder_is_set {
        event.reminder = Some(Reminder { minutes_before_start: item.reminder_minutes.unwrap_or(15) });
    }
    // The organiser of an appointment that nobody else attends is the calendar's owner, which says nothing.
    Ok(event.tidied())
}

fn when_of<Z: ZoneRules>(item: &CalendarItem, place: &Place<'_, Z>) -> Result<When, Problem> {
    let (Some(start), Some(end)) = (item.start, item.end) else {
        return Err(Problem::new(Code::EventUnreadable).said("Start or End is missing or no time"));
    };
    if end < start {
        return Err(Code::EventEndsBeforeStart.into());
    }
    let start_zone = zone_of(item.start_zone.as_deref(), place)?;
    let end_zone = match &item.end_zone {
        Some(zone) => zone_of(Some(zone), place)?,
        None => start_zone.clone(),
    };
    let when = if item.is_all_day {
        let unknown = |zone: &ZoneId| Problem::new(Code::EventZoneUnknown).said(zone.as_str());
        let first = date_of(start, &start_zone, place).ok_or_else(|| unknown(&start_zone))?;
        let last = date_of(end, &end_zone, place).ok_or_else(|| unknown(&end_zone))?;
        // A server may end a one-day event at its own midnight.
        When::all_day(first, last.max(first.succ_opt().unwrap_or(first)))
    } else {
        When::timed(Moment::new(start, start_zone), Moment::new(end, end_zone))
    };
    when.map_err(|_| Code::EventEndsBeforeStart.into())
}

/// The date that begins at `instant`. Midnight exactly in the event's zone, if all is well; else the nearest midnight:
/// some clients write the midnight of another zone (R03), and where the clock jumps over midnight there is none.
fn date_of<Z: ZoneRules>(instant: DateTime<Utc>, zone: &ZoneId, place: &Place<'_, Z>) -> Option<NaiveDate> {
    let clock = wall_clock(place.rules, zone, instant)?;
    clock.checked_add_signed(TimeDelta::hours(12)).map(|noon| noon.date())
}

/// The zone that a StartTimeZone names. Usually by a Windows id, but IANA ids and Microsoft's own URIs occur (R05).
/// Without any (Exchange 2007, or a client that set none), it is the person's own.
fn zone_of<Z: ZoneRules>(id: Option<&str>, place: &Place<'_, Z>) -> Result<ZoneId, Problem> {
    let Some(id) = id else { return Ok(place.own_zone.clone()) };
    if id.eq_ignore_ascii_case("tzone://Microsoft/Utc") {
        return Ok(ZoneId::utc());
    }
    let iana = || {
        let zone = ZoneId::new(id);
        let is_known = id.contains('/') && place.rules.offset_at(&zone, DateTime::UNIX_EPOCH).is_some();
        is_known.then_some(zone)
    };
    ZoneId::from_windows(id, place.own_zone).or_else(iana).ok_or_else(|| Problem::new(Code::EventZoneUnknown).said(id))
}

/// The event as it goes over the wire.
///
/// # Errors
/// `exchange.item_refused` for what no Exchange can hold. Said here, because in a batch Exchange's schema check would
/// refuse the innocent with the guilty.
pub fn wire<'e, Z: ZoneRules>(
    event: &'e Event,
    marker: Option<MarkerText<'e>>,
    place: &Place<'_, Z>,
) -> Result<Wire<'e>, Problem> {
    let wire = match &event.when {
        When::Timed(span) => {
            let (start, end) = (span.start(), span.end());
            let start_zone = start.zone().windows().unwrap_or(NO_ZONE);
            let end_zone = match end.zone() {
                same if same == start.zone() => start_zone,
                other => other.windows().unwrap_or(NO_ZONE),
            };
            Wire { event, start: start.instant(), end: end.instant(), start_zone, end_zone, marker }
        }
        When::AllDay(days) => {
            let (start, end, zone) = midnights(days.start(), days.end(), place);
            Wire { event, start, end, start_zone: zone, end_zone: zone, marker }
        }
    };
    match [wire.start, wire.end].iter().find(|time| !YEARS.contains(&time.year())) {
        Some(time) => Err(Problem::new(Code::ExchangeItemRefused).said(format!("the year {}", time.year()))),
        None => Ok(wire),
    }
}

/// Both midnights of whole days, in the person's zone where Exchange knows it, else in UTC: read back with the zone
/// that stands beside them, both give the same dates.
fn midnights<Z: ZoneRules>(
    first: NaiveDate,
    last: NaiveDate,
    &Place { own_zone, rules }: &Place<'_, Z>,
) -> (DateTime<Utc>, DateTime<Utc>, &'static str) {
    let in_own_zone = || {
        let zone = own_zone.windows()?;
        Some((start_of_day(rules, own_zone, first)?, start_of_day(rules, own_zone, last)?, zone))
    };
    in_own_zone().unwrap_or_else(|| {
        let utc = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
        (utc(first), utc(last), NO_ZONE)
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "mapping_tests.rs"]
mod tests;
