//! The same world on the wire: the engine speaks SOAP to a whole Exchange and JSON to a Blikk that keeps the contract,
//! both in this process, over a network that breaks.
//!
//! [`Client`] is what the engine's machine has of it, with faults and pauses at every request; with no machine it is the
//! quiet line by which people act and by which the end is looked at.

mod blikk;
mod client;
mod desks;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use blikk_calendar_sync::problem::Side;
use standins::exchange::{Account, Exchange, Server, ServerVersion, Temper};

pub use client::{Client, Rules};
pub use desks::{BlikkDesk, ExchangeDesk};

use crate::calendar::Fault;
use crate::surroundings::Surroundings;
use blikk::Blikk;

/// The person whose calendars these are.
pub const MAILBOX: &str = "anna.akesson@konsult.example";
/// Where she lives.
pub const ZONE: &str = "Europe/Stockholm";

/// Which server stands in Exchange's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Exchange2010,
    Exchange2013,
    Exchange2016,
    Grommunio,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Exchange2010, Kind::Exchange2013, Kind::Exchange2016, Kind::Grommunio];

    fn server(self) -> Server {
        let version = |version| Server { version, ..Server::default() };
        match self {
            Kind::Exchange2010 => version(ServerVersion::Exchange2010Sp2),
            Kind::Exchange2013 => version(ServerVersion::Exchange2013),
            Kind::Exchange2016 => version(ServerVersion::Exchange2016),
            Kind::Grommunio => Server { temper: Temper::Grommunio, ..Server::default() },
        }
    }
}

/// Both servers, and what the network does to them.
pub struct Wire {
    pub exchange: Exchange,
    blikk: RefCell<Blikk>,
    /// What happens to the next requests to Blikk and to Exchange.
    faults: [RefCell<VecDeque<Option<Fault>>>; 2],
    /// Requests of the engine that write, and were carried out.
    writes: [Cell<u32>; 2],
    surroundings: Rc<Surroundings>,
}

impl Wire {
    pub fn new(kind: Kind, seed: u64, surroundings: Rc<Surroundings>) -> Self {
        let account = Account { user: "svc@konsult.example".into(), password: "hemligt".into() };
        let exchange = Exchange::new(account, seed);
        exchange.become_server(kind.server());
        exchange.add_mailbox(MAILBOX, "Anna Åkesson");
        let (blikk, faults, writes) = Default::default();
        Wire { exchange, blikk, faults, writes, surroundings }
    }

    fn faults(&self, side: Side) -> &RefCell<VecDeque<Option<Fault>>> {
        &self.faults[usize::from(side == Side::Exchange)]
    }

    fn writes(&self, side: Side) -> &Cell<u32> {
        &self.writes[usize::from(side == Side::Exchange)]
    }
}
