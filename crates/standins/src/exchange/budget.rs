//! Throttling: how many calls a mailbox may make, and how many at once.
//!
//! <https://learn.microsoft.com/en-us/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange>
//! Calls that impersonate are charged to the mailbox; a call that is refused costs nothing.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::code::Refusal;
use super::xml::Element;

/// A throttling policy; without limits, as it is at first, nobody is throttled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Throttling {
    pub calls_per_minute: Option<usize>,
    /// Calls of one mailbox that are answered at the same time; only a server on a socket can be that busy.
    pub concurrent_calls: Option<usize>,
    /// What BackOffMilliseconds says instead of the truth; real servers have said 0 (R12).
    pub back_off_ms: Option<u64>,
    /// A bare 503 with Retry-After, as a proxy before Exchange would say it, instead of ErrorServerBusy.
    pub as_503: bool,
}

/// What has been spent.
#[derive(Debug, Default)]
pub struct Budget {
    calls: BTreeMap<String, VecDeque<DateTime<Utc>>>,
    in_flight: BTreeMap<String, usize>,
}

/// A call too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// Until there is room for another one.
    Calls {
        wait_ms: u64,
    },
    Concurrency,
}

impl Budget {
    /// # Errors
    /// When the policy allows no further call now.
    pub fn charge(&mut self, mailbox: &str, policy: &Throttling, now: DateTime<Utc>) -> Result<(), Exceeded> {
        let in_flight = self.in_flight.get(mailbox).copied().unwrap_or_default();
        if policy.concurrent_calls.is_some_and(|most| in_flight > most) {
            return Err(Exceeded::Concurrency);
        }
        let Some(most) = policy.calls_per_minute else { return Ok(()) };
        let minute = TimeDelta::minutes(1);
        let calls = self.calls.entry(mailbox.to_owned()).or_default();
        while calls.front().is_some_and(|first| now - *first >= minute) {
            calls.pop_front();
        }
        if calls.len() < most {
            calls.push_back(now);
            return Ok(());
        }
        let room_at = calls.front().map_or(now, |first| *first + minute);
        let wait_ms = policy.back_off_ms.unwrap_or_else(|| (room_at - now).num_milliseconds().unsigned_abs());
        Err(Exceeded::Calls { wait_ms })
    }

    pub fn begin(&mut self, mailbox: &str) {
        *self.in_flight.entry(mailbox.to_owned()).or_default() += 1;
    }

    pub fn end(&mut self, mailbox: &str) {
        if let Some(calls) = self.in_flight.get_mut(mailbox) {
            *calls = calls.saturating_sub(1);
        }
    }
}

impl Exceeded {
    pub fn refusal(self) -> Refusal {
        match self {
            Exceeded::Calls { wait_ms } => server_busy(wait_ms),
            Exceeded::Concurrency => Refusal::new("ErrorExceededConnectionCount"),
        }
    }

    /// For Retry-After, in whole seconds.
    pub fn retry_after(self) -> u64 {
        match self {
            Exceeded::Calls { wait_ms } => wait_ms.div_ceil(1000),
            Exceeded::Concurrency => 1,
        }
    }
}

/// ErrorServerBusy with how long to wait.
pub fn server_busy(back_off_ms: u64) -> Refusal {
    let value = Element::new("t:Value").attribute("Name", "BackOffMilliseconds").text(back_off_ms.to_string());
    Refusal::new("ErrorServerBusy").with_detail(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_mailbox_has_so_many_calls_in_any_minute() {
        let policy = Throttling { calls_per_minute: Some(2), ..Throttling::default() };
        let mut budget = Budget::default();
        let wait = |wait_ms| Err(Exceeded::Calls { wait_ms });
        #[rustfmt::skip]
        let calls = [
            ("anna", 0, Ok(())),
            ("anna", 20, Ok(())),
            ("anna", 30, wait(30_000)),
            ("björn", 30, Ok(())),
            ("anna", 59, wait(1_000)),
            ("anna", 60, Ok(())),
            ("anna", 61, wait(19_000)),
        ];
        for (mailbox, second, expected) in calls {
            assert_eq!(budget.charge(mailbox, &policy, at(second)), expected, "{mailbox} at {second}");
        }
        let silent = Throttling { back_off_ms: Some(0), ..policy };
        assert_eq!(budget.charge("anna", &silent, at(61)), wait(0));
    }

    #[test]
    fn a_mailbox_has_so_many_calls_at_once() {
        let policy = Throttling { concurrent_calls: Some(1), ..Throttling::default() };
        let mut budget = Budget::default();
        budget.begin("anna");
        assert_eq!(budget.charge("anna", &policy, at(0)), Ok(()));
        budget.begin("anna");
        assert_eq!(budget.charge("anna", &policy, at(0)), Err(Exceeded::Concurrency));
        budget.end("anna");
        assert_eq!(budget.charge("anna", &policy, at(0)), Ok(()));
    }
}
