//! Whole runs of the engine: between two calendars and a state that lie on disk, and between calendars of any size that
//! lie nowhere.

#[cfg(not(target_arch = "wasm32"))]
pub mod calendar;
pub mod numbered;
#[cfg(not(target_arch = "wasm32"))]
pub mod store;
#[cfg(not(target_arch = "wasm32"))]
pub mod vdir;

#[cfg(not(target_arch = "wasm32"))]
pub use machine::{Machine, wait_for};

#[cfg(not(target_arch = "wasm32"))]
mod machine {
    use std::hash::{BuildHasher, Hasher, RandomState};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use std::time::{Duration, SystemTime};

    use blikk_calendar_sync::host::{Audience, Clock, Progress, Random};
    use chrono::{DateTime, TimeDelta, Utc};

    /// The rest of the engine's world.
    pub struct Machine;

    impl Clock for Machine {
        fn now(&self) -> DateTime<Utc> {
            let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            DateTime::UNIX_EPOCH + TimeDelta::from_std(since).unwrap_or_default()
        }

        async fn sleep(&self, seconds: u32) {
            std::thread::sleep(Duration::from_secs(u64::from(seconds)));
        }
    }

    impl Random for Machine {
        /// The standard library draws the keys of its hash maps, and nothing else is drawn here.
        fn bytes(&self) -> [u8; 16] {
            let draw = || RandomState::new().build_hasher().finish();
            (u128::from(draw()) << 64 | u128::from(draw())).to_be_bytes()
        }
    }

    impl Audience for Machine {
        fn tell(&self, _: Progress) {}

        fn has_cancelled(&self) -> bool {
            false
        }
    }

    /// Drives a future that never waits for anything outside of this thread.
    pub fn wait_for<T>(future: impl Future<Output = T>) -> T {
        let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
        }
    }
}
