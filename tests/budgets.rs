//! How many calls a run may take: counted at a whole Exchange (the stand-in, in this process).
//!
//! | run | calls to Exchange at most |
//! |---|---|
//! | the first one, of N events, wherever they are | N/50 + 10 |
//! | ... and of each series with exceptions among what is created in Exchange | 5 more, for each 100 exceptions |
//! | with nothing to do | 1, and 1 to Blikk, and 1 to the store |

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/line.rs"]
mod line;

use std::cell::Cell;

use blikk_calendar_sync::event::{Changes, Event, Exception, Moment, OriginalDate, Series, When};
use blikk_calendar_sync::host::Random;
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::recurrence::{Count, DayInterval, Pattern, Range, Recurrence};
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use chrono::{DateTime, Days, TimeDelta, Utc};
use line::{Line, MAILBOX, servers, wait_for};
use simulation::calendar::MemoryCalendar;
use standins::exchange::{NewEvent, Server};

/// A pair of calendars of which Exchange is whole.
struct Pair {
    line: Line,
    blikk: MemoryCalendar,
    store: MemoryStore,
    drawn: Counted,
}

/// Counted, not drawn: each run is like the one before.
#[derive(Default)]
struct Counted(Cell<u128>);

impl Random for Counted {
    fn bytes(&self) -> [u8; 16] {
        self.0.set(self.0.get() + 1);
        self.0.get().to_be_bytes()
    }
}

impl Pair {
    /// So many events that were made on each side.
    fn of(server: Server, in_blikk: usize, in_exchange: usize) -> Self {
        let pair = Pair {
            line: Line::to(server),
            blikk: MemoryCalendar::new(Side::Blikk),
            store: MemoryStore::default(),
            drawn: Counted::default(),
        };
        for number in 0..in_blikk {
            pair.blikk.add(event(number));
        }
        for number in 0..in_exchange {
            let event: NewEvent = serde_json::from_value(serde_json::json!({
                "title": format!("Outlook {number}"),
                "start": { "dateTime": start(number).to_rfc3339(), "timeZone": "Europe/Stockholm" },
                "end": { "dateTime": (start(number) + TimeDelta::hours(1)).to_rfc3339(), "timeZone": "Europe/Stockholm" },
                "body": "Vi går igenom läget i projektet och beslutar om nästa steg.",
            }))
            .unwrap();
            pair.line.server.add_event(MAILBOX, &event, start(0)).unwrap();
        }
        pair
    }

    fn runs(&self) -> RunReport {
        let exchange = self.line.calendar();
        let world = World {
            blikk: &self.blikk,
            exchange: &exchange,
            store: &self.store,
            clock: &self.line,
            random: &self.drawn,
            audience: &self.line,
            zones: &IanaRules,
            holder: "test",
        };
        let report = wait_for(run(&world, Approval::default()));
        assert_eq!(report.outcome, Outcome::Done, "{report:?}");
        report
    }

    /// Calls to Exchange so far, and in words.
    fn calls(&self) -> (usize, String) {
        let operations =
            ["SyncFolderItems", "FindItem", "GetItem", "CreateItem", "UpdateItem", "DeleteItem", "GetFolder"];
        let counts = operations.map(|name| format!("{name} {}", self.line.server.count_of(name)));
        (self.line.sent.borrow().len(), counts.join(", "))
    }
}

fn start(number: usize) -> DateTime<Utc> {
    "2027-01-04T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(3 * number as i64)
}

fn event(number: usize) -> Event {
    let at = |instant| Moment::new(instant, ZoneId::new("Europe/Stockholm"));
    let (start, end) = (start(number), start(number) + TimeDelta::hours(1));
    let mut event = Event::new(format!("Blikk {number}"), When::timed(at(start), at(end)).unwrap());
    event.body = "Vi går igenom läget i projektet och beslutar om nästa steg.\n".repeat(10).trim_end().into();
    event
}

/// Every day for two weeks, but on the second day, and with another title on the third.
fn series(number: usize) -> Event {
    let mut event = event(number);
    let pattern = Pattern::Daily { interval: DayInterval::new(1).unwrap() };
    let range = Range::Numbered(Count::new(14).unwrap());
    let mut series = Series::new(Recurrence { pattern, range });
    let day = |days| OriginalDate(start(number).date_naive() + Days::new(days));
    series.exceptions.insert(day(1), Exception::Cancelled);
    let renamed = Changes { title: Some("Med gäster".into()), ..Changes::default() };
    series.exceptions.insert(day(2), Exception::Changed(Box::new(renamed)));
    event.series = Some(series);
    event
}

#[test]
fn a_first_run_of_n_events_takes_at_most_n_50ths_and_10_calls_of_exchange() {
    for (name, server) in servers() {
        for (in_blikk, in_exchange) in [(1_000, 0), (0, 1_000), (500, 500), (1, 0), (0, 1)] {
            assert_within_budget(name, &server, in_blikk, in_exchange);
        }
    }
}

/// So that what grows with N does not outrun the budget where nobody counts: from here to the run before it were 1,600
/// events, and no more than 32 calls.
#[test]
fn the_calls_of_a_first_run_grow_slower_than_their_budget() {
    let [thousand, more] = [1_000, 2_600].map(|count| assert_within_budget("Exchange", &Server::default(), count, 0));
    assert!(more - thousand <= 32, "{thousand} and {more}");
}

fn assert_within_budget(name: &str, server: &Server, in_blikk: usize, in_exchange: usize) -> usize {
    let pair = Pair::of(server.clone(), in_blikk, in_exchange);
    let report = pair.runs();
    let created = (report.exchange.created as usize, report.blikk.created as usize);
    assert_eq!(created, (in_blikk, in_exchange), "{name}");
    let (calls, of_which) = pair.calls();
    let budget = (in_blikk + in_exchange) / 50 + 10;
    assert!(calls <= budget, "{name}, {in_blikk} and {in_exchange}: {calls} calls of {budget}: {of_which}");
    calls
}

#[test]
fn each_series_with_exceptions_takes_at_most_five_calls_more() {
    for (name, server) in servers() {
        let pair = Pair::of(server, 100, 0);
        let with_exceptions = 20;
        for number in 0..with_exceptions {
            pair.blikk.add(series(number));
        }
        pair.runs();
        let (calls, of_which) = pair.calls();
        let budget = (100 + with_exceptions) / 50 + 10 + 5 * with_exceptions;
        assert!(calls <= budget, "{name}: {calls} calls of {budget}: {of_which}");
    }
}

#[test]
fn a_run_with_nothing_to_do_is_one_call_a_side_and_one_of_the_store_whatever_is_linked() {
    for linked in [10, 1_000] {
        let pair = Pair::of(Server::default(), linked, 0);
        pair.runs();
        let before = (pair.calls().0, pair.blikk.calls(), pair.store.calls());
        pair.runs();
        let after = (pair.calls().0, pair.blikk.calls(), pair.store.calls());
        assert_eq!((after.0 - before.0, after.1 - before.1, after.2 - before.2), (1, 1, 1), "{linked} links");
    }
}
