//! What stands in Blikk before the first sync: the planner's view of the same weeks.

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};
use serde_json::{Value, json};

use super::{Entry, FRI, MON, SAT, THU, TUE, WED, Weeks, on_2027, timed, whole_days};

pub fn annas(weeks: Weeks) -> Vec<Value> {
    once(annas_events(weeks)).chain(annas_series(weeks)).collect()
}

pub fn bjorns(weeks: Weeks) -> Vec<Value> {
    once(bjorns_events(weeks)).chain(bjorns_series(weeks)).collect()
}

fn once(entries: Vec<Entry>) -> impl Iterator<Item = Value> {
    entries.into_iter().map(|entry| json!(entry.0))
}

#[rustfmt::skip]
fn annas_events(weeks: Weeks) -> Vec<Entry> {
    vec![
        // Behind us.
        weeks.timed(-6, MON, ("09:00", "17:00"), "P-1017 Förstudie Smögen").at("Hos kund").categories(&["Debiterbart"]),
        weeks.timed(-4, TUE, ("10:00", "12:00"), "P-1017 Slutrapport förstudie").saying("Slutsats: \"det går nog\". 14 sidor.").categories(&["Debiterbart"]),
        weeks.timed(-2, WED, ("13:00", "14:00"), "Tidrapport januari (påminnelse nr 4)").categories(&["Internt"]),
        weeks.timed(-1, TUE, ("08:00", "12:00"), "P-1042 Integration ugn → molnet").categories(&["Debiterbart"])
            .saying("Ugnen talar Modbus.\nMolnet talar JSON.\nJag talar för döva öron."),
        weeks.timed(-1, FRI, ("13:00", "15:00"), "P-1038 Underhåll Hovås: <script> i namnfältet & annat smått").categories(&["Debiterbart"]),
        // This week.
        weeks.timed(0, MON, ("10:00", "12:00"), "P-1042 Sprintplanering 🏃").at("Rum Öresund").categories(&["Debiterbart"]),
        weeks.timed(0, TUE, ("13:00", "15:30"), "P-1042 Datamodell för sill, makrill och ål 🐟").categories(&["Debiterbart"])
            .saying("Är ål en fisk eller en status? Fråga Gunnel."),
        weeks.timed(0, WED, ("08:30", "09:45"), "P-1038 Felanmälan #2271: \"det funkar inte\"").at("Fjärr").reminder(5),
        weeks.timed(0, WED, ("15:00", "17:00"), "P-1042 Kodgranskning").status("tentative").categories(&["Debiterbart"]),
        weeks.timed(0, THU, ("09:00", "12:00"), "P-1042 Bygga larm: rök utan eld").categories(&["Debiterbart"]),
        weeks.timed(0, THU, ("15:00", "15:45"), "Läkarbesök").visible_as("private").status("outOfOffice"),
        weeks.timed(0, FRI, ("10:00", "11:30"), "P-1042 Skriva testfall för \"osannolika\" händelser").categories(&["Debiterbart"]),
        // Ahead of us.
        weeks.timed(1, MON, ("13:00", "16:00"), "P-1050 Införsälj Åmåls Ångbryggeri 🍺").at("Åmål").status("tentative").categories(&["Sälj"]),
        weeks.whole_days(1, FRI, 1, "Kompledig").status("outOfOffice"),
        weeks.timed(2, MON, ("08:00", "16:30"), "P-1042 Driftsättning hos rökeriet").at("Smögenbryggan 4").categories(&["Debiterbart"])
            .saying("Stövlar. Inte vita skor. Inte igen."),
        weeks.timed(2, THU, ("09:00", "10:00"), "P-1042 Hypercare & handhållning").categories(&["Debiterbart"]),
        weeks.timed(4, TUE, ("14:00", "15:00"), "Kompetensdag: Rust för rökare").status("free").categories(&["Utbildning"]),
        weeks.timed(8, WED, ("09:00", "12:00"), "P-1042 Garantiärende, preliminärt").status("tentative"),
        // On their dates.
        timed(on_2027(3, 28), "01:00", on_2027(3, 28), "04:00", "P-1038 Nattjobb: byta databas när ingen ser på").at("Fjärr")
            .saying("Tre timmar på klockan, två i verkligheten. Fakturera två.").categories(&["Debiterbart"]),
        whole_days(on_2027(5, 6), 1, "Kristi himmelsfärdsdag"),
        whole_days(on_2027(12, 23), 9, "Kontoret stängt 🎄").status("outOfOffice"),
    ]
}

fn annas_series(weeks: Weeks) -> Vec<Value> {
    let stand_up = weeks.timed(-4, TUE, ("08:15", "08:30"), "P-1042 Stand-up (sittande)").at("Rum Öresund");
    let in_the_kitchen = Entry::default().at("Köket, för Öresund har fått ny matta");
    let later = weeks.timed(0, THU, ("08:25", "08:40"), "P-1042 Stand-up (sittande, försovning)");

    // The last working day of every month, from two months ago on.
    let this_month = weeks.monday;
    let invoicing = |months: u32| last_working_day(this_month + Months::new(months));
    let first = last_working_day(this_month - Months::new(2));
    let invoices = timed(first, "14:00", first, "15:30", "Månadsfakturering & månadssuck");
    let moved = invoicing(1) - Days::new(1);
    let a_day_earlier = timed(moved, "09:00", moved, "10:30", "Månadsfakturering (Karin är ledig i morgon)");

    let birthday = birthday_of(weeks.day(0, SAT));
    let party = whole_days(birthday, 1, "Gunnel på rökeriet fyller år 🎂").categories(&["Kund"]);
    vec![
        Repeated::new(stand_up, "FREQ=WEEKLY;BYDAY=TU,TH")
            .different(timed_as(weeks.day(0, TUE), "08:15"), in_the_kitchen)
            .different(timed_as(weeks.day(0, THU), "08:15"), later)
            .cancelled(weeks.day(1, TUE), "08:15")
            .into_json(),
        Repeated::new(invoices.categories(&["Internt"]), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")
            .different(timed_as(invoicing(1), "14:00"), a_day_earlier)
            .cancelled(invoicing(2), "14:00")
            .into_json(),
        Repeated::new(party, &format!("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}", birthday.month(), birthday.day()))
            .into_json(),
    ]
}

fn bjorns_series(weeks: Weeks) -> Vec<Value> {
    let check = weeks.timed(-2, MON, ("08:15", "08:45"), "P-1038 Driftkoll: lyser allt grönt?").at("Fjärr").reminder(5);
    let from_the_cottage = Entry::default().at("Stugan").status("workingElsewhere");
    vec![
        Repeated::new(check.categories(&["Debiterbart"]), "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=12")
            .different(timed_as(weeks.day(0, MON), "08:15"), from_the_cottage)
            .into_json(),
    ]
}

/// A series in the making: the first occurrence, the lines, and what is different.
struct Repeated {
    first: Entry,
    lines: Vec<String>,
    exceptions: Vec<Value>,
}

impl Repeated {
    fn new(first: Entry, rule: &str) -> Self {
        Repeated { first, lines: vec![format!("RRULE:{rule}")], exceptions: Vec::new() }
    }

    fn cancelled(mut self, date: NaiveDate, clock: &str) -> Self {
        let (date, clock) = (date.format("%Y%m%d"), clock.replace(':', ""));
        self.lines.push(format!("EXDATE;TZID=Europe/Stockholm:{date}T{clock}00"));
        self
    }

    fn different(mut self, original_start: Value, entry: Entry) -> Self {
        let mut exception = json!(entry.0);
        exception["originalStart"] = original_start;
        self.exceptions.push(exception);
        self
    }

    fn into_json(self) -> Value {
        let mut json = json!(self.first.0);
        json["recurrence"] = json!(self.lines);
        json["exceptions"] = json!(self.exceptions);
        json
    }
}

/// That clock on that date, as the contract says it.
fn timed_as(date: NaiveDate, clock: &str) -> Value {
    json!(timed(date, clock, date, clock, "").0.start)
}

fn last_working_day(in_month: NaiveDate) -> NaiveDate {
    let last = in_month.with_day(1).unwrap_or(in_month) + Months::new(1) - Days::new(1);
    match last.weekday() {
        Weekday::Sat => last - Days::new(1),
        Weekday::Sun => last - Days::new(2),
        _ => last,
    }
}

/// The same date some years ago. Nobody in the demo is born on 29 February.
fn birthday_of(date: NaiveDate) -> NaiveDate {
    let date = if (date.month(), date.day()) == (2, 29) { date - Days::new(1) } else { date };
    date - Months::new(12 * 3)
}

#[rustfmt::skip]
fn bjorns_events(weeks: Weeks) -> Vec<Entry> {
    vec![
        weeks.timed(-3, THU, ("09:00", "16:00"), "P-1038 Kabeldragning, våning ½").at("Hovås, hus B").categories(&["Debiterbart"]),
        weeks.timed(-1, MON, ("13:00", "14:30"), "P-1038 Lösenordsbyte för 212 personer"),
        weeks.timed(0, MON, ("09:00", "11:30"), "P-1038 Förberedelser inför v2").categories(&["Debiterbart"]),
        weeks.timed(0, TUE, ("13:00", "16:00"), "P-1044 Kravställning \"enkel\" portal").at("Lerum").categories(&["Debiterbart"]),
        weeks.timed(0, THU, ("09:00", "11:00"), "P-1038 Efterarbete & städning <tmp>").categories(&["Debiterbart"]),
        weeks.timed(0, FRI, ("13:00", "14:00"), "Utvecklingssamtal").at("Karins rum").visible_as("private"),
        weeks.timed(1, TUE, ("08:00", "12:00"), "P-1044 Prototyp i Öckerö färjeläge ⛴️").at("Öckerö").categories(&["Debiterbart"]),
        weeks.timed(2, WED, ("10:00", "11:00"), "P-1044 Beslutsmöte (utan beslut)").status("tentative"),
        whole_days(on_2027(8, 2), 12, "Semester i husvagnen").status("outOfOffice"),
    ]
}
