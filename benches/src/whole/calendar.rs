//! A calendar that lies in a SQLite file and can tell what changed, as Exchange and Blikk can. What is written is the
//! operating system's when it is answered, and is not waited for until it is on the disk: vdirsyncer does not wait for the
//! files of its folders either (`vdirsyncer/utils.py`: they are flushed and renamed).

use std::cell::Cell;
use std::path::Path;

use blikk_calendar_sync::event::Event;
use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::port::{
    Calendar, Change, ChangePage, Draft, Marker, Observed, Reading, Removal, Revision,
};
use blikk_calendar_sync::sync::state::{LinkId, RemoteId, Token, Uid, Version};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA wal_autocheckpoint = 10000;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS events (
        id TEXT PRIMARY KEY, seq INTEGER NOT NULL, is_deleted INTEGER NOT NULL DEFAULT 0,
        uid TEXT, link TEXT, blikk TEXT, content TEXT NOT NULL
    );
    CREATE UNIQUE INDEX IF NOT EXISTS changes ON events (seq);
    CREATE INDEX IF NOT EXISTS links ON events (link);
    CREATE INDEX IF NOT EXISTS uids ON events (uid);
";

/// Of an event, in this order.
const COLUMNS: &str = "id, seq, is_deleted, uid, link, blikk, content";

/// How many changes a page has, as Exchange's.
const PAGE: i64 = 512;

/// How many events are written in one transaction, as the engine does it with Exchange.
const BATCH: usize = 200;

/// One side. An event's version is the place of its latest change in the list of changes.
pub struct SqliteCalendar {
    side: Side,
    db: Connection,
    calls: Cell<u32>,
}

impl SqliteCalendar {
    /// # Errors
    /// When the file is no such calendar.
    pub fn open(side: Side, file: &Path) -> rusqlite::Result<Self> {
        let db = Connection::open(file)?;
        db.execute_batch(SCHEMA)?;
        Ok(SqliteCalendar { side, db, calls: Cell::new(0) })
    }

    pub fn calls(&self) -> u32 {
        self.calls.get()
    }

    /// People add these; the nth has the id that is said.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn fill(&self, events: &[Event], id: impl Fn(usize) -> RemoteId) -> rusqlite::Result<()> {
        self.db.execute_batch("BEGIN")?;
        for (number, event) in events.iter().enumerate() {
            let id = id(number);
            let uid = (self.side == Side::Exchange).then(|| format!("uid-{id}"));
            self.insert(id.as_str(), uid.as_deref(), None, event)?;
        }
        self.db.execute_batch("COMMIT")
    }

    /// Somebody renames every nth event.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn rename_every(&self, nth: usize, title: &str) -> Result<usize, Box<dyn std::error::Error>> {
        let mut living = self.db.prepare("SELECT id FROM events WHERE NOT is_deleted ORDER BY seq")?;
        let ids: Vec<String> = living.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let renamed: Vec<&String> = ids.iter().step_by(nth).collect();
        self.db.execute_batch("BEGIN")?;
        for id in &renamed {
            let Some(Observed { content: Ok(event), .. }) = self.get(id)? else { return Err("no such event".into()) };
            self.replace(id, &Event { title: format!("{title} {id}"), ..event })?;
        }
        self.db.execute_batch("COMMIT")?;
        Ok(renamed.len())
    }

    fn insert(&self, id: &str, uid: Option<&str>, marker: Option<&Marker>, event: &Event) -> rusqlite::Result<()> {
        let (link, blikk) = marker.map(|marker| (marker.link.as_str(), marker.blikk.as_str())).unzip();
        let mut insert = self.db.prepare_cached(
            "INSERT INTO events (id, seq, uid, link, blikk, content)
             VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM events), ?2, ?3, ?4, ?5)",
        )?;
        insert.execute(params![id, uid, link, blikk, text_of(event)]).map(drop)
    }

    fn replace(&self, id: &str, event: &Event) -> rusqlite::Result<()> {
        let mut update = self
            .db
            .prepare_cached("UPDATE events SET content = ?2, seq = (SELECT max(seq) + 1 FROM events) WHERE id = ?1")?;
        update.execute(params![id, text_of(event)]).map(drop)
    }

    fn get(&self, id: &str) -> rusqlite::Result<Option<Observed>> {
        let mut one =
            self.db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE id = ?1 AND NOT is_deleted"))?;
        one.query_row([id], observed).optional()
    }

    fn page(&self, since: Option<i64>) -> rusqlite::Result<ChangePage> {
        let from = since.unwrap_or(0);
        let mut page =
            self.db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2"))?;
        let (mut next, mut told, mut changes) = (from, 0, Vec::new());
        let mut rows = page.query([from, PAGE])?;
        while let Some(row) = rows.next()? {
            (next, told) = (row.get(1)?, told + 1);
            let id = RemoteId::new(row.get::<_, String>(0)?);
            let is_deleted: bool = row.get(2)?;
            changes.push(match self.side {
                _ if is_deleted => Change::Deleted { id },
                Side::Blikk => Change::Seen(Box::new(observed(row)?)),
                Side::Exchange => Change::Touched { id, version: Version::new(next.to_string()) },
            });
        }
        Ok(ChangePage { changes, next: Token::new(next.to_string()), more: told == PAGE })
    }

    /// One call, which is one transaction.
    fn call<T>(&self, act: impl FnOnce() -> rusqlite::Result<T>) -> Result<T, Problem> {
        self.calls.set(self.calls.get() + 1);
        let done = self.db.unchecked_transaction().and_then(|transaction| {
            let value = act()?;
            transaction.commit().map(|()| value)
        });
        done.map_err(|error| Problem::new(Code::Internal).said(error.to_string()))
    }

    fn if_unchanged(&self, id: &RemoteId, expected: &Version) -> rusqlite::Result<Result<(), Problem>> {
        let now = self.get(id.as_str())?;
        Ok(if now.is_some_and(|now| now.version == *expected) { Ok(()) } else { Err(Code::ExchangeItemChanged.into()) })
    }

    /// What it is after the write, or why there was none.
    fn after(&self, id: &str, write: Result<(), Problem>) -> rusqlite::Result<Result<Observed, Problem>> {
        Ok(match write {
            Ok(()) => self.get(id)?.ok_or_else(|| Code::Internal.into()),
            Err(problem) => Err(problem),
        })
    }
}

fn text_of(event: &Event) -> String {
    serde_json::to_string(event).unwrap_or_default()
}

fn observed(row: &Row<'_>) -> rusqlite::Result<Observed> {
    let content: String = row.get(6)?;
    let content = serde_json::from_str(&content)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Text, error.into()))?;
    let marker = row.get::<_, Option<String>>(4)?.zip(row.get::<_, Option<String>>(5)?);
    Ok(Observed {
        id: RemoteId::new(row.get::<_, String>(0)?),
        version: Version::new(row.get::<_, i64>(1)?.to_string()),
        uid: row.get::<_, Option<String>>(3)?.map(Uid::new),
        marker: marker.map(|(link, blikk)| Marker { link: LinkId::new(link), blikk: RemoteId::new(blikk) }),
        created_at: None,
        changed_at: None,
        is_unfinished: false,
        content: Ok(content),
    })
}

impl Calendar for SqliteCalendar {
    fn side(&self) -> Side {
        self.side
    }

    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        self.call(|| self.page(since.and_then(|since| since.as_str().parse().ok())))
    }

    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        let read = |id: &RemoteId| {
            let found = self.get(id.as_str())?;
            Ok(found.map_or_else(|| Reading::Gone(id.clone()), |found| Reading::Found(Box::new(found))))
        };
        self.call(|| ids.iter().map(read).collect())
    }

    async fn find(&self, drafts: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        let column = if self.side == Side::Blikk { "uid" } else { "link" };
        let text = format!("SELECT {COLUMNS} FROM events WHERE {column} = ?1 AND NOT is_deleted");
        let find = |draft: &Draft| {
            let uid = draft.uid.as_ref().map(Uid::as_str);
            let key = if self.side == Side::Blikk { uid } else { Some(draft.link.as_str()) };
            self.db.prepare_cached(&text)?.query_row([key], observed).optional()
        };
        self.call(|| drafts.iter().map(find).collect())
    }

    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let create = |draft: &Draft| {
            let (id, made) = (format!("{:?}-{}", self.side, draft.link), format!("uid-{}", draft.link));
            let (uid, marker) = match self.side {
                Side::Blikk => (draft.uid.as_ref().map(Uid::as_str), None),
                Side::Exchange => {
                    let marker = Marker { link: draft.link.clone(), blikk: draft.counterpart.clone() };
                    (Some(made.as_str()), Some(marker))
                }
            };
            self.insert(&id, uid, marker.as_ref(), &draft.event)?;
            self.after(&id, Ok(()))
        };
        self.call(|| drafts.iter().map(create).collect())
    }

    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let update = |revision: &Revision| {
            let unchanged = self.if_unchanged(&revision.id, &revision.expected)?;
            if unchanged.is_ok() {
                self.replace(revision.id.as_str(), &revision.after)?;
            }
            self.after(revision.id.as_str(), unchanged)
        };
        self.call(|| revisions.iter().map(update).collect())
    }

    async fn delete(&self, removals: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        let delete = |removal: &Removal| {
            let unchanged = self.if_unchanged(&removal.id, &removal.expected)?;
            if unchanged.is_ok() {
                self.db.execute(
                    "UPDATE events SET is_deleted = 1, seq = (SELECT max(seq) + 1 FROM events) WHERE id = ?1",
                    [removal.id.as_str()],
                )?;
            }
            Ok(unchanged)
        };
        self.call(|| removals.iter().map(delete).collect())
    }

    fn batch_size(&self) -> usize {
        BATCH
    }
}
