//! All that the server remembers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::budget::Budget;
use super::code::Refusal;
use super::id::Random;
use super::item::Content;
use super::mail::Mail;
use super::server::Server;
use super::store::Mailbox;
use crate::fault::Faults;

/// The service account: a user without a mailbox of its own (R24).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub user: String,
    pub password: String,
}

impl Account {
    /// As user principal name, or as `DOMAIN\name`.
    pub(super) fn is(&self, user: &str, password: &str) -> bool {
        let local = self.user.split('@').next().unwrap_or_default();
        let named = user.eq_ignore_ascii_case(&self.user)
            || user.split_once('\\').is_some_and(|(_, name)| name.eq_ignore_ascii_case(local));
        named && password == self.password
    }
}

/// Items that an operation fails on for ever (scenario 20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Poison {
    pub subject_contains: String,
    #[serde(default = "Poison::default_code")]
    pub response_code: String,
    #[serde(default = "Poison::default_operations")]
    pub operations: Vec<String>,
}

impl Poison {
    fn default_code() -> String {
        "ErrorItemCorrupt".to_owned()
    }

    fn default_operations() -> Vec<String> {
        vec!["CreateItem".to_owned(), "UpdateItem".to_owned()]
    }

    /// Fails CreateItem and UpdateItem.
    pub fn of_subject(subject_contains: &str) -> Self {
        Poison {
            subject_contains: subject_contains.to_owned(),
            response_code: Poison::default_code(),
            operations: Poison::default_operations(),
        }
    }
}

#[derive(Debug)]
pub struct State {
    pub server: Server,
    pub account: Account,
    pub may_impersonate: bool,
    /// By address in lower case.
    pub mailboxes: BTreeMap<String, Mailbox>,
    pub random: Random,
    pub budget: Budget,
    pub faults: Faults,
    pub poison: Vec<Poison>,
    pub outbox: Vec<Mail>,
    pub log: Log,
}

impl State {
    pub fn new(account: Account, seed: u64) -> Self {
        State {
            server: Server::default(),
            account,
            may_impersonate: true,
            mailboxes: BTreeMap::new(),
            random: Random::seeded(seed),
            budget: Budget::default(),
            faults: Faults::default(),
            poison: Vec::new(),
            outbox: Vec::new(),
            log: Log::default(),
        }
    }

    pub fn add_mailbox(&mut self, address: &str, name: &str) {
        let mailbox = Mailbox::new(address, name, &mut self.random);
        self.mailboxes.entry(address.to_ascii_lowercase()).or_insert(mailbox);
    }

    pub fn mailbox(&self, address: &str) -> Option<&Mailbox> {
        self.mailboxes.get(&address.to_ascii_lowercase())
    }

    pub fn mailbox_mut(&mut self, address: &str) -> Option<&mut Mailbox> {
        self.mailboxes.get_mut(&address.to_ascii_lowercase())
    }

    pub fn expire_sync_states(&mut self, address: Option<&str>) {
        let meant =
            |mailbox: &Mailbox| address.is_none_or(|address| mailbox.owner.address.eq_ignore_ascii_case(address));
        self.mailboxes.values_mut().filter(|mailbox| meant(mailbox)).for_each(Mailbox::expire_sync_states);
    }

    /// Whether `operation` is to fail on such an item.
    pub fn poisoned(&self, operation: &str, content: &Content) -> Option<Refusal> {
        let subject = content.subject.as_deref().unwrap_or_default();
        let strikes = |poison: &&Poison| {
            subject.contains(&poison.subject_contains) && poison.operations.iter().any(|name| name == operation)
        };
        let poison = self.poison.iter().find(strikes)?;
        Some(Refusal::saying(poison.response_code.clone(), "This item cannot be processed."))
    }
}

/// How often what was asked for.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    total: u64,
    operations: BTreeMap<String, u64>,
    by_mailbox: BTreeMap<String, BTreeMap<String, u64>>,
    /// Calls that named the mailbox for routing as well.
    with_anchor_mailbox: u64,
}

impl Log {
    pub fn note(&mut self, operation: Option<&str>, mailbox: Option<&str>, anchor: Option<&str>) {
        let operation = operation.unwrap_or("unreadable").to_owned();
        self.total += 1;
        self.with_anchor_mailbox += u64::from(anchor.is_some());
        if let Some(mailbox) = mailbox {
            let counts = self.by_mailbox.entry(mailbox.to_ascii_lowercase()).or_default();
            *counts.entry(operation.clone()).or_default() += 1;
        }
        *self.operations.entry(operation).or_default() += 1;
    }

    pub fn count_of(&self, operation: &str) -> u64 {
        self.operations.get(operation).copied().unwrap_or_default()
    }
}
