//! `/state`: what the page's store asks for, in JSON. Lists come in pages, `{"rows": [...], "next": "..."}`, and go on
//! with `after=<next>`.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::SemaphorePermit;

use super::database::{Database, Page, SideName};
use super::rows::{self, run_id};
use super::{Pair, checked_id};
use crate::caller::SignedIn;
use crate::error::Error;
use crate::{Gateway, request_body};

/// Ids in one question, and rows in one answer.
const MOST_IDS: usize = 1000;
const MOST_LINKS: usize = 1000;
const INDEX_ROWS: usize = 10_000;
/// As many ids as that, each of the longest.
const MOST_QUESTION: usize = 3 << 20;

pub(crate) fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/state/head", get(head))
        .route("/state/generation", get(generation))
        .route("/state/links-of", post(links_of))
        .route("/state/index", get(index))
        .route("/state/links", get(links))
        .route("/state/operations", get(operations))
        .route("/state/runs", get(runs))
        .route("/state/changes", get(changes))
        .route("/state/commit", post(commit))
}

/// `GET /state/head`: 204 for who never synchronised.
async fn head(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let asked: Asked<'_, OfPair> = Asked::of(&gateway, request).await?;
    match asked.database.head(&asked.pair).await? {
        Some(head) => Ok(json(head)),
        None => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}

/// `GET /state/generation`: also where the head does not open, so that a device can begin anew.
async fn generation(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let asked: Asked<'_, OfPair> = Asked::of(&gateway, request).await?;
    let generation = asked.database.generation(&asked.pair).await?;
    Ok(axum::Json(Generation { generation }).into_response())
}

/// `POST /state/links-of`
async fn links_of(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let asked: Asked<'_, OfPair> = Asked::with_body(&gateway, request, MOST_QUESTION).await?;
    let wrong = || Error::BadRequest(format!("the body must be JSON with side and at most {MOST_IDS} ids"));
    let LinksOf { side, ids, after } = serde_json::from_slice(&asked.body).map_err(|_| wrong())?;
    if ids.len() > MOST_IDS {
        return Err(wrong());
    }
    let ids = ids.into_iter().map(|id| checked_id(id, "an event's id")).collect::<Result<Vec<_>, _>>()?;
    let after = after.map(|after| checked_id(after, "the place")).transpose()?;
    page(asked.database.links_of(&asked.pair, side, &ids, after.as_deref()).await?)
}

/// `GET /state/index`
async fn index(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let asked: Asked<'_, After> = Asked::of(&gateway, request).await?;
    let Page { rows, next } = asked.database.index(&asked.pair, asked.query.after()?, INDEX_ROWS).await?;
    Ok(axum::Json(Rows { rows, next }).into_response())
}

/// `GET /state/links`
async fn links(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let asked: Asked<'_, AfterAndLimit> = Asked::of(&gateway, request).await?;
    let limit = asked.query.limit.min(MOST_LINKS);
    if limit == 0 {
        return page(Page { rows: Vec::new(), next: None });
    }
    page(asked.database.links_after(&asked.pair, place(asked.query.after.as_deref())?, limit).await?)
}

/// `GET /state/operations`
async fn operations(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let asked: Asked<'_, After> = Asked::of(&gateway, request).await?;
    page(asked.database.operations(&asked.pair, asked.query.after()?).await?)
}

/// `GET /state/runs`
async fn runs(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let asked: Asked<'_, After> = Asked::of(&gateway, request).await?;
    page(asked.database.runs(&asked.pair, asked.query.after()?).await?)
}

/// `GET /state/changes`
async fn changes(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<Response, Error> {
    let asked: Asked<'_, OfRun> = Asked::of(&gateway, request).await?;
    let after = place(asked.query.after.as_deref())?;
    page(asked.database.changes_of(&asked.pair, &run_id(asked.query.run), after).await?)
}

/// `POST /state/commit`
async fn commit(State(gateway): State<Arc<Gateway>>, request: Request) -> Result<StatusCode, Error> {
    let limit = gateway.config.state.as_ref().map_or(0, |state| state.commit_bytes);
    let asked: Asked<'_, OfPair> = Asked::with_body(&gateway, request, limit).await?;
    asked.database.commit(&asked.pair, &rows::commit(&asked.body)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A question by somebody who may ask it, about a pair of their own.
struct Asked<'g, Q> {
    database: &'g Database,
    pair: Pair,
    query: Q,
    body: Vec<u8>,
    _signed_in: SignedIn,
    _place: SemaphorePermit<'g>,
}

impl<'g, Q: DeserializeOwned + ForPair> Asked<'g, Q> {
    async fn of(gateway: &'g Arc<Gateway>, request: Request) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        Asked::admitted(gateway, &mut parts, body, None).await
    }

    async fn with_body(gateway: &'g Arc<Gateway>, request: Request, limit: usize) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        Asked::admitted(gateway, &mut parts, body, Some(limit)).await
    }

    /// `limit`: of the body; `None`: there is none.
    async fn admitted(
        gateway: &'g Arc<Gateway>,
        parts: &mut Parts,
        body: Body,
        limit: Option<usize>,
    ) -> Result<Self, Error> {
        let signed_in = match SignedIn::from_request_parts(parts, gateway).await {
            Ok(signed_in) => signed_in,
            Err(error) => {
                request_body::discard(body, limit.unwrap_or_default()).await;
                return Err(error);
            }
        };
        let Some(database) = &gateway.state else {
            request_body::discard(body, MOST_QUESTION).await;
            return Err(Error::NoState);
        };
        let place = gateway.places.try_acquire().map_err(|_| Error::Overloaded)?;
        let body = match limit {
            Some(limit) => request_body::read(body, limit).await?,
            None => Vec::new(),
        };
        if limit.is_some() && !is_json(&parts.headers) {
            return Err(Error::Refused("the content type must be application/json".into()));
        }
        let query: Q = Query::try_from_uri(&parts.uri)
            .map(|Query(query)| query)
            .map_err(|_| Error::BadRequest("the query has other parameters than this path takes".into()))?;
        let pair = Pair::of(&signed_in.caller, query.folder())?;
        Ok(Asked { database, pair, query, body, _signed_in: signed_in, _place: place })
    }
}

trait ForPair {
    /// Which of the mailbox's calendars; `None`: the first one.
    fn folder(&self) -> Option<String>;
}

macro_rules! queries {
    ($($name:ident { $($member:ident: $type:ty),* })*) => {$(
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            folder: Option<String>,
            $($member: $type,)*
        }

        impl ForPair for $name {
            fn folder(&self) -> Option<String> {
                self.folder.clone()
            }
        }
    )*};
}

queries! {
    OfPair {}
    After { after: Option<String> }
    AfterAndLimit { after: Option<String>, limit: usize }
    OfRun { run: u64, after: Option<String> }
}

impl After {
    fn after(&self) -> Result<Option<&str>, Error> {
        place(self.after.as_deref())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinksOf {
    side: SideName,
    ids: Vec<String>,
    #[serde(default)]
    after: Option<String>,
}

#[derive(Serialize)]
struct Generation {
    generation: i64,
}

#[derive(Serialize)]
struct Rows<T> {
    rows: Vec<T>,
    next: Option<String>,
}

fn place(after: Option<&str>) -> Result<Option<&str>, Error> {
    let check = |after: &str| checked_id(after.to_owned(), "the place");
    after.map(check).transpose()?;
    Ok(after)
}

fn page(page: Page<String>) -> Result<Response, Error> {
    let row = |row| RawValue::from_string(row).map_err(|_| Error::StateUnreadable);
    let rows = page.rows.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(axum::Json(Rows { rows, next: page.next }).into_response())
}

fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(Ok(text)), None) = (types.next().map(HeaderValue::to_str), types.next()) else { return false };
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().as_deref() == Some("application/json") && parts.all(|part| part.replace('"', "") == "charset=utf-8")
}
