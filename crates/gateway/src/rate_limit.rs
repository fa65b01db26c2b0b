//! So many requests a second per user, and a reserve for a first synchronisation: a token bucket.
//!
//! A page that runs away would otherwise use up the service account's share of Exchange for everybody (R12).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Beyond this many users the full buckets, which say nothing, are forgotten.
const REMEMBERED: usize = 10_000;

/// One bucket per user.
#[derive(Debug)]
pub struct RateLimiter {
    per_second: f64,
    burst: f64,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl RateLimiter {
    pub fn new(per_second: u32, burst: u32) -> Self {
        RateLimiter { per_second: per_second.into(), burst: burst.into(), buckets: Mutex::default() }
    }

    /// Takes one request from the user's bucket, or says in how many seconds there will be one.
    pub fn take(&self, user: &str, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED && !buckets.contains_key(user) {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.burst);
        }
        let bucket = buckets.entry(user.to_owned()).or_insert(Bucket { left: self.burst, at: now });
        bucket.left = self.filled(*bucket, now);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        // Between one second and, at one request a second, the same.
        Err(((1.0 - bucket.left) / self.per_second).ceil() as u64)
    }

    fn filled(&self, bucket: Bucket, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.left + seconds * self.per_second).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn after_the_burst_a_user_gets_the_rate_and_is_told_to_wait() {
        let limiter = RateLimiter::new(2, 3);
        let start = Instant::now();
        assert_eq!([(); 4].map(|()| limiter.take("u1", start).is_ok()), [true, true, true, false]);
        assert_eq!(limiter.take("u1", start), Err(1));
        assert_eq!(limiter.take("u1", start + Duration::from_millis(500)), Ok(()));
        assert_eq!(limiter.take("u1", start + Duration::from_millis(500)), Err(1));
    }

    #[test]
    fn one_users_haste_does_not_slow_another() {
        let limiter = RateLimiter::new(1, 1);
        let start = Instant::now();
        assert_eq!(limiter.take("u1", start), Ok(()));
        assert_eq!(limiter.take("u1", start), Err(1));
        assert_eq!(limiter.take("u2", start), Ok(()));
    }

    #[test]
    fn a_bucket_never_holds_more_than_the_burst() {
        let limiter = RateLimiter::new(10, 2);
        let start = Instant::now();
        assert_eq!(limiter.take("u1", start), Ok(()));
        let later = start + Duration::from_secs(3600);
        assert_eq!([(); 3].map(|()| limiter.take("u1", later).is_ok()), [true, true, false]);
    }

    #[test]
    fn users_who_have_been_quiet_are_forgotten() {
        let limiter = RateLimiter::new(1, 1);
        let start = Instant::now();
        for user in 0..REMEMBERED {
            assert_eq!(limiter.take(&user.to_string(), start), Ok(()));
        }
        assert_eq!(limiter.take("one more", start + Duration::from_secs(10)), Ok(()));
        assert_eq!(limiter.buckets.lock().expect("no panic").len(), 1);
    }
}
