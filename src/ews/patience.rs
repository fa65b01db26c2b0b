//! How long a call waits, and when it gives up (R12). Pure, so that it can be tested without waiting.

use std::cell::Cell;

use chrono::{DateTime, TimeDelta, Utc};

use crate::http::HttpResponse;
use crate::problem::Problem;
use crate::rfc3339::instant_from;

/// How often a call is sent at most.
pub(super) const TRIES: u32 = 3;

/// The longest that one call waits altogether for a busy server; after that the run ends and says so.
const MOST_SECONDS: u32 = 5 * 60;

/// How long to wait when a busy server does not say, and after passing trouble, on the first try and on the next.
const BUSY_SECONDS: [u32; 2] = [5, 30];
const TROUBLE_SECONDS: [u32; 2] = [1, 4];

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failure {
    pub problem: Problem,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The server did not even begin, and will when there is room.
    Busy,
    /// The server did not even begin, and perhaps it was mistaken: rights that were just given, or a domain controller
    /// that just started, are not known everywhere yet (R24).
    Denied,
    /// The server did not even begin, because it does not know the version of the schema.
    OtherVersion,
    /// It may go better next time, and nobody knows whether it was done this time.
    Passing,
    Final,
}

impl Kind {
    pub(super) fn of(problem: &Problem) -> Kind {
        if problem.is_passing() { Kind::Passing } else { Kind::Final }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Failure { kind: Kind::of(&problem), problem }
    }
}

/// What is left of tries and time.
#[derive(Default)]
pub(super) struct Patience {
    failures: u32,
    seconds: u32,
}

impl Patience {
    /// How long to wait before the next try; `None` to give up.
    pub fn next_try(&mut self, failure: &Failure, only_reads: bool) -> Option<u32> {
        let usual = match failure.kind {
            Kind::Busy => BUSY_SECONDS,
            Kind::Denied if self.failures == 0 => TROUBLE_SECONDS,
            Kind::Passing if only_reads => TROUBLE_SECONDS,
            Kind::Denied | Kind::Passing | Kind::OtherVersion | Kind::Final => return None,
        };
        let usual = *usual.get(self.failures as usize)?;
        self.failures += 1;
        (self.failures < TRIES).then(|| failure.problem.wait_seconds.unwrap_or(usual).max(1))
    }

    /// Whether so much more waiting can be borne. It is, then.
    pub fn can_bear(&mut self, seconds: u32) -> bool {
        let sum = self.seconds.saturating_add(seconds);
        let bearable = sum <= MOST_SECONDS;
        if bearable {
            self.seconds = sum;
        }
        bearable
    }

    /// Something was done: the tries count anew. The time waited does not come back.
    pub fn begin_anew(&mut self) {
        self.failures = 0;
    }
}

/// How long a busy server that does not say is left in peace.
pub(super) fn usual_seconds(problem: &Problem) -> u32 {
    problem.wait_seconds.unwrap_or(BUSY_SECONDS[0]).max(1)
}

/// One gate for all calls of a mailbox: a busy server that said "until then" to one of them said it to all (R12).
#[derive(Default)]
pub(super) struct Gate {
    closed_until: Cell<Option<DateTime<Utc>>>,
}

impl Gate {
    pub fn close(&self, now: DateTime<Utc>, seconds: u32) {
        self.closed_until.set(self.closed_until.get().max(Some(now + TimeDelta::seconds(seconds.into()))));
    }

    /// How long it is closed yet; 0 when it is open.
    pub fn seconds_left(&self, now: DateTime<Utc>) -> u32 {
        self.closed_until.get().map_or(0, |until| seconds_until(until, now))
    }
}

/// What `Retry-After` says: seconds, or an HTTP date (RFC 9110 §10.2.3). The date is compared with the server's own
/// clock where it tells it, because a browser's may be wrong. Zero says nothing.
pub(super) fn retry_after(response: &HttpResponse, now: DateTime<Utc>) -> Option<u32> {
    let text = response.header("retry-after")?.trim();
    let seconds = text.parse().ok().or_else(|| {
        let now = response.header("date").and_then(http_date).unwrap_or(now);
        http_date(text).map(|until| seconds_until(until, now))
    });
    seconds.filter(|&seconds| seconds > 0)
}

fn seconds_until(until: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
    let milliseconds = (until - now).num_milliseconds().max(0).unsigned_abs();
    u32::try_from(milliseconds.div_ceil(1000)).unwrap_or(u32::MAX)
}

/// `Sun, 06 Nov 2026 08:49:37 GMT`, the one form that is still sent (RFC 9110 §5.6.7).
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut parts = text.split_ascii_whitespace().skip(1);
    let (day, month, year, clock) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.as_bytes().chunks(3).position(|name| name == month.as_bytes())? + 1;
    instant_from(&format!("{year}-{month:02}-{day}T{clock}Z")).filter(|_| parts.next() == Some("GMT"))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::problem::Code;

    #[test]
    fn r12_retry_after_is_read_in_seconds_and_as_a_date() {
        let now = instant_from("2026-11-06T08:49:30Z").unwrap();
        #[rustfmt::skip]
        let cases = [
            // Retry-After                     Date                                      seconds
            (Some("7"),                        None,                                     Some(7)),
            (Some(" 30 "),                     None,                                     Some(30)),
            (Some("0"),                        None,                                     None),
            (Some("-1"),                       None,                                     None),
            (Some("soon"),                     None,                                     None),
            (Some("Fri, 06 Nov 2026 08:49:37 GMT"), None,                                Some(7)),
            (Some("Fri, 06 Nov 2026 08:49:37 GMT"), Some("Fri, 06 Nov 2026 08:48:37 GMT"), Some(60)),
            (Some("Fri, 06 Nov 2026 08:49:37 GMT"), Some("yesterday"),                   Some(7)),
            (Some("Fri, 06 Nov 2026 08:49:37 CET"), None,                                None),
            (Some("Fri, 06 Nov 2020 08:49:37 GMT"), None,                                None),
            (Some("Fri, 06 Foo 2026 08:49:37 GMT"), None,                                None),
            (Some("Friday, 06-Nov-26 08:49:37 GMT"), None,                               None),
            (None,                             None,                                     None),
        ];
        for (after, date, seconds) in cases {
            let headers = [("retry-after", after), ("date", date)];
            let headers = headers.iter().filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
            let response = HttpResponse { status: 503, headers: headers.collect(), body: Vec::new() };
            assert_eq!(retry_after(&response, now), seconds, "{after:?} {date:?}");
        }
    }

    #[test]
    fn what_is_tried_again_and_after_how_long() {
        let mut patience = Patience::default();
        let failure = |kind, wait_seconds| Failure { problem: Problem { wait_seconds, ..Code::Internal.into() }, kind };
        #[rustfmt::skip]
        let cases = [
            // each in a new patience         reading                     writing
            (Kind::Busy,         None,       [Some(5), Some(30), None],  [Some(5), Some(30), None]),
            (Kind::Busy,         Some(9),    [Some(9), Some(9), None],   [Some(9), Some(9), None]),
            (Kind::Denied,       None,       [Some(1), None, None],      [Some(1), None, None]),
            (Kind::Passing,      None,       [Some(1), Some(4), None],   [None; 3]),
            (Kind::OtherVersion, None,       [None; 3],                  [None; 3]),
            (Kind::Final,        None,       [None; 3],                  [None; 3]),
        ];
        for (kind, wait, reading, writing) in cases {
            for (only_reads, expected) in [(true, reading), (false, writing)] {
                patience = Patience::default();
                let found = [(); 3].map(|()| patience.next_try(&failure(kind, wait), only_reads));
                assert_eq!(found, expected, "{kind:?} {only_reads}");
            }
        }
        patience.begin_anew();
        assert_eq!(patience.next_try(&failure(Kind::Busy, None), false), Some(5));
        assert_eq!([200, 200, 100, 1].map(|seconds| patience.can_bear(seconds)), [true, false, true, false]);
    }

    #[test]
    fn the_gate_opens_when_the_last_that_was_said_is_over() {
        let (gate, start) = (Gate::default(), DateTime::UNIX_EPOCH);
        let left = |after: i64| gate.seconds_left(start + TimeDelta::milliseconds(after));
        assert_eq!(left(0), 0);
        gate.close(start, 20);
        gate.close(start, 5);
        assert_eq!([0, 1, 19_999, 20_000, 99_000].map(left), [20, 20, 1, 0, 0]);
    }
}
