//! Items to events and back, in the words of what people ran into.

use std::collections::BTreeSet;

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::event::{Answer, Attendance, FreeBusy, Importance, Meeting, Participant, Person, Sensitivity, Series};
use crate::ews::envelope::read;
use crate::ews::item::{changes, write_change, write_new};
use crate::ews::operation::get_item::GetItem;
use crate::ews::xml::{Writer, allowed};
use crate::recurrence::{
    Count, DayInterval, DayOfMonth, DayOfWeek, Interval, Month, Pattern, Range, WeekDays, WeekIndex, Weekday,
};
use crate::zone::IanaRules;

fn stockholm() -> ZoneId {
    ZoneId::new("Europe/Stockholm")
}

fn in_zone(zone: &ZoneId) -> Place<'_, IanaRules> {
    Place::new(zone, &IanaRules)
}

/// The item of a GetItem answer with this inside its `Items`.
fn item(items: &str) -> CalendarItem {
    let answer = format!(
        "<s:Envelope><s:Body><m:GetItemResponse><m:ResponseMessages>\
         <m:GetItemResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>\
         <m:Items>{items}</m:Items></m:GetItemResponseMessage></m:ResponseMessages></m:GetItemResponse></s:Body></s:Envelope>"
    );
    let mut messages = read::<GetItem>(answer.as_bytes()).unwrap().messages;
    messages.remove(0).unwrap().remove(0)
}

/// What a calendar item with these fields becomes for a person in Stockholm.
fn event(fields: &str) -> Result<Event, Code> {
    let mut item = item(&format!("<t:CalendarItem>{fields}</t:CalendarItem>"));
    event_of(&mut item, Vec::new(), &in_zone(&stockholm())).map_err(|problem| problem.code)
}

fn new_item(event: &Event, zone: &ZoneId) -> String {
    let mut xml = Writer::default();
    write_new(&wire(event, None, &in_zone(zone)).unwrap(), &mut xml);
    String::from_utf8(xml.into_bytes()).unwrap()
}

fn update(before: &Event, after: &Event) -> String {
    let zone = stockholm();
    let (before, after) = (wire(before, None, &in_zone(&zone)).unwrap(), wire(after, None, &in_zone(&zone)).unwrap());
    let mut xml = Writer::default();
    changes(&before, &after).iter().for_each(|change| write_change(change, &mut xml));
    String::from_utf8(xml.into_bytes()).unwrap()
}

/// The paths that an update names, in order; a deleted one with a minus.
fn updated(before: &Event, after: &Event) -> Vec<String> {
    let xml = format!("<r xmlns:t=\"t\">{}</r>", update(before, after));
    let document = roxmltree::Document::parse(&xml).unwrap();
    let verbs = document.root_element().children();
    verbs
        .map(|verb| {
            let path = verb.first_element_child().and_then(|uri| uri.attribute("FieldURI")).unwrap();
            if verb.tag_name().name() == "DeleteItemField" { format!("-{path}") } else { path.to_owned() }
        })
        .collect()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn all_day(first: &str, last: &str) -> When {
    When::all_day(date(first), date(last)).unwrap()
}

fn timed(start: &str, end: &str, zone: &str) -> When {
    let moment = |text: &str| Moment::new(text.parse().unwrap(), ZoneId::new(zone));
    When::timed(moment(start), moment(end)).unwrap()
}

const MORNING: &str = "<t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T09:00:00Z</t:End>";

#[test]
fn an_appointment_becomes_an_event() {
    let event = event(&format!(
        "<t:ItemId Id='i' ChangeKey='k'/><t:Subject>Lunch &amp; möte </t:Subject><t:Sensitivity>Private</t:Sensitivity>\
         <t:Body BodyType='Text'>Rad 1&#xD;\nRad 2&#xD;\n</t:Body>\
         <t:Categories><t:String>Kund</t:String><t:String>Akut</t:String></t:Categories>\
         <t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>30</t:ReminderMinutesBeforeStart>{MORNING}\
         <t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Kök</t:Location><t:IsMeeting>false</t:IsMeeting>\
         <t:CalendarItemType>Single</t:CalendarItemType><t:Organizer><t:Mailbox><t:Name>Anna</t:Name></t:Mailbox></t:Organizer>\
         <t:StartTimeZone Id='W. Europe Standard Time'/><t:EndTimeZone Id='GMT Standard Time'/>"
    ))
    .unwrap();
    let moment = |text: &str, zone: &str| Moment::new(text.parse().unwrap(), ZoneId::new(zone));
    let when = When::timed(
        moment("2027-03-01T08:00:00Z", "Europe/Stockholm"),
        moment("2027-03-01T09:00:00Z", "Europe/London"),
    );
    let mut expected = Event::new("Lunch & möte", when.unwrap());
    expected.body = "Rad 1\nRad 2".into();
    expected.place = "Kök".into();
    expected.free_busy = FreeBusy::OutOfOffice;
    expected.sensitivity = Sensitivity::Private;
    expected.categories = ["Akut", "Kund"].map(String::from).into();
    expected.reminder = Some(Reminder { minutes_before_start: 30 });
    assert_eq!(event, expected);
}

#[test]
fn what_is_no_appointment_that_we_understand_is_named() {
    let lunar = "<t:Recurrence><t:LunarRecurrence/><t:NoEndRecurrence/></t:Recurrence>";
    #[rustfmt::skip]
    let cases = [
        ("<t:CalendarItemType>RecurringMaster</t:CalendarItemType>".to_owned(),       Code::EventUnreadable),
        ("<t:CalendarItemType>Exception</t:CalendarItemType>".to_owned(),             Code::EventUnreadable),
        ("<t:CalendarItemType>Occurrence</t:CalendarItemType>".to_owned(),            Code::EventUnreadable),
        (lunar.to_owned(),                                                            Code::EventRuleNotExpressible),
        ("<t:Start>2027-03-01T10:00:00Z</t:Start>".to_owned(),                        Code::EventEndsBeforeStart),
        ("<t:Start>snart</t:Start>".to_owned(),                                       Code::EventUnreadable),
        ("<t:End/>".to_owned(),                                                       Code::EventUnreadable),
        ("<t:StartTimeZone Id='Customized Time Zone'/>".to_owned(),                   Code::EventZoneUnknown),
        ("<t:EndTimeZone Id='Mitteleuropäische Zeit'/>".to_owned(),                   Code::EventZoneUnknown),
    ];
    for (fields, code) in cases {
        // A later element of the same name counts, so each case changes the good times.
        assert_eq!(event(&format!("{MORNING}{fields}")), Err(code), "{fields}");
    }
    let mut task = item(&format!("<t:Task>{MORNING}</t:Task>"));
    assert_eq!(
        event_of(&mut task, Vec::new(), &in_zone(&stockholm())),
        Err(Problem::new(Code::EventNotAnAppointment).said("Task"))
    );
    assert_eq!(event("<t:Subject>Utan tid</t:Subject>"), Err(Code::EventUnreadable));
}

#[test]
fn r03_an_all_day_item_keeps_its_dates_wherever_it_was_made() {
    #[rustfmt::skip]
    let cases = [
        // start                     end                     its zone                        the dates
        ("2027-06-24T22:00:00Z", "2027-06-25T22:00:00Z", "W. Europe Standard Time",       ("2027-06-25", "2027-06-26")),
        ("2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z", "W. Europe Standard Time",       ("2027-03-28", "2027-03-29")),
        ("2027-06-25T04:00:00Z", "2027-06-26T04:00:00Z", "Eastern Standard Time",         ("2027-06-25", "2027-06-26")),
        ("2027-06-24T10:00:00Z", "2027-06-25T10:00:00Z", "Line Islands Standard Time",    ("2027-06-25", "2027-06-26")),
        ("2027-06-25T12:00:00Z", "2027-06-26T12:00:00Z", "Dateline Standard Time",        ("2027-06-25", "2027-06-26")),
        ("2027-06-25T00:00:00Z", "2027-06-26T00:00:00Z", "tzone://Microsoft/Utc",         ("2027-06-25", "2027-06-26")),
        ("2027-06-24T22:00:00Z", "2027-06-25T22:00:00Z", "Europe/Oslo",                   ("2027-06-25", "2027-06-26")),
        // Midnight, but of another zone than the item says: two hours off, and still that day.
        ("2027-06-25T00:00:00Z", "2027-06-26T00:00:00Z", "W. Europe Standard Time",       ("2027-06-25", "2027-06-26")),
        ("2027-06-24T20:00:00Z", "2027-06-25T20:00:00Z", "W. Europe Standard Time",       ("2027-06-25", "2027-06-26")),
        // Ends when it starts.
        ("2027-06-24T22:00:00Z", "2027-06-24T22:00:00Z", "W. Europe Standard Time",       ("2027-06-25", "2027-06-26")),
    ];
    for (start, end, zone, (first, last)) in cases {
        let read = event(&format!(
            "<t:Start>{start}</t:Start><t:End>{end}</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent><t:StartTimeZone Id='{zone}'/>"
        ));
        assert_eq!(read.map(|event| event.when), Ok(all_day(first, last)), "{start} in {zone}");
    }
}

#[test]
fn an_all_day_item_that_cannot_be_read_still_begins_on_a_date_and_another_at_its_instant() {
    let end = "<t:End>2027-06-01T00:00:00Z</t:End>";
    #[rustfmt::skip]
    let cases = [
        // start, all day, zone                                      where it is said to begin
        ("2027-06-24T22:00:00Z", true,  "W. Europe Standard Time",   Start::On(date("2027-06-25"))),
        ("2027-06-25T04:00:00Z", true,  "Eastern Standard Time",     Start::On(date("2027-06-25"))),
        ("2027-06-24T22:00:00Z", true,  "Mars Standard Time",        Start::On(date("2027-06-25"))),
        ("2027-06-24T22:00:00Z", false, "Mars Standard Time",        Start::At("2027-06-24T22:00:00Z".parse().unwrap())),
    ];
    for (start, is_all_day, zone, expected) in cases {
        let mut item = item(&format!(
            "<t:CalendarItem><t:Start>{start}</t:Start>{end}<t:IsAllDayEvent>{is_all_day}</t:IsAllDayEvent>\
             <t:StartTimeZone Id='{zone}'/></t:CalendarItem>"
        ));
        let zone = stockholm();
        assert!(event_of(&mut item, Vec::new(), &in_zone(&zone)).is_err());
        assert_eq!(start_of(&item, &in_zone(&zone)), Some(expected), "{start}, {is_all_day}");
    }
}

#[test]
fn an_item_of_exchange_2007_has_no_zone_and_is_seen_from_the_persons_own() {
    assert_eq!(event(MORNING).unwrap().when, timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", "Europe/Stockholm"));
}

#[test]
fn a_reminder_that_is_not_set_is_none_whatever_its_minutes_say() {
    let minutes = "<t:ReminderMinutesBeforeStart>30</t:ReminderMinutesBeforeStart>";
    let reminder = |set: &str| event(&format!("{MORNING}{set}{minutes}")).unwrap().reminder;
    assert_eq!(reminder("<t:ReminderIsSet>false</t:ReminderIsSet>"), None);
    assert_eq!(reminder("<t:ReminderIsSet>true</t:ReminderIsSet>"), Some(Reminder { minutes_before_start: 30 }));
}

#[test]
fn of_a_body_told_twice_the_text_counts() {
    for bodies in [
        "<t:Body BodyType='HTML'>h</t:Body><t:Body BodyType='Text'>t</t:Body>",
        "<t:Body BodyType='Text'>t</t:Body><t:Body BodyType='HTML'>h</t:Body>",
    ] {
        assert_eq!(event(&format!("{MORNING}{bodies}")).unwrap().body, "t");
    }
}

#[test]
fn a_new_item_says_everything_and_in_the_schemas_order() {
    let mut event = Event::new("A & B", timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", "Europe/Stockholm"));
    event.categories = BTreeSet::from(["Kund".to_owned()]);
    event.reminder = Some(Reminder { minutes_before_start: 15 });
    let mut xml = Writer::default();
    let marker = Some(MarkerText { link: "0a", blikk: "7", is_unfinished: false });
    write_new(&wire(&event, marker, &in_zone(&stockholm())).unwrap(), &mut xml);
    let set = "PropertySetId=\"6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4\"";
    let property = |name: &str, value: &str| {
        format!(
            "<t:ExtendedProperty><t:ExtendedFieldURI {set} PropertyName=\"{name}\" PropertyType=\"String\"/>\
             <t:Value>{value}</t:Value></t:ExtendedProperty>"
        )
    };
    let expected = [
        "<t:CalendarItem><t:Subject>A &amp; B</t:Subject><t:Sensitivity>Normal</t:Sensitivity>",
        "<t:Categories><t:String>Kund</t:String></t:Categories><t:Importance>Normal</t:Importance><t:ReminderIsSet>true</t:ReminderIsSet>",
        "<t:ReminderMinutesBeforeStart>15</t:ReminderMinutesBeforeStart>",
        &property("BlikkLinkId", "0a"),
        &property("BlikkEventId", "7"),
        "<t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T09:00:00Z</t:End><t:IsAllDayEvent>false</t:IsAllDayEvent>",
        "<t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus>",
        "<t:StartTimeZone Id=\"W. Europe Standard Time\"/><t:EndTimeZone Id=\"W. Europe Standard Time\"/></t:CalendarItem>",
    ];
    assert_eq!(String::from_utf8(xml.into_bytes()).unwrap(), expected.concat());
}

#[test]
fn r16_attendees_and_the_organiser_are_never_written() {
    let mut event = Event::new("Möte", all_day("2027-03-01", "2027-03-02"));
    let person = Person { name: "Bo".into(), address: "bo@kund.example".into() };
    let participant =
        Participant { person: person.clone(), attendance: Attendance::Required, answer: Answer::Accepted };
    event.meeting = Some(Meeting {
        is_mine: true,
        organizer: Some(person),
        participants: vec![participant],
        my_answer: Answer::Organizer,
        is_cancelled: false,
        online_url: None,
    });
    assert!(!new_item(&event, &stockholm()).contains("bo@kund.example"));
    assert_eq!(update(&Event::new("Möte", event.when.clone()), &event), "");
}

#[test]
fn r06_whoever_moves_an_event_sends_zones_first_and_both_ends() {
    let before = Event::new("Möte", timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", "Europe/Stockholm"));
    let time =
        ["calendar:StartTimeZone", "calendar:EndTimeZone", "calendar:Start", "calendar:End", "calendar:IsAllDayEvent"];
    let with = |when: When| Event { when, ..before.clone() };
    let longer = with(timed("2027-03-01T08:00:00Z", "2027-03-01T09:30:00Z", "Europe/Stockholm"));
    let elsewhere = with(timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", "Europe/London"));
    let same_for_exchange = with(timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", "Europe/Berlin"));
    assert_eq!(updated(&before, &longer), time);
    assert_eq!(updated(&before, &elsewhere), time);
    assert_eq!(updated(&before, &with(all_day("2027-03-01", "2027-03-02"))), time);
    assert_eq!(updated(&before, &same_for_exchange), [""; 0]);
}

type Edit = fn(&mut Event);

#[test]
fn an_update_names_what_differs_and_nothing_else() {
    let mut before = Event::new("Möte", all_day("2027-03-01", "2027-03-02"));
    before.body = "Dagordning".into();
    before.place = "Rum 1".into();
    before.categories = BTreeSet::from(["Kund".to_owned()]);
    before.reminder = Some(Reminder { minutes_before_start: 15 });
    let change = |edit: Edit| {
        let mut after = before.clone();
        edit(&mut after);
        updated(&before, &after)
    };
    #[rustfmt::skip]
    let cases: [(Edit, &[&str]); 9] = [
        (|_| {},                                             &[]),
        (|event| event.title = "Annat".into(),               &["item:Subject"]),
        (|event| event.title = String::new(),                &["-item:Subject"]),
        (|event| event.body = String::new(),                 &["-item:Body"]),
        (|event| event.place = String::new(),                &["-calendar:Location"]),
        (|event| event.categories = BTreeSet::new(),         &["-item:Categories"]),
        (|event| event.reminder = None,                      &["item:ReminderIsSet"]),
        (|event| event.sensitivity = Sensitivity::Private,   &["item:Sensitivity"]),
        (|event| event.free_busy = FreeBusy::Free,           &["calendar:LegacyFreeBusyStatus"]),
    ];
    for (edit, expected) in cases {
        assert_eq!(change(edit), expected);
    }
    let without = Event { reminder: None, ..before.clone() };
    assert_eq!(updated(&without, &before), ["item:ReminderIsSet", "item:ReminderMinutesBeforeStart"]);
}

#[test]
fn a_zone_that_exchange_does_not_know_keeps_its_instant() {
    let event = Event::new("Till Mars", timed("2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", "Mars/Olympus_Mons"));
    let zone = stockholm();
    let wire = wire(&event, None, &in_zone(&zone)).unwrap();
    assert_eq!((wire.start.to_rfc3339().as_str(), wire.start_zone), ("2027-03-01T08:00:00+00:00", "UTC"));
}

#[test]
fn a_year_that_no_exchange_holds_is_refused_before_it_spoils_a_batch() {
    for (first, last) in [("1500-01-01", "1500-01-02"), ("9998-01-01", "9998-01-02")] {
        let event = Event::new("Långt bort", all_day(first, last));
        let zone = stockholm();
        assert_eq!(wire(&event, None, &in_zone(&zone)).unwrap_err().code, Code::ExchangeItemRefused);
    }
}

/// Zones as they come back: one for each Windows zone, the person's own preferred.
fn a_zone(own: &'static str) -> impl Strategy<Value = ZoneId> {
    const NAMES: [&str; 8] = [
        "Europe/Stockholm",
        "America/New_York",
        "Pacific/Kiritimati",
        "Asia/Calcutta",
        "Asia/Beirut",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "UTC",
    ];
    proptest::sample::select(&NAMES).prop_map(move |name| {
        let windows = ZoneId::new(name).windows().unwrap();
        ZoneId::from_windows(windows, &ZoneId::new(own)).unwrap()
    })
}

fn a_when(own: &'static str) -> impl Strategy<Value = When> {
    let instant = |seconds: i64| Utc.timestamp_opt(seconds, 0).unwrap();
    let (from, to) = (-11_000_000_000_i64, 79_000_000_000_i64);
    let timed =
        (from..to, 0..10_000_000_i64, a_zone(own), a_zone(own)).prop_map(move |(start, length, zone, other)| {
            When::timed(Moment::new(instant(start), zone), Moment::new(instant(start + length), other)).unwrap()
        });
    let days = (from..to, 1..400_u64).prop_map(move |(start, days)| {
        let first = instant(start).date_naive();
        When::all_day(first, first + chrono::Days::new(days)).unwrap()
    });
    prop_oneof![timed, days]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zåäö &<>\"']{0,20}", "(]]>|\\PC|\n|\t|&amp;|😀| ){0,12}", any::<String>(),]
        .prop_map(|text| text.chars().filter_map(allowed).collect())
}

fn a_recurrence() -> impl Strategy<Value = Recurrence> {
    let weekday = proptest::sample::select(&Weekday::ALL);
    let day = proptest::sample::select(&DayOfWeek::ALL);
    let index = proptest::sample::select(&WeekIndex::ALL);
    let month = proptest::sample::select(&Month::ALL);
    let interval = || (1..=99_u32).prop_map(|every| Interval::new(every).unwrap());
    let day_of_month = || (1..=31_u32).prop_map(|day| DayOfMonth::new(day).unwrap());
    let days = (1..128_u8).prop_map(|bits| WeekDays::try_from(bits).unwrap());
    let pattern = prop_oneof![
        (1..=999_u32).prop_map(|every| Pattern::Daily { interval: DayInterval::new(every).unwrap() }),
        (interval(), days, weekday).prop_map(|(interval, days, first_day_of_week)| Pattern::Weekly {
            interval,
            days,
            first_day_of_week
        }),
        (interval(), day_of_month())
            .prop_map(|(interval, day_of_month)| Pattern::AbsoluteMonthly { interval, day_of_month }),
        (interval(), day.clone(), index.clone()).prop_map(|(interval, day, index)| Pattern::RelativeMonthly {
            interval,
            day,
            index
        }),
        (month.clone(), day_of_month())
            .prop_map(|(month, day_of_month)| Pattern::AbsoluteYearly { month, day_of_month }),
        (month, day, index).prop_map(|(month, day, index)| Pattern::RelativeYearly { month, day, index }),
    ];
    let range = prop_oneof![
        Just(Range::NoEnd),
        (1..=999_u32).prop_map(|count| Range::Numbered(Count::new(count).unwrap())),
        (700_000..1_300_000_i32).prop_map(|day| Range::EndDate(NaiveDate::from_num_days_from_ce_opt(day).unwrap())),
    ];
    (pattern, range).prop_map(|(pattern, range)| Recurrence { pattern, range })
}

/// A series begins with an occurrence; an event to which the rule gives none is a single one.
fn repeated(mut event: Event, rule: Option<Recurrence>) -> Event {
    let repeats = rule.and_then(|rule| {
        let date = event.when.first_date(&IanaRules)?;
        let first = rule.first_on_or_after(date, date).filter(|first| first.year() < 4400)?;
        let when = event.when.on_date(first, &IanaRules)?;
        // Where the clock jumps, the day that begins an occurrence may be another than the rule's.
        (when.first_date(&IanaRules) == Some(first)).then_some((when, Series::new(rule)))
    });
    if let Some((when, series)) = repeats {
        event.when = when;
        event.series = Some(series);
    }
    event
}

fn an_event(own: &'static str) -> impl Strategy<Value = Event> {
    let kinds = (0..5_usize, 0..4_usize, 0..3_usize, proptest::option::of(0..2_629_801_u32));
    let texts = (text(), text(), text(), proptest::collection::btree_set(text(), 0..4));
    let whole = (texts, a_when(own), kinds, proptest::option::of(a_recurrence()));
    whole.prop_map(|((title, body, place, categories), when, (busy, sensitivity, importance, minutes), rule)| {
        use {FreeBusy::*, Sensitivity::*};
        let mut event = Event::new(title, when);
        event.body = body;
        event.place = place;
        event.categories = categories;
        event.free_busy = [Free, Tentative, Busy, OutOfOffice, WorkingElsewhere][busy];
        event.sensitivity = [Normal, Personal, Private, Confidential][sensitivity];
        event.importance = [Importance::Low, Importance::Normal, Importance::High][importance];
        event.reminder = minutes.map(|minutes_before_start| Reminder { minutes_before_start });
        repeated(event.tidied(), rule)
    })
}

/// For people in many places.
const HOMES: [&str; 4] = ["Europe/Stockholm", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Beirut"];

fn an_event_somewhere() -> impl Strategy<Value = (&'static str, Event)> {
    proptest::sample::select(&HOMES).prop_flat_map(|home| (Just(home), an_event(home)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn what_is_written_is_what_is_read_back((home, event) in an_event_somewhere()) {
        let zone = ZoneId::new(home);
        let mut item = item(&new_item(&event, &zone));
        prop_assert_eq!(event_of(&mut item, Vec::new(), &in_zone(&zone)), Ok(event));
    }

    #[test]
    fn an_event_updated_to_itself_needs_no_writing((home, event) in an_event_somewhere()) {
        let zone = ZoneId::new(home);
        let wire = wire(&event, None, &in_zone(&zone)).unwrap();
        prop_assert!(changes(&wire, &wire).is_empty());
    }
}

#[test]
fn a_meeting_is_read_with_everyone_and_everything_that_belongs_to_it() {
    let fields = "<t:Attachments><t:FileAttachment><t:Name>Agenda.docx</t:Name></t:FileAttachment>\
        <t:FileAttachment><t:Name>logo.png</t:Name><t:IsInline>true</t:IsInline></t:FileAttachment></t:Attachments>\
        <t:Importance>High</t:Importance><t:IsMeeting>true</t:IsMeeting><t:IsCancelled>true</t:IsCancelled>\
        <t:MyResponseType>Tentative</t:MyResponseType>\
        <t:Organizer><t:Mailbox><t:Name>Bo</t:Name><t:EmailAddress>bo@kund.example</t:EmailAddress></t:Mailbox></t:Organizer>\
        <t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>anna@konsult.example</t:EmailAddress></t:Mailbox>\
        <t:ResponseType>Accept</t:ResponseType></t:Attendee></t:RequiredAttendees>\
        <t:Resources><t:Attendee><t:Mailbox><t:Name>Rum 1</t:Name></t:Mailbox></t:Attendee></t:Resources>\
        <t:JoinOnlineMeetingUrl>https://moete.example/1</t:JoinOnlineMeetingUrl>";
    let person = |name: &str, address: &str| Person { name: name.into(), address: address.into() };
    let participant = |person, attendance, answer| Participant { person, attendance, answer };
    let event = event(&format!("{MORNING}{fields}")).unwrap();
    assert!(event.belongs_to_exchange());
    assert_eq!((event.importance, event.attachments), (Importance::High, vec!["Agenda.docx".to_owned()]));
    let expected = Meeting {
        is_mine: false,
        organizer: Some(person("Bo", "bo@kund.example")),
        participants: vec![
            participant(person("", "anna@konsult.example"), Attendance::Required, Answer::Accepted),
            participant(person("Rum 1", ""), Attendance::Resource, Answer::NotAnswered),
        ],
        my_answer: Answer::Tentative,
        is_cancelled: true,
        online_url: Some("https://moete.example/1".into()),
    };
    assert_eq!(event.meeting, Some(expected));
}

#[test]
fn whose_meeting_it_is_is_known_on_every_version_of_exchange() {
    #[rustfmt::skip]
    let cases = [
        // what 2013 and later say          what all say    whose
        ("<t:IsOrganizer>true</t:IsOrganizer>",  "Organizer", true),
        ("<t:IsOrganizer>false</t:IsOrganizer>", "Accept",    false),
        ("",                                     "Organizer", true),
        ("",                                     "Accept",    false),
        ("",                                     "Unknown",   false),
    ];
    for (is_organizer, answer, is_mine) in cases {
        let fields =
            format!("<t:IsMeeting>true</t:IsMeeting><t:MyResponseType>{answer}</t:MyResponseType>{is_organizer}");
        assert_eq!(event(&format!("{MORNING}{fields}")).unwrap().belongs_to_exchange(), !is_mine, "{fields}");
    }
}

#[test]
fn r05_a_zone_with_a_foreign_name_is_known_by_its_rules() {
    let rules = |bias: &str, summer: &str| {
        let change = |to: &str, month: u32, hour: &str| {
            format!(
                "<t:RecurringDayTransition><t:To Kind='Period'>{to}</t:To><t:TimeOffset>{hour}</t:TimeOffset>\
                 <t:Month>{month}</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition>"
            )
        };
        format!(
            "<t:Periods><t:Period Bias='{bias}' Name='Standard' Id='std'/><t:Period Bias='{summer}' Name='Daylight' Id='dst'/></t:Periods>\
             <t:TransitionsGroups><t:TransitionsGroup Id='0'>{}{}</t:TransitionsGroup></t:TransitionsGroups>\
             <t:Transitions><t:Transition><t:To Kind='Group'>0</t:To></t:Transition></t:Transitions>",
            change("dst", 3, "PT2H"),
            change("std", 10, "PT3H")
        )
    };
    let zone = |id: &str, rules: &str| {
        let fields = format!("{MORNING}<t:StartTimeZone Id='{id}'>{rules}</t:StartTimeZone>");
        event(&fields).map(|event| match event.when {
            When::Timed(span) => span.start().zone().as_str().to_owned(),
            When::AllDay(_) => panic!("timed"),
        })
    };
    let stockholm = rules("-PT1H", "-PT2H");
    for name in ["Customized Time Zone", "Mitteleuropäische Zeit", "tzone://Microsoft/Custom"] {
        assert_eq!(zone(name, &stockholm), Ok("Europe/Stockholm".to_owned()), "{name}");
    }
    assert_eq!(zone("Customized Time Zone", &rules("-PT1H17M", "-PT2H17M")), Err(Code::EventZoneUnknown));
    assert_eq!(zone("Customized Time Zone", ""), Err(Code::EventZoneUnknown));
}
