//! Whole runs against a server that tells nobody when an occurrence is edited (the stand-in as grommunio, in this
//! process).

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/line.rs"]
mod line;

use std::cell::Cell;

use blikk_calendar_sync::event::{Event, Exception, Moment, OriginalDate, Series, When};
use blikk_calendar_sync::host::Random;
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::recurrence::{Count, DayInterval, Pattern, Range, Recurrence};
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use line::{Line, MAILBOX, wait_for};
use simulation::calendar::MemoryCalendar;
use standins::exchange::{Request, Server, Temper};

/// Blikk in memory, and an Exchange over the wire.
struct Pair {
    blikk: MemoryCalendar,
    line: Line,
    store: MemoryStore,
    drawn: Counter,
}

#[derive(Default)]
struct Counter(Cell<u128>);

impl Random for Counter {
    fn bytes(&self) -> [u8; 16] {
        self.0.set(self.0.get() + 1);
        self.0.get().to_be_bytes()
    }
}

impl Pair {
    fn with(temper: Temper) -> Self {
        Pair {
            blikk: MemoryCalendar::new(Side::Blikk),
            line: Line::to(Server { temper, ..Server::default() }),
            store: MemoryStore::default(),
            drawn: Counter::default(),
        }
    }

    /// Runs, and says which operations went over the wire.
    fn run(&self) -> (RunReport, Vec<String>) {
        self.line.sent.borrow_mut().clear();
        let world = World {
            blikk: &self.blikk,
            exchange: &self.line.calendar(),
            store: &self.store,
            clock: &self.line,
            random: &self.drawn,
            audience: &self.line,
            zones: &IanaRules,
            holder: "test",
        };
        let report = wait_for(run(&world, Approval::default()));
        assert_eq!(report.outcome, Outcome::Done);
        let operation = |body: &String| {
            let (_, rest) = body.split_once("Body><m:").unwrap();
            rest.split([' ', '>']).next().unwrap().to_owned()
        };
        (report, self.line.sent.borrow().iter().map(operation).collect())
    }

    fn pass_a_day(&self) {
        self.line.seconds.set(self.line.seconds.get() + 24 * 60 * 60);
    }

    /// A person in Outlook: the answer to a request below her events.
    fn in_outlook(&self, method: &str, rest: &str, body: &str) -> serde_json::Value {
        use blikk_calendar_sync::host::Clock as _;
        let path = format!("/people/{MAILBOX}/events{rest}");
        let request = Request { method: method.into(), path, headers: Vec::new(), body: body.into() };
        let answer = self.line.server.answer(&request, self.line.now()).answer;
        assert!((200..300).contains(&answer.status), "{}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    /// The path of what she sees on a day of March 2027.
    fn on(&self, day: u32) -> String {
        let seen =
            self.in_outlook("GET", &format!("?from=2027-03-{day:02}T00:00:00Z&to=2027-03-{day:02}T23:00:00Z"), "");
        let id = seen["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{seen}"));
        let escaped: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!("/{escaped}")
    }
}

/// Every day at nine, for two weeks.
fn daily() -> Event {
    let at = |text: &str| Moment::new(text.parse().unwrap(), ZoneId::new("Europe/Stockholm"));
    let when = When::timed(at("2027-03-01T08:00:00Z"), at("2027-03-01T09:00:00Z")).unwrap();
    let pattern = Pattern::Daily { interval: DayInterval::new(1).unwrap() };
    let range = Range::Numbered(Count::new(14).unwrap());
    Event { series: Some(Series::new(Recurrence { pattern, range })), ..Event::new("Avstämning", when) }
}

#[test]
fn occurrences_that_were_edited_without_a_word_are_found_after_a_day() {
    for (temper, is_told) in [(Temper::Grommunio, false), (Temper::Exchange, true)] {
        let pair = Pair::with(temper);
        pair.blikk.add(daily());
        pair.blikk.add(Event { series: None, ..daily() });
        pair.run();
        assert_eq!(pair.run().1, ["SyncFolderItems"], "{temper:?}");

        pair.in_outlook("PUT", &pair.on(3), r#"{ "title": "Kort avstämning" }"#);
        pair.in_outlook("DELETE", &pair.on(5), "");
        assert_eq!(pair.run().0.blikk.updated, u32::from(is_told), "{temper:?}");

        pair.pass_a_day();
        let (report, operations) = pair.run();
        assert_eq!(report.blikk.updated, u32::from(!is_told), "{temper:?}: {operations:?}");
        assert_eq!(operations[..2], ["SyncFolderItems", "FindItem"], "{temper:?}");
        let held = pair.blikk.events().into_iter().find_map(|event| event.series).unwrap();
        let exceptions: Vec<String> = held
            .exceptions
            .iter()
            .map(|(OriginalDate(date), exception)| match exception {
                Exception::Cancelled => format!("{date} cancelled"),
                Exception::Changed(changes) => format!("{date} {}", changes.title.as_deref().unwrap_or_default()),
            })
            .collect();
        assert_eq!(exceptions, ["2027-03-03 Kort avstämning", "2027-03-05 cancelled"], "{temper:?}");

        pair.pass_a_day();
        let (report, operations) = pair.run();
        assert_eq!((report.blikk.total(), report.exchange.total()), (0, 0), "{temper:?}");
        assert_eq!(operations, ["SyncFolderItems", "FindItem", "GetItem", "GetItem"], "the series and its exception");
        assert_eq!(pair.run().1, ["SyncFolderItems"], "{temper:?}");
        assert_eq!(pair.line.server.outbox(), []);
    }
}

#[test]
fn an_occurrence_that_was_edited_without_a_word_outlives_an_edit_of_its_series_in_blikk() {
    let pair = Pair::with(Temper::Grommunio);
    let id = pair.blikk.add(daily());
    pair.run();
    pair.in_outlook("PUT", &pair.on(3), r#"{ "title": "Kort avstämning" }"#);
    pair.blikk.edit(&id, |event| event.place = "Rum 3".into());
    pair.run();
    assert_eq!(pair.blikk.only().1.series.unwrap().exceptions.len(), 1);
    let seen = pair.in_outlook("GET", &pair.on(3), "");
    assert_eq!((seen["title"].as_str(), seen["place"].as_str()), (Some("Kort avstämning"), Some("Rum 3")));
}
