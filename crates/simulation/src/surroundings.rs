//! What everything in one simulated world shares: its time, what is written down about it, who watches over people's
//! words, and the moments at which something else may happen.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use chrono::{DateTime, TimeDelta, Utc};

use crate::tally::{Count, Tally};
use crate::witness::Witness;

/// One simulated world's time, log and witness.
#[derive(Debug, Default)]
pub struct Surroundings {
    now: Cell<DateTime<Utc>>,
    log: RefCell<Option<Vec<String>>>,
    tally: RefCell<Tally>,
    pub witness: Witness,
}

impl Surroundings {
    /// `is_logged`: whether it is written down what happens, which takes most of the time that a seed takes.
    pub fn new(now: DateTime<Utc>, is_logged: bool) -> Self {
        Surroundings {
            now: Cell::new(now),
            log: RefCell::new(is_logged.then(Vec::new)),
            tally: RefCell::default(),
            witness: Witness::default(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }

    pub fn pass(&self, time: TimeDelta) {
        self.now.set(self.now.get() + time);
    }

    /// Writes a line down, if anybody wants to read it.
    pub fn say(&self, line: impl FnOnce() -> String) {
        if let Some(log) = &mut *self.log.borrow_mut() {
            log.push(line());
        }
    }

    pub fn take_log(&self) -> Vec<String> {
        self.log.borrow_mut().take().unwrap_or_default()
    }

    pub fn count(&self, what: Count) {
        self.tally.borrow_mut().add(what);
    }

    pub fn tally(&self) -> Tally {
        self.tally.borrow().clone()
    }
}

/// A moment at which something else may happen, or nothing ever again: the request is on its way, or its answer is.
pub fn pause() -> Pause {
    Pause { has_passed: false }
}

/// See [`pause`].
pub struct Pause {
    has_passed: bool,
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.has_passed, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}
