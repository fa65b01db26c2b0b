//! A client of a whole Exchange (the stand-in) in this process: what it writes and reads goes over the wire's own words,
//! and over no wire.

#![allow(dead_code, reason = "each test program uses its part of it")]

use std::cell::{Cell, RefCell};

use base64::Engine as _;
use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::host::{Audience, Clock, Progress};
use blikk_calendar_sync::http::{HttpFault, HttpRequest, HttpResponse, Json, NotJson, SerdeJson, Transport};
use blikk_calendar_sync::problem::Problem;
use blikk_calendar_sync::sync::exchange::ExchangeCalendar;
use blikk_calendar_sync::sync::port::{Calendar, Draft, Observed, Reading, Revision};
use blikk_calendar_sync::sync::state::{LinkId, RemoteId};
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use standins::exchange::{Account, EWS_PATH, Exchange, Reply, Request, Server, ServerVersion, Temper};
use standins::fault::Fault;

pub const MAILBOX: &str = "anna.akesson@konsult.example";

/// Twelve zones from -12 to +14, some of which change their clocks at odd times.
pub const ZONES: [&str; 12] = [
    "Etc/GMT+12",
    "America/Los_Angeles",
    "America/New_York",
    "America/St_Johns",
    "Atlantic/Azores",
    "Europe/Stockholm",
    "Europe/London",
    "Asia/Beirut",
    "Asia/Calcutta",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Kiritimati",
];

/// The ports of one client, straight to a server in this process.
pub struct Line {
    pub server: Exchange,
    pub seconds: Cell<i64>,
    /// The bodies of all requests so far.
    pub sent: RefCell<Vec<String>>,
    /// When each was sent.
    pub sent_at: RefCell<Vec<DateTime<Utc>>>,
    /// What the person was told.
    pub told: RefCell<Vec<Progress>>,
    /// What becomes of an answer to an operation of that name on its way.
    pub meddler: RefCell<Option<Meddler>>,
    in_flight: Cell<usize>,
    /// How many requests were under way at the same time, at the most.
    pub most_in_flight: Cell<usize>,
}

pub type Meddler = Box<dyn FnMut(&str, HttpResponse) -> Result<HttpResponse, HttpFault>>;

impl Line {
    pub fn to(server: Server) -> Self {
        let exchange = Exchange::new(Account { user: "svc@konsult.example".into(), password: "hemligt".into() }, 7);
        exchange.become_server(server);
        exchange.add_mailbox(MAILBOX, "Anna Åkesson");
        Line {
            server: exchange,
            seconds: Cell::new(1_800_000_000),
            sent: RefCell::default(),
            sent_at: RefCell::default(),
            told: RefCell::default(),
            meddler: RefCell::default(),
            in_flight: Cell::default(),
            most_in_flight: Cell::default(),
        }
    }

    pub fn calendar(&self) -> ExchangeCalendar<&Line, IanaRules> {
        self.calendar_of_somebody_in("Europe/Stockholm")
    }

    pub fn calendar_of_somebody_in(&self, zone: &str) -> ExchangeCalendar<&Line, IanaRules> {
        ExchangeCalendar::new(self, IanaRules, MAILBOX, ZoneId::new(zone))
    }

    /// What the person does in Outlook: `path` is `events`, `events/{id}`, ...
    pub fn outlook(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let path = format!("/people/{MAILBOX}/{path}");
        let request = Request { method: method.into(), path, headers: Vec::new(), body };
        let answer = self.server.answer(&request, self.now()).answer;
        let said = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{method} {}: {} {said}", request.path, answer.status);
        serde_json::from_str(&said).unwrap_or(Value::Null)
    }

    /// The bodies of the requests that write, so far.
    pub fn writes(&self) -> Vec<String> {
        let writes = ["<m:CreateItem", "<m:UpdateItem", "<m:DeleteItem"];
        let sent = self.sent.borrow();
        sent.iter().filter(|body| writes.iter().any(|write| body.contains(write))).cloned().collect()
    }
}

impl Transport for Line {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        self.seconds.set(self.seconds.get() + 1);
        self.sent.borrow_mut().push(String::from_utf8_lossy(&request.body).into_owned());
        self.sent_at.borrow_mut().push(self.now());
        let Account { user, password } = self.server.account();
        let credential = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let headers = vec![
            ("Content-Type".to_owned(), "text/xml; charset=utf-8".to_owned()),
            ("Authorization".to_owned(), format!("Basic {credential}")),
        ];
        let request = Request { method: "POST".into(), path: EWS_PATH.into(), headers, body: request.body };
        self.in_flight.set(self.in_flight.get() + 1);
        self.most_in_flight.set(self.most_in_flight.get().max(self.in_flight.get()));
        let Reply { answer, fault, operation } = {
            let _under_way = self.server.begin(&request);
            a_moment().await;
            self.server.answer(&request, self.now())
        };
        self.in_flight.set(self.in_flight.get() - 1);
        let headers = answer.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        let response = spoilt(HttpResponse { status: answer.status, headers, body: answer.body }, fault)?;
        match &mut *self.meddler.borrow_mut() {
            Some(meddle) => meddle(operation.as_deref().unwrap_or_default(), response),
            None => Ok(response),
        }
    }
}

/// In which others have their turn.
async fn a_moment() {
    let mut is_over = false;
    std::future::poll_fn(|_| match std::mem::replace(&mut is_over, true) {
        true => std::task::Poll::Ready(()),
        false => std::task::Poll::Pending,
    })
    .await;
}

/// What a fault of the wire makes of an answer. The server has seen to the others.
fn spoilt(mut response: HttpResponse, fault: Option<Fault>) -> Result<HttpResponse, HttpFault> {
    match fault {
        Some(Fault::DropBefore | Fault::DropAfter) => return Err(HttpFault::Unreachable),
        Some(Fault::Status { code, retry_after, body, .. }) => {
            let headers = retry_after.map(|seconds| ("retry-after".to_owned(), seconds.to_string()));
            let body = body.unwrap_or_default().into_bytes();
            response = HttpResponse { status: code, headers: headers.into_iter().collect(), body };
        }
        Some(Fault::Truncate { bytes }) => response.body.truncate(bytes),
        _ => {}
    }
    Ok(response)
}

impl Clock for Line {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(self.seconds.get())
    }

    async fn sleep(&self, seconds: u32) {
        self.seconds.set(self.seconds.get() + i64::from(seconds));
    }
}

impl Audience for Line {
    fn tell(&self, progress: Progress) {
        self.told.borrow_mut().push(progress);
    }

    fn has_cancelled(&self) -> bool {
        false
    }
}

impl Json for Line {
    fn parse<T: DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson> {
        SerdeJson.parse(text)
    }

    fn print<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson> {
        SerdeJson.print(value)
    }
}

/// Drives a future that never waits for anything outside of this process.
pub fn wait_for<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

pub fn created(line: &Line, event: &Event) -> Result<Observed, Problem> {
    let draft = Draft { link: LinkId::new("0a"), counterpart: RemoteId::new("b-7"), uid: None, event: event.clone() };
    wait_for(line.calendar().create(&[draft]))?.remove(0)
}

pub fn updated(line: &Line, held: &Observed, after: &Event) -> Result<Observed, Problem> {
    let before = held.content.clone().map_err(|unsynced| unsynced.problem)?;
    let revision =
        Revision { id: held.id.clone(), expected: held.version.clone(), before, after: after.clone(), unmark: false };
    wait_for(line.calendar().update(&[revision]))?.remove(0)
}

pub fn read(line: &Line, held: &Observed) -> Event {
    let mut readings = wait_for(line.calendar().read(std::slice::from_ref(&held.id))).unwrap();
    match readings.remove(0) {
        Reading::Found(observed) => {
            assert!(!observed.is_unfinished);
            observed.content.unwrap()
        }
        other => panic!("{other:?}"),
    }
}

/// For [`Line::outlook`]. Exchange's ids are base64, which may hold `/`, `+` and `=`.
pub fn event_path(id: &str) -> String {
    format!("events/{}", id.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"))
}

/// The kinds of server that are met.
pub fn servers() -> Vec<(&'static str, Server)> {
    vec![
        ("Exchange 2016", Server::default()),
        ("Exchange 2010", Server { version: ServerVersion::Exchange2010Sp2, ..Server::default() }),
        ("grommunio", Server { temper: Temper::Grommunio, ..Server::default() }),
    ]
}
