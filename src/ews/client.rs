//! One call: build the request, post it to the gateway, judge what comes back, wait when told to.
//!
//! What may be sent again is decided here and nowhere else:
//!
//! | what came back | reading | writing |
//! |---|---|---|
//! | busy: 429, 503 with Retry-After, `ErrorServerBusy` for everything asked | again, after the time that the server says | the same: nothing was done |
//! | `ErrorImpersonateUserDenied` | again, once (R24) | the same |
//! | a version that the server does not know | again, in the next older one | the same |
//! | passing trouble: no answer, half an answer, 5xx | again, twice, after a moment | never: it may have been done |
//! | of many things some: `ErrorBatchProcessingStopped`, busy (R13) | those again | the same |
//! | too much at once (R14) | in halves | in halves, if it was refused unread |
//! | anything else | the caller's matter | the caller's matter |
//!
//! While a busy server is left in peace, every call of the same [`Ews`] waits, not only the one that was told (R12).

use std::cell::Cell;
use std::ops::Deref;

use serde::Deserialize;

use crate::ews::batches::{Batches, Pause};
use crate::ews::envelope::{self, Answer, NoAnswer, RequestHeader, RequestVersion};
use crate::ews::error::ResponseError;
use crate::ews::operation::{FolderId, FolderRef, Operation};
use crate::ews::patience::{Failure, Gate, Kind, Patience, retry_after, usual_seconds};
use crate::host::{Audience, Clock, rest, wait_for};
use crate::http::{HttpFault, HttpRequest, HttpResponse, Json, Service, Transport};
use crate::problem::{Code, Problem, Side};

/// Exchange Web Services of one mailbox. `P` is whatever carries the four ports that a call needs.
pub struct Ews<P> {
    ports: P,
    mailbox: String,
    /// `None`: the one that Outlook opens first.
    folder: Option<FolderId>,
    /// The newest that both sides speak, as far as we know.
    version: Cell<RequestVersion>,
    gate: Gate,
}

impl<P> Ews<P>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
{
    /// `mailbox` is the user's primary SMTP address: whom the service account acts as.
    pub fn new(ports: P, mailbox: impl Into<String>) -> Self {
        let version = Cell::new(RequestVersion::default());
        Ews { ports, mailbox: mailbox.into(), folder: None, version, gate: Gate::default() }
    }

    /// The same, beginning with another version of the schema.
    #[must_use]
    pub fn speaking(self, version: RequestVersion) -> Self {
        self.version.set(version);
        self
    }

    /// The same, with another calendar of the mailbox than the first.
    #[must_use]
    pub fn with_folder(mut self, folder: FolderId) -> Self {
        self.folder = Some(folder);
        self
    }

    /// The version of the schema that is spoken: from the first answer on, one that the server knows.
    pub fn version(&self) -> RequestVersion {
        self.version.get()
    }

    /// The user's calendar: the chosen one, or the first.
    pub fn calendar(&self) -> FolderRef {
        match &self.folder {
            Some(folder) => FolderRef::Id(folder.clone()),
            None => self.first_calendar(),
        }
    }

    /// The calendar that Outlook opens first.
    pub fn first_calendar(&self) -> FolderRef {
        FolderRef::Calendar { mailbox: self.mailbox.clone() }
    }

    /// What all folders of the mailbox lie in.
    pub fn root(&self) -> FolderRef {
        FolderRef::Root { mailbox: self.mailbox.clone() }
    }

    /// Carries out an operation.
    ///
    /// # Errors
    /// When there is no answer, or when it says of everything that was asked that the *request* failed. Otherwise
    /// each message of the answer succeeded or failed for itself.
    pub async fn call<O: Operation>(&self, operation: &O) -> Result<Answer<O>, Problem> {
        let mut answer = None;
        let mut read = |body: &[u8]| {
            let read = answer.insert(envelope::read::<O>(body)?);
            Ok(refusal(
                read.messages.len(),
                read.messages.iter().filter_map(|message| message.as_ref().err()).collect(),
            ))
        };
        let write = |version| self.request(version, operation);
        self.patiently(&write, O::ONLY_READS, &mut read, &mut Patience::default()).await?;
        answer.ok_or_else(|| Code::Internal.into())
    }

    /// Carries out one operation with many things: one result for each, in their order.
    ///
    /// `operation` makes the request for some of them. Of what comes back, `take` keeps what is needed, at once, so
    /// that a large answer need not be held as a whole. What the server did not begin with is asked for again, and
    /// only that: so no write is ever sent twice (R13). What is too much at once is asked for in halves.
    ///
    /// # Errors
    /// As [`Ews::call`], before anything was done. Afterwards passing trouble is the problem of those that are left.
    pub async fn call_each<I: Clone, O: Operation, T>(
        &self,
        things: &[I],
        operation: impl Fn(Vec<I>) -> O,
        mut take: impl FnMut(O::Outcome) -> T,
    ) -> Result<Vec<Result<T, Problem>>, Problem> {
        let mut results: Vec<Result<T, Problem>> = things.iter().map(|_| Err(Code::Internal.into())).collect();
        let write = |version, places: &[usize]| {
            self.request(version, &operation(places.iter().map(|&place| things[place].clone()).collect()))
        };
        let mut read = |body: &[u8], places: &[usize]| {
            let (mut count, mut errors) = (0, Vec::new());
            envelope::read_each::<O>(body, &mut |message| {
                if let Some(&place) = places.get(count) {
                    match message {
                        Ok(outcome) => results[place] = Ok(take(outcome)),
                        Err(error) => errors.push((place, error)),
                    }
                }
                count += 1;
            })?;
            Ok((count, errors))
        };
        for (place, problem) in self.each(things.len(), O::ONLY_READS, &write, &mut read).await? {
            results[place] = Err(problem);
        }
        Ok(results)
    }

    /// The part of [`Ews::call_each`] that is one and the same for all operations: the problems, each with its place.
    async fn each(
        &self,
        count: usize,
        only_reads: bool,
        write: &WriteEach<'_>,
        read: &mut ReadEach<'_>,
    ) -> Result<Vec<(usize, Problem)>, Problem> {
        let mut rest_of = Batches::new(count);
        let mut patience = Patience::default();
        while let Some(batch) = rest_of.next() {
            let mut errors = Vec::new();
            let mut read = |body: &[u8]| {
                let (count, found) = read(body, &batch)?;
                let refusal = refusal(count, found.iter().map(|(_, error)| error).collect());
                // Fewer messages than things cannot be told apart.
                if refusal.is_none() && count != batch.len() {
                    return Err(NoAnswer::NotSoap(format!("{count} messages about {} things", batch.len())));
                }
                errors = found;
                Ok(refusal)
            };
            let write = |version| write(version, &batch);
            match self.patiently(&write, only_reads, &mut read, &mut patience).await {
                Ok(()) => {
                    patience.begin_anew();
                    match rest_of.settle(batch.len(), errors, only_reads) {
                        Some(Pause::Busy(seconds)) => self.gate.close(self.ports.now(), seconds),
                        Some(Pause::Trouble) => rest(&*self.ports, 1).await?,
                        None => {}
                    }
                }
                Err(problem) => rest_of.give_up_or_halve(batch, problem, only_reads)?,
            }
        }
        Ok(rest_of.failed)
    }

    fn request<O: Operation>(&self, version: RequestVersion, operation: &O) -> Vec<u8> {
        envelope::request(&RequestHeader { version, mailbox: self.mailbox.clone() }, operation)
    }

    /// Posts until there is an answer that is no refusal, or no hope. One and the same for all operations: of an
    /// `async fn` the compiler makes a machine for each type it is called with.
    async fn patiently(
        &self,
        write: &Write<'_>,
        only_reads: bool,
        read: &mut Read<'_>,
        patience: &mut Patience,
    ) -> Result<(), Problem> {
        let begun_with = self.version.get();
        let mut told_to_wait = None;
        loop {
            self.pass_gate(patience, told_to_wait.take()).await?;
            if self.ports.has_cancelled() {
                return Err(Code::RunCancelled.into());
            }
            let version = self.version.get();
            let failure = match self.post(write(version)).await.and_then(|response| self.judge(&response, read)) {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            if failure.kind == Kind::OtherVersion {
                // If it was not the version after all, nothing is gained by speaking an old one.
                self.version.set(version.older().unwrap_or(begun_with));
                if version.older().is_some() {
                    continue;
                }
            }
            let pause = patience.next_try(&failure, only_reads);
            if failure.kind == Kind::Busy {
                let seconds = pause.unwrap_or_else(|| usual_seconds(&failure.problem));
                self.gate.close(self.ports.now(), seconds);
                told_to_wait = Some(failure.problem.clone());
            }
            match pause {
                None => return Err(failure.problem),
                Some(seconds) if failure.kind != Kind::Busy => rest(&*self.ports, seconds).await?,
                Some(_) => {}
            }
        }
    }

    /// Waits as long as a busy server asked for, of whichever call it asked it. `told` is what it said to this one.
    async fn pass_gate(&self, patience: &mut Patience, told: Option<Problem>) -> Result<(), Problem> {
        loop {
            match self.gate.seconds_left(self.ports.now()) {
                0 => return Ok(()),
                seconds if patience.can_bear(seconds) => wait_for(&*self.ports, Side::Exchange, seconds).await?,
                seconds => return Err(told.unwrap_or_else(|| Code::ExchangeBusy.into()).after(seconds)),
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
                Err(NoAnswer::Fault(fault)) => Err(failure_of(&fault)),
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
        let retry_after = retry_after(response, self.ports.now()).or(said.as_ref().and_then(|error| error.retry_after));
        let problem = match said {
            Some(error) => Problem::new(error.code).said(error.message),
            None => Problem::new(code_of_status(status)).said(format!("HTTP {status}")),
        };
        let problem = if let Some(seconds) = retry_after { problem.after(seconds) } else { problem };
        // A proxy says 503 as well when the connection to the server broke after it had the request, so a bare one is no
        // word that nothing was done (scenario 21). Exchange's own, and the gateway's, say until when.
        let was_not_begun = status == 429 || (status == 503 && retry_after.is_some());
        let kind = if was_not_begun { Kind::Busy } else { Kind::of(&problem) };
        Failure { problem, kind }
    }
}

/// Writes a request in that version.
type Write<'a> = dyn Fn(RequestVersion) -> Vec<u8> + 'a;

/// Reads an answer, and says whether it refuses the request as a whole.
type Read<'a> = dyn FnMut(&[u8]) -> Result<Option<Failure>, NoAnswer> + 'a;

/// Writes a request about the things at these places.
type WriteEach<'a> = dyn Fn(RequestVersion, &[usize]) -> Vec<u8> + 'a;

/// Reads an answer about the things at these places: how many messages it has, and those that are errors.
type ReadEach<'a> = dyn FnMut(&[u8], &[usize]) -> Result<(usize, Vec<(usize, ResponseError)>), NoAnswer> + 'a;

/// What it means that a request failed so.
fn failure_of(error: &ResponseError) -> Failure {
    let problem = error.of_request();
    let kind = if error.is_about_the_version() {
        Kind::OtherVersion
    } else if error.was_not_begun() {
        Kind::Busy
    } else if problem.code == Code::ExchangeImpersonationDenied {
        Kind::Denied
    } else {
        Kind::of(&problem)
    };
    Failure { problem, kind }
}

/// The failure of an answer in which *every* message says that the request as a whole failed. With some of the work
/// done, it is no refusal any more: then each message speaks for itself.
fn refusal(messages: usize, mut errors: Vec<&ResponseError>) -> Option<Failure> {
    errors.retain(|error| error.is_about_the_request());
    if errors.len() < messages {
        return None;
    }
    // What stopped the batch says why, the stopped ones do not; of the rest, who waits longest waits long enough for all.
    let reason = errors.into_iter().rev().max_by_key(|error| (!error.is_batch_stopped(), error.back_off_milliseconds));
    reason.map(failure_of)
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
