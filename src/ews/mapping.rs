//! Calendar item <-> [`Event`].
//!
//! Everything about time stands here (R03, R05, R07): an item's times are instants with a zone beside them, an all-day
//! item is midnight to midnight *in its own zone*, and an all-day event has dates and no zone at all. What a series is
//! beyond its first occurrence stands in [`super::series`].

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::event::{Answer, Event, Meeting, Moment, Reminder, Start, When, set_of};
use crate::ews::envelope::RequestVersion;
use crate::ews::item::{CalendarItem, CalendarItemType, ItemElement, MarkerText, Wire};
use crate::ews::series::{Told, series_of};
use crate::ews::zone_definition::ZoneDefinition;
use crate::ews::zone_rules::rules_of;
use crate::problem::{Code, Problem};
use crate::recurrence::Recurrence;
use crate::zone::{Purpose, WindowsZone, ZoneId, ZoneRules, resolve, start_of_day, wall_clock, windows_like};

/// The zone that is written for one that has no Windows id. The instant is what counts for a single event, and UTC
/// keeps it without claiming that the event belongs to a place where it does not.
const NO_ZONE: &str = "UTC";

/// The years that an Exchange calendar holds: from the beginning of FILETIME to the end of Outlook's time.
const YEARS: std::ops::Range<i32> = 1601..4500;

/// A person's own zone, and the rules of all zones.
pub struct Place<'z, Z> {
    pub(super) own_zone: &'z ZoneId,
    pub(super) rules: &'z Z,
    /// Looked up once, because nearly every event is written in it.
    own_windows: Option<WindowsZone>,
}

impl<'z, Z> Place<'z, Z> {
    /// `own_zone` is what a Windows id that covers many IANA zones is taken for, and where all-day events are written.
    pub fn new(own_zone: &'z ZoneId, rules: &'z Z) -> Self {
        Place { own_zone, rules, own_windows: own_zone.windows_zone() }
    }
}

/// The event that an item is. Takes the texts out of the item when it succeeds.
///
/// `exceptions` are the items that [`CalendarItem::modified_occurrences`] names, in that order; of a single event there
/// are none.
///
/// # Errors
/// Why it is no event that we can synchronise; the item is as it was then.
pub fn event_of<Z: ZoneRules>(
    item: &mut CalendarItem,
    exceptions: Vec<CalendarItem>,
    place: &Place<'_, Z>,
) -> Result<Event, Problem> {
    if let ItemElement::Other(name) = &item.element {
        return Err(Problem::new(Code::EventNotAnAppointment).said(name));
    }
    if matches!(item.item_type, Some(CalendarItemType::Occurrence | CalendarItemType::Exception)) {
        // No calendar lists them by themselves (R09); what one of them is, its series tells.
        return Err(Problem::new(Code::EventUnreadable).said("an occurrence without its series"));
    }
    let rule = match &item.recurrence {
        Some(Ok(rule)) => Some(*rule),
        Some(Err(part)) => return Err(Problem::new(Code::EventRuleNotExpressible).said(part)),
        None if item.item_type == Some(CalendarItemType::RecurringMaster) => {
            return Err(Problem::new(Code::EventUnreadable).said("a series without its Recurrence"));
        }
        None => None,
    };
    let (mut when, zone) = when_of(item, rule.is_some(), place)?;
    let rule = match rule {
        Some(rule) => Some((rule, first_of_series(&mut when, rule, place)?)),
        None => None,
    };
    let meeting = meeting_of(item);
    let told = Told {
        modified: std::mem::take(&mut item.modified_occurrences),
        items: exceptions,
        deleted: std::mem::take(&mut item.deleted_occurrences),
    };
    let mut event = content(item, when);
    event.meeting = meeting;
    event.attachments = std::mem::take(&mut item.attachments);
    let event = event.tidied();
    Ok(match rule {
        None => event,
        Some(rule) => series_of(event, rule, &zone, told, place),
    })
}

/// What a person wrote into an item, series or occurrence; not what makes it a meeting.
pub(super) fn content(item: &mut CalendarItem, when: When) -> Event {
    let mut event = Event::new(std::mem::take(&mut item.subject), when);
    event.body = item.body.take().unwrap_or_default();
    event.place = std::mem::take(&mut item.location);
    event.free_busy = item.free_busy;
    event.sensitivity = item.sensitivity;
    event.importance = item.importance;
    event.categories = set_of(std::mem::take(&mut item.categories));
    if item.reminder_is_set {
        event.reminder = Some(Reminder { minutes_before_start: item.reminder_minutes.unwrap_or(15) });
    }
    event
}

/// The organiser of an appointment that nobody else attends is the calendar's owner, which says nothing.
fn meeting_of(item: &mut CalendarItem) -> Option<Meeting> {
    if !item.is_meeting && item.participants.is_empty() {
        return None;
    }
    let my_answer = item.my_answer.unwrap_or_default();
    Some(Meeting {
        // Since 2013 servers say it; before, an organiser's own answer was that they organise it.
        is_mine: item.is_organizer.unwrap_or(my_answer == Answer::Organizer),
        organizer: item.organizer.take(),
        participants: std::mem::take(&mut item.participants),
        my_answer,
        is_cancelled: item.is_cancelled,
        online_url: item.online_url.take(),
    })
}

/// The first date of a series. An item that starts on a date without an occurrence (R26) is moved to the first that
/// has one, as Exchange shows it.
fn first_of_series<Z: ZoneRules>(
    when: &mut When,
    rule: Recurrence,
    place: &Place<'_, Z>,
) -> Result<NaiveDate, Problem> {
    let unknown = || Problem::new(Code::EventZoneUnknown);
    let start = when.first_date(place.rules).ok_or_else(unknown)?;
    if rule.agrees_with_start(start) {
        return Ok(start);
    }
    let nowhere = || Problem::new(Code::EventUnreadable).said("a series without any occurrence");
    let first = rule.first_on_or_after(start, start).ok_or_else(nowhere)?;
    *when = when.on_date(first, place.rules).ok_or_else(unknown)?;
    Ok(first)
}

/// When the item is, and the zone that it starts in: also an all-day item has one, by which its exceptions are told.
pub(super) fn when_of<Z: ZoneRules>(
    item: &CalendarItem,
    is_series: bool,
    place: &Place<'_, Z>,
) -> Result<(When, ZoneId), Problem> {
    let (Some(start), Some(end)) = (item.start, item.end) else {
        return Err(Problem::new(Code::EventUnreadable).said("Start or End is missing or no time"));
    };
    if end < start {
        return Err(Code::EventEndsBeforeStart.into());
    }
    let purpose = if is_series { Purpose::Series { start } } else { Purpose::Event { start, end } };
    let start_zone = zone_of(item.start_zone.as_deref(), purpose, place)?;
    let end_zone = match &item.end_zone {
        Some(zone) if item.end_zone != item.start_zone => zone_of(Some(zone), purpose, place)?,
        _ => start_zone.clone(),
    };
    let when = if item.is_all_day {
        let unknown = |zone: &ZoneId| Problem::new(Code::EventZoneUnknown).said(zone.as_str());
        let first = date_of(start, &start_zone, place).ok_or_else(|| unknown(&start_zone))?;
        let last = date_of(end, &end_zone, place).ok_or_else(|| unknown(&end_zone))?;
        // A server may end a one-day event at its own midnight.
        When::all_day(first, last.max(first.succ_opt().unwrap_or(first)))
    } else {
        When::timed(Moment::new(start, start_zone.clone()), Moment::new(end, end_zone))
    };
    Ok((when.map_err(|_| Code::EventEndsBeforeStart)?, start_zone))
}

/// When an item begins that cannot be read otherwise: for a title it is enough to know the day, so one whose zone nobody
/// knows has the person's own.
pub fn start_of<Z: ZoneRules>(item: &CalendarItem, place: &Place<'_, Z>) -> Option<Start> {
    let start = item.start?;
    if !item.is_all_day {
        return Some(Start::At(start));
    }
    let zone = zone_of(item.start_zone.as_deref(), Purpose::Event { start, end: start }, place);
    date_of(start, zone.as_ref().unwrap_or(place.own_zone), place).map(Start::On)
}

/// The date that begins at `instant`. Midnight exactly in the event's zone, if all is well; else the nearest midnight:
/// some clients write the midnight of another zone (R03), and where the clock jumps over midnight there is none.
pub(super) fn date_of<Z: ZoneRules>(instant: DateTime<Utc>, zone: &ZoneId, place: &Place<'_, Z>) -> Option<NaiveDate> {
    let clock = wall_clock(place.rules, zone, instant)?;
    clock.checked_add_signed(TimeDelta::hours(12)).map(|noon| noon.date())
}

/// The zone that a StartTimeZone means: by its id, usually, else by the rules that stand beside it (R05). Without any
/// (Exchange 2007, or a client that set none), it is the person's own.
fn zone_of<Z: ZoneRules>(
    zone: Option<&ZoneDefinition>,
    purpose: Purpose,
    place: &Place<'_, Z>,
) -> Result<ZoneId, Problem> {
    let Some(zone) = zone else { return Ok(place.own_zone.clone()) };
    resolve(&zone.id, &zone.name, || rules_of(zone), purpose, place.own_zone, place.rules).ok_or_else(|| {
        Problem::new(Code::EventZoneUnknown).said(if zone.id.is_empty() { &zone.name } else { &zone.id })
    })
}

/// The event as it goes over the wire.
///
/// # Errors
/// `exchange.item_refused` for what no Exchange can hold. Said here, because in a batch Exchange's schema check would
/// refuse the innocent with the guilty. `event.zone_unknown` for a series in a zone that Windows has no like of: its
/// later occurrences would be at other times.
pub fn wire<'e, Z: ZoneRules>(
    event: &'e Event,
    marker: Option<MarkerText<'e>>,
    place: &Place<'_, Z>,
) -> Result<Wire<'e>, Problem> {
    let rule = match &event.series {
        Some(series) => {
            let first = event.when.first_date(place.rules).ok_or(Code::EventZoneUnknown)?;
            Some((&series.recurrence, first))
        }
        None => None,
    };
    let (start, end, start_zone, end_zone) = match &event.when {
        When::Timed(span) => {
            let (start, end) = (span.start(), span.end());
            let start_zone = windows_zone(start, rule.is_some(), place)?;
            let end_zone = match end.zone() {
                same if same == start.zone() => start_zone,
                _ => windows_zone(end, rule.is_some(), place)?,
            };
            (start.instant(), end.instant(), start_zone, end_zone)
        }
        When::AllDay(days) => {
            let (start, end, zone) = midnights(days.start(), days.end(), place);
            (start, end, zone, zone)
        }
    };
    match [start, end].iter().find(|time| !YEARS.contains(&time.year())) {
        Some(time) => Err(Problem::new(Code::ExchangeItemRefused).said(format!("the year {}", time.year()))),
        None => Ok(Wire { event, start, end, start_zone, end_zone, rule, marker, version: RequestVersion::default() }),
    }
}

/// The Windows zone to write: its own, else one whose clock is the same while the event lasts. Of a single event the
/// instant is all that matters, so one without any goes as UTC.
fn windows_zone<Z: ZoneRules>(moment: &Moment, is_series: bool, place: &Place<'_, Z>) -> Result<&'static str, Problem> {
    let (zone, start) = (moment.zone(), moment.instant());
    if is_series {
        let unknown = || Problem::new(Code::EventZoneUnknown).said(zone.as_str());
        return windows_like(zone, Purpose::Series { start }, place.rules).ok_or_else(unknown);
    }
    let like = || windows_like(zone, Purpose::Event { start, end: start }, place.rules);
    let known = if zone == place.own_zone { place.own_windows.map(|own| own.windows) } else { zone.windows() };
    Ok(known.or_else(like).unwrap_or(NO_ZONE))
}

/// Both midnights of whole days, in the person's zone where Exchange knows it, else in UTC: read back with the zone
/// that stands beside them, both give the same dates. The midnights are those of the Windows zone's clock, for it is by
/// that one that Outlook shows them; a few IANA zones that CLDR puts into it go by another.
fn midnights<Z: ZoneRules>(
    first: NaiveDate,
    last: NaiveDate,
    place: &Place<'_, Z>,
) -> (DateTime<Utc>, DateTime<Utc>, &'static str) {
    let in_own_zone = || {
        let zone = place.own_windows?;
        let (clock, rules) = (zone.main_zone(), place.rules);
        Some((start_of_day(rules, &clock, first)?, start_of_day(rules, &clock, last)?, zone.windows))
    };
    in_own_zone().unwrap_or_else(|| {
        let utc = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
        (utc(first), utc(last), NO_ZONE)
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "mapping_tests.rs"]
mod tests;
