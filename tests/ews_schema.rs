//! Every kind of request that we can build validates against Microsoft's schema, whatever the texts in it: Exchange
//! refuses a whole batch for one element out of order or one forbidden character.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use blikk_calendar_sync::event::{
    Answer, Attendance, Event, FreeBusy, Importance, Meeting, Moment, Participant, Person, Reminder, Sensitivity,
    Series, When,
};
use blikk_calendar_sync::ews::envelope::{self, RequestHeader, RequestVersion};
use blikk_calendar_sync::ews::item::{
    ChangeKey, ItemId, MarkerField, MarkerText, Wire, changes, mark_finished, set_rule,
};
use blikk_calendar_sync::ews::mapping::{Place, wire};
use blikk_calendar_sync::ews::operation::create_folder::CreateFolder;
use blikk_calendar_sync::ews::operation::create_item::CreateItem;
use blikk_calendar_sync::ews::operation::delete_item::DeleteItem;
use blikk_calendar_sync::ews::operation::find_folder::FindFolder;
use blikk_calendar_sync::ews::operation::find_item::{FindItem, Which};
use blikk_calendar_sync::ews::operation::get_folder::GetFolder;
use blikk_calendar_sync::ews::operation::get_item::GetItem;
use blikk_calendar_sync::ews::operation::get_server_time_zones::GetServerTimeZones;
use blikk_calendar_sync::ews::operation::sync_folder_items::SyncFolderItems;
use blikk_calendar_sync::ews::operation::update_item::{Conflict, ItemUpdate, UpdateItem};
use blikk_calendar_sync::ews::operation::{FolderId, FolderRef, ItemRef, Operation, Shape};
use blikk_calendar_sync::ews::xml::{Document, Writer};
use blikk_calendar_sync::ews::zone_definition::ZoneDefinition;
use blikk_calendar_sync::recurrence::{
    Count, DayInterval, DayOfMonth, DayOfWeek, Interval, Month, Pattern, Range, Recurrence, WeekDays, WeekIndex,
    Weekday,
};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};

const MAILBOX: &str = "anna.åkesson+\"a&b\"@konsult.example";

/// Texts that break whoever does not escape.
const TEXTS: [&str; 10] = [
    "",
    "Veckomöte åäö ÅÄÖ",
    "😀 👩‍👩‍👧‍👦 \u{1F1F8}\u{1F1EA}",
    "& < > \" '",
    "&amp; &#x0; &nbsp; <!-- <![CDATA[ ]]> <?x ?>",
    "]]>",
    "\0\u{1}\u{8}\u{B}\u{C}\u{E}\u{1A}\u{1F}\u{7F}\u{85}\u{FFFE}\u{FFFF}",
    "tab\tand\r\nlines\nand\rreturns\u{2028}",
    "\u{FEFF}\u{200B}\u{202E}\u{FFFD}\u{10FFFF}",
    "  blank  ",
];

#[test]
fn every_request_validates_against_microsofts_schema() {
    let Some(schema) = tools() else {
        println!("skipped: every_request_validates_against_microsofts_schema, because shared/ or xmllint is not here");
        return;
    };
    let requests = requests();
    assert_eq!(refused(&schema, &requests), "", "of {} requests", requests.len());
}

/// The test above could not fail if the schema let everything pass.
#[test]
fn the_schema_refuses_what_is_out_of_order_or_not_allowed() {
    let Some(schema) = tools() else {
        println!(
            "skipped: the_schema_refuses_what_is_out_of_order_or_not_allowed, because shared/ or xmllint is not here"
        );
        return;
    };
    let event = Event::new("Möte", all_day("2027-03-01", "2027-03-02"));
    let zone = ZoneId::new("Europe/Stockholm");
    let items = vec![wire(&event, None, &Place::new(&zone, &IanaRules)).unwrap()];
    let good = String::from_utf8(request(&CreateItem { folder: folder(), items })).unwrap();
    let swapped = good
        .replace("<t:Sensitivity>Normal</t:Sensitivity>", "")
        .replace("<t:Subject>Möte</t:Subject>", "<t:Sensitivity>Normal</t:Sensitivity><t:Subject>Möte</t:Subject>");
    for bad in [swapped, good.replace("Möte", "\u{1A}"), good.replace(">Busy<", ">Occupied<")] {
        assert_ne!(refused(&schema, &[("bad".to_owned(), bad.clone().into_bytes())]), "", "{bad}");
    }
}

fn requests() -> Vec<(String, Vec<u8>)> {
    let mut requests = vec![
        ("get-folder".to_owned(), request(&GetFolder { folder: folder() })),
        ("sync-first".to_owned(), request(&SyncFolderItems { folder: folder(), state: None, max_changes: 512 })),
        ("sync-too-many".to_owned(), request(&SyncFolderItems { folder: folder(), state: None, max_changes: 9_999 })),
    ];
    for shape in [Shape::Ids, Shape::Known, Shape::Placed, Shape::Everything] {
        requests.push((format!("get-{shape:?}"), request(&GetItem { shape, items: refs() })));
    }
    requests.push(("delete".to_owned(), request(&DeleteItem { items: refs() })));
    for (index, text) in TEXTS.into_iter().enumerate() {
        let sync = SyncFolderItems { folder: folder(), state: Some(text.to_owned()), max_changes: 1 };
        requests.push((format!("sync-{index}"), request(&sync)));
        for field in [MarkerField::LINK, MarkerField::BLIKK, MarkerField::UNFINISHED] {
            let which = Which::Marked { field, is_equal_to: text.to_owned() };
            requests.push((format!("find-{field:?}-{index}"), find(which)));
        }
        requests.push((format!("named-{index}"), find(Which::Named { uids: vec![text.to_owned(); index + 1] })));
    }
    requests.extend(lists());
    requests.extend(folders_and_zones());
    requests.extend(writes());
    requests
}

fn find(which: Which) -> Vec<u8> {
    request(&FindItem { folder: folder(), shape: Shape::Known, which })
}

/// Pages and windows, with numbers and times at their limits.
fn lists() -> Vec<(String, Vec<u8>)> {
    let mut requests = Vec::new();
    for max_entries in [0, 1, 1000, u32::MAX] {
        let page = find(Which::Page { offset: max_entries.min(i32::MAX as u32), max_entries });
        requests.push((format!("page-{max_entries}"), page));
        let (start, end) = ("1601-01-01T00:00:00Z".parse().unwrap(), "4500-08-31T23:59:59Z".parse().unwrap());
        requests.push((format!("window-{max_entries}"), find(Which::InWindow { start, end, max_entries })));
    }
    requests
}

/// Every way to name a folder; names and zones in every text.
fn folders_and_zones() -> Vec<(String, Vec<u8>)> {
    let root = || FolderRef::Root { mailbox: MAILBOX.into() };
    let by_id = || FolderRef::Id(FolderId::new("AAMkAD+/=&<\""));
    let mut requests = Vec::new();
    for (index, folder) in [folder(), root(), by_id()].into_iter().enumerate() {
        requests.push((format!("get-folder-{index}"), request(&GetFolder { folder: folder.clone() })));
        requests.push((format!("find-folder-{index}"), request(&FindFolder { below: folder.clone() })));
        let sync = SyncFolderItems { folder: folder.clone(), state: None, max_changes: 512 };
        requests.push((format!("sync-folder-{index}"), request(&sync)));
        let name = TEXTS[index + 1].to_owned();
        requests.push((format!("create-folder-{index}"), request(&CreateFolder { parent: folder, name })));
    }
    let ids = TEXTS.map(str::to_owned).to_vec();
    requests.push(("zones".to_owned(), request(&GetServerTimeZones { ids })));
    requests.push(("zone-with-rules".to_owned(), zone_with_rules()));
    requests
}

/// A zone as a server told it, given back in the place of its id; with every kind of transition that there is.
fn zone_with_rules() -> Vec<u8> {
    let told = "<t:StartTimeZone Id='Customized Time Zone' Name='&lt;ö&gt;'><t:Periods><t:Period Bias='-PT1H' Name='' Id='s'/>\
        <t:Period Bias='-PT2H' Id='d'/></t:Periods><t:TransitionsGroups><t:TransitionsGroup Id='0'>\
        <t:RecurringDayTransition><t:To Kind='Period'>d</t:To><t:TimeOffset>PT2H</t:TimeOffset><t:Month>3</t:Month>\
        <t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition>\
        <t:RecurringDateTransition><t:To Kind='Period'>s</t:To><t:TimeOffset>PT3H</t:TimeOffset><t:Month>10</t:Month>\
        <t:Day>25</t:Day></t:RecurringDateTransition></t:TransitionsGroup></t:TransitionsGroups><t:Transitions>\
        <t:Transition><t:To Kind='Period'>s</t:To></t:Transition><t:AbsoluteDateTransition><t:To Kind='Group'>0</t:To>\
        <t:DateTime>1980-04-06T00:00:00</t:DateTime></t:AbsoluteDateTransition></t:Transitions></t:StartTimeZone>";
    let mut document = Document::new(told);
    let zone = ZoneDefinition::read(document.root().unwrap());
    assert_eq!(document.finish(), Ok(()));
    assert_eq!((zone.periods.len(), zone.transitions.len()), (2, 2));
    let mut xml = Writer::default();
    zone.write("t:StartTimeZone", &mut xml);
    let written = String::from_utf8(xml.into_bytes()).unwrap();

    let event = Event::new("Möte", all_day("2027-03-01", "2027-03-02"));
    let home = ZoneId::new("Europe/Stockholm");
    let items = vec![wire(&event, None, &Place::new(&home, &IanaRules)).unwrap()];
    let request = String::from_utf8(request(&CreateItem { folder: folder(), items })).unwrap();
    let by_id = "<t:StartTimeZone Id=\"W. Europe Standard Time\"/>";
    assert!(request.contains(by_id));
    request.replace(by_id, &written).into_bytes()
}

/// All events in one CreateItem from each of many homes, and each event changed into every other.
fn writes() -> Vec<(String, Vec<u8>)> {
    let events = events();
    let mut requests = Vec::new();
    for home in ["Europe/Stockholm", "Pacific/Kiritimati", "America/St_Johns", "UTC", "Mars/Olympus_Mons"] {
        let zone = ZoneId::new(home);
        let place = Place::new(&zone, &IanaRules);
        let wired = |event| {
            let marker = MarkerText { link: "0123456789abcdef", blikk: TEXTS[4], is_unfinished: true };
            wire(event, Some(marker), &place).unwrap()
        };
        let items: Vec<Wire<'_>> = events.iter().map(wired).collect();
        requests.push((format!("create-{}", home.replace('/', "-")), request(&CreateItem { folder: folder(), items })));
    }
    let zone = ZoneId::new("Europe/Stockholm");
    let place = Place::new(&zone, &IanaRules);
    let wires: Vec<Wire<'_>> = events.iter().map(|event| wire(event, None, &place).unwrap()).collect();
    for (index, before) in wires.iter().enumerate() {
        let updates = refs().into_iter().cycle().zip(&wires);
        let updates = updates.map(|(item, after)| {
            let mut changes = changes(before, after);
            if before.rule == after.rule {
                changes.extend(set_rule(after));
            }
            changes.push(mark_finished(index % 2 == 0));
            ItemUpdate { item, changes }
        });
        let items: Vec<_> = updates.filter(|update| !update.changes.is_empty()).collect();
        assert!(!items.is_empty());
        requests.push((format!("update-{index}"), request(&UpdateItem { items, conflict: Conflict::NeverOverwrite })));
    }
    requests
}

/// Every text in every place, with every other value in turn.
fn events() -> Vec<Event> {
    use {FreeBusy::*, Sensitivity::*};
    let moment = |text: &str, zone: &str| Moment::new(text.parse().unwrap(), ZoneId::new(zone));
    let timed = |start, end, zone| When::timed(moment(start, zone), moment(end, zone)).unwrap();
    let times = [
        all_day("2027-03-28", "2027-03-29"),
        timed("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z", "Europe/Stockholm"),
        timed("1601-01-01T00:00:00Z", "4499-12-31T23:59:59Z", "Asia/Tokyo"),
        timed("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "Mars/Olympus_Mons"),
    ];
    let rules = rules();
    let reminders = [None, Some(0), Some(15), Some(2_629_800), Some(u32::MAX)];
    let person = Person { name: TEXTS[3].into(), address: "bo@kund.example".into() };
    TEXTS
        .into_iter()
        .enumerate()
        .map(|(index, text)| {
            let mut event = Event::new(text, times[index % times.len()].clone());
            event.body = TEXTS[(index + 3) % TEXTS.len()].into();
            event.place = TEXTS[(index + 5) % TEXTS.len()].into();
            event.categories = TEXTS[..index].iter().map(|text| (*text).to_owned()).collect::<BTreeSet<_>>();
            event.free_busy = [Free, Tentative, Busy, OutOfOffice, WorkingElsewhere][index % 5];
            event.sensitivity = [Normal, Personal, Private, Confidential][index % 4];
            event.reminder = reminders[index % 5].map(|minutes_before_start| Reminder { minutes_before_start });
            event.importance = [Importance::Low, Importance::Normal, Importance::High][index % 3];
            event.meeting = Some(Meeting {
                is_mine: false,
                organizer: Some(person.clone()),
                participants: vec![Participant {
                    person: person.clone(),
                    attendance: Attendance::Required,
                    answer: Answer::Declined,
                }],
                my_answer: Answer::Accepted,
                is_cancelled: false,
                online_url: Some(TEXTS[4].into()),
            });
            event.attachments = vec![TEXTS[4].into()];
            // Not in the zones and years that hold no series.
            let rule = (index % 4 < 2).then(|| index / 4 * 2 + index % 4).and_then(|place| rules.get(place));
            event.series = rule.map(|rule| Series::new(*rule));
            event
        })
        .collect()
}

/// Every pattern, with every range in turn.
fn rules() -> Vec<Recurrence> {
    let (interval, day_of_month) = (Interval::new(99).unwrap(), DayOfMonth::new(31).unwrap());
    let patterns = [
        Pattern::Daily { interval: DayInterval::new(999).unwrap() },
        Pattern::Weekly { interval, days: WeekDays::EVERY_DAY, first_day_of_week: Weekday::Sunday },
        Pattern::AbsoluteMonthly { interval, day_of_month },
        Pattern::RelativeMonthly { interval, day: DayOfWeek::Day, index: WeekIndex::Last },
        Pattern::AbsoluteYearly { month: Month::February, day_of_month },
        Pattern::RelativeYearly { month: Month::December, day: DayOfWeek::WeekendDay, index: WeekIndex::First },
    ];
    let last = chrono::NaiveDate::from_ymd_opt(4499, 12, 31).unwrap();
    let ranges = [Range::NoEnd, Range::EndDate(last), Range::Numbered(Count::new(999).unwrap())];
    let rules = patterns.into_iter().zip(ranges.into_iter().cycle());
    rules.map(|(pattern, range)| Recurrence { pattern, range }).collect()
}

fn all_day(first: &str, last: &str) -> When {
    When::all_day(first.parse().unwrap(), last.parse().unwrap()).unwrap()
}

fn folder() -> FolderRef {
    FolderRef::Calendar { mailbox: MAILBOX.into() }
}

fn refs() -> Vec<ItemRef> {
    let key = ChangeKey::new("DwAAABYAAAA+/&<\"");
    vec![
        ItemRef::in_state(ItemId::new("AAMkAD+/=&<\""), key.clone()),
        ItemId::new("AAMkAE=").into(),
        ItemRef::Occurrence { series: ItemId::new("AAMkAF="), index: 1, change_key: Some(key) },
        ItemRef::Occurrence { series: ItemId::new("AAMkAF="), index: 999, change_key: None },
    ]
}

fn request<O: Operation>(operation: &O) -> Vec<u8> {
    let version = match O::NAME.len() % 3 {
        0 => RequestVersion::Exchange2010Sp2,
        1 => RequestVersion::Exchange2013,
        _ => RequestVersion::Exchange2016,
    };
    let header = RequestHeader { version, mailbox: MAILBOX.into() };
    envelope::request(&header, operation)
}

/// What xmllint says of all requests at once, as reading the schema takes longer than reading them; nothing if it likes them.
fn refused(schema: &Path, requests: &[(String, Vec<u8>)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = requests
        .iter()
        .map(|(name, bytes)| {
            let file = folder.path().join(format!("{name}.xml"));
            std::fs::write(&file, bytes).unwrap();
            file
        })
        .collect();
    let output =
        Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(schema).args(&files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let refusals: Vec<&str> = said.lines().filter(|line| !line.ends_with(" validates")).collect();
    assert_eq!(output.status.success(), refusals.is_empty(), "{said}");
    refusals.join("\n")
}

fn tools() -> Option<PathBuf> {
    let schema = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/ews-schema/soap.xsd")).to_owned();
    let has_xmllint = Command::new("xmllint").arg("--version").output().is_ok_and(|output| output.status.success());
    (schema.is_file() && has_xmllint).then_some(schema)
}
