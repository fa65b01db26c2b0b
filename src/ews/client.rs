//! One call: build the request, post it to the gateway, judge what comes back, wait when told to.
//!
//! What may be sent again is decided here and nowhere else:
//!
//! | what came back | reading | writing |
//! |---|---|---|
//! | a refusal: 429, 503, `ErrorServerBusy` for everything asked | again, after the time that the server says | the same: nothing was done |
//! | passing trouble: no answer, half an answer, 5xx | again, twice, after a moment | never: it may have been done |
//! | anything else | the caller's matter | the caller's matter |

use std::ops::Deref;

use serde::Deserialize;

use crate::ews::envelope::{self, Answer, RequestHeader, RequestVersion};
use crate::ews::error::{Class, ResponseError};
use crate::ews::operation::{FolderRef, Operation};
use crate::host::{Audience, Clock, rest, wait_for};
use crate::http::{HttpFault, HttpRequest, HttpResponse, Json, Service, Transport};
use crate::problem::{Code, Problem, Side};

/// How often a call is sent at most.
const TRIES: u32 = 3;

/// The longest that one call waits altogether for a busy server; after that the run ends and says so.
const MOST_SECONDS: u32 = 5 * 60;

/// How long to wait when a busy server does not say, and after passing trouble, on the first try and on the next.
const BUSY_SECONDS: [u32; 2] = [5, 30];
const TROUBLE_SECONDS: [u32; 2] = [1, 4];

/// Exchange Web Services of one mailbox. `P` is whatever carries the four ports that a call needs.
pub struct Ews<P> {
    ports: P,
    header: RequestHeader,
}

impl<P> Ews<P>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
{
    /// `mailbox` is the user's primary SMTP address: whom the service account acts as.
    pub fn new(ports: P, mailbox: impl Into<String>) -> Self {
        Ews { ports, header: RequestHeader { version: RequestVersion::default(), mailbox: mailbox.into() } }
    }

    /// The same, speaking another version of the schema.
    #[must_use]
    pub fn speaking(mut self, version: RequestVersion) -> Self {
        self.header.version = version;
        self
    }

    pub fn version(&self) -> RequestVersion {
        self.header.version
    }

    /// The user's calendar.
    pub fn calendar(&self) -> FolderRef {
        FolderRef::Calendar { mailbox: self.header.mailbox.clone() }
    }

    /// Carries out an operation.
    ///
    /// # Errors
    /// When there is no answer, or when it says of everything that was asked that the *request* failed. Otherwise
    /// each message of the answer succeeded or failed for itself.
    pub async fn call<O: Operation>(&self, operation: &O) -> Result<Answer<O>, Problem> {
        let request = envelope::request(&self.header, operation);
        let mut answer = None;
        let mut read = |body: &[u8]| {
            let read = answer.insert(envelope::read::<O>(body)?);
            Ok(refusal(&read.messages).map(Failure::of_request))
        };
        self.patiently(request, O::ONLY_READS, &mut read).await?;
        answer.ok_or_else(|| Code::Internal.into())
    }

    /// Posts until there is an answer that is no refusal, or no hope. One and the same for all operations: of an
    /// `async fn` the compiler makes a machine for each type it is called with.
    async fn patiently(&self, request: Vec<u8>, only_reads: bool, read: &mut Read<'_>) -> Result<(), Problem> {
        let mut patience = Patience::default();
        loop {
            if self.ports.has_cancelled() {
                return Err(Code::RunCancelled.into());
            }
            let failure = match self.post(request.clone()).await.and_then(|response| self.judge(&response, read)) {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            match (patience.wait_for(&failure, only_reads), failure.kind) {
                (Some(seconds), Kind::Refused) => wait_for(&*self.ports, Side::Exchange, seconds).await?,
                (Some(seconds), _) => rest(&*self.ports, seconds).await?,
                (None, _) => return Err(failure.problem),
            }
        }
    }

    /// There is no X-AnchorMailbox among the headers: the gateway sets it, from the token, and a browser would have
    /// to ask leave for it first (CORS).
    async fn post(&self, body: Vec<u8>) -> Result<HttpResponse, Failure> {
        let request = HttpRequest {
            service: Service::Gateway,
            method: "POST",
            path: "/ews".into(),
            headers: vec![("content-type", "text/xml; charset=utf-8".into())],
            body,
        };
        self.ports.send(request).await.map_err(|fault| Failure::from(Problem::new(code_of(fault))))
    }

    /// Whether the answer is one.
    fn judge(&self, response: &HttpResponse, read: &mut Read<'_>) -> Result<(), Failure> {
        let is_xml = response.header("content-type").is_none_or(|kind| kind.to_ascii_lowercase().contains("xml"));
        match response.status {
            // A SOAP fault comes with a 500; that a 500 is no SOAP at all says more than what its text is not.
            200 | 500 if is_xml => match read(&response.body) {
                Ok(None) => Ok(()),
                Ok(Some(refusal)) => Err(refusal),
                Err(envelope::NoAnswer::Fault(fault)) => Err(Failure::of_request(&fault)),
                Err(_) if response.status == 500 => Err(Problem::new(Code::ExchangeFailed).said("HTTP 500").into()),
                Err(no_answer) => Err(Problem::from(&no_answer).into()),
            },
            200 => {
                let kind = response.header("content-type").unwrap_or_default();
                Err(Problem::new(Code::ExchangeNotXml).said(format!("content-type: {kind}")).into())
            }
            _ => Err(self.judge_status(response)),
        }
    }

    /// An answer that is a failure as a whole: the gateway's own words if there are any, else what the status says.
    fn judge_status(&self, response: &HttpResponse) -> Failure {
        let status = response.status;
        let said = self.ports.parse::<GatewayError>(&response.body).ok().map(|body| body.error);
        let retry_after = response
            .header("retry-after")
            .and_then(|seconds| seconds.trim().parse().ok())
            .or(said.as_ref().and_then(|error| error.retry_after));
        let problem = match said {
            Some(error) => Problem::new(error.code).said(error.message),
            None => Problem::new(code_of_status(status)).said(format!("HTTP {status}")),
        };
        let problem = if let Some(seconds) = retry_after { problem.after(seconds) } else { problem };
        let kind = if matches!(status, 429 | 503) { Kind::Refused } else { Kind::of(&problem) };
        Failure { problem, kind }
    }
}

/// Reads an answer, and says whether it refuses the request as a whole.
type Read<'a> = dyn FnMut(&[u8]) -> Result<Option<Failure>, envelope::NoAnswer> + 'a;

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq)]
struct Failure {
    problem: Problem,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The server did not even begin.
    Refused,
    /// It may go better next time, and nobody knows whether it was done this time.
    Passing,
    Final,
}

impl Kind {
    fn of(problem: &Problem) -> Kind {
        if problem.is_passing() { Kind::Passing } else { Kind::Final }
    }
}

impl Failure {
    fn of_request(error: &ResponseError) -> Self {
        let problem = error.of_request();
        let kind = if error.code.class() == Class::Wait { Kind::Refused } else { Kind::of(&problem) };
        Failure { problem, kind }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure { kind: Kind::of(&problem), problem }
    }
}

/// What is left of tries and time. Pure, so that it can be tested without waiting.
#[derive(Default)]
struct Patience {
    failures: u32,
    seconds: u32,
}

impl Patience {
    /// How long to wait before the next try; `None` to give up.
    fn wait_for(&mut self, failure: &Failure, only_reads: bool) -> Option<u32> {
        let usual = match failure.kind {
            Kind::Refused => BUSY_SECONDS,
            Kind::Passing if only_reads => TROUBLE_SECONDS,
            Kind::Passing | Kind::Final => return None,
        };
        let usual = *usual.get(self.failures as usize)?;
        let seconds = failure.problem.wait_seconds.unwrap_or(usual).max(1);
        self.failures += 1;
        self.seconds = self.seconds.saturating_add(seconds);
        (self.failures < TRIES && self.seconds <= MOST_SECONDS).then_some(seconds)
    }
}

/// The error of an answer in which *every* message says that the request as a whole failed. With some of the work
/// done, it is no refusal any more: then each message speaks for itself.
fn refusal<T>(messages: &[Result<T, ResponseError>]) -> Option<&ResponseError> {
    let errors: Option<Vec<_>> = messages.iter().map(|message| message.as_ref().err()).collect();
    let errors = errors.filter(|errors| errors.iter().all(|error| error.code.class().is_about_the_request()))?;
    errors.into_iter().max_by_key(|error| error.back_off_milliseconds)
}

/// What the gateway says when it is not Exchange that speaks.
#[derive(Deserialize)]
struct GatewayError {
    error: GatewayErrorBody,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GatewayErrorBody {
    code: Code,
    #[serde(default)]
    message: String,
    #[serde(default)]
    retry_after: Option<u32>,
}

fn code_of(fault: HttpFault) -> Code {
    match fault {
        HttpFault::Unreachable => Code::GatewayUnreachable,
        HttpFault::TimedOut => Code::ExchangeTimedOut,
        HttpFault::TooLarge => Code::ExchangeTooLarge,
        HttpFault::Cancelled => Code::RunCancelled,
        HttpFault::NotSignedIn => Code::GatewayTokenExpired,
    }
}

/// A status without words that we understand: a proxy on the way, or Exchange itself where there is no gateway.
fn code_of_status(status: u16) -> Code {
    match status {
        401 => Code::ExchangeUnauthorized,
        403 => Code::ExchangeForbidden,
        413 => Code::GatewayRequestTooLarge,
        429 | 503 => Code::ExchangeBusy,
        504 => Code::ExchangeTimedOut,
        500.. => Code::ExchangeFailed,
        _ => Code::GatewayFailed,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "client_tests.rs"]
mod tests;
