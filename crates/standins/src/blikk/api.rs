//! The contract's paths: what a request holds goes to the store, what the store says becomes an answer.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequestParts, MatchedPath, Path, Query, Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, LOCATION, RETRY_AFTER,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::services::ServeDir;

use super::cursor::Cursor;
use super::event::{CalendarEvent, LONGEST_EXTERNAL_ID, NewEvent};
use super::occurrence::{Period, occurrences};
use super::problem::{Refusal, entity_tag};
use super::store::{Caller, Changes, Filter, Kept, Made};
use super::value::{strict_date, strict_instant};
use super::{Blikk, Role, User, control, lock};
use crate::fault::{Fault, spoil};

const LARGEST_REQUEST: usize = 4 << 20;
const LARGEST_PAGE: i64 = 500;
const LONGEST_PERIOD: TimeDelta = TimeDelta::days(366);
static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

pub(super) fn router(blikk: Blikk) -> Router {
    let contract = Router::new()
        .route("/v1/session", post(sign_in).get(session))
        .route("/v1/calendar/gateway-token", get(gateway_token))
        .route("/v1/calendar/changes", get(changes))
        .route("/v1/calendar/events", get(list).post(create))
        .route("/v1/calendar/events/{id}", get(one).put(update).delete(delete))
        // No part of the contract: what Blikk's own page shows.
        .route("/v1/calendar/occurrences", get(occurrences_of))
        .method_not_allowed_fallback(async || Refusal::NO_SUCH_METHOD)
        .route_layer(from_fn_with_state(blikk.clone(), strike))
        .route("/v1/{*rest}", axum::routing::any(async || Refusal::NO_SUCH_PATH))
        .layer(map_response(never_cached))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST));
    let router = contract.merge(control::router()).with_state(blikk.clone());
    let router = match &blikk.options().pages {
        Some(pages) => router.fallback_service(ServeDir::new(pages)),
        None => router,
    };
    router.layer(cross_origin(&blikk.options().origins))
}

fn cross_origin(origins: &[String]) -> CorsLayer {
    let origins = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([AUTHORIZATION, CONTENT_TYPE, IF_MATCH, IDEMPOTENCY_KEY.clone()])
        .expose_headers([ETAG, LOCATION, RETRY_AFTER])
}

/// Counts the call, and lets the fault strike that a test has asked for.
async fn strike(State(blikk): State<Blikk>, path: MatchedPath, request: Request, next: Next) -> Response {
    let operation = format!("{} {}", request.method(), path.as_str());
    *lock(&blikk.inner.requests).entry(operation.clone()).or_default() += 1;
    let fault = lock(&blikk.inner.faults).next(&operation);
    match &fault {
        Some(Fault::ExpireTokens) => {
            if let Err(refusal) = blikk.expire_cursors().await {
                return refusal.into_response();
            }
        }
        Some(Fault::ServerBusy { back_off_ms }) => {
            let seconds = u32::try_from(back_off_ms.div_ceil(1000).max(1)).unwrap_or(u32::MAX);
            return Refusal::too_many_requests(seconds).into_response();
        }
        _ => {}
    }
    spoil(fault, next.run(request)).await
}

async fn never_cached(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Whoever's session token came with the request, if the user is not too fast.
struct SignedIn(Caller);

impl FromRequestParts<Blikk> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, blikk: &Blikk) -> Result<Self, Refusal> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (scheme, token) = header.split_once(' ').ok_or_else(Refusal::unauthorized)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::unauthorized());
        }
        let caller = blikk.inner.store.caller(token.trim()).await?.ok_or_else(Refusal::unauthorized)?;
        match lock(&blikk.inner.limiter).take(&caller.user.id, Instant::now()) {
            Ok(()) => Ok(SignedIn(caller)),
            Err(seconds) => Err(Refusal::too_many_requests(seconds)),
        }
    }
}

/// Somebody signed in who may use the calendar: the row of the user.
struct CalendarOf(i64);

impl FromRequestParts<Blikk> for CalendarOf {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, blikk: &Blikk) -> Result<Self, Refusal> {
        let SignedIn(caller) = SignedIn::from_request_parts(parts, blikk).await?;
        if caller.user.calendar { Ok(CalendarOf(caller.row)) } else { Err(Refusal::NOT_ALLOWED) }
    }
}

async fn sign_in(
    State(blikk): State<Blikk>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let body = json_of(&headers, body)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (Some(email), Some(password)) = (text("email"), text("password")) else { return Err(Refusal::INVALID_REQUEST) };
    let user = blikk.inner.store.known(email, password).await?.ok_or(Refusal::INVALID_CREDENTIALS)?;
    let token = blikk.inner.store.new_session(&user.id).await?;
    Ok(Json(json!({"objectName": "session", "token": token, "user": shown(&user)})).into_response())
}

async fn session(SignedIn(caller): SignedIn) -> Json<Value> {
    Json(shown(&caller.user))
}

fn shown(user: &User) -> Value {
    json!({"objectName": "user", "id": user.id, "name": user.name, "email": user.email, "role": user.role})
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    mailbox: &'a str,
    role: Role,
    iat: i64,
    exp: i64,
}

async fn gateway_token(State(blikk): State<Blikk>, SignedIn(caller): SignedIn) -> Result<Response, Refusal> {
    if !caller.user.calendar {
        return Err(Refusal::NOT_ALLOWED);
    }
    let options = blikk.options();
    let now = Utc::now();
    let expires = now + options.token_lifetime;
    let claims = Claims {
        iss: &options.issuer,
        aud: "blikk-calendar-gateway",
        sub: &caller.user.id,
        mailbox: &caller.user.email,
        role: caller.user.role,
        iat: now.timestamp(),
        exp: expires.timestamp(),
    };
    let key = jsonwebtoken::EncodingKey::from_secret(options.token_secret.as_bytes());
    let token = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).map_err(Refusal::broken)?;
    let expires_at = expires.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    Ok(Json(json!({"objectName": "gatewayToken", "token": token, "expiresAt": expires_at})).into_response())
}

async fn changes(
    State(blikk): State<Blikk>,
    CalendarOf(user): CalendarOf,
    query: Parameters,
) -> Result<Json<Value>, Refusal> {
    let since = match query.text("cursor") {
        Some(text) => Some(Cursor::parse(text).ok_or_else(Refusal::cursor_expired)?),
        None => None,
    };
    let size = query.number("pageSize", 200, LARGEST_PAGE)?;
    let Changes { items, left, next, has_more } = blikk.inner.store.changes(user, since, size).await?;
    let items: Vec<Value> = items.into_iter().map(shown_change).collect();
    let mut list = list_of("calendarChanges", items, 1, size, left);
    list["nextCursor"] = next.text().into();
    list["hasMore"] = has_more.into();
    Ok(Json(list))
}

fn shown_change(kept: Kept) -> Value {
    match kept {
        Kept::Living(event) => json!(event),
        Kept::Dead { id, version, deleted_at } => json!({
            "objectName": "calendarEventTombstone", "id": id, "version": version,
            "deletedAt": deleted_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        }),
    }
}

async fn list(
    State(blikk): State<Blikk>,
    CalendarOf(user): CalendarOf,
    query: Parameters,
) -> Result<Json<Value>, Refusal> {
    let (page, size) = (query.number("page", 1, 1_000_000)?, query.number("pageSize", 100, LARGEST_PAGE)?);
    let filter = Filter {
        from: query.instant("filter.from")?,
        to: query.instant("filter.to")?,
        external_id: query.bounded("filter.externalId", LONGEST_EXTERNAL_ID)?,
    };
    let (events, total) = blikk.inner.store.list(user, &filter, page, size).await?;
    let items = events.into_iter().map(|event| json!(event)).collect();
    Ok(Json(list_of("calendarEvents", items, page, size, total)))
}

/// What takes place in a period of at most a year.
async fn occurrences_of(
    State(blikk): State<Blikk>,
    CalendarOf(user): CalendarOf,
    query: Parameters,
) -> Result<Json<Value>, Refusal> {
    let end = |name: &str| query.instant(name)?.ok_or_else(|| Refusal::invalid_parameter(name, "Required."));
    let period = Period { from: end("filter.from")?, to: end("filter.to")? };
    if period.to - period.from > LONGEST_PERIOD {
        return Err(Refusal::invalid_parameter("filter.to", "More than a year."));
    }
    // An exception may stand before its series, so nothing that begins later is left out here.
    let filter = Filter { from: Some(period.from), ..Filter::default() };
    let (events, _) = blikk.inner.store.list(user, &filter, 1, i64::MAX).await?;
    let mut found: Vec<_> = events.iter().flat_map(|event| occurrences(event, period)).collect();
    found.sort_by_key(|occurrence| occurrence.event.fields.start.instant());
    let items: Vec<Value> = found.into_iter().map(|occurrence| json!(occurrence)).collect();
    let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
    Ok(Json(list_of("calendarOccurrences", items, 1, total.max(1), total)))
}

fn list_of(name: &str, items: Vec<Value>, page: i64, size: i64, total: i64) -> Value {
    json!({
        "objectName": name, "page": page, "pageSize": size, "itemCount": items.len(),
        "totalItemCount": total, "totalPages": (total + size - 1) / size, "items": items,
    })
}

async fn create(
    State(blikk): State<Blikk>,
    CalendarOf(user): CalendarOf,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let key = key_of(&headers)?;
    let body = json_of(&headers, body)?;
    let made = blikk.inner.store.create(user, key, || NewEvent::read(&body), Utc::now()).await?;
    match made {
        Made::Before(event) => Ok(shown_event(StatusCode::OK, &event)),
        Made::Now(event) => {
            let mut response = shown_event(StatusCode::CREATED, &event);
            if let Ok(path) = HeaderValue::from_str(&format!("/v1/calendar/events/{}", event.id)) {
                response.headers_mut().insert(LOCATION, path);
            }
            Ok(response)
        }
    }
}

async fn one(
    State(blikk): State<Blikk>,
    CalendarOf(user): CalendarOf,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    Ok(shown_event(StatusCode::OK, &blikk.inner.store.get(user, &id).await?))
}

async fn update(
    State(blikk): State<Blikk>,
    CalendarOf(user): CalendarOf,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let expected = expected(&headers)?;
    let body = json_of(&headers, body)?;
    let event = blikk.inner.store.update(user, &id, expected, &body, Utc::now()).await?;
    Ok(shown_event(StatusCode::OK, &event))
}

async fn delete(
    State(blikk): State<Blikk>,
    CalendarOf(user): CalendarOf,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    blikk.inner.store.delete(user, &id, expected(&headers)?, Utc::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown_event(status: StatusCode, event: &CalendarEvent) -> Response {
    let mut response = (status, Json(event)).into_response();
    response.headers_mut().extend(entity_tag(&event.version).map(|tag| (Some(ETAG), tag)));
    response
}

fn key_of(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = headers.get(&IDEMPOTENCY_KEY) else { return Ok(None) };
    let key =
        value.to_str().ok().filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()));
    match key {
        Some(key) => Ok(Some(key)),
        None => Err(Refusal::invalid_parameter("Idempotency-Key", "Not 1 to 255 visible ASCII characters.")),
    }
}

/// Which versions `If-Match` takes (RFC 9110 §13.1.1): a list of strong entity tags, or any.
fn expected(headers: &HeaderMap) -> Result<impl Fn(&str) -> bool + use<>, Refusal> {
    let value = headers.get(IF_MATCH).ok_or(Refusal::VERSION_REQUIRED)?;
    let tags: Arc<[String]> = value.to_str().unwrap_or_default().split(',').map(|tag| tag.trim().to_owned()).collect();
    Ok(move |version: &str| tags.iter().any(|tag| tag == "*" || *tag == format!("\"{version}\"")))
}

fn json_of(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Value, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::NOT_JSON);
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::TOO_LARGE,
        _ => Refusal::INVALID_REQUEST,
    })?;
    serde_json::from_slice(&body).map_err(|_| Refusal::INVALID_REQUEST)
}

/// The query's parameters, first of each name.
struct Parameters(Vec<(String, String)>);

impl FromRequestParts<Blikk> for Parameters {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Blikk) -> Result<Self, Refusal> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(parameters)) => Ok(Parameters(parameters)),
            Err(_) => Err(Refusal::INVALID_REQUEST),
        }
    }
}

impl Parameters {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn bounded(&self, name: &str, longest: usize) -> Result<Option<String>, Refusal> {
        match self.text(name) {
            Some(text) if text.is_empty() || text.chars().count() > longest => {
                Err(Refusal::invalid_parameter(name, "The text is empty or too long."))
            }
            text => Ok(text.map(str::to_owned)),
        }
    }

    fn number(&self, name: &str, usual: i64, largest: i64) -> Result<i64, Refusal> {
        let Some(text) = self.text(name) else { return Ok(usual) };
        let number = text.parse().ok().filter(|number| (1..=largest).contains(number));
        number.ok_or_else(|| Refusal::invalid_parameter(name, "Not a whole number within its limits."))
    }

    /// An instant, or the midnight that begins a date.
    fn instant(&self, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let midnight = || strict_date(text).map(|date| date.and_time(NaiveTime::MIN).and_utc());
        match strict_instant(text).or_else(midnight) {
            Some(instant) => Ok(Some(instant)),
            None => Err(Refusal::invalid_parameter(name, "Neither an RFC 3339 date-time nor a date.")),
        }
    }
}
