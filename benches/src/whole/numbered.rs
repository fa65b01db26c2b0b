//! Calendars of any size that lie nowhere: the nth event is computed when it is asked for. What a full reading takes is
//! then the engine's alone.

use blikk_calendar_sync::event::{Event, Moment, When};
use blikk_calendar_sync::host::{Audience, Clock, Random};
use blikk_calendar_sync::problem::{Code, Problem, Side};
use blikk_calendar_sync::sync::port::{
    Calendar, Change, ChangePage, Draft, Observed, Reading, Removal, Revision, StateStore,
};
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::sync::state::{IndexRow, LinkId, RemoteId, Token, Uid, Version};
use blikk_calendar_sync::zone::{UtcRules, ZoneId};
use chrono::{DateTime, TimeDelta};

/// A token that is no longer valid, which leads to a full reading.
pub const DEAD: &str = "dead";

/// Where every list ends.
const END: &str = "end";

/// One side, with so many events, none of which ever changes.
pub struct Numbered {
    pub side: Side,
    pub count: usize,
}

/// A run between two of them, of which `store` remembers everything as it is, but whose tokens are [`DEAD`].
///
/// # Errors
/// When it did not come to a good end, or found anything to write.
pub async fn recheck<S: StateStore, W: Clock + Random + Audience>(
    count: usize,
    store: &S,
    rest: &W,
) -> Result<(), Problem> {
    let [blikk, exchange] = [Side::Blikk, Side::Exchange].map(|side| Numbered { side, count });
    let world = World {
        blikk: &blikk,
        exchange: &exchange,
        store,
        clock: rest,
        random: rest,
        audience: rest,
        zones: &UtcRules,
        holder: "bench",
    };
    let report = run(&world, Approval::default()).await;
    let is_as_it_was = report.outcome == Outcome::Done && report.blikk.total() + report.exchange.total() == 0;
    if is_as_it_was { Ok(()) } else { Err(said(format!("{report:?}"))) }
}

/// The id of the nth event: Exchange's are long, Blikk's are UUIDs.
pub fn id(side: Side, number: usize) -> RemoteId {
    match side {
        Side::Blikk => RemoteId::new(format!("0190f3c2-7d4e-7c7a-9d53-{number:012x}")),
        Side::Exchange => RemoteId::new(format!(
            "AAMkADc3ZjQ5{number:08x}LWE5YzEtNGM0Ny1iZjVhLTBmYTYyN2FhYmFjZQBGAAAAAADzvTZLRaBwDl3PAAAAAAENAAAzvTZLRaBw\
             Dl3PAAAAAAENAAD{number:08x}vTZLRaBwDl3PAAAAAAENAAA="
        )),
    }
}

fn version(side: Side, number: usize) -> Version {
    match side {
        Side::Blikk => Version::new("\"1\""),
        Side::Exchange => Version::new(format!("DwAAABYAAADz{number:08x}vTZLRaBwDl3PAAAAAAFv")),
    }
}

/// The row of the index that links the nth events of both sides.
pub fn row(number: usize) -> IndexRow {
    let side = |side| (Some(id(side, number)), Some(version(side, number)));
    let ((blikk, blikk_version), (exchange, exchange_version)) = (side(Side::Blikk), side(Side::Exchange));
    // In the order of their ids, which are drawn and so say nothing of the events' order.
    let link =
        LinkId::new(format!("{:032x}", (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)));
    IndexRow { id: link, blikk, blikk_version, exchange, exchange_version, enters: None }
}

impl Numbered {
    fn observed(&self, number: usize) -> Result<Observed, Problem> {
        let zone = ZoneId::new("Europe/Stockholm");
        let start = DateTime::UNIX_EPOCH + TimeDelta::hours(3 * number as i64);
        let when = When::timed(Moment::new(start, zone.clone()), Moment::new(start + TimeDelta::hours(1), zone))
            .map_err(said)?;
        let mut event = Event::new(format!("Avstämning & prognos {number}"), when);
        event.body = "Vi går igenom läget <i projektet> och beslutar om nästa steg 🙂.\n".repeat(10);
        Ok(Observed {
            id: id(self.side, number),
            version: version(self.side, number),
            uid: Some(Uid::new(format!("040000008200E00074C5B7101A82E008{number:032X}"))),
            marker: None,
            created_at: None,
            changed_at: None,
            is_unfinished: false,
            content: Ok(event),
        })
    }

    fn change(&self, number: usize) -> Result<Change, Problem> {
        Ok(match self.side {
            Side::Blikk => Change::Seen(Box::new(self.observed(number)?)),
            Side::Exchange => Change::Touched { id: id(self.side, number), version: version(self.side, number) },
        })
    }
}

fn said(error: impl std::fmt::Display) -> Problem {
    Problem::new(Code::Internal).said(error.to_string())
}

/// Nobody asks for this: all is as it is remembered.
fn unasked<T>() -> Result<T, Problem> {
    Err(said("nothing is to be done"))
}

impl Calendar for Numbered {
    fn side(&self) -> Side {
        self.side
    }

    /// As many in a page as each side gives.
    async fn changes(&self, since: Option<&Token>) -> Result<ChangePage, Problem> {
        let page = if self.side == Side::Blikk { 500 } else { 512 };
        let from = match since.map(Token::as_str) {
            Some(DEAD) if self.side == Side::Blikk => return Err(Code::BlikkTokenDead.into()),
            Some(DEAD) => return Err(Code::ExchangeTokenDead.into()),
            Some(END) => self.count,
            Some(from) => from.parse().map_err(said)?,
            None => 0,
        };
        let to = self.count.min(from + page);
        let changes = (from..to).map(|number| self.change(number)).collect::<Result<_, _>>()?;
        let more = to < self.count;
        Ok(ChangePage { changes, next: Token::new(if more { to.to_string() } else { END.to_owned() }), more })
    }

    async fn read(&self, _: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        unasked()
    }

    async fn find(&self, _: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        unasked()
    }

    async fn create(&self, _: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        unasked()
    }

    async fn update(&self, _: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        unasked()
    }

    async fn delete(&self, _: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        unasked()
    }

    fn batch_size(&self) -> usize {
        100
    }
}
