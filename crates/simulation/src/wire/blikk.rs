//! A Blikk in memory that keeps the contract (`docs/blikk-calendar.openapi.yaml`) as far as the engine asks for it. What an
//! event may say is not checked here: the stand-in does that, in tests of its own.

use std::collections::BTreeMap;

use blikk_calendar_sync::http::{HttpRequest, HttpResponse};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// One user's calendar.
#[derive(Debug, Default)]
pub struct Blikk {
    /// By their ids, living and dead.
    events: BTreeMap<u64, Kept>,
    by_key: BTreeMap<String, u64>,
    /// Rises with every change; an event's version and its place in the list of changes.
    sequence: u64,
    /// Cursors of another epoch are dead.
    epoch: u64,
}

#[derive(Debug)]
struct Kept {
    /// `None`: it is dead.
    members: Option<Map<String, Value>>,
    created: u64,
    changed: u64,
}

/// A status and the contract's name for what is wrong.
type Refusal = (u16, &'static str);

impl Blikk {
    pub fn kill_cursors(&mut self) {
        self.epoch += 1;
    }

    /// The living, by their ids.
    pub fn ids(&self) -> Vec<u64> {
        self.events.iter().filter(|(_, kept)| kept.members.is_some()).map(|(id, _)| *id).collect()
    }

    pub fn answer(&mut self, request: &HttpRequest, now: DateTime<Utc>) -> HttpResponse {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let id = path.strip_prefix("/v1/calendar/events/").and_then(|id| id.parse::<u64>().ok());
        let answered = match (request.method, path, id) {
            ("GET", "/v1/calendar/changes", _) => self.changes(query),
            ("GET", "/v1/calendar/events", _) => Ok((200, self.found(query))),
            ("POST", "/v1/calendar/events", _) => self.create(request, now),
            ("GET", _, Some(id)) => self.living(id).map(|members| (200, Value::Object(members.clone()))),
            ("PUT", _, Some(id)) => self.update(id, request, now),
            ("DELETE", _, Some(id)) => self.delete(id, request),
            _ => Err((404, "eventNotFound")),
        };
        let (status, body) = answered
            .unwrap_or_else(|(status, code)| (status, json!({ "objectName": "error", "code": code, "message": code })));
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        HttpResponse { status, headers, body }
    }

    fn living(&self, id: u64) -> Result<&Map<String, Value>, Refusal> {
        let kept = self.events.get(&id).ok_or((404, "eventNotFound"))?;
        kept.members.as_ref().ok_or((410, "eventDeleted"))
    }

    fn changes(&self, query: &str) -> Result<(u16, Value), Refusal> {
        let expired = (410, "cursorExpired");
        let since = match parameter(query, "cursor") {
            None => 0,
            Some(cursor) => {
                let (epoch, since) = cursor.split_once('.').ok_or(expired)?;
                let epoch: u64 = epoch.parse().map_err(|_| expired)?;
                if epoch != self.epoch {
                    return Err(expired);
                }
                since.parse().map_err(|_| expired)?
            }
        };
        let size: usize = parameter(query, "pageSize").and_then(|size| size.parse().ok()).unwrap_or(200);
        let mut changed: Vec<(&u64, &Kept)> = self.events.iter().filter(|(_, kept)| kept.changed > since).collect();
        // "An event made and deleted between two calls may come as a tombstone or not at all."
        changed.retain(|(_, kept)| kept.members.is_some() || kept.created <= since);
        changed.sort_by_key(|(_, kept)| kept.changed);
        let has_more = changed.len() > size;
        changed.truncate(size);
        let last = changed.last().filter(|_| has_more).map_or(self.sequence, |(_, kept)| kept.changed);
        let items: Vec<Value> = changed.into_iter().map(|(id, kept)| shown(*id, kept)).collect();
        let cursor = format!("{}.{last}", self.epoch);
        Ok((200, json!({ "objectName": "calendarChanges", "items": items, "nextCursor": cursor, "hasMore": has_more })))
    }

    fn found(&self, query: &str) -> Value {
        let wanted = parameter(query, "filter.externalId");
        let living = self.events.values().filter_map(|kept| kept.members.as_ref());
        let found = living.filter(|one| one.get("externalId").and_then(Value::as_str) == wanted.as_deref());
        json!({ "objectName": "calendarEvents", "items": found.collect::<Vec<_>>() })
    }

    fn create(&mut self, request: &HttpRequest, now: DateTime<Utc>) -> Result<(u16, Value), Refusal> {
        let key = header(request, "idempotency-key").ok_or((400, "invalidRequest"))?;
        if let Some(id) = self.by_key.get(&key) {
            return self.living(*id).map(|members| (200, Value::Object(members.clone())));
        }
        let sent = members_of(request)?;
        let external_id = sent.get("externalId").filter(|id| id.is_string());
        let is_taken = |kept: &Kept| kept.members.as_ref().is_some_and(|one| one.get("externalId") == external_id);
        if external_id.is_some() && self.events.values().any(is_taken) {
            return Err((409, "externalIdTaken"));
        }
        self.sequence += 1;
        let id = self.sequence;
        self.by_key.insert(key, id);
        let mut members = usual();
        members.extend(sent);
        members.insert("id".to_owned(), id.to_string().into());
        members.insert("createdAt".to_owned(), text(now).into());
        self.keep(id, members, now);
        Ok((201, shown(id, &self.events[&id])))
    }

    fn update(&mut self, id: u64, request: &HttpRequest, now: DateTime<Utc>) -> Result<(u16, Value), Refusal> {
        let mut members = self.living(id)?.clone();
        self.expect(id, request)?;
        members.extend(members_of(request)?);
        self.sequence += 1;
        self.keep(id, members, now);
        Ok((200, shown(id, &self.events[&id])))
    }

    fn delete(&mut self, id: u64, request: &HttpRequest) -> Result<(u16, Value), Refusal> {
        self.living(id)?;
        self.expect(id, request)?;
        self.sequence += 1;
        if let Some(kept) = self.events.get_mut(&id) {
            (kept.members, kept.changed) = (None, self.sequence);
        }
        Ok((204, Value::Null))
    }

    fn keep(&mut self, id: u64, mut members: Map<String, Value>, now: DateTime<Utc>) {
        members.insert("objectName".to_owned(), "calendarEvent".into());
        members.insert("version".to_owned(), self.sequence.to_string().into());
        members.insert("changedAt".to_owned(), text(now).into());
        let created = self.events.get(&id).map_or(self.sequence, |kept| kept.created);
        self.events.insert(id, Kept { members: Some(members), created, changed: self.sequence });
    }

    fn expect(&self, id: u64, request: &HttpRequest) -> Result<(), Refusal> {
        let expected = header(request, "if-match").ok_or((428, "versionRequired"))?;
        let is = format!("\"{}\"", self.events[&id].changed);
        if expected == is { Ok(()) } else { Err((412, "versionMismatch")) }
    }
}

fn shown(id: u64, kept: &Kept) -> Value {
    match &kept.members {
        Some(members) => Value::Object(members.clone()),
        None => {
            json!({ "objectName": "calendarEventTombstone", "id": id.to_string(), "version": kept.changed.to_string() })
        }
    }
}

fn members_of(request: &HttpRequest) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err((400, "invalidRequest")),
    }
}

/// What an event says that says nothing.
fn usual() -> Map<String, Value> {
    let usual = json!({
        "externalId": null, "title": "", "body": "", "place": "", "allDay": false, "status": "busy",
        "visibility": "normal", "importance": "normal", "reminderMinutes": null, "categories": [], "recurrence": null,
        "exceptions": [], "meeting": null, "attachments": [],
    });
    if let Value::Object(members) = usual { members } else { Map::new() }
}

fn header(request: &HttpRequest, name: &str) -> Option<String> {
    let header = request.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
    header.map(|(_, value)| value.clone())
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let pair = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
    Some(percent_encoding::percent_decode_str(pair.1).decode_utf8_lossy().into_owned())
}

fn text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}
