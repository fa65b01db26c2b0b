//! The four ports of a call, played from a script: what is sent is written down, what comes back is set beforehand,
//! and time passes only by sleeping.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::host::{Audience, Clock, Progress};
use crate::http::{HttpFault, HttpRequest, HttpResponse, Json, NotJson, SerdeJson, Transport};

#[derive(Default)]
pub(crate) struct Script {
    answers: RefCell<VecDeque<Result<HttpResponse, HttpFault>>>,
    pub sent: RefCell<Vec<HttpRequest>>,
    /// After how many seconds each was.
    pub sent_at: RefCell<Vec<u32>>,
    pub told: RefCell<Vec<Progress>>,
    pub slept: Cell<u32>,
    /// The person cancels after so many seconds.
    pub cancel_after: Cell<Option<u32>>,
}

impl Script {
    pub fn answering(answers: impl IntoIterator<Item = Result<HttpResponse, HttpFault>>) -> Self {
        Script { answers: RefCell::new(answers.into_iter().collect()), ..Script::default() }
    }

    /// The name of the operation in each request sent.
    pub fn operations(&self) -> Vec<String> {
        let name = |request: &HttpRequest| {
            let text = String::from_utf8_lossy(&request.body).into_owned();
            let (_, after) = text.split_once("<s:Body><m:").unwrap_or_default();
            after.split([' ', '>']).next().unwrap_or_default().to_owned()
        };
        self.sent.borrow().iter().map(name).collect()
    }

    pub fn body(&self, index: usize) -> String {
        String::from_utf8_lossy(&self.sent.borrow()[index].body).into_owned()
    }
}

/// An answer with a status, headers given as `name: value`, and a body.
pub(crate) fn response(status: u16, headers: &[&str], body: &str) -> Result<HttpResponse, HttpFault> {
    let headers = headers.iter().filter_map(|header| header.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(HttpResponse { status, headers, body: body.as_bytes().to_vec() })
}

/// A SOAP answer of an operation with these response messages.
pub(crate) fn soap(operation: &str, messages: &str) -> Result<HttpResponse, HttpFault> {
    let body = format!(
        "<s:Envelope><s:Body><m:{operation}Response><m:ResponseMessages>{messages}</m:ResponseMessages>\
         </m:{operation}Response></s:Body></s:Envelope>"
    );
    response(200, &["content-type: text/xml; charset=utf-8"], &body)
}

/// A message that succeeded.
pub(crate) fn success(inside: &str) -> String {
    format!("<m:Message ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>{inside}</m:Message>")
}

/// A message that failed.
pub(crate) fn failure(code: &str) -> String {
    format!("<m:Message ResponseClass='Error'><m:ResponseCode>{code}</m:ResponseCode></m:Message>")
}

impl Transport for Script {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        self.sent.borrow_mut().push(request);
        self.sent_at.borrow_mut().push(self.slept.get());
        self.answers.borrow_mut().pop_front().expect("the script has no more answers")
    }
}

impl Clock for Script {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(self.slept.get().into())
    }

    async fn sleep(&self, seconds: u32) {
        self.slept.set(self.slept.get() + seconds);
        tokio::task::yield_now().await;
    }
}

impl Audience for Script {
    fn tell(&self, progress: Progress) {
        self.told.borrow_mut().push(progress);
    }

    fn has_cancelled(&self) -> bool {
        self.cancel_after.get().is_some_and(|seconds| self.slept.get() >= seconds)
    }
}

impl Json for Script {
    fn parse<T: DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson> {
        SerdeJson.parse(text)
    }

    fn print<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson> {
        SerdeJson.print(value)
    }
}
