//! What is tried with an input from outside, whatever it may be. A panic here is a finding.
//!
//! The fuzzer calls these functions millions of times, and `tests/fuzz_corpus.rs` includes this file and calls them for
//! every input worth remembering. So it depends on nothing but the core.

use blikk_calendar_sync::ews::envelope::{self, NoAnswer};
use blikk_calendar_sync::ews::item::CalendarItem;
use blikk_calendar_sync::ews::mapping::{Place, event_of};
use blikk_calendar_sync::ews::operation::Operation;
use blikk_calendar_sync::ews::operation::create_folder::CreateFolder;
use blikk_calendar_sync::ews::operation::create_item::CreateItem;
use blikk_calendar_sync::ews::operation::delete_item::DeleteItem;
use blikk_calendar_sync::ews::operation::find_folder::FindFolder;
use blikk_calendar_sync::ews::operation::find_item::FindItem;
use blikk_calendar_sync::ews::operation::get_folder::GetFolder;
use blikk_calendar_sync::ews::operation::get_item::GetItem;
use blikk_calendar_sync::ews::operation::get_server_time_zones::GetServerTimeZones;
use blikk_calendar_sync::ews::operation::sync_folder_items::SyncFolderItems;
use blikk_calendar_sync::ews::operation::update_item::UpdateItem;
use blikk_calendar_sync::ews::zone_rules::rules_of;
use blikk_calendar_sync::recurrence::SeriesStart;
use blikk_calendar_sync::recurrence::rule::{self, Refusal, RuleRead};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};

/// RRULE, EXDATE and RDATE lines, read for series that start in different ways.
pub fn rrule(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for start in starts() {
        match rule::read(&[&text], &start, &IanaRules) {
            Ok(read) => holds_together(&read, &start),
            Err(Refusal::NotExpressible(why) | Refusal::Unreadable(why)) => {
                assert!(why.chars().count() <= 60, "a refusal repeats the whole text: {why}");
            }
        }
    }
}

/// The last one begins where the years with four digits end.
fn starts() -> impl Iterator<Item = SeriesStart> {
    let timed = [
        ("2027-01-04T09:00:00", "Europe/Stockholm"),
        ("2028-02-29T02:30:00", "Europe/Stockholm"),
        ("2027-01-31T23:30:00", "America/New_York"),
        ("2027-12-31T00:00:00", "Pacific/Kiritimati"),
        ("9999-12-24T23:00:00", "America/New_York"),
    ];
    let timed = timed.map(|(local, zone)| local.parse().map(|local| (local, ZoneId::new(zone))));
    let timed = timed.into_iter().flatten().map(|(local, zone)| SeriesStart::Timed { local, zone });
    let all_day = ["2027-01-29", "2027-02-28", "0001-01-01"].into_iter().flat_map(str::parse).map(SeriesStart::AllDay);
    timed.chain(all_day)
}

/// What was read is a series, and our own text for it says the same.
fn holds_together(read: &RuleRead, start: &SeriesStart) {
    let (series, first) = (&read.recurrence, start.date());
    assert!(series.agrees_with_start(first), "R26");
    for (index, date) in (1..).zip(series.occurrences(first).take(12)) {
        assert_eq!(series.index_of(first, date), Some(index));
    }
    if let Some(last) = series.last_date(first) {
        assert!(series.contains(first, last));
        assert_eq!(series.occurrences(first).on_or_after(last).count(), 1);
    }
    assert!(read.excluded.iter().all(|date| series.contains(first, *date)));
    let lines = rule::write(series, &read.excluded, start, &IanaRules);
    assert_eq!(rule::read(&lines, start, &IanaRules).as_ref(), Ok(read), "{lines:?}");
}

/// An answer of Exchange, read as the answer to each operation, and its items made events.
pub fn response(input: &[u8]) {
    let _ = envelope::operation_answered(input);
    let none = |(): ()| Vec::new();
    let answers = [
        items_in::<GetFolder>(input, |_| Vec::new()),
        items_in::<FindFolder>(input, |_| Vec::new()),
        items_in::<CreateFolder>(input, |_| Vec::new()),
        items_in::<GetServerTimeZones>(input, |zones| {
            zones.iter().for_each(|zone| drop(rules_of(zone)));
            Vec::new()
        }),
        items_in::<DeleteItem>(input, none),
        items_in::<GetItem>(input, |items| items),
        items_in::<FindItem>(input, |found| found.items),
        items_in::<CreateItem<'_>>(input, |items| items),
        items_in::<UpdateItem<'_>>(input, |items| items),
        items_in::<SyncFolderItems>(input, |page| page.changes.iter().map(|change| change.item().clone()).collect()),
    ];
    let own_zone = ZoneId::new("Europe/Stockholm");
    let place = Place::new(&own_zone, &IanaRules);
    for items in answers.into_iter().flatten() {
        // Some of the answer's own items stand in for the exceptions that a series among them names.
        let exceptions: Vec<CalendarItem> = items.iter().take(3).cloned().collect();
        for mut item in items {
            if let Ok(event) = event_of(&mut item, exceptions.clone(), &place) {
                assert_eq!(
                    event.clone().tidied(),
                    event,
                    "an event that is read is tidy, or it would be written again"
                );
            }
        }
    }
}

fn items_in<O: Operation>(
    input: &[u8],
    items: impl Fn(O::Outcome) -> Vec<CalendarItem>,
) -> Result<Vec<CalendarItem>, NoAnswer> {
    let messages = envelope::read::<O>(input)?.messages;
    Ok(messages.into_iter().flatten().flat_map(items).collect())
}
