//! Series: their patterns, occurrences by index and by id, exceptions and deletions.

use standins::exchange::Exchange;

use crate::support::*;

fn with_series(pattern: &str, range: &str) -> (Exchange, Id) {
    let exchange = server();
    let master = create(&exchange, ANNA, &series("Serie", pattern, range));
    (exchange, master)
}

/// The code that creating a series is answered with.
fn code_of(pattern: &str, range: &str) -> String {
    let item = format!("<t:CalendarItem>{}</t:CalendarItem>", series("Serie", pattern, range));
    codes(&ask(&server(), ANNA, &create_request(&item))).remove(0)
}

fn update(exchange: &Exchange, id: &str, updates: &str) -> String {
    ask(exchange, ANNA, &update_request("AlwaysOverwrite", id, updates))
}

fn moved(start: &str, end: &str) -> String {
    let start = set_field("calendar:Start", &format!("<t:Start>{start}</t:Start>"));
    start + &set_field("calendar:End", &format!("<t:End>{end}</t:End>"))
}

fn titled(title: &str) -> String {
    set_field("item:Subject", &format!("<t:Subject>{title}</t:Subject>"))
}

/// `Start`s of the elements of that name in the master.
fn starts_in(exchange: &Exchange, master: &Id, list: &str) -> Vec<String> {
    let answer = get(exchange, ANNA, ALL, &[master]);
    let document = roxmltree::Document::parse(&answer).expect("well-formed");
    let list = document.descendants().find(|node| node.tag_name().name() == list);
    let starts = list.into_iter().flat_map(|list| list.descendants()).filter(|node| node.tag_name().name() == "Start");
    starts.filter_map(|node| node.text().map(str::to_owned)).collect()
}

#[test]
fn a_view_shows_the_occurrences_at_nine_on_the_wall_in_winter_and_in_summer() {
    let (exchange, _) = with_series(MONDAYS, FOR_EVER);
    create_titled(&exchange, ANNA, "Enstaka");
    assert_eq!(
        view(&exchange, "2027-03-01", "2027-04-06"),
        [
            "Occurrence 2027-03-01T08:00:00Z",
            "Single 2027-03-01T08:00:00Z",
            "Occurrence 2027-03-08T08:00:00Z",
            "Occurrence 2027-03-15T08:00:00Z",
            "Occurrence 2027-03-22T08:00:00Z",
            "Occurrence 2027-03-29T07:00:00Z",
            "Occurrence 2027-04-05T07:00:00Z",
        ]
    );
}

#[test]
fn an_all_day_series_begins_at_midnight_in_its_own_zone_all_year() {
    let exchange = server();
    let whole_days = series("Dag", MONDAYS, FOR_EVER)
        .replace("<t:Recurrence>", "<t:IsAllDayEvent>true</t:IsAllDayEvent><t:Recurrence>");
    let master = create(&exchange, ANNA, &whole_days);
    let item = get_by(&exchange, ANNA, &(nth(&master, 4) + &nth(&master, 5)));
    assert_eq!(texts(&item, "Start"), ["2027-03-21T23:00:00Z", "2027-03-28T22:00:00Z"]);
    assert_eq!(texts(&item, "RecurrenceId"), texts(&item, "Start"), "R04: the same conversion");
    assert_eq!(codes(&ask(&exchange, ANNA, &delete_request(&nth(&master, 5)))), ["NoError"]);
    assert_eq!(starts_in(&exchange, &master, "DeletedOccurrences"), ["2027-03-28T22:00:00Z"], "R04");
}

#[test]
fn the_master_knows_its_first_and_last_occurrence() {
    let (exchange, master) = with_series(MONDAYS, &times(10));
    assert_eq!(starts_in(&exchange, &master, "FirstOccurrence"), ["2027-03-01T08:00:00Z"]);
    assert_eq!(starts_in(&exchange, &master, "LastOccurrence"), ["2027-05-03T07:00:00Z"]);
    ask(&exchange, ANNA, &delete_request(&(nth(&master, 1) + &nth(&master, 10))));
    assert_eq!(starts_in(&exchange, &master, "FirstOccurrence"), ["2027-03-08T08:00:00Z"]);
    assert_eq!(starts_in(&exchange, &master, "LastOccurrence"), ["2027-04-26T07:00:00Z"]);
    let (exchange, endless) = with_series(MONDAYS, FOR_EVER);
    assert_eq!(starts_in(&exchange, &endless, "LastOccurrence"), Vec::<String>::new());
}

#[test]
fn an_occurrence_shares_uid_and_change_key_with_its_master_and_has_an_id_of_its_own() {
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    let both = get_by(&exchange, ANNA, &(master.xml() + &nth(&master, 3)));
    let (uids, ids) = (texts(&both, "UID"), Id::all_of(&both));
    assert_eq!(uids[0], uids[1]);
    let occurrence = ids.last().expect("an id");
    assert_eq!((occurrence.change_key == master.change_key, occurrence.id == master.id), (true, false));
    assert_eq!(texts(&both, "IsRecurring"), ["false", "true"]);
    assert_eq!(texts(&both, "RecurrenceId"), ["2027-03-15T08:00:00Z"]);
    let again = get(&exchange, ANNA, ALL, &[occurrence]);
    assert_eq!(text(&again, "Start"), "2027-03-15T08:00:00Z");
    let back = format!("<t:RecurringMasterItemId OccurrenceId=\"{}\"/>", occurrence.id);
    assert_eq!(Id::first_of(&get_by(&exchange, ANNA, &back)), master);
}

#[test]
fn an_index_counts_deleted_occurrences_too() {
    let (exchange, master) = with_series(DAILY, &times(5));
    assert_eq!(codes(&ask(&exchange, ANNA, &delete_request(&nth(&master, 2)))), ["NoError"]);
    let starts = |index| texts(&get_by(&exchange, ANNA, &nth(&master, index)), "Start");
    assert_eq!(starts(3), ["2027-03-03T08:00:00Z"], "R17");
    let single = create_titled(&exchange, ANNA, "Enstaka");
    let occurrence = Id::first_of(&get_by(&exchange, ANNA, &nth(&master, 3)));
    let master_of = |id: &Id| format!("<t:RecurringMasterItemId OccurrenceId=\"{}\"/>", id.id);
    let cases = [
        (nth(&master, 0), "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange"),
        (nth(&master, -1), "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange"),
        (nth(&master, 6), "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange"),
        (nth(&master, 2), "ErrorCalendarOccurrenceIsDeletedFromRecurrence"),
        (nth(&single, 1), "ErrorCalendarCannotUseIdForRecurringMasterId"),
        (nth(&occurrence, 1), "ErrorCalendarCannotUseIdForRecurringMasterId"),
        (master_of(&single), "ErrorCalendarCannotUseIdForOccurrenceId"),
        (master_of(&master), "ErrorCalendarCannotUseIdForOccurrenceId"),
        (nth(&Id { id: "AAMk".into(), ..master.clone() }, 1), "ErrorInvalidIdMalformed"),
    ];
    for (id, code) in cases {
        assert_eq!(codes(&get_by(&exchange, ANNA, &id)), [code], "{id}");
    }
}

#[test]
fn a_written_occurrence_becomes_an_exception_and_its_series_a_new_version() {
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    let sync = text(&ask(&exchange, ANNA, &sync_request("", 512)), "SyncState");
    let later = moved("2027-03-09T12:00:00Z", "2027-03-09T12:30:00Z");
    let answer = update(&exchange, &nth(&master, 2), &(titled("Flyttad") + &later));
    assert_eq!(codes(&answer), ["NoError"]);
    let exception = get(&exchange, ANNA, ALL, &[&Id::first_of(&answer)]);
    let expected = [
        ("CalendarItemType", "Exception"),
        ("Subject", "Flyttad"),
        ("Start", "2027-03-09T12:00:00Z"),
        ("OriginalStart", "2027-03-08T08:00:00Z"),
        ("RecurrenceId", "2027-03-08T08:00:00Z"),
        ("IsRecurring", "true"),
    ];
    for (name, value) in expected {
        assert_eq!(text(&exception, name), value, "{name}");
    }
    assert_eq!(starts_in(&exchange, &master, "ModifiedOccurrences"), ["2027-03-09T12:00:00Z"]);
    assert_eq!(
        view(&exchange, "2027-03-08", "2027-03-16"),
        ["Exception 2027-03-09T12:00:00Z", "Occurrence 2027-03-15T08:00:00Z"]
    );
    let changes = ask(&exchange, ANNA, &sync_request(&sync, 512));
    assert_eq!(texts(&changes, "CalendarItemType"), ["RecurringMaster"], "R09: masters, never occurrences");
    assert_eq!(Id::first_of(&changes).id, master.id);
    assert_ne!(Id::first_of(&changes).change_key, master.change_key);
}

#[test]
fn an_exception_is_moved_on_by_its_own_id_and_deleted_by_it() {
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    let exception =
        Id::first_of(&update(&exchange, &nth(&master, 2), &moved("2027-03-09T12:00:00Z", "2027-03-09T13:00:00Z")));
    let again = update(&exchange, &exception.xml(), &moved("2027-03-10T12:00:00Z", "2027-03-10T13:00:00Z"));
    assert_eq!(codes(&again), ["NoError"]);
    assert_eq!(starts_in(&exchange, &master, "ModifiedOccurrences"), ["2027-03-10T12:00:00Z"]);
    assert_eq!(codes(&ask(&exchange, ANNA, &delete_request(&exception.xml()))), ["NoError"]);
    assert_eq!(starts_in(&exchange, &master, "ModifiedOccurrences"), Vec::<String>::new());
    assert_eq!(starts_in(&exchange, &master, "DeletedOccurrences"), ["2027-03-08T08:00:00Z"], "by its original start");
    assert_eq!(codes(&get(&exchange, ANNA, ALL, &[&exception])), ["ErrorItemNotFound"]);
}

#[test]
fn an_occurrence_cannot_pass_its_neighbours_nor_share_their_day_nor_overlap_them() {
    // R19; Mondays at nine, and the one of 8 March is moved.
    let cases = [
        ("2027-03-02T12:00:00Z", "2027-03-02T13:00:00Z", "NoError"),
        ("2027-03-01T12:00:00Z", "2027-03-01T13:00:00Z", "ErrorOccurrenceCrossingBoundary"),
        ("2027-02-28T12:00:00Z", "2027-02-28T13:00:00Z", "ErrorOccurrenceCrossingBoundary"),
        ("2027-03-14T12:00:00Z", "2027-03-14T13:00:00Z", "NoError"),
        ("2027-03-15T06:00:00Z", "2027-03-15T07:00:00Z", "ErrorOccurrenceCrossingBoundary"),
        ("2027-03-16T12:00:00Z", "2027-03-16T13:00:00Z", "ErrorOccurrenceCrossingBoundary"),
        ("2027-03-14T12:00:00Z", "2027-03-15T09:00:00Z", "ErrorOccurrenceTimeSpanTooBig"),
        // 23:30 UTC is half past midnight in Stockholm, and that is another day.
        ("2027-03-14T23:30:00Z", "2027-03-14T23:45:00Z", "ErrorOccurrenceCrossingBoundary"),
    ];
    for (start, end, code) in cases {
        let (exchange, master) = with_series(MONDAYS, FOR_EVER);
        assert_eq!(codes(&update(&exchange, &nth(&master, 2), &moved(start, end))), [code], "{start}");
    }
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    ask(&exchange, ANNA, &delete_request(&nth(&master, 3)));
    let past_the_gap = moved("2027-03-17T12:00:00Z", "2027-03-17T13:00:00Z");
    assert_eq!(codes(&update(&exchange, &nth(&master, 2), &past_the_gap)), ["NoError"], "nobody is there to pass");
}

#[test]
fn a_series_whose_pattern_or_times_change_forgets_its_exceptions_and_deletions() {
    let tuesdays = MONDAYS.replace("Monday", "Tuesday");
    let reshaped = set_field("calendar:Recurrence", &format!("<t:Recurrence>{tuesdays}{FOR_EVER}</t:Recurrence>"));
    let the_same = set_field("calendar:Recurrence", &format!("<t:Recurrence>{MONDAYS}{FOR_EVER}</t:Recurrence>"));
    #[rustfmt::skip]
    let cases = [
        (moved("2027-03-01T10:00:00Z", "2027-03-01T11:00:00Z"), 0, "2027-03-01T10:00:00Z"),
        (reshaped, 0, "2027-03-02T08:00:00Z"),
        (the_same, 1, "2027-03-01T08:00:00Z"),
        (titled("Nytt namn"), 1, "2027-03-01T08:00:00Z"),
    ];
    for (updates, kept, start) in cases {
        let (exchange, master) = with_series(MONDAYS, FOR_EVER);
        update(&exchange, &nth(&master, 2), &titled("Undantag"));
        ask(&exchange, ANNA, &delete_request(&nth(&master, 3)));
        assert_eq!(codes(&update(&exchange, &master.xml(), &updates)), ["NoError"]);
        assert_eq!(starts_in(&exchange, &master, "ModifiedOccurrences").len(), kept, "{updates}");
        assert_eq!(starts_in(&exchange, &master, "DeletedOccurrences").len(), kept, "{updates}");
        assert_eq!(starts_in(&exchange, &master, "FirstOccurrence"), [start], "{updates}");
    }
}

#[test]
fn an_exception_follows_its_master_in_what_it_did_not_change_itself() {
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    update(&exchange, &nth(&master, 2), &titled("Undantag"));
    let place = set_field("calendar:Location", "<t:Location>Kajutan</t:Location>");
    update(&exchange, &master.xml(), &(titled("Serie 2") + &place));
    let both = get_by(&exchange, ANNA, &(nth(&master, 1) + &nth(&master, 2)));
    assert_eq!(texts(&both, "Subject"), ["Serie 2", "Undantag"]);
    assert_eq!(texts(&both, "Location"), ["Kajutan", "Kajutan"]);
}

#[test]
fn a_series_begins_on_the_first_date_of_its_pattern_in_its_own_zone() {
    // R26: Start says Monday, the pattern says something else.
    let exchange = server();
    let start_of = |pattern: &str, range: &str| {
        let master = create(&exchange, ANNA, &series("Serie", pattern, range));
        let item = get(&exchange, ANNA, ALL, &[&master]);
        (text(&item, "Start"), text(&item, "StartDate"))
    };
    let begins = |start: &str, date: &str| (start.to_owned(), date.to_owned());
    let thursdays = MONDAYS.replace("Monday", "Thursday");
    assert_eq!(start_of(&thursdays, FOR_EVER), begins("2027-03-04T08:00:00Z", "2027-03-04+01:00"));
    let from_april = FOR_EVER.replace("2027-03-01", "2027-04-01");
    assert_eq!(
        start_of(MONDAYS, &from_april),
        begins("2027-04-05T07:00:00Z", "2027-04-05+02:00"),
        "still nine o'clock"
    );
}

#[test]
fn recurrences_that_exchange_does_not_keep_are_refused_with_its_codes() {
    let until = |date: &str| {
        format!(
            "<t:EndDateRecurrence><t:StartDate>2027-03-01</t:StartDate><t:EndDate>{date}</t:EndDate></t:EndDateRecurrence>"
        )
    };
    let every = |pattern: &str, interval: u32| pattern.replace(">1<", &format!(">{interval}<"));
    let yearly = |day: u32, month: &str| {
        format!(
            "<t:AbsoluteYearlyRecurrence><t:DayOfMonth>{day}</t:DayOfMonth><t:Month>{month}</t:Month>\
             </t:AbsoluteYearlyRecurrence>"
        )
    };
    let monthly = |day: u32| {
        format!(
            "<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval><t:DayOfMonth>{day}</t:DayOfMonth>\
             </t:AbsoluteMonthlyRecurrence>"
        )
    };
    #[rustfmt::skip]
    let cases = [
        (every(DAILY, 999), times(999), "NoError"),
        (every(DAILY, 0), times(1), "ErrorCalendarOutOfRange"),
        (every(DAILY, 1000), times(1), "ErrorCalendarOutOfRange"),
        (every(MONDAYS, 100), times(1), "ErrorCalendarOutOfRange"),
        (DAILY.into(), times(0), "ErrorCalendarOutOfRange"),
        (DAILY.into(), times(1000), "ErrorCalendarOutOfRange"),
        (monthly(31), times(2), "NoError"),
        (monthly(32), times(2), "ErrorCalendarOutOfRange"),
        (yearly(29, "February"), times(2), "NoError"),
        (yearly(30, "February"), times(2), "ErrorCalendarInvalidRecurrence"),
        (MONDAYS.replace("Monday", ""), times(2), "ErrorCalendarInvalidRecurrence"),
        (MONDAYS.replace("Monday", "Weekday"), times(2), "ErrorCalendarInvalidDayForWeeklyRecurrence"),
        (DAILY.into(), until("2027-03-02"), "NoError"),
        (DAILY.into(), until("2027-02-28"), "ErrorCalendarEndDateIsEarlierThanStartDate"),
        (DAILY.into(), until("4501-01-01"), "ErrorRecurrenceEndDateTooBig"),
        (MONDAYS.replace("Monday", "Sunday"), until("2027-03-06"), "ErrorRecurrenceHasNoOccurrence"),
    ];
    for (pattern, range, code) in cases {
        assert_eq!(code_of(&pattern, &range), code, "{pattern} {range}");
    }
    let overlapping = series("Lång", DAILY, FOR_EVER).replace("2027-03-01T09:00:00Z", "2027-03-02T09:00:00Z");
    let overlapping = create_request(&format!("<t:CalendarItem>{overlapping}</t:CalendarItem>"));
    assert_eq!(codes(&ask(&server(), ANNA, &overlapping)), ["ErrorOccurrenceTimeSpanTooBig"]);
}

#[test]
fn lists_of_occurrences_are_read_only_and_an_occurrence_is_no_series() {
    let (exchange, master) = with_series(MONDAYS, &times(2));
    let none = set_field("calendar:DeletedOccurrences", "<t:DeletedOccurrences/>");
    assert_eq!(codes(&update(&exchange, &master.xml(), &none)), ["ErrorInvalidPropertySet"], "R18");
    let recurrence = set_field("calendar:Recurrence", &format!("<t:Recurrence>{DAILY}{FOR_EVER}</t:Recurrence>"));
    assert_eq!(codes(&update(&exchange, &nth(&master, 1), &recurrence)), ["ErrorInvalidPropertySet"]);
    assert_eq!(codes(&ask(&exchange, ANNA, &delete_request(&nth(&master, 1)))), ["NoError"]);
    let last = codes(&ask(&exchange, ANNA, &delete_request(&nth(&master, 2))));
    assert_eq!(last, ["ErrorRecurrenceHasNoOccurrence"], "a series keeps one");
}

#[test]
fn a_conflict_about_an_occurrence_is_one_about_its_series_version() {
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    let stale = Id::first_of(&get_by(&exchange, ANNA, &nth(&master, 2)));
    update(&exchange, &nth(&master, 3), &titled("Annan"));
    let write = |resolution: &str| {
        codes(&ask(&exchange, ANNA, &update_request(resolution, &stale.xml(), &titled("Min")))).remove(0)
    };
    assert_eq!(write("NeverOverwrite"), "ErrorIrresolvableConflict");
    assert_eq!(write("AutoResolve"), "NoError", "nobody wrote the title of this occurrence");
    assert_eq!(write("AutoResolve"), "ErrorIrresolvableConflict", "now somebody did");
}

#[test]
fn occurrences_of_a_range_come_by_the_masters_id() {
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    let ranges = format!(
        "<t:RecurringMasterItemIdRanges Id=\"{}\"><t:Ranges><t:Range Start=\"2027-03-08T00:00:00Z\" \
         End=\"2027-04-08T00:00:00Z\" Count=\"2\"/></t:Ranges></t:RecurringMasterItemIdRanges>",
        master.id
    );
    let answer = get_by(&exchange, ANNA, &ranges);
    assert_eq!(texts(&answer, "Start"), ["2027-03-08T08:00:00Z", "2027-03-15T08:00:00Z"]);
    let single = create_titled(&exchange, ANNA, "Enstaka");
    let of_single = ranges.replace(&master.id, &single.id);
    assert_eq!(codes(&get_by(&exchange, ANNA, &of_single)), ["ErrorCalendarCannotUseIdForRecurringMasterId"]);
}

#[test]
fn a_series_that_loses_its_recurrence_is_a_single_event() {
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    let single = "<t:DeleteItemField><t:FieldURI FieldURI=\"calendar:Recurrence\"/></t:DeleteItemField>";
    assert_eq!(codes(&update(&exchange, &master.xml(), single)), ["NoError"]);
    assert_eq!(view(&exchange, "2027-03-01", "2027-03-20"), ["Single 2027-03-01T08:00:00Z"]);
    ask(&exchange, ANNA, &delete_request(&master.xml()));
    assert_eq!(view(&exchange, "2027-03-01", "2027-03-20"), Vec::<String>::new());
}

#[test]
fn a_deleted_master_takes_its_occurrences_along() {
    let (exchange, master) = with_series(MONDAYS, FOR_EVER);
    let occurrence = Id::first_of(&get_by(&exchange, ANNA, &nth(&master, 1)));
    ask(&exchange, ANNA, &delete_request(&master.xml()));
    assert_eq!(codes(&get(&exchange, ANNA, ALL, &[&occurrence])), ["ErrorItemNotFound"]);
    assert_eq!(codes(&get_by(&exchange, ANNA, &nth(&master, 1))), ["ErrorItemNotFound"]);
}
