//! What a status or a broken connection means: one table.

use super::wire::ErrorObject;
use crate::http::{HttpFault, HttpResponse, Json};
use crate::problem::{Code, Problem};
use crate::value::FromValue;

/// What a call was about, which decides what a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The list of changes; whether since a cursor.
    Changes { since_cursor: bool },
    /// A list of events.
    List,
    /// One event.
    Event,
}

/// Statuses that are not success.
pub fn refused(json: &impl Json, about: About, response: &HttpResponse) -> Problem {
    let problem = Problem::new(code_of(about, response)).said(said(json, response));
    match retry_after(response) {
        Some(seconds) => problem.after(seconds),
        None => problem,
    }
}

/// No whole answer came.
pub fn broken(fault: HttpFault) -> Problem {
    Problem::new(match fault {
        HttpFault::Unreachable => Code::BlikkUnreachable,
        HttpFault::TimedOut => Code::BlikkTimedOut,
        HttpFault::TooLarge => Code::BlikkTooLarge,
        HttpFault::Cancelled => Code::RunCancelled,
        HttpFault::NotSignedIn => Code::BlikkUnauthorized,
    })
}

/// Success, but not the JSON that the contract says: a sign-in page, a proxy's greeting, half an answer. What the parser
/// said is left out, since it may quote an event.
pub fn not_understood(response: &HttpResponse) -> Problem {
    Problem::new(Code::BlikkNotUnderstood).said(status_line(response))
}

/// Whether only the one event is concerned, so that the others go on. Everything else would hit the next call too.
pub fn concerns_one_event(problem: &Problem) -> bool {
    use Code::*;
    matches!(problem.code, BlikkNotFound | BlikkConflict | BlikkEventRefused | EventDuplicateUid | EventZoneUnknown)
}

fn code_of(about: About, response: &HttpResponse) -> Code {
    match (response.status, about) {
        (401, _) => Code::BlikkUnauthorized,
        (403, _) => Code::BlikkForbidden,
        (429, _) => Code::BlikkBusy,
        // A cursor that a server cannot even read is as dead as one that it has forgotten.
        (400 | 410 | 422, About::Changes { since_cursor: true }) => Code::BlikkTokenDead,
        (404, _) | (410, About::Event) => Code::BlikkNotFound,
        (409 | 412, About::Event) => Code::BlikkConflict,
        (400 | 413 | 422, About::Event) => Code::BlikkEventRefused,
        // RFC 9110 §15.6.4: a 503 that says when to come back is a server that asks for patience.
        (503, _) if retry_after(response).is_some() => Code::BlikkBusy,
        (500..=599, _) => Code::BlikkFailed,
        _ => Code::BlikkNotUnderstood,
    }
}

/// `422 invalidValue (end)`, or `502 text/html` when Blikk itself was not heard.
fn said(json: &impl Json, response: &HttpResponse) -> String {
    let error = ErrorObject::from_value(json.parse(&response.body).unwrap_or_default()).unwrap_or_default();
    let Some(code) = error.code.read() else { return status_line(response) };
    match error.field.read() {
        Some(field) => format!("{} {code} ({field})", response.status),
        None => format!("{} {code}", response.status),
    }
}

fn status_line(response: &HttpResponse) -> String {
    format!("{} {}", response.status, response.header("content-type").unwrap_or("")).trim_end().to_owned()
}

/// Whole seconds. The other form of RFC 9110 §10.2.3, a date, is not in Blikk's contract and counts as not said.
fn retry_after(response: &HttpResponse) -> Option<u32> {
    response.header("retry-after")?.trim().parse().ok()
}
