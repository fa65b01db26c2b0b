//! Days with series: they repeat alike on both sides, whatever people do to single days, whenever clocks change.

use blikk_calendar_sync::http::Service;
use blikk_calendar_sync::problem::Code;
use chrono::TimeDelta;

use super::days::Edit;
use super::shown::{Exception, Recurrence, Shown, Time};
use super::town::{Net, Person};
use super::{NOTHING, Written, done, rests};

const STOCKHOLM: &str = "Europe/Stockholm";

/// Ten Mondays at nine, over the change to summer time.
fn planning() -> Shown {
    let planning = Shown::timed("Planering", "2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", STOCKHOLM);
    planning.repeated("weekly", 10)
}

/// Ten Wednesdays, in Blikk: one is cancelled, one takes place on a Thursday, one has another title.
fn stand_up() -> Shown {
    let moved = Exception {
        original_start: Time::at("2027-03-24T07:00:00Z", STOCKHOLM),
        title: None,
        place: Some("Åre".into()),
        start: Some(Time::at("2027-03-25T12:00:00Z", STOCKHOLM)),
        end: Some(Time::at("2027-03-25T12:15:00Z", STOCKHOLM)),
    };
    let renamed = Exception {
        original_start: Time::at("2027-03-31T06:00:00Z", STOCKHOLM),
        title: Some("Stand-up med kunden".into()),
        place: None,
        start: None,
        end: None,
    };
    let stand_up = Shown::timed("Stand-up", "2027-03-03T07:00:00Z", "2027-03-03T07:15:00Z", STOCKHOLM);
    let lines = ["RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=10", "EXDATE;TZID=Europe/Stockholm:20270317T080000"];
    stand_up.ruled(&lines, vec![moved, renamed])
}

fn created(created: u32) -> Written {
    Written { created, ..NOTHING }
}

fn updated(updated: u32) -> Written {
    Written { updated, ..NOTHING }
}

/// Scenario 15: a series of either side arrives on the other with everything that is different on certain days.
pub async fn series_of_both_sides_arrive_with_their_exceptions<N: Net>(person: Person<N>) {
    person.adds_in_outlook(&planning()).await;
    person.edits_occurrence("Planering", "2027-03-08", &Edit::titled("Planering av våren")).await;
    person.cancels_occurrence("Planering", "2027-03-15").await;
    person
        .edits_occurrence("Planering", "2027-03-29", &Edit::moved("2027-03-30T11:00:00Z", "2027-03-30T12:00:00Z"))
        .await;
    person.adds_in_blikk(&stand_up()).await;
    assert_eq!(done(&person.synchronises().await), (created(1), created(1)));
    #[rustfmt::skip]
    let expected = [
        "2027-03-01T08:00:00Z Planering",
        "2027-03-03T07:00:00Z Stand-up",
        "2027-03-08T08:00:00Z Planering av våren",
        "2027-03-10T07:00:00Z Stand-up",
        "2027-03-22T08:00:00Z Planering",
        "2027-03-25T12:00:00Z Stand-up @ Åre",
        "2027-03-30T11:00:00Z Planering",
        "2027-03-31T06:00:00Z Stand-up med kunden",
        "2027-04-05T07:00:00Z Planering",
        "2027-04-07T06:00:00Z Stand-up",
        "2027-04-12T07:00:00Z Planering",
        "2027-04-14T06:00:00Z Stand-up",
        "2027-04-19T07:00:00Z Planering",
        "2027-04-21T06:00:00Z Stand-up",
        "2027-04-26T07:00:00Z Planering",
        "2027-04-28T06:00:00Z Stand-up",
        "2027-05-03T07:00:00Z Planering",
        "2027-05-05T06:00:00Z Stand-up",
    ];
    assert_eq!(rests(&person).await, expected);
    person.loses_the_state();
    let report = person.synchronises().await;
    assert_eq!((done(&report), report.linked), ((NOTHING, NOTHING), 2), "scenario 3");
    assert_eq!(rests(&person).await, expected);
}

/// Scenario 15: what happens to different days on both sides between two runs, happens; the rest stays as it is.
pub async fn a_day_moved_here_and_another_cancelled_there_both_are<N: Net>(person: Person<N>) {
    person.adds_in_blikk(&stand_up()).await;
    done(&person.synchronises().await);
    let before = rests(&person).await;

    person
        .edits_occurrence("Stand-up", "2027-04-07", &Edit::moved("2027-04-08T06:00:00Z", "2027-04-08T06:15:00Z"))
        .await;
    let mut series = person.finds_in_blikk("Stand-up").await;
    series.lines().push("EXDATE;TZID=Europe/Stockholm:20270414T080000".into());
    person.edits_in_blikk(&series).await;
    assert_eq!(done(&person.synchronises().await), (updated(1), updated(1)));

    let expected = |line: &String| match &line[..10] {
        "2027-04-14" => None,
        "2027-04-07" => Some("2027-04-08T06:00:00Z Stand-up".to_owned()),
        _ => Some(line.clone()),
    };
    assert_eq!(rests(&person).await, before.iter().filter_map(expected).collect::<Vec<_>>());

    // A day that was moved is moved again, and cancelled; a day that was cancelled takes place again.
    person
        .edits_occurrence("Stand-up", "2027-03-25", &Edit::moved("2027-03-26T08:00:00Z", "2027-03-26T08:15:00Z"))
        .await;
    done(&person.synchronises().await);
    assert!(rests(&person).await.contains(&"2027-03-26T08:00:00Z Stand-up @ Åre".to_owned()));
    person.cancels_occurrence("Stand-up", "2027-03-26").await;
    let mut series = person.finds_in_blikk("Stand-up").await;
    series.lines().retain(|line| line.starts_with("RRULE"));
    series.lines().push("EXDATE;TZID=Europe/Stockholm:20270317T080000".into());
    person.edits_in_blikk(&series).await;
    assert_eq!(done(&person.synchronises().await), (updated(1), updated(1)));
    let days: Vec<String> = rests(&person).await.iter().map(|line| line[5..10].to_owned()).collect();
    assert_eq!(days, ["03-03", "03-10", "03-31", "04-08", "04-14", "04-21", "04-28", "05-05"]);
}

/// Scenario 13: nine stays nine where the series was made, over 28 March and 31 October, however often it travels.
pub async fn a_series_keeps_its_wall_clock_over_ten_runs<N: Net>(person: Person<N>) {
    let at_home = Shown::timed("Veckomöte", "2027-03-01T08:00:00Z", "2027-03-01T09:00:00Z", STOCKHOLM);
    person.adds_in_blikk(&at_home.ruled(&["RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=40"], Vec::new())).await;
    let abroad = Shown::timed("Weekly", "2027-03-02T14:00:00Z", "2027-03-02T15:00:00Z", "America/New_York");
    person.adds_in_outlook(&abroad.repeated("weekly", 40)).await;
    assert_eq!(done(&person.synchronises().await), (created(1), created(1)));
    for run in 0..10 {
        // Somebody edits something else each time, on one side and then on the other.
        for title in ["Veckomöte", "Weekly"] {
            if run % 2 == 0 {
                let mut series = person.finds_in_outlook(title).await;
                series.place = format!("Rum {run}");
                person.edits_in_outlook(&series).await;
            } else {
                let mut series = person.finds_in_blikk(title).await;
                series.place = format!("Rum {run}");
                person.edits_in_blikk(&series).await;
            }
        }
        done(&person.synchronises().await);
        let days = person.sees_the_same_year_on_both_sides().await;
        assert_eq!(days.len(), 80);
        for day in days {
            let (date, time) = (&day[..10], &day[11..16]);
            // Summer time in Sweden from 28 March to 31 October, in New York from 14 March to 7 November.
            let expected = match day.contains("Veckomöte") {
                true if ("2027-03-28".."2027-10-31").contains(&date) => "07:00",
                true => "08:00",
                false if ("2027-03-14".."2027-11-07").contains(&date) => "13:00",
                false => "14:00",
            };
            assert_eq!(time, expected, "{day}, run {run}");
        }
    }
    rests(&person).await;
}

/// Scenario 16: "this and following" ends one series and begins another; nothing is doubled, nothing is stranded.
pub async fn this_and_following_leaves_equal_counts<N: Net>(person: Person<N>) {
    person.adds_in_outlook(&planning()).await;
    person.edits_occurrence("Planering", "2027-03-08", &Edit::titled("Planering av våren")).await;
    person.edits_occurrence("Planering", "2027-04-19", &Edit::titled("Planering av maj")).await;
    done(&person.synchronises().await);
    assert_eq!(rests(&person).await.len(), 10);

    let later = Edit { place: Some("Rum 2"), ..Edit::moved("2027-04-05T08:00:00Z", "2027-04-05T09:00:00Z") };
    person.edits_this_and_following("Planering", "2027-04-05", &later).await;
    assert_eq!(done(&person.synchronises().await), (Written { created: 1, updated: 1, deleted: 0 }, NOTHING));
    let days = rests(&person).await;
    let in_outlook = person.year_in_outlook().await;
    assert_eq!(days.len(), in_outlook.len());
    assert_eq!(days.iter().filter(|day| day.contains("T08:00:00Z Planering @ Rum 2")).count(), 5, "{days:?}");
    assert_eq!(days.iter().filter(|day| &day[..10] < "2027-04-05").count(), 5, "{days:?}");

    person.cancels_this_and_following("Planering", "2027-03-22").await;
    done(&person.synchronises().await);
    assert_eq!(rests(&person).await.len(), days.len() - 2);

    // Split in Blikk: the old one ends, another begins.
    let mut old = person.finds_in_blikk("Planering").await;
    old.recurrence = Some(Recurrence::Lines(vec!["RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270301T080000Z".into()]));
    old.exceptions = Some(Vec::new());
    person.edits_in_blikk(&old).await;
    let new = Shown::timed("Efter", "2027-03-08T08:00:00Z", "2027-03-08T09:00:00Z", STOCKHOLM);
    person.adds_in_blikk(&new.ruled(&["RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3"], Vec::new())).await;
    done(&person.synchronises().await);
    let days = rests(&person).await;
    assert_eq!(days.iter().filter(|day| day.ends_with("Efter")).count(), 3, "{days:?}");
    assert_eq!(days.len(), 1 + 3 + 5, "{days:?}");
}

/// Scenario 12: a day is that day, for somebody in Kiritimati and for somebody in Stockholm, made wherever.
pub async fn whole_days_stay_on_their_dates<N: Net>(mut person: Person<N>) {
    person.home = "Pacific/Kiritimati";
    let zones = [STOCKHOLM, "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12"];
    // Midnights of 28 March and of 31 October in each of them.
    #[rustfmt::skip]
    let midnights = [
        ["2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z", "2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z"],
        ["2027-03-28T04:00:00Z", "2027-03-29T04:00:00Z", "2027-10-31T04:00:00Z", "2027-11-01T04:00:00Z"],
        ["2027-03-27T10:00:00Z", "2027-03-28T10:00:00Z", "2027-10-30T10:00:00Z", "2027-10-31T10:00:00Z"],
        ["2027-03-28T12:00:00Z", "2027-03-29T12:00:00Z", "2027-10-31T12:00:00Z", "2027-11-01T12:00:00Z"],
    ];
    for (zone, [start, end, autumn, autumn_end]) in zones.into_iter().zip(midnights) {
        for (start, end) in [(start, end), (autumn, autumn_end)] {
            let mut day = Shown::timed(&format!("Dag {zone}"), start, end, zone);
            day.all_day = true;
            person.adds_in_outlook(&day).await;
        }
    }
    person.adds_in_blikk(&Shown::all_day("Sportlov", "2027-02-22", "2027-02-27")).await;
    let sundays = Shown::all_day("Jour", "2027-03-21", "2027-03-22");
    let lines = ["RRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=5", "EXDATE;VALUE=DATE:20270404"];
    let original_start = Time { date: Some("2027-03-28".into()), date_time: None, time_zone: None };
    let renamed = Exception { original_start, title: Some("Jour i Åre".into()), place: None, start: None, end: None };
    person.adds_in_blikk(&sundays.ruled(&lines, vec![renamed])).await;
    assert_eq!(done(&person.synchronises().await), (created(8), created(2)));
    let expected: Vec<String> = ["2027-02-22 Sportlov", "2027-03-21 Jour"]
        .into_iter()
        .map(str::to_owned)
        .chain([zones[3], zones[1], zones[0], zones[2]].map(|zone| format!("2027-03-28 Dag {zone}")))
        .chain(["2027-03-28 Jour i Åre", "2027-04-11 Jour", "2027-04-18 Jour"].map(str::to_owned))
        .chain([zones[3], zones[1], zones[0], zones[2]].map(|zone| format!("2027-10-31 Dag {zone}")))
        .collect();
    let mut sorted = expected.clone();
    sorted.sort();
    assert_eq!(rests(&person).await, sorted);

    // They travel, and somebody edits them far from where they were made.
    for title in ["Sportlov", "Jour"] {
        let mut event = person.finds_in_outlook(title).await;
        event.place = "Sälen".into();
        person.edits_in_outlook(&event).await;
    }
    person.home = STOCKHOLM;
    for zone in zones {
        let mut day = person.finds_in_blikk(&format!("Dag {zone}")).await;
        day.status = "free".into();
        person.edits_in_blikk(&day).await;
    }
    assert_eq!(done(&person.synchronises().await), (updated(2), updated(4)));
    let dates = |lines: &[String]| lines.iter().map(|line| line[..10].to_owned()).collect::<Vec<_>>();
    assert_eq!(dates(&rests(&person).await), dates(&sorted));
}

/// Scenario 20: a rule for which Exchange has no pattern keeps its event out, by name; nobody waits for it.
pub async fn a_rule_that_exchange_does_not_have_is_set_aside_by_name<N: Net>(person: Person<N>) {
    let at = |title: &str| Shown::timed(title, "2027-03-01T08:00:00Z", "2027-03-01T08:15:00Z", STOCKHOLM);
    person.adds_in_blikk(&at("Varannan gång").ruled(&["RRULE:FREQ=MONTHLY;BYDAY=MO,WE;BYSETPOS=1,3"], vec![])).await;
    person
        .adds_in_blikk(&at("Fler dagar").ruled(&["RRULE:FREQ=WEEKLY;COUNT=3", "RDATE:20270303T100000Z"], vec![]))
        .await;
    person.adds_in_blikk(&stand_up()).await;
    let report = person.synchronises().await;
    assert_eq!(done(&report), (NOTHING, created(1)));
    assert_eq!(report.not_synchronised.get(&Code::EventRuleNotExpressible), Some(&2));
    let mut named: Vec<&str> = report.notes.iter().map(|note| note.event.title.as_str()).collect();
    named.sort_unstable();
    assert_eq!(named, ["Fler dagar", "Varannan gång"]);
    let again = person.synchronises().await;
    assert_eq!(
        (done(&again), again.not_synchronised.get(&Code::EventRuleNotExpressible)),
        ((NOTHING, NOTHING), Some(&2))
    );

    for title in named {
        let mut event = person.finds_in_blikk(title).await;
        event.recurrence = Some(Recurrence::Lines(vec!["RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2".into()]));
        person.edits_in_blikk(&event).await;
    }
    let report = person.synchronises().await;
    assert_eq!((done(&report), report.not_synchronised.len()), ((NOTHING, created(2)), 0));
    assert_eq!(rests(&person).await.len(), 9 + 4);
}

/// A new ChangeKey without anything new (R15), a dead sync state (R10): nobody edited anything, so nothing is written;
/// and an edit that meets them arrives all the same.
pub async fn r10_r15_a_server_that_fidgets_and_forgets_makes_nobody_write<N: Net>(person: Person<N>) {
    person.adds_in_outlook(&planning()).await;
    person.adds_in_blikk(&Shown::timed("Lunch", "2027-03-02T11:00:00Z", "2027-03-02T12:00:00Z", STOCKHOLM)).await;
    done(&person.synchronises().await);
    let all = rests(&person).await;
    let expire = format!(r#"{{"mailbox":"{}"}}"#, person.mailbox);
    for title in ["Planering", "Lunch"] {
        let event = person.finds_in_outlook(title).await;
        person.touches(&event.id).await;
    }
    assert_eq!(done(&person.synchronises().await), (NOTHING, NOTHING));
    person.arranges(Service::Gateway, "POST", "expire-sync-states", &expire).await;
    assert_eq!(rests(&person).await, all);

    let mut lunch = person.finds_in_blikk("Lunch").await;
    for time in [&mut lunch.start, &mut lunch.end] {
        time.date_time = time.date_time.map(|at| at + TimeDelta::hours(1));
    }
    person.edits_in_blikk(&lunch).await;
    person.touches(&person.finds_in_outlook("Lunch").await.id).await;
    person.arranges(Service::Gateway, "POST", "expire-sync-states", &expire).await;
    assert_eq!(done(&person.synchronises().await), (NOTHING, updated(1)));
    assert!(rests(&person).await.contains(&"2027-03-02T12:00:00Z Lunch".to_owned()));
}

/// The days with series on a server that is older, or another.
pub async fn the_same_days_on_another_server<N: Net>(server: &str, mut people: Vec<Person<N>>) {
    for person in &mut people {
        person.hears_of_occurrences = !server.contains("grommunio");
    }
    let mut people = people.into_iter();
    let mut next = || people.next().expect("one person for each day");
    let person = next();
    person.arranges(Service::Gateway, "POST", "server", server).await;
    series_of_both_sides_arrive_with_their_exceptions(person).await;
    a_day_moved_here_and_another_cancelled_there_both_are(next()).await;
    a_series_keeps_its_wall_clock_over_ten_runs(next()).await;
    this_and_following_leaves_equal_counts(next()).await;
    whole_days_stay_on_their_dates(next()).await;
    a_rule_that_exchange_does_not_have_is_set_aside_by_name(next()).await;
    r10_r15_a_server_that_fidgets_and_forgets_makes_nobody_write(next()).await;
    super::meetings::somebody_elses_meeting_is_shown_and_never_touched(next()).await;
    super::meetings::a_meeting_of_mine_travels_and_mails_nobody(next()).await;
    super::meetings::a_body_that_exchange_lays_out_anew_is_not_written_for_ever(next()).await;
    let last = next();
    last.arranges(Service::Gateway, "DELETE", "server", "").await;
}

/// How many people [`the_same_days_on_another_server`] asks for.
pub const PEOPLE: usize = 11;

/// [`the_same_days_on_another_server`], as `/_control/server` takes them.
pub const EXCHANGE_2010: &str = r#"{"version":"Exchange2010_SP2"}"#;
pub const GROMMUNIO: &str = r#"{"temper":"grommunio"}"#;
