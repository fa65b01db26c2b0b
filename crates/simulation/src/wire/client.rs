//! A machine's line to both servers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blikk_calendar_sync::host::{Audience, Clock, Progress};
use blikk_calendar_sync::http::{HttpFault, HttpRequest, HttpResponse, Json, NotJson, Service, Transport};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::sync::blikk::BlikkCalendar;
use blikk_calendar_sync::sync::exchange::ExchangeCalendar;
use blikk_calendar_sync::zone::{ZoneId, ZoneRules};
use chrono::{DateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use standins::exchange::{Account, EWS_PATH, Request};

use super::{MAILBOX, Wire, ZONE};
use crate::calendar::Fault;
use crate::life::Machine;
use crate::surroundings::pause;
use crate::tally::Count;

/// See the module above.
pub struct Client<'a> {
    wire: &'a Wire,
    /// `None`: the quiet line.
    machine: Option<&'a Machine>,
}

impl<'a> Client<'a> {
    pub fn quiet(wire: &'a Wire) -> Self {
        Client { wire, machine: None }
    }

    pub fn of(machine: &'a Machine, wire: &'a Wire) -> Self {
        Client { wire, machine: Some(machine) }
    }

    pub fn blikk(&self) -> BlikkCalendar<&Self, Rules> {
        BlikkCalendar::new(self, Rules)
    }

    pub fn exchange(&self) -> ExchangeCalendar<&Self, Rules> {
        ExchangeCalendar::new(self, Rules, MAILBOX, ZoneId::new(ZONE))
    }

    fn answered(&self, request: &HttpRequest) -> HttpResponse {
        match request.service {
            Service::Blikk => self.wire.blikk.borrow_mut().answer(request, self.wire.surroundings.now()),
            Service::Gateway => self.soap(request),
        }
    }

    /// As the gateway passes it on: with the service account's credential.
    fn soap(&self, request: &HttpRequest) -> HttpResponse {
        let Account { user, password } = self.wire.exchange.account();
        let headers = vec![
            ("Content-Type".to_owned(), "text/xml; charset=utf-8".to_owned()),
            ("Authorization".to_owned(), format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))),
        ];
        let body = request.body.clone();
        let request = Request { method: "POST".into(), path: EWS_PATH.into(), headers, body };
        let answer = self.wire.exchange.answer(&request, self.wire.surroundings.now()).answer;
        let headers = answer.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        HttpResponse { status: answer.status, headers, body: answer.body }
    }

    fn note(&self, side: Side, request: &HttpRequest, fault: Option<Fault>) {
        let surroundings = &self.wire.surroundings;
        if let Some(fault) = fault {
            surroundings.count(Count::fault(fault.name()));
        }
        surroundings.say(|| {
            let fault = fault.map(|fault| format!(": {}", fault.name())).unwrap_or_default();
            format!("    {side:?} is asked to {}{fault}", spoken(request))
        });
    }

    fn count_write(&self, side: Side, request: &HttpRequest, response: &HttpResponse) {
        if is_write(request) && (200..300).contains(&response.status) {
            let writes = self.wire.writes(side);
            writes.set(writes.get() + 1);
        }
    }
}

impl Transport for Client<'_> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        if self.machine.is_none() {
            return Ok(self.answered(&request));
        }
        let side = if request.service == Service::Blikk { Side::Blikk } else { Side::Exchange };
        let fault = self.wire.faults(side).borrow_mut().pop_front().flatten();
        self.note(side, &request, fault);
        pause().await;
        let refused = |status, seconds: &str| {
            let headers = vec![("retry-after".to_owned(), seconds.to_owned())];
            Ok(HttpResponse { status, headers, body: Vec::new() })
        };
        match fault {
            Some(Fault::LostRequest) => return Err(HttpFault::Unreachable),
            Some(Fault::Busy) => return refused(if side == Side::Blikk { 429 } else { 503 }, "2"),
            Some(Fault::Denied) => return refused(401, "0"),
            Some(Fault::DeadToken) if side == Side::Blikk => self.wire.blikk.borrow_mut().kill_cursors(),
            Some(Fault::DeadToken) => self.wire.exchange.expire_sync_states(),
            _ => {}
        }
        let mut response = self.answered(&request);
        self.count_write(side, &request, &response);
        // A proxy that was not answered asks again; not for what makes something in Exchange.
        if fault == Some(Fault::Twice) && !spoken(&request).contains("CreateItem") {
            response = self.answered(&request);
        }
        pause().await;
        match fault {
            Some(Fault::LostAnswer) => return Err(HttpFault::Unreachable),
            Some(Fault::Interrupted) => return Err(HttpFault::TimedOut),
            Some(Fault::CutOff) => response.body.truncate(response.body.len() / 2),
            _ => {}
        }
        Ok(response)
    }
}

/// `CreateItem`, `PUT /v1/calendar/events/7`.
fn spoken(request: &HttpRequest) -> String {
    match request.service {
        Service::Blikk => {
            let path = request.path.split('?').next().unwrap_or_default();
            format!("{} {path}", request.method)
        }
        Service::Gateway => {
            let body = String::from_utf8_lossy(&request.body);
            let operation = body.split("<soap:Body>").nth(1).or_else(|| body.split(":Body>").nth(1));
            let name = operation.and_then(|rest| rest.split(['<', ' ', '>', '/']).find(|part| !part.trim().is_empty()));
            name.unwrap_or("?").trim_start_matches("m:").to_owned()
        }
    }
}

fn is_write(request: &HttpRequest) -> bool {
    match request.service {
        Service::Blikk => request.method != "GET",
        Service::Gateway => {
            let spoken = spoken(request);
            ["CreateItem", "UpdateItem", "DeleteItem"].contains(&spoken.as_str())
        }
    }
}

impl Clock for Client<'_> {
    fn now(&self) -> DateTime<Utc> {
        self.machine.map_or_else(|| self.wire.surroundings.now(), Clock::now)
    }

    async fn sleep(&self, seconds: u32) {
        self.wire.surroundings.pass(TimeDelta::seconds(seconds.into()));
    }
}

impl Audience for Client<'_> {
    fn tell(&self, _: Progress) {}

    fn has_cancelled(&self) -> bool {
        self.machine.is_some_and(Audience::has_cancelled)
    }
}

impl Json for Client<'_> {
    fn parse<T: DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson> {
        serde_json::from_slice(text).map_err(|error| NotJson(error.to_string()))
    }

    fn print<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson> {
        serde_json::to_vec(value).map_err(|error| NotJson(error.to_string()))
    }
}

/// The IANA database as compiled into chrono-tz: the same everywhere, as nothing else of a browser's is.
#[derive(Clone, Copy, Debug)]
pub struct Rules;

impl ZoneRules for Rules {
    fn offset_at(&self, zone: &ZoneId, instant: DateTime<Utc>) -> Option<i32> {
        let zone: chrono_tz::Tz = zone.as_str().parse().ok()?;
        Some(zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc())
    }
}
