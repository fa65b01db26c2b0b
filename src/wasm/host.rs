//! The host object of the page, as the core's ports.

use std::cell::Cell;

use chrono::{DateTime, TimeDelta, Utc};
use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::host::{Audience, Clock, Progress, Random};
use crate::http::{HttpFault, HttpRequest, HttpResponse, Json, NotJson, Service, Transport};
use crate::problem::{Code, Problem, Side};
use crate::rfc3339::instant_from;
use crate::sync::history::{ChangeRecord, RunRecord};
use crate::sync::journal::Operation;
use crate::sync::port::StateStore;
use crate::sync::state::{Commit, Head, IndexRow, Link, LinkId, Remains, RemoteId, Version};
use crate::value::{self, FromValue, Value};

use super::page_value::value_of;
use super::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Host")]
    pub type Host;

    #[wasm_bindgen(method, catch)]
    async fn send(this: &Host, request: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn head(this: &Host) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn generation(this: &Host) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = linksOf)]
    async fn links_of(this: &Host, side: JsValue, ids: JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn index(this: &Host) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = linksAfter)]
    async fn links_after(this: &Host, after: JsValue, limit: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn operations(this: &Host) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn runs(this: &Host) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = changesOf)]
    async fn changes_of(this: &Host, run: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn commit(this: &Host, commit: JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn sleep(this: &Host, milliseconds: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn now(this: &Host) -> f64;
    #[wasm_bindgen(method)]
    fn random(this: &Host) -> Vec<u8>;
    #[wasm_bindgen(method)]
    fn progress(this: &Host, progress: JsValue);

    type Row;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Row) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn blikk(this: &Row) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = blikkVersion)]
    fn blikk_version(this: &Row) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn exchange(this: &Row) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = exchangeVersion)]
    fn exchange_version(this: &Row) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn enters(this: &Row) -> JsValue;

    type Answer;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Answer) -> Array;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Answer) -> Uint8Array;
}

/// The page as the core sees it.
pub struct Page {
    host: Host,
    is_cancelled: Cell<bool>,
}

impl Page {
    pub fn new(host: Host) -> Self {
        Page { host, is_cancelled: Cell::new(false) }
    }

    /// A new run: an earlier cancel no longer counts.
    pub fn begin(&self) {
        self.is_cancelled.set(false);
    }

    pub fn cancel(&self) {
        self.is_cancelled.set(true);
    }

    /// The history's runs as the page keeps them: nothing of ours looks into them.
    pub async fn run_rows(&self) -> Result<JsValue, Problem> {
        self.host.runs().await.map_err(store_failed)
    }
}

impl Transport for Page {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        if self.is_cancelled.get() {
            return Err(HttpFault::Cancelled);
        }
        let answer = self.host.send(&request_object(&request)).await.map_err(|thrown| fault_of(&thrown))?;
        let answer: Answer = answer.unchecked_into();
        let headers = answer.headers().iter().map(header).collect();
        Ok(HttpResponse { status: answer.status(), headers, body: answer.body().to_vec() })
    }
}

/// `[name, value]`.
fn header(pair: JsValue) -> (String, String) {
    let pair: Array = pair.unchecked_into();
    let text = |at| pair.get(at).as_string().unwrap_or_default();
    (text(0), text(1))
}

fn request_object(request: &HttpRequest) -> JsValue {
    let headers: Array =
        request.headers.iter().map(|(name, value)| Array::of2(&(*name).into(), &value.as_str().into())).collect();
    let object = Object::new();
    let service = match request.service {
        Service::Gateway => "gateway",
        Service::Blikk => "blikk",
    };
    set(&object, "service", &service.into());
    set(&object, "method", &request.method.into());
    set(&object, "path", &request.path.as_str().into());
    set(&object, "headers", &headers);
    if !request.body.is_empty() {
        set(&object, "body", &Uint8Array::from(request.body.as_slice()));
    }
    object.into()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Setting a property of a plain object of our own cannot fail.
    let _ = Reflect::set(object, &key.into(), value);
}

fn fault_of(thrown: &JsValue) -> HttpFault {
    let fault = Reflect::get(thrown, &"fault".into()).ok();
    fault.and_then(|fault| value::read(value_of(&fault)).ok()).unwrap_or(HttpFault::Unreachable)
}

impl Json for Page {
    fn parse<T: DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson> {
        BrowserJson.parse(text)
    }

    fn print<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson> {
        BrowserJson.print(value)
    }
}

/// The browser's own JSON parser.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserJson;

impl Json for BrowserJson {
    fn parse<T: DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson> {
        let text = std::str::from_utf8(text).map_err(|error| NotJson(error.to_string()))?;
        let value = JSON::parse(text).map_err(|error| NotJson(said(&error)))?;
        value::read(value_of(&value)).map_err(|error| NotJson(error.to_string()))
    }

    fn print<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson> {
        let value = to_js(value).map_err(|error| NotJson(said(&error)))?;
        let text = JSON::stringify(&value).map_err(|error| NotJson(said(&error)))?;
        Ok(String::from(text).into_bytes())
    }
}

impl StateStore for Page {
    async fn head(&self) -> Result<Head, Problem> {
        let head = self.host.head().await.map_err(store_failed)?;
        if head.is_undefined() || head.is_null() { Ok(Head::default()) } else { Head::from_row(value_of(&head)) }
    }

    async fn remains(&self) -> Result<Remains, Problem> {
        let generation = self.host.generation().await.map_err(store_failed)?;
        let generation = u64::from_value(value_of(&generation)).ok_or_else(|| unreadable("no generation"))?;
        // After the generation: a head that was changed since is refused with it.
        match self.host.head().await.map_err(store_failed) {
            Ok(row) => Ok(Remains::of(generation, value_of(&row))),
            Err(Problem { code: Code::StoreUnreadable, .. }) => Ok(Remains::of(generation, Value::Null)),
            Err(problem) => Err(problem),
        }
    }

    async fn links_of(&self, side: Side, ids: &[RemoteId]) -> Result<Vec<Link>, Problem> {
        let (side, ids) = (to_row(&side)?, to_row(&ids)?);
        from_rows(self.host.links_of(side, ids).await.map_err(store_failed)?)
    }

    async fn index(&self) -> Result<Vec<IndexRow>, Problem> {
        list_of(self.host.index().await.map_err(store_failed)?, index_row)
    }

    async fn links_after(&self, after: Option<&LinkId>, limit: u32) -> Result<Vec<Link>, Problem> {
        from_rows(self.host.links_after(to_row(&after)?, limit).await.map_err(store_failed)?)
    }

    async fn operations(&self) -> Result<Vec<Operation>, Problem> {
        from_row(self.host.operations().await.map_err(store_failed)?)
    }

    async fn runs(&self) -> Result<Vec<RunRecord>, Problem> {
        from_row(self.host.runs().await.map_err(store_failed)?)
    }

    async fn changes_of(&self, run: u64) -> Result<Vec<ChangeRecord>, Problem> {
        from_row(self.host.changes_of(run as f64).await.map_err(store_failed)?)
    }

    async fn commit(&self, commit: Commit) -> Result<(), Problem> {
        let was_written = self.host.commit(to_row(&commit)?).await.map_err(store_failed)?;
        if was_written.is_truthy() { Ok(()) } else { Err(Code::StoreStale.into()) }
    }
}

fn to_row<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, Problem> {
    to_js(value).map_err(store_failed)
}

fn from_row<T: DeserializeOwned>(value: JsValue) -> Result<T, Problem> {
    value::read(value_of(&value)).map_err(|error| Problem::new(Code::StoreUnreadable).said(error.to_string()))
}

fn from_rows<T: DeserializeOwned>(rows: JsValue) -> Result<Vec<T>, Problem> {
    list_of(rows, from_row)
}

/// One by one: as values, a hundred thousand rows would take three times the memory that they take when they are read.
fn list_of<T>(rows: JsValue, read: impl FnMut(JsValue) -> Result<T, Problem>) -> Result<Vec<T>, Problem> {
    let rows: &Array = rows.dyn_ref().ok_or_else(|| unreadable("no rows"))?;
    rows.iter().map(read).collect()
}

/// A row of the index, member by member: walked as a value like all others, a full reading would spend most of its time
/// here.
fn index_row(row: JsValue) -> Result<IndexRow, Problem> {
    if !row.is_object() {
        return Err(unreadable("no row"));
    }
    let row: Row = row.unchecked_into();
    let id = text(row.id())?.ok_or_else(|| unreadable("a row without id"))?;
    let enters = text(row.enters())?.map(|text| instant_from(&text).ok_or_else(|| unreadable("enters"))).transpose()?;
    Ok(IndexRow {
        id: LinkId::new(id),
        blikk: text(row.blikk())?.map(RemoteId::new),
        blikk_version: text(row.blikk_version())?.map(Version::new),
        exchange: text(row.exchange())?.map(RemoteId::new),
        exchange_version: text(row.exchange_version())?.map(Version::new),
        enters,
    })
}

/// A text, if there is anything.
fn text(value: JsValue) -> Result<Option<String>, Problem> {
    match value.as_string() {
        None if !value.is_null() && !value.is_undefined() => Err(unreadable("no text")),
        text => Ok(text),
    }
}

fn unreadable(what: &str) -> Problem {
    Problem::new(Code::StoreUnreadable).said(what)
}

/// A store that knows what is wrong throws an error with the `problem`.
fn store_failed(thrown: JsValue) -> Problem {
    let problem = Reflect::get(&thrown, &"problem".into()).ok();
    let problem = problem.and_then(|problem| value::read(value_of(&problem)).ok());
    problem.unwrap_or_else(|| Problem::new(Code::StoreFailed).said(said(&thrown)))
}

/// What a thrown value says of itself.
fn said(thrown: &JsValue) -> String {
    let message = Reflect::get(thrown, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| thrown.as_string()).unwrap_or_default()
}

impl Clock for Page {
    fn now(&self) -> DateTime<Utc> {
        let milliseconds = TimeDelta::try_milliseconds(self.host.now() as i64).unwrap_or_default();
        DateTime::UNIX_EPOCH.checked_add_signed(milliseconds).unwrap_or_default()
    }

    async fn sleep(&self, seconds: u32) {
        // A host that cannot sleep answers at once; the caller counts its tries, so this ends all the same.
        let _ = self.host.sleep(f64::from(seconds) * 1000.0).await;
    }
}

impl Random for Page {
    fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(self.host.random()) {
            *to = from;
        }
        bytes
    }
}

impl Audience for Page {
    fn tell(&self, progress: Progress) {
        if let Ok(progress) = to_js(&progress) {
            self.host.progress(progress);
        }
    }

    fn has_cancelled(&self) -> bool {
        self.is_cancelled.get()
    }
}
