//! At most so many requests of one mailbox are at Exchange at the same time; the next wait here.
//!
//! Exchange allows a mailbox five synchronising calls at once and answers the sixth with ErrorServerBusy, after which
//! all of them have to wait (R12). A browser with two tabs, or a phone beside it, gets there easily. So a request waits
//! a moment for another to end rather than be refused.
//! <https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange>

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Beyond this many mailboxes those are forgotten that nobody is asking about.
const REMEMBERED: usize = 10_000;

/// One line of waiting requests per mailbox.
#[derive(Debug)]
pub struct MailboxTurns {
    at_once: usize,
    patience: Duration,
    /// Whoever waits or is at Exchange holds its mailbox's semaphore; when nobody does, it is gone.
    mailboxes: Mutex<HashMap<String, Weak<Semaphore>>>,
}

impl MailboxTurns {
    /// `patience`: after which a request that still waits is asked to come back later.
    pub fn new(at_once: usize, patience: Duration) -> MailboxTurns {
        MailboxTurns { at_once, patience, mailboxes: Mutex::default() }
    }

    /// The right to be at Exchange for this mailbox, until it is dropped; `None` when the wait was too long.
    pub async fn take(&self, mailbox: &str) -> Option<OwnedSemaphorePermit> {
        let places = self.places(&mailbox.to_ascii_lowercase());
        timeout(self.patience, places.acquire_owned()).await.ok()?.ok()
    }

    fn places(&self, mailbox: &str) -> Arc<Semaphore> {
        let mut mailboxes = self.mailboxes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = mailboxes.get(mailbox).and_then(Weak::upgrade) {
            return places;
        }
        if mailboxes.len() >= REMEMBERED {
            mailboxes.retain(|_, places| places.strong_count() > 0);
        }
        let places = Arc::new(Semaphore::new(self.at_once));
        mailboxes.insert(mailbox.to_owned(), Arc::downgrade(&places));
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn one_mailbox_waits_and_another_does_not() {
        let turns = MailboxTurns::new(2, MOMENT);
        let (first, second) = (turns.take("a@b.example").await, turns.take("A@B.example").await);
        assert!(first.is_some() && second.is_some());
        assert!(turns.take("a@b.example").await.is_none());
        assert!(turns.take("c@b.example").await.is_some());
        drop(first);
        assert!(turns.take("a@b.example").await.is_some());
    }

    #[tokio::test]
    async fn a_mailbox_that_nobody_asks_about_is_forgotten() {
        let turns = MailboxTurns::new(1, MOMENT);
        let busy = turns.take("busy@b.example").await;
        for number in 1..REMEMBERED {
            drop(turns.take(&format!("{number}@b.example")).await);
        }
        drop(turns.take("one.more@b.example").await);
        assert_eq!(turns.mailboxes.lock().expect("no panic").len(), 2);
        assert!(turns.take("busy@b.example").await.is_none(), "and one that is asked about is not");
        drop(busy);
    }
}
