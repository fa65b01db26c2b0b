//! A client straight to a server: the stand-in Exchange, in this process.

use std::cell::{Cell, RefCell};

use base64::Engine as _;
use blikk_calendar_sync::host::{Audience, Clock, Progress};
use blikk_calendar_sync::http::{HttpFault, HttpRequest, HttpResponse, Json, NotJson, SerdeJson, Transport};
use blikk_calendar_sync::sync::exchange::ExchangeCalendar;
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use standins::exchange::{Account, EWS_PATH, Exchange, Request, Server};

pub const MAILBOX: &str = "anna.akesson@konsult.example";

/// The ports of one client, straight to a server in this process.
pub struct Line {
    pub server: Exchange,
    pub seconds: Cell<i64>,
    /// The bodies of all requests.
    pub sent: RefCell<Vec<String>>,
}

impl Line {
    pub fn to(server: Server) -> Self {
        let exchange = Exchange::new(Account { user: "svc@konsult.example".into(), password: "hemligt".into() }, 7);
        exchange.become_server(server);
        exchange.add_mailbox(MAILBOX, "Anna Åkesson");
        Line { server: exchange, seconds: Cell::new(1_800_000_000), sent: RefCell::default() }
    }

    pub fn calendar(&self) -> ExchangeCalendar<&Line, IanaRules> {
        ExchangeCalendar::new(self, IanaRules, MAILBOX, ZoneId::new("Europe/Stockholm"))
    }
}

impl Transport for Line {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        self.seconds.set(self.seconds.get() + 1);
        self.sent.borrow_mut().push(String::from_utf8_lossy(&request.body).into_owned());
        let Account { user, password } = self.server.account();
        let credential = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
        let headers = vec![
            ("Content-Type".to_owned(), "text/xml; charset=utf-8".to_owned()),
            ("Authorization".to_owned(), format!("Basic {credential}")),
        ];
        let request = Request { method: "POST".into(), path: EWS_PATH.into(), headers, body: request.body };
        let answer = self.server.answer(&request, self.now()).answer;
        let headers = answer.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        Ok(HttpResponse { status: answer.status, headers, body: answer.body })
    }
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
    fn tell(&self, _: Progress) {}

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
