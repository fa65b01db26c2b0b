//! An Exchange Server 2016 that speaks Exchange Web Services, for calendars.
//!
//! [`Exchange::answer`] takes a whole HTTP request and the time, and gives the whole answer: no socket, no clock, no
//! thread. `http` is the shell that puts it on a port; a simulation can hold one in its hand instead.
//!
//! On the way of one request: [`soap`] opens the envelope, [`schema`] refuses what messages.xsd and types.xsd do not
//! allow, [`caller`] finds out whose mailbox it is about, a file of [`operation`] carries it out on the [`store`], with
//! [`field`] (one table of all fields) reading and writing the [`item`]s. [`people`] is what a person does with Outlook,
//! [`control`] what a test wants to arrange or to know.
//!
//! A [`series`] is one stored item: its [`recurrence`] says the dates, and occurrences are computed when asked for.
//!
//! What it deliberately does not do: attachments with content, and items of any folder but calendars. Such requests
//! are refused, never pretended.

use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::fault::{Fault, Rule};

mod body;
mod budget;
mod caller;
mod code;
mod control;
mod extended;
mod field;
mod folder;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod http;
mod id;
mod item;
mod mail;
mod operation;
mod page;
mod people;
mod recurrence;
mod restriction;
mod schema;
mod series;
mod server;
mod shape;
mod soap;
mod state;
mod store;
mod xml;
mod zone;

pub use budget::Throttling;
pub use mail::Mail;
pub use people::{ForeignZone, NewEvent, Pattern, PersonName, Series, Time};
pub use server::{Server, ServerVersion, Temper};
pub use state::{Account, Poison};

use code::Refusal;
use state::State;

/// Where EWS lives, on every Exchange.
pub const EWS_PATH: &str = "/EWS/Exchange.asmx";

/// An HTTP request, whole. Header names are compared without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// With its query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn path_without_query(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

/// An HTTP answer, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Answer { status, headers, body: body.into() }
    }

    fn xml(status: u16, body: String) -> Self {
        Answer::new(status, "text/xml; charset=utf-8", body)
    }

    fn json(status: u16, value: &serde_json::Value) -> Self {
        Answer::new(status, "application/json; charset=utf-8", value.to_string())
    }

    fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// An answer, and what is still to go wrong with it on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub answer: Answer,
    /// For the shell to carry out. When it is one that comes before the request is carried out, nothing was.
    pub fault: Option<Fault>,
    /// The name of the operation, when the request was one of EWS.
    pub operation: Option<String>,
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Reply { answer, fault: None, operation: None }
    }
}

/// The server: mailboxes, a service account, an outbox.
#[derive(Debug)]
pub struct Exchange {
    state: Mutex<State>,
}

impl Exchange {
    /// With no mailboxes yet. The same seed makes the same ids.
    pub fn new(account: Account, seed: u64) -> Self {
        Exchange { state: Mutex::new(State::new(account, seed)) }
    }

    /// Answers one request.
    pub fn answer(&self, request: &Request, now: DateTime<Utc>) -> Reply {
        let mut state = self.state();
        let path = request.path_without_query();
        if path.eq_ignore_ascii_case(EWS_PATH) {
            answer_ews(&mut state, request, now)
        } else if let Some(rest) = path.strip_prefix("/people/") {
            people::answer(&mut state, request, rest, now).into()
        } else if let Some(rest) = path.strip_prefix("/_control/") {
            control::answer(&mut state, request, rest).into()
        } else {
            Answer::new(404, "text/plain", "Not Found").into()
        }
    }

    /// From now until it is dropped, the request is one of those that are answered at the same time.
    pub fn begin(&self, request: &Request) -> InFlight<'_> {
        let text = String::from_utf8_lossy(&request.body);
        let document = roxmltree::Document::parse(text.trim_start_matches('\u{feff}'));
        let opened = document.as_ref().ok().and_then(|document| soap::open(document).ok());
        let user = opened.and_then(|opened| soap::impersonated(opened.header)).map(|user| user.to_ascii_lowercase());
        if let Some(user) = &user {
            self.state().budget.begin(user);
        }
        InFlight { exchange: self, user }
    }

    pub fn add_mailbox(&self, address: &str, name: &str) {
        self.state().add_mailbox(address, name);
    }

    /// Makes it another server: of another version or temper, or with other limits. Its mailboxes stay.
    pub fn become_server(&self, server: Server) {
        self.state().server = server;
    }

    pub fn server(&self) -> Server {
        self.state().server.clone()
    }

    /// The addresses of all mailboxes.
    pub fn mailboxes(&self) -> Vec<String> {
        self.state().mailboxes.values().map(|mailbox| mailbox.owner.address.clone()).collect()
    }

    pub fn account(&self) -> Account {
        self.state().account.clone()
    }

    /// Puts an event into a calendar as its owner would; returns its ItemId.
    ///
    /// # Errors
    /// A sentence, when there is no such mailbox or Exchange would not keep such an event.
    pub fn add_event(&self, mailbox: &str, event: &NewEvent, now: DateTime<Utc>) -> Result<String, String> {
        people::add(&mut self.state(), mailbox, event, now)
    }

    pub fn add_fault(&self, rule: Rule) {
        self.state().faults.add(rule);
    }

    /// Every mail that would have been sent so far.
    pub fn outbox(&self) -> Vec<Mail> {
        self.state().outbox.clone()
    }

    /// How often an operation of EWS was asked for so far, faults included.
    pub fn count_of(&self, operation: &str) -> u64 {
        self.state().log.count_of(operation)
    }

    /// Takes the service account's right to impersonate away, or gives it back.
    pub fn allow_impersonation(&self, allowed: bool) {
        self.state().may_impersonate = allowed;
    }

    pub fn add_poison(&self, poison: Poison) {
        self.state().poison.push(poison);
    }

    /// All sync states handed out so far die.
    pub fn expire_sync_states(&self) {
        self.state().expire_sync_states(None);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic in one request must not take the server away from the others.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub struct InFlight<'a> {
    exchange: &'a Exchange,
    user: Option<String>,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(user) = &self.user {
            self.exchange.state().budget.end(user);
        }
    }
}

fn answer_ews(state: &mut State, request: &Request, now: DateTime<Utc>) -> Reply {
    let text = String::from_utf8_lossy(&request.body);
    let document = roxmltree::Document::parse(text.trim_start_matches('\u{feff}'));
    let envelope = document.as_ref().map(soap::open);
    let operation = envelope.as_ref().ok().and_then(|opened| opened.as_ref().ok()).map(|opened| opened.operation);
    let name = operation.map(|node| node.tag_name().name().to_owned());
    let opened = envelope.as_ref().ok().and_then(|opened| opened.as_ref().ok());
    let user = opened.and_then(|opened| soap::impersonated(opened.header));

    state.log.note(name.as_deref(), user.as_deref(), request.header("X-AnchorMailbox"));
    let fault = state.faults.next_of(name.as_deref().unwrap_or("?"), user.as_deref());
    let reply = |answer, fault| Reply { answer, fault, operation: Some(name.clone().unwrap_or_default()) };
    match fault {
        Some(Fault::DropBefore | Fault::Status { .. } | Fault::Body { .. }) => return reply(Answer::default(), fault),
        Some(Fault::ExpireTokens) => state.expire_sync_states(user.as_deref()),
        Some(Fault::ServerBusy { back_off_ms }) => {
            return reply(fault_answer(state, 500, &budget::server_busy(back_off_ms)), None);
        }
        Some(Fault::SoapFault { response_code, status }) => {
            let refusal = Refusal::saying(response_code, "A fault that a test asked for.");
            return reply(fault_answer(state, status.unwrap_or(500), &refusal), None);
        }
        _ => {}
    }
    let refused = unauthorized(state, request).or_else(|| throttled(state, user.as_deref(), now));
    let answer = match (refused, envelope) {
        (Some(refusal), _) => refusal,
        (None, Err(error)) => Answer::new(400, "text/plain", format!("Bad Request: {error}")),
        (None, Ok(Err(refusal))) => fault_answer(state, 500, &refusal),
        (None, Ok(Ok(envelope))) => match operation::carry_out(state, &envelope, fault.as_ref(), now) {
            Ok(response) => Answer::xml(200, soap::answer(response, &state.server)),
            Err(refusal) => fault_answer(state, 500, &refusal),
        },
    };
    reply(answer, fault)
}

fn throttled(state: &mut State, user: Option<&str>, now: DateTime<Utc>) -> Option<Answer> {
    let mailbox = user.unwrap_or(&state.account.user).to_ascii_lowercase();
    let policy = &state.server.throttling;
    let exceeded = state.budget.charge(&mailbox, policy, now).err()?;
    if policy.as_503 {
        let answer = Answer::new(503, "text/html", "<html><body><h1>Service Unavailable</h1></body></html>");
        return Some(answer.with_header("Retry-After", &exceeded.retry_after().to_string()));
    }
    Some(fault_answer(state, 500, &exceeded.refusal()))
}

/// IIS stands before Exchange: it wants the credential first, then POST and XML.
fn unauthorized(state: &State, request: &Request) -> Option<Answer> {
    let credential = request.header("Authorization").and_then(|value| {
        let (scheme, encoded) = value.split_once(' ')?;
        let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("Basic"))?;
        let (user, password) =
            String::from_utf8(decoded).ok()?.split_once(':').map(|(u, p)| (u.to_owned(), p.to_owned()))?;
        Some((user, password))
    });
    if !credential.is_some_and(|(user, password)| state.account.is(&user, &password)) {
        let answer = Answer::new(401, "text/html", "401 - Unauthorized: Access is denied due to invalid credentials.");
        return Some(answer.with_header("WWW-Authenticate", "Basic realm=\"exchange.konsult.example\""));
    }
    if request.method != "POST" {
        return Some(Answer::new(405, "text/plain", "Method Not Allowed").with_header("Allow", "POST"));
    }
    let is_xml = request.header("Content-Type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/xml"));
    (!is_xml).then(|| {
        Answer::new(
            415,
            "text/plain",
            "Cannot process the message because the content type was not 'text/xml; charset=utf-8'.",
        )
    })
}

fn fault_answer(state: &State, status: u16, refusal: &Refusal) -> Answer {
    Answer::xml(status, soap::fault(refusal, &state.server))
}
