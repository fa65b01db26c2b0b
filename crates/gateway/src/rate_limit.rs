//! So many requests a second per user, a reserve for a first synchronisation, and so many at the same time.
//!
//! A page that runs away would otherwise use up the service account's share of Exchange for everybody (R12), and a
//! page that sends slowly on many connections the gateway's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Beyond this many users those are forgotten of whom there is nothing to remember.
const REMEMBERED: usize = 10_000;

/// One token bucket and one counter per user.
#[derive(Debug)]
pub struct RateLimiter {
    per_second: f64,
    burst: f64,
    at_once: u32,
    users: Mutex<HashMap<String, User>>,
}

#[derive(Clone, Copy, Debug)]
struct User {
    /// Requests that may be made without waiting, as of `at`.
    left: f64,
    at: Instant,
    /// Requests that have not been answered yet.
    under_way: u32,
}

/// The right to make one request; given back when dropped.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    limiter: Arc<RateLimiter>,
    user: String,
}

impl RateLimiter {
    pub fn new(per_second: impl Into<f64>, burst: u32, at_once: u32) -> Arc<Self> {
        let (per_second, burst) = (per_second.into(), burst.into());
        Arc::new(RateLimiter { per_second, burst, at_once, users: Mutex::default() })
    }

    /// A turn for the user, or in how many seconds to come back for one.
    pub fn take(self: &Arc<Self>, user: &str, now: Instant) -> Result<Turn, u64> {
        let mut users = self.users();
        if users.len() >= REMEMBERED && !users.contains_key(user) {
            users.retain(|_, user| user.under_way > 0 || self.filled(*user, now) < self.burst);
        }
        let known = users.entry(user.to_owned()).or_insert(User { left: self.burst, at: now, under_way: 0 });
        (known.left, known.at) = (self.filled(*known, now), now);
        if known.left < 1.0 {
            return Err(((1.0 - known.left) / self.per_second).ceil() as u64);
        }
        if known.under_way >= self.at_once {
            return Err(1);
        }
        known.left -= 1.0;
        known.under_way += 1;
        Ok(Turn { limiter: self.clone(), user: user.to_owned() })
    }

    fn filled(&self, user: User, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(user.at).as_secs_f64();
        (user.left + seconds * self.per_second).min(self.burst)
    }

    fn users(&self) -> MutexGuard<'_, HashMap<String, User>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(user) = self.limiter.users().get_mut(&self.user) {
            user.under_way -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Takes a turn and gives it back at once.
    fn passes(limiter: &Arc<RateLimiter>, user: &str, now: Instant) -> Result<(), u64> {
        limiter.take(user, now).map(drop)
    }

    #[test]
    fn after_the_burst_a_user_gets_the_rate_and_is_told_to_wait() {
        let limiter = RateLimiter::new(2, 3, 9);
        let start = Instant::now();
        assert_eq!([(); 4].map(|()| passes(&limiter, "u1", start)), [Ok(()), Ok(()), Ok(()), Err(1)]);
        assert_eq!(passes(&limiter, "u1", start + Duration::from_millis(500)), Ok(()));
        assert_eq!(passes(&limiter, "u1", start + Duration::from_millis(500)), Err(1));
    }

    #[test]
    fn one_users_haste_does_not_slow_another() {
        let limiter = RateLimiter::new(1, 1, 9);
        let start = Instant::now();
        assert_eq!([(); 2].map(|()| passes(&limiter, "u1", start)), [Ok(()), Err(1)]);
        assert_eq!(passes(&limiter, "u2", start), Ok(()));
    }

    #[test]
    fn a_rest_gives_back_the_burst_and_no_more() {
        let limiter = RateLimiter::new(10, 2, 9);
        let start = Instant::now();
        assert_eq!(passes(&limiter, "u1", start), Ok(()));
        let later = start + Duration::from_secs(3600);
        assert_eq!([(); 3].map(|()| passes(&limiter, "u1", later)), [Ok(()), Ok(()), Err(1)]);
    }

    #[test]
    fn a_user_has_so_many_requests_under_way_and_gets_the_next_when_one_is_answered() {
        let limiter = RateLimiter::new(100, 100, 2);
        let now = Instant::now();
        let (first, second) = (limiter.take("u1", now), limiter.take("u1", now));
        assert_eq!(passes(&limiter, "u1", now), Err(1));
        assert_eq!(passes(&limiter, "u2", now), Ok(()));
        drop(first);
        assert_eq!(passes(&limiter, "u1", now), Ok(()));
        drop(second);
    }

    #[test]
    fn users_who_have_been_quiet_are_forgotten_but_not_their_requests_under_way() {
        let limiter = RateLimiter::new(1, 1, 9);
        let start = Instant::now();
        let under_way = limiter.take("busy", start);
        for user in 1..REMEMBERED {
            assert_eq!(passes(&limiter, &user.to_string(), start), Ok(()));
        }
        assert_eq!(passes(&limiter, "one more", start + Duration::from_secs(10)), Ok(()));
        let mut left: Vec<_> = limiter.users().keys().cloned().collect();
        left.sort();
        assert_eq!(left, ["busy", "one more"]);
        drop(under_way);
    }
}
