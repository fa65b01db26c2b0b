//! The Wasm face: the only place that knows JavaScript. It translates and decides nothing.
//!
//! [`CalendarSync`] is what the page's Web Worker sees. Everything the core asks of the world goes through one host
//! object ([`host`]), implemented by the page's shim; time zone rules come from the browser's own Intl ([`zones`]).
//!
//! A run's failures are values in its report. What keeps a question from being answered rejects with an `Error` that has
//! the `problem`.

mod host;
mod page_value;
mod zones;

use std::cell::Cell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::ews::operation::FolderId;
use crate::problem::{Code, Problem, Side};
use crate::sync::anew::begin_anew;
use crate::sync::blikk::BlikkCalendar;
use crate::sync::exchange::ExchangeCalendar;
use crate::sync::farewell::{Farewell, disconnect, preview_disconnect};
use crate::sync::history::history_of;
use crate::sync::options::Options;
use crate::sync::preview::Approval;
use crate::sync::questions::{answer, questions};
use crate::sync::report::{ConnectionReport, set_aside};
use crate::sync::run::{World, preview, run};
use crate::sync::settings::{set_options, status};
use crate::sync::state::LinkId;
use crate::sync::undo::{preview_undo, undo};
use crate::value;
use crate::zone::ZoneId;

pub use host::{BrowserJson, Host, Page};
use page_value::{page_value, value_of};
pub use zones::IntlRules;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { Approval, Asked, ConnectionReport, Farewell, HistoryEntry, HttpFault, Note, Options, Preview, Problem, Progress, RunRecord, RunReport, Service, Side, Status } from "../core";

/** Whose calendars, and where that person is. */
export interface Config {
  /** SMTP address of the user's mailbox; must be the one in the gateway token. */
  mailbox: string;
  /** IANA id of the user's time zone. */
  timeZone: string;
  /** Which of the mailbox's calendars; without it the first one. Each is a pair of its own, with a state of its own. */
  folder?: string | null;
  /** Which device this is: 32 random characters that this browser keeps. It may go on at once where it was interrupted. */
  device?: string;
}

/** A calendar that a person can choose. */
export interface CalendarChoice {
  /** What `Config.folder` wants; null for the calendar that every mailbox has. */
  folder: string | null;
  name: string;
}

/** What a promise of `CalendarSync` rejects with. */
export interface Refusal extends Error {
  problem: Problem;
}

/** A request that the core wants carried. The host adds the address of the service and its token. */
export interface CarriedRequest {
  service: Service;
  method: string;
  path: string;
  headers: [string, string][];
  body?: Uint8Array;
}

export interface CarriedResponse {
  status: number;
  /** Names in lower case. */
  headers: [string, string][];
  body: Uint8Array;
}

/** A row of the state. Opaque but for what it is found and indexed by. */
export interface LinkRow {
  id: string;
  blikk: { id: string; version: string } | null;
  exchange: { id: string; version: string } | null;
  state: "active" | { outsideWindow: { enters?: string | null } } | object;
}

/** What of a link tells whether there is news of it. */
export interface IndexRow {
  id: string;
  blikk: string | null;
  blikkVersion: string | null;
  exchange: string | null;
  exchangeVersion: string | null;
  /** Of a link that is outside the window. */
  enters?: string | null;
}

/** A row of the journal. */
export interface OperationRow {
  id: string;
}

/** A change that a run made. */
export interface ChangeRow {
  run: number;
  place: number;
  /** RFC 3339 in UTC and whole seconds, so that text order is time's. */
  at: string;
}

export interface StateCommit {
  expectedGeneration: number;
  head: { generation: number };
  /** Everything that is there is forgotten before the rest is written. */
  clear: boolean;
  put: LinkRow[];
  remove: string[];
  putOperations: OperationRow[];
  removeOperations: string[];
  putRuns: RunRecord[];
  putChanges: ChangeRow[];
  /** Runs that started before this, and changes that are older, are forgotten before others are put. */
  forgetBefore?: string;
}

/** What the core needs of the page: one call for each port. */
export interface Host {
  /** Resolves with the whole answer, or rejects with `{ fault: HttpFault }`. */
  send(request: CarriedRequest): Promise<CarriedResponse>;
  head(): Promise<unknown>;
  /** That of the head, whatever else of it can be read; 0: there is none. */
  generation(): Promise<number>;
  linksOf(side: Side, ids: string[]): Promise<unknown[]>;
  index(): Promise<IndexRow[]>;
  /** At most `limit` links in the order of their ids, after that one. */
  linksAfter(after: string | null, limit: number): Promise<unknown[]>;
  /** The journal, in the order of its ids. */
  operations(): Promise<unknown[]>;
  /** The last one first. */
  runs(): Promise<unknown[]>;
  changesOf(run: number): Promise<unknown[]>;
  /** All or nothing; `false` when the stored generation is no longer the expected one. */
  commit(commit: StateCommit): Promise<boolean>;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** 16 random bytes. */
  random(): Uint8Array;
  progress(progress: Progress): void;
}
"#;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    mailbox: String,
    time_zone: String,
    #[serde(default)]
    folder: Option<String>,
    #[serde(default)]
    device: String,
}

#[derive(Serialize)]
struct CalendarChoice {
    folder: Option<String>,
    name: String,
}

/// One user's pair of calendars.
#[wasm_bindgen]
pub struct CalendarSync {
    page: Rc<Page>,
    config: Config,
    is_running: Rc<Cell<bool>>,
}

#[wasm_bindgen]
impl CalendarSync {
    #[wasm_bindgen(constructor)]
    pub fn new(
        host: Host,
        #[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue,
    ) -> Result<CalendarSync, JsValue> {
        let config: Config = value::read(value_of(&config))
            .map_err(|error| misuse(&format!("config is not {{ mailbox, timeZone, folder? }}: {error}")))?;
        Ok(CalendarSync { page: Rc::new(Page::new(host)), config, is_running: Rc::default() })
    }

    /// Synchronises once. Failures are in the report's `outcome`, and so is that the run waits for a yes; `approval` is
    /// that yes.
    #[wasm_bindgen(unchecked_return_type = "RunReport")]
    pub async fn run(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "Approval")] approval: JsValue,
    ) -> Result<JsValue, JsValue> {
        let approval = approval_of(&approval)?;
        self.alone(async |world| to_js(&run(world, approval).await)).await
    }

    /// What a run would do now. Nothing is written to a calendar.
    #[wasm_bindgen(unchecked_return_type = "Preview")]
    pub async fn preview(&self) -> Result<JsValue, JsValue> {
        self.alone(async |world| to_js(&preview(world).await.map_err(refusal)?)).await
    }

    /// What undoing a run would do now.
    #[wasm_bindgen(js_name = previewUndo, unchecked_return_type = "Preview")]
    pub async fn preview_undo(&self, run: f64) -> Result<JsValue, JsValue> {
        self.alone(async |world| to_js(&preview_undo(world, run as u64).await.map_err(refusal)?)).await
    }

    /// Takes back what a run did.
    #[wasm_bindgen(unchecked_return_type = "RunReport")]
    pub async fn undo(
        &self,
        run: f64,
        #[wasm_bindgen(unchecked_param_type = "Approval")] approval: JsValue,
    ) -> Result<JsValue, JsValue> {
        let approval = approval_of(&approval)?;
        self.alone(async |world| to_js(&undo(world, run as u64, approval).await)).await
    }

    /// What `disconnect("removeOurs")` would delete.
    #[wasm_bindgen(js_name = previewDisconnect, unchecked_return_type = "Preview")]
    pub async fn preview_disconnect(&self) -> Result<JsValue, JsValue> {
        self.alone(async |world| to_js(&preview_disconnect(world).await.map_err(refusal)?)).await
    }

    /// Ends the synchronisation of the pair.
    #[wasm_bindgen(unchecked_return_type = "RunReport")]
    pub async fn disconnect(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Farewell")] how: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "Approval")] approval: JsValue,
    ) -> Result<JsValue, JsValue> {
        let how: Farewell = argument(&how, "how is neither \"keepBoth\" nor \"removeOurs\"")?;
        let approval = approval_of(&approval)?;
        self.alone(async |world| to_js(&disconnect(world, how, approval).await)).await
    }

    /// The events that wait for the person's answer.
    #[wasm_bindgen(unchecked_return_type = "Asked[]")]
    pub async fn questions(&self) -> Result<JsValue, JsValue> {
        let page = self.page.clone();
        to_js(&questions(&*page).await.map_err(refusal)?)
    }

    /// Of an event that waits, that side's edits stand.
    #[wasm_bindgen(unchecked_return_type = "RunReport")]
    pub async fn answer(
        &self,
        link: String,
        #[wasm_bindgen(unchecked_param_type = "Side")] winner: JsValue,
    ) -> Result<JsValue, JsValue> {
        let winner: Side = argument(&winner, "winner is no side")?;
        self.alone(async |world| to_js(&answer(world, LinkId::new(link), winner).await)).await
    }

    /// Where the pair stands, without a call to any calendar.
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub async fn status(&self) -> Result<JsValue, JsValue> {
        let page = self.page.clone();
        to_js(&status(&*page).await.map_err(refusal)?)
    }

    /// What is chosen from the next run on.
    #[wasm_bindgen(js_name = setOptions)]
    pub async fn set_options(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Options")] options: JsValue,
    ) -> Result<(), JsValue> {
        let options: Options = argument(&options, "options are not Options")?;
        self.alone(async |world| set_options(world, options).await.map_err(refusal)).await
    }

    /// Forgets a state that cannot be read, and tells in how many seconds a run may begin. `busyTitle`: as in `Options`,
    /// if what was chosen cannot be read either.
    #[wasm_bindgen(js_name = beginAnew)]
    pub async fn begin_anew(&self, #[wasm_bindgen(js_name = busyTitle)] busy_title: String) -> Result<u32, JsValue> {
        self.alone(async |world| begin_anew(world, &busy_title).await.map_err(refusal)).await
    }

    /// The runs that are remembered, the last one first.
    #[wasm_bindgen(unchecked_return_type = "RunRecord[]")]
    pub async fn history(&self) -> Result<JsValue, JsValue> {
        let page = self.page.clone();
        page.run_rows().await.map_err(refusal)
    }

    /// What a run did, in order.
    #[wasm_bindgen(js_name = historyOf, unchecked_return_type = "HistoryEntry[]")]
    pub async fn history_of(&self, run: f64) -> Result<JsValue, JsValue> {
        let page = self.page.clone();
        to_js(&history_of(&*page, run as u64).await.map_err(refusal)?)
    }

    /// Everything that is set aside now, with its reason.
    #[wasm_bindgen(js_name = setAside, unchecked_return_type = "Note[]")]
    pub async fn set_aside(&self) -> Result<JsValue, JsValue> {
        let page = self.page.clone();
        to_js(&set_aside(&*page).await.map_err(refusal)?)
    }

    /// Opens the mailbox's calendar through the gateway and says what stands there: the administrator's test.
    #[wasm_bindgen(js_name = testConnection, unchecked_return_type = "ConnectionReport")]
    pub async fn test_connection(&self) -> Result<JsValue, JsValue> {
        let exchange = self.exchange();
        let report = match exchange.open().await {
            Ok(folder) => ConnectionReport::Connected {
                folder_name: folder.name,
                item_count: folder.item_count,
                server_version: folder.server_version,
            },
            Err(problem) => ConnectionReport::Failed { problem },
        };
        to_js(&report)
    }

    /// The calendars among which the person can choose, the first one first.
    #[wasm_bindgen(unchecked_return_type = "CalendarChoice[]")]
    pub async fn calendars(&self) -> Result<JsValue, JsValue> {
        let exchange = self.exchange();
        let mut calendars = exchange.ews().calendars().await.map_err(refusal)?.into_iter();
        let first = calendars.next().map(|folder| CalendarChoice { folder: None, name: folder.name });
        let others = calendars.filter_map(|folder| {
            Some(CalendarChoice { folder: Some(folder.id?.as_str().to_owned()), name: folder.name })
        });
        let choices: Vec<CalendarChoice> = first.into_iter().chain(others).collect();
        to_js(&choices)
    }

    /// Makes a calendar of that name, or finds the one that is there.
    #[wasm_bindgen(js_name = createCalendar, unchecked_return_type = "CalendarChoice")]
    pub async fn create_calendar(&self, name: String) -> Result<JsValue, JsValue> {
        let exchange = self.exchange();
        let id = exchange.ews().create_calendar(&name).await.map_err(refusal)?;
        to_js(&CalendarChoice { folder: Some(id.as_str().to_owned()), name })
    }

    /// Ends the run at the next step between two calls. What was done stands.
    pub fn cancel(&self) {
        self.page.cancel();
    }
}

/// The page's world.
type PageWorld<'a> =
    World<'a, BlikkCalendar<Rc<Page>, IntlRules>, ExchangeCalendar<Rc<Page>, IntlRules>, Page, Page, Page, Page>;

impl CalendarSync {
    /// One thing at a time, and an earlier cancel no longer counts.
    async fn alone<T>(&self, work: impl AsyncFnOnce(&PageWorld<'_>) -> Result<T, JsValue>) -> Result<T, JsValue> {
        let (page, is_running, device) = (self.page.clone(), self.is_running.clone(), self.config.device.clone());
        let (blikk, exchange, zones) = (self.blikk(), self.exchange(), IntlRules::default());
        if is_running.replace(true) {
            return Err(refusal(Problem::new(Code::RunAlreadyRunning).said("this CalendarSync is running already")));
        }
        page.begin();
        let world = World {
            blikk: &blikk,
            exchange: &exchange,
            store: &*page,
            clock: &*page,
            random: &*page,
            audience: &*page,
            zones: &zones,
            holder: &device,
        };
        let result = work(&world).await;
        is_running.set(false);
        result
    }

    fn blikk(&self) -> BlikkCalendar<Rc<Page>, IntlRules> {
        BlikkCalendar::new(self.page.clone(), IntlRules::default())
    }

    fn exchange(&self) -> ExchangeCalendar<Rc<Page>, IntlRules> {
        let Config { mailbox, time_zone, folder, .. } = &self.config;
        let first =
            ExchangeCalendar::new(self.page.clone(), IntlRules::default(), mailbox, ZoneId::new(time_zone.as_str()));
        match folder {
            Some(folder) => first.in_folder(FolderId::new(folder.as_str())),
            None => first,
        }
    }
}

fn argument<T: serde::de::DeserializeOwned>(value: &JsValue, message: &str) -> Result<T, JsValue> {
    value::read(value_of(value)).map_err(|error| misuse(&format!("{message}: {error}")))
}

/// None given is none needed.
fn approval_of(value: &JsValue) -> Result<Approval, JsValue> {
    if value.is_undefined() { Ok(Approval::default()) } else { argument(value, "approval is not an Approval") }
}

/// A plain object, as JSON would hold it.
fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    plain(value).ok_or_else(|| misuse("a value of our own cannot be written"))
}

fn plain<T: Serialize + ?Sized>(value: &T) -> Option<JsValue> {
    value::write(value).map(page_value).ok()
}

fn misuse(message: &str) -> JsValue {
    refusal(Problem::new(Code::Internal).said(message))
}

/// A JavaScript `Error` with a `problem`.
fn refusal(problem: Problem) -> JsValue {
    let error = js_sys::Error::new(&problem.to_string());
    if let Some(problem) = plain(&problem) {
        // Setting a property of an Error of our own cannot fail.
        let _ = js_sys::Reflect::set(&error, &"problem".into(), &problem);
    }
    error.into()
}
