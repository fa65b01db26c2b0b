//! A token bucket for each user (pure: the time is given).

use std::collections::HashMap;
use std::time::Instant;

/// How many requests a user may make.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    pub per_second: f64,
    pub burst: u32,
}

impl Default for Rate {
    /// Blikk's own.
    fn default() -> Self {
        Rate { per_second: 4.0, burst: 40 }
    }
}

impl Rate {
    /// For tests that are about something else.
    pub const UNLIMITED: Rate = Rate { per_second: 1e9, burst: u32::MAX };
}

pub(super) struct Limiter {
    rate: Rate,
    buckets: HashMap<String, Bucket>,
}

struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Limiter {
    pub fn new(rate: Rate) -> Self {
        Limiter { rate, buckets: HashMap::new() }
    }

    /// Takes one request from the user's bucket, or says how many whole seconds to wait.
    pub fn take(&mut self, user_id: &str, now: Instant) -> Result<(), u32> {
        let Rate { per_second, burst } = self.rate;
        let full = || Bucket { tokens: burst.into(), at: now };
        let bucket = self.buckets.entry(user_id.to_owned()).or_insert_with(full);
        let refilled = bucket.tokens + now.duration_since(bucket.at).as_secs_f64() * per_second;
        *bucket = Bucket { tokens: refilled.min(burst.into()), at: now };
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        Err(((1.0 - bucket.tokens) / per_second).ceil().max(1.0) as u32)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_and_then_four_a_second() {
        let mut limiter = Limiter::new(Rate { per_second: 4.0, burst: 3 });
        let start = Instant::now();
        let mut at = |ms| limiter.take("anna", start + Duration::from_millis(ms));
        assert_eq!([at(0), at(0), at(0), at(0)], [Ok(()), Ok(()), Ok(()), Err(1)]);
        assert_eq!([at(250), at(250)], [Ok(()), Err(1)]);
        assert_eq!([at(60_000), at(60_000), at(60_000), at(60_000)], [Ok(()), Ok(()), Ok(()), Err(1)]);
        assert_eq!(limiter.take("bo", start + Duration::from_millis(60_000)), Ok(()), "each user has one's own");
    }

    #[test]
    fn a_slow_rate_says_how_long() {
        let mut limiter = Limiter::new(Rate { per_second: 0.1, burst: 1 });
        let start = Instant::now();
        assert_eq!(limiter.take("anna", start), Ok(()));
        assert_eq!(limiter.take("anna", start), Err(10));
    }
}
