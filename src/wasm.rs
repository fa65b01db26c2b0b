//! The Wasm face: the only place that knows JavaScript. It translates and decides nothing.
//!
//! [`CalendarSync`] is what the page's Web Worker sees. Everything the core asks of the world goes through one host
//! object ([`host`]), implemented by the page's shim; time zone rules come from the browser's own Intl ([`zones`]).
//!
//! A run's failures are values in its report. Only misuse rejects, with an `Error` that has a `code`.

mod host;
mod page_value;
mod zones;

use std::cell::Cell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::problem::Code;
use crate::sync::blikk::BlikkCalendar;
use crate::sync::exchange::ExchangeCalendar;
use crate::sync::port::StateStore;
use crate::sync::report::{ConnectionReport, Note};
use crate::sync::run::{World, run};
use crate::sync::state::LinkState;
use crate::value;
use crate::zone::ZoneId;

pub use host::BrowserJson;
use host::{Host, Page};
use page_value::{page_value, value_of};
pub use zones::IntlRules;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { ConnectionReport, HttpFault, Note, Progress, RunReport, Service, Side } from "../core";

/** Whose calendars, and where that person is. */
export interface Config {
  /** SMTP address of the user's mailbox; must be the one in the gateway token. */
  mailbox: string;
  /** IANA id of the user's time zone. */
  timeZone: string;
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

/** A row of the state. Opaque but for the ids by which it is found. */
export interface LinkRow {
  id: string;
  blikk: { id: string } | null;
  exchange: { id: string } | null;
}

export interface StateCommit {
  expectedGeneration: number;
  head: { generation: number };
  put: LinkRow[];
  remove: string[];
}

/** What the core needs of the page: one call for each port. */
export interface Host {
  /** Resolves with the whole answer, or rejects with `{ fault: HttpFault }`. */
  send(request: CarriedRequest): Promise<CarriedResponse>;
  head(): Promise<unknown>;
  linksOf(side: Side, ids: string[]): Promise<unknown[]>;
  allLinks(): Promise<unknown[]>;
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
            .map_err(|error| misuse(&format!("config is not {{ mailbox, timeZone }}: {error}")))?;
        Ok(CalendarSync { page: Rc::new(Page::new(host)), config, is_running: Rc::default() })
    }

    /// Synchronises once. Failures are in the report's `outcome`.
    #[wasm_bindgen(unchecked_return_type = "RunReport")]
    pub async fn run(&self) -> Result<JsValue, JsValue> {
        let (page, is_running) = (self.page.clone(), self.is_running.clone());
        let (blikk, exchange) = (self.blikk(), self.exchange());
        if is_running.replace(true) {
            return Err(error(Code::RunAlreadyRunning, "this CalendarSync is running already"));
        }
        page.begin();
        let world = World {
            blikk: &blikk,
            exchange: &exchange,
            store: &*page,
            clock: &*page,
            random: &*page,
            audience: &*page,
        };
        let report = run(&world).await;
        is_running.set(false);
        to_js(&report)
    }

    /// Everything that is set aside now, with its reason.
    #[wasm_bindgen(js_name = setAside, unchecked_return_type = "Note[]")]
    pub async fn set_aside(&self) -> Result<JsValue, JsValue> {
        let page = self.page.clone();
        let links = page.all_links().await.map_err(|problem| error(problem.code, &problem.to_string()))?;
        let notes: Vec<Note> = links
            .into_iter()
            .filter_map(|link| match link.state {
                LinkState::SetAside { side, reason } => Some(Note { side, event: reason }),
                LinkState::Active => None,
            })
            .collect();
        to_js(&notes)
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

    /// Ends the run at the next step between two calls. What was done stands.
    pub fn cancel(&self) {
        self.page.cancel();
    }
}

impl CalendarSync {
    fn blikk(&self) -> BlikkCalendar<Rc<Page>, IntlRules> {
        BlikkCalendar::new(self.page.clone(), IntlRules::default())
    }

    fn exchange(&self) -> ExchangeCalendar<Rc<Page>, IntlRules> {
        ExchangeCalendar::new(
            self.page.clone(),
            IntlRules::default(),
            &self.config.mailbox,
            ZoneId::new(&self.config.time_zone),
        )
    }
}

/// A plain object, as JSON would hold it.
fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    value::write(value).map(page_value).map_err(|cause| error(Code::Internal, cause.0))
}

fn misuse(message: &str) -> JsValue {
    error(Code::Internal, message)
}

/// A JavaScript `Error` with a `code`.
fn error(code: Code, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    // Setting a property of an Error of our own cannot fail.
    let _ = js_sys::Reflect::set(&error, &"code".into(), &code.as_str().into());
    error.into()
}
