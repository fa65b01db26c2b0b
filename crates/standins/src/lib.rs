//! An Exchange that speaks EWS and a Blikk with a calendar, for the demo and the tests.
//!
//! Both answer over HTTP as the real ones do, and both can be told to fail ([`fault`]). Neither knows a line of the
//! client's code: what they understand of a request, they read by themselves.
//!
//! [`serve`](fn@serve) starts both, for `cargo run -p standins` and for tests in the same process.
//!
//! [`exchange`] is plain values and functions (state in memory, the clock passed in), with a thin HTTP shell around it;
//! everything that needs a socket is left out of a wasm build.

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
mod autodiscover;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod blikk;
pub mod demo;
pub mod exchange;
pub mod fault;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
mod serve;

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub use serve::{Addresses, Options, Running, serve};
