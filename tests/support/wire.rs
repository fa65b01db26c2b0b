//! Blikk in memory, and a whole Exchange (the stand-in, in this process) that is spoken to in its own words.

use std::cell::Cell;

use blikk_calendar_sync::host::Random;
use blikk_calendar_sync::problem::{Problem, Side};
use blikk_calendar_sync::sync::exchange::ExchangeCalendar;
use blikk_calendar_sync::sync::farewell::{Farewell, disconnect};
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::port::StateStore as _;
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::{Outcome, RunReport};
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::sync::state::{Head, Link};
use blikk_calendar_sync::sync::undo::undo;
use blikk_calendar_sync::zone::IanaRules;
use chrono::TimeDelta;
use serde_json::{Value, json};
use simulation::calendar::MemoryCalendar;
use standins::exchange::Server;

use crate::line::{Line, event_path, wait_for};

pub struct Wire {
    pub blikk: MemoryCalendar,
    pub line: Line,
    pub store: MemoryStore,
    drawn: Counter,
    zone: &'static str,
}

type ByWire<'a> = ExchangeCalendar<&'a Line, IanaRules>;
type WireWorld<'a> = World<'a, MemoryCalendar, ByWire<'a>, MemoryStore, Line, Counter, Line>;

/// Counted, not drawn: the same history takes the same way in every run.
#[derive(Default)]
struct Counter(Cell<u128>);

impl Random for Counter {
    fn bytes(&self) -> [u8; 16] {
        self.0.set(self.0.get() + 1);
        self.0.get().to_be_bytes()
    }
}

pub const YES: Approval = Approval { blikk_deletions: u32::MAX, exchange_deletions: u32::MAX };

impl Wire {
    pub fn to(server: Server) -> Self {
        Wire::of_somebody_in("Europe/Stockholm", server)
    }

    pub fn of_somebody_in(zone: &'static str, server: Server) -> Self {
        Wire {
            blikk: MemoryCalendar::new(Side::Blikk),
            line: Line::to(server),
            store: MemoryStore::default(),
            drawn: Counter::default(),
            zone,
        }
    }

    pub fn run(&self) -> RunReport {
        self.run_with(Approval::default())
    }

    pub fn run_with(&self, approval: Approval) -> RunReport {
        let exchange = self.exchange();
        wait_for(run(&self.world(&exchange), approval))
    }

    /// Runs, which must end well.
    pub fn done(&self) -> RunReport {
        let report = self.run();
        assert_eq!(report.outcome, Outcome::Done, "{report:?}");
        report
    }

    /// What a person with a flaky network does.
    pub fn run_until_done(&self) -> RunReport {
        for _ in 0..20 {
            let report = self.run();
            if report.outcome == Outcome::Done {
                return report;
            }
            self.pass(TimeDelta::minutes(5));
        }
        panic!("does not come to an end: {:?}", self.run());
    }

    pub fn undo(&self, run: u64) -> RunReport {
        let exchange = self.exchange();
        wait_for(undo(&self.world(&exchange), run, YES))
    }

    pub fn disconnect(&self, how: Farewell) -> RunReport {
        let exchange = self.exchange();
        wait_for(disconnect(&self.world(&exchange), how, YES))
    }

    /// Made anew for each run, as the page does it.
    fn exchange(&self) -> ByWire<'_> {
        self.line.calendar_of_somebody_in(self.zone)
    }

    fn world<'a>(&'a self, exchange: &'a ByWire<'a>) -> WireWorld<'a> {
        World {
            blikk: &self.blikk,
            exchange,
            store: &self.store,
            clock: &self.line,
            random: &self.drawn,
            audience: &self.line,
            zones: &IanaRules,
            holder: "test",
        }
    }

    pub fn pass(&self, time: TimeDelta) {
        self.line.seconds.set(self.line.seconds.get() + time.num_seconds());
    }

    pub fn head(&self) -> Head {
        wait_for(self.store.head()).expect("a head")
    }

    pub fn links(&self) -> Vec<Link> {
        wait_for(self.store.links_after(None, u32::MAX)).expect("links")
    }

    /// How often we have called Exchange.
    pub fn calls(&self) -> usize {
        self.line.sent.borrow().len()
    }

    /// Creates, updates and deletes in Blikk, and requests that write to Exchange.
    pub fn writes(&self) -> usize {
        self.blikk.writes() as usize + self.line.writes().len()
    }

    /// What she has in Outlook: every event and series once.
    pub fn in_outlook(&self) -> Vec<Value> {
        items(&self.line.outlook("GET", "events", &Value::Null))
    }

    /// What she sees in Outlook between two instants: each occurrence.
    pub fn seen_in_outlook(&self, from: &str, to: &str) -> Vec<Value> {
        items(&self.line.outlook("GET", &format!("events?from={from}&to={to}"), &Value::Null))
    }

    pub fn titles_in_outlook(&self) -> Vec<String> {
        let mut titles: Vec<String> = self.in_outlook().iter().map(|event| text(event, "title")).collect();
        titles.sort();
        titles
    }

    /// She makes an event; its id.
    pub fn adds_in_outlook(&self, event: &Value) -> String {
        text(&self.line.outlook("POST", "events", event), "id")
    }

    pub fn edits_in_outlook(&self, id: &str, change: &Value) {
        self.line.outlook("PUT", &event_path(id), change);
    }

    pub fn deletes_in_outlook(&self, id: &str) {
        self.line.outlook("DELETE", &event_path(id), &Value::Null);
    }

    /// Runs once more, which must write nothing.
    pub fn assert_at_rest(&self) {
        let writes = self.writes();
        let report = self.done();
        assert_eq!(self.writes(), writes, "a further run writes nothing: {report:?}");
    }

    /// That Exchange has mailed nobody, and was never asked to, nor told of anybody to mail.
    pub fn assert_nobody_was_mailed(&self) {
        assert_eq!(self.line.server.outbox(), []);
        for body in self.line.writes() {
            let says = |attribute: &str| body.contains(&format!("{attribute}=\"SendToNone\""));
            let is_create = body.contains("<m:CreateItem");
            let is_update = body.contains("<m:UpdateItem");
            let is_silent = match (is_create, is_update) {
                (true, _) => says("SendMeetingInvitations"),
                (_, true) => says("SendMeetingInvitationsOrCancellations"),
                _ => says("SendMeetingCancellations"),
            };
            assert!(is_silent, "{body}");
            for word in ["Attendee", "MeetingResponse", "AcceptItem", "DeclineItem", "CancelCalendarItem", "SendAnd"] {
                assert!(!body.contains(word), "{word}: {body}");
            }
        }
    }
}

fn items(answer: &Value) -> Vec<Value> {
    answer["items"].as_array().cloned().unwrap_or_default()
}

pub fn text(event: &Value, field: &str) -> String {
    event[field].as_str().unwrap_or_default().to_owned()
}

/// For Outlook: a title, and an hour from `start` (UTC) in a zone.
pub fn an_hour(title: &str, start: &str, zone: &str) -> Value {
    let begins: chrono::DateTime<chrono::Utc> = start.parse().expect("an instant");
    let ends = (begins + TimeDelta::hours(1)).to_rfc3339();
    json!({
        "title": title,
        "start": { "dateTime": start, "timeZone": zone },
        "end": { "dateTime": ends, "timeZone": zone },
    })
}

pub fn problem_of(report: &RunReport) -> Option<&Problem> {
    match &report.outcome {
        Outcome::Failed { problem, .. } => Some(problem),
        _ => None,
    }
}
