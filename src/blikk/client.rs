//! The calls: build, send, read.
//!
//! What a call sends and how its answer is read are plain functions of values; only [`Client::call`] touches the world.

use super::error::{self, About};
use super::wire::{CalendarChanges, CalendarEvents, EventFields, Field, Item};
use crate::host::{Audience, Clock, rest, wait_for};
use crate::http::{HttpRequest, HttpResponse, Json, Service, Transport};
use crate::problem::{Code, Problem, Side};
use crate::value::{FromValue, Value};

/// Events on a page of changes, at most. Blikk closes a page earlier when its bodies are large.
const PAGE_SIZE: u32 = 200;

/// How often one call waits when Blikk asks for it.
const WAITS: u32 = 6;

/// A longer wait than this is no pause but the end of the run; the next one goes on.
const LONGEST_WAIT: u32 = 120;

/// The calls of Blikk's calendar API, over the ports of `H`.
pub struct Client<'a, H> {
    host: &'a H,
}

/// What a creation led to.
#[derive(Clone, Debug, PartialEq)]
pub enum Created {
    /// It exists since now.
    Now(Box<Item>),
    /// The same key had created it before; this is how it is now.
    Before(Box<Item>),
}

impl<'a, H: Transport + Json + Clock + Audience> Client<'a, H> {
    pub fn new(host: &'a H) -> Self {
        Client { host }
    }

    /// One page of what changed since `cursor`; without one, of everything.
    pub async fn changes(&self, cursor: Option<&str>) -> Result<CalendarChanges, Problem> {
        let path = match cursor {
            Some(cursor) => format!("/v1/calendar/changes?pageSize={PAGE_SIZE}&cursor={}", percent_encoded(cursor)),
            None => format!("/v1/calendar/changes?pageSize={PAGE_SIZE}"),
        };
        let about = About::Changes { since_cursor: cursor.is_some() };
        let response = self.call(about, request("GET", path)).await?;
        self.parsed(&response)
    }

    /// The event with this external id.
    pub async fn find(&self, external_id: &str) -> Result<Option<Item>, Problem> {
        let path = format!("/v1/calendar/events?filter.externalId={}", percent_encoded(external_id));
        let response = self.call(About::List, request("GET", path)).await?;
        let events: CalendarEvents = self.parsed(&response)?;
        // A server that does not know the filter would give every event there is.
        let found = events
            .items
            .iter()
            .filter_map(Field::read)
            .find(|item| item.external_id.read().is_some_and(|id| id == external_id));
        Ok(found.cloned())
    }

    /// `blikk.not_found` when there is no such event.
    pub async fn get(&self, id: &str) -> Result<Item, Problem> {
        let response = self.call(About::Event, request("GET", event_path(id))).await?;
        self.event(&response)
    }

    /// The same `key` again creates nothing.
    pub async fn create(&self, key: &str, fields: &EventFields) -> Result<Created, Problem> {
        let request = self.with_body(request("POST", "/v1/calendar/events".to_owned()), fields)?;
        let response = self.call(About::Event, with_header(request, "idempotency-key", key.to_owned())).await?;
        let item = Box::new(self.event(&response)?);
        Ok(if response.status == 201 { Created::Now(item) } else { Created::Before(item) })
    }

    /// `blikk.conflict` when the event is no longer `version`.
    pub async fn update(&self, id: &str, version: &str, fields: &EventFields) -> Result<Item, Problem> {
        let request = self.with_body(request("PUT", event_path(id)), fields)?;
        let response = self.call(About::Event, with_header(request, "if-match", entity_tag(version))).await?;
        self.event(&response)
    }

    /// `blikk.conflict` when the event is no longer `version`.
    pub async fn delete(&self, id: &str, version: &str) -> Result<(), Problem> {
        let request = with_header(request("DELETE", event_path(id)), "if-match", entity_tag(version));
        self.call(About::Event, request).await.map(|_| ())
    }

    /// Makes a call until it is answered: after a broken connection once more, since every call of the contract can be
    /// repeated without harm, and as often as Blikk asks for patience, within reason.
    async fn call(&self, about: About, request: HttpRequest) -> Result<HttpResponse, Problem> {
        let mut tries = Tries::default();
        loop {
            let problem = match self.host.send(request.clone()).await {
                Ok(response) if (200..=299).contains(&response.status) => return Ok(response),
                Ok(response) => error::refused(self.host, about, &response),
                Err(fault) => error::broken(fault),
            };
            match tries.after(&problem) {
                Next::GiveUp => return Err(problem),
                Next::Again => rest(self.host, 1).await?,
                Next::Wait(seconds) => wait_for(self.host, Side::Blikk, seconds).await?,
            }
        }
    }

    fn with_body(&self, mut request: HttpRequest, fields: &EventFields) -> Result<HttpRequest, Problem> {
        // Our own values as JSON: nothing from outside can make this fail.
        request.body = self.host.print(fields).map_err(|_| Problem::new(Code::Internal).said("cannot print JSON"))?;
        Ok(with_header(request, "content-type", "application/json".to_owned()))
    }

    fn event(&self, response: &HttpResponse) -> Result<Item, Problem> {
        let item: Item = self.parsed(response)?;
        match item.id {
            Field::Read(_) => Ok(item),
            Field::Missing | Field::Null | Field::Wrong => Err(error::not_understood(response)),
        }
    }

    fn parsed<R: FromValue>(&self, response: &HttpResponse) -> Result<R, Problem> {
        if !is_json(response) {
            return Err(error::not_understood(response));
        }
        let value = self.host.parse::<Value>(&response.body).ok();
        value.and_then(R::from_value).ok_or_else(|| error::not_understood(response))
    }
}

/// What to do after a failed try (pure but for the counting).
#[derive(Default)]
struct Tries {
    breaks: u32,
    waits: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum Next {
    GiveUp,
    Again,
    Wait(u32),
}

impl Tries {
    fn after(&mut self, problem: &Problem) -> Next {
        match problem.code {
            Code::BlikkUnreachable | Code::BlikkTimedOut if self.breaks == 0 => {
                self.breaks = 1;
                Next::Again
            }
            Code::BlikkBusy if self.waits < WAITS => {
                // Not told how long: 1, 2, 4, ... seconds.
                let seconds = problem.wait_seconds.unwrap_or(1 << self.waits).max(1);
                self.waits += 1;
                if seconds > LONGEST_WAIT { Next::GiveUp } else { Next::Wait(seconds) }
            }
            _ => Next::GiveUp,
        }
    }
}

fn request(method: &'static str, path: String) -> HttpRequest {
    let headers = vec![("accept", "application/json".to_owned())];
    HttpRequest { service: Service::Blikk, method, path, headers, body: Vec::new() }
}

fn with_header(mut request: HttpRequest, name: &'static str, value: String) -> HttpRequest {
    request.headers.push((name, value));
    request
}

fn event_path(id: &str) -> String {
    format!("/v1/calendar/events/{}", percent_encoded(id))
}

/// RFC 9110 §8.8.3.
fn entity_tag(version: &str) -> String {
    format!("\"{version}\"")
}

/// RFC 3986 §2.1: everything but the unreserved characters.
fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}

/// `application/json`, or one that is JSON underneath (RFC 6839 §3.1). A missing type is left to the parser.
fn is_json(response: &HttpResponse) -> bool {
    response.header("content-type").is_none_or(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        kind == "application/json" || kind.ends_with("+json")
    })
}
