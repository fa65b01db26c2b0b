//! Faults on demand, for both stand-ins: what networks and servers do on a bad day, said beforehand by a test.
//!
//! A [`Rule`] names an operation, how many calls of it to let through, how many to spoil, and how. Choosing is pure
//! ([`Faults::next`]); `spoil` carries a fault out on an HTTP answer. A service handles by itself the faults that only
//! it can know ([`Fault::ServerBusy`], [`Fault::ExpireTokens`] and Exchange's own).
//!
//! ```
//! use standins::fault::{Fault, Faults, Rule};
//!
//! let mut faults = Faults::default();
//! faults.add(Rule::new("CreateItem", Fault::DropAfter).skipping(1));
//! assert_eq!(faults.next("CreateItem"), None, "the first one passes");
//! assert_eq!(faults.next("GetItem"), None, "another operation");
//! assert_eq!(faults.next("CreateItem"), Some(Fault::DropAfter));
//! assert_eq!(faults.next("CreateItem"), None, "once is once");
//! ```

use serde::{Deserialize, Serialize};

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
mod spoil;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub use spoil::spoil;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fault {
    /// The connection breaks before the request is carried out.
    DropBefore,
    /// The request is carried out, then the connection breaks before a byte of the answer (scenario 1).
    DropAfter,
    /// The answer comes, this much later.
    Delay { ms: u64 },
    /// This status instead of carrying the request out.
    Status {
        code: u16,
        #[serde(default)]
        retry_after: Option<u32>,
        #[serde(default)]
        body: Option<String>,
        #[serde(default)]
        content_type: Option<String>,
    },
    /// Exchange's ErrorServerBusy with BackOffMilliseconds (R12); Blikk answers 429.
    ServerBusy { back_off_ms: u64 },
    /// A 200 with this text instead of carrying the request out.
    Body { text: String, content_type: String },
    /// The request is carried out, and only so many bytes of the answer arrive.
    Truncate { bytes: usize },
    /// The request is carried out, and the answer is padded with blank space to so many bytes.
    Huge { bytes: usize },
    /// All sync states and cursors given out so far die (scenario 18); the request itself is carried out.
    ExpireTokens,
    /// Exchange only: every item of the request is answered with this ResponseCode, whether Microsoft has such a code
    /// or not, and nothing is carried out (R23).
    ResponseCode { response_code: String },
    /// Exchange only: a SOAP fault with this ResponseCode; `status` is 500 on a real server, 200 behind some proxies.
    SoapFault {
        response_code: String,
        #[serde(default)]
        status: Option<u16>,
    },
}

/// When a fault strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    #[serde(rename = "match", default)]
    pub calls: Calls,
    pub fault: Fault,
}

impl Rule {
    /// The next call of that operation fails like this.
    pub fn new(operation: &str, fault: Fault) -> Self {
        Rule { calls: Calls { operation: operation.to_owned(), ..Calls::default() }, fault }
    }

    /// Lets that many calls through first.
    #[must_use]
    pub fn skipping(mut self, calls: u32) -> Self {
        self.calls.skip = calls;
        self
    }

    /// Strikes the calls for that user alone, so that tests that share a server do not disturb each other.
    #[must_use]
    pub fn of_user(mut self, address: &str) -> Self {
        self.calls.user = Some(address.to_owned());
        self
    }

    /// Strikes that many calls.
    #[must_use]
    pub fn times(mut self, calls: u32) -> Self {
        self.calls.times = calls;
        self
    }
}

/// Which calls a rule strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calls {
    /// `CreateItem`, `GET /v1/calendar/changes`, or `*` for all.
    pub operation: String,
    /// The address of the one user whose calls are meant; `None` for all.
    pub user: Option<String>,
    pub skip: u32,
    pub times: u32,
}

impl Calls {
    fn mean(&self, operation: &str, user: Option<&str>) -> bool {
        let user_meant =
            self.user.as_deref().is_none_or(|meant| user.is_some_and(|user| user.eq_ignore_ascii_case(meant)));
        user_meant && (self.operation == "*" || self.operation == operation)
    }
}

impl Default for Calls {
    fn default() -> Self {
        Calls { operation: "*".to_owned(), user: None, skip: 0, times: 1 }
    }
}

/// The rules in force, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    rules: Vec<Rule>,
}

impl Faults {
    pub fn add(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    /// What is still in force.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// The fault that strikes this call, if any. Each call counts once against every rule that names it, until one
    /// strikes.
    pub fn next(&mut self, operation: &str) -> Option<Fault> {
        self.next_of(operation, None)
    }

    /// The same, for a call whose user is known.
    pub fn next_of(&mut self, operation: &str, user: Option<&str>) -> Option<Fault> {
        for rule in &mut self.rules {
            if !rule.calls.mean(operation, user) {
                continue;
            }
            if rule.calls.skip > 0 {
                rule.calls.skip -= 1;
            } else if rule.calls.times > 0 {
                rule.calls.times -= 1;
                return Some(rule.fault.clone());
            }
        }
        None
    }
}
