//! Two-way synchronisation between the Blikk calendar and a person's Exchange calendar.
//!
//! This crate is the whole of the sync logic. In the browser it is a WebAssembly module inside the Blikk settings page;
//! natively it is an ordinary library, so that the very same code runs in tests and benchmarks.
//!
//! # How to read it
//!
//! Follow one event: [`ews`] reads an Exchange item and makes it an [`event::Event`]; [`sync::pairing`] finds the Blikk
//! event that it belongs to; [`sync::merge`] and [`sync::plan`] decide what to do, and why; [`sync::run`] does it, and
//! [`ews`] or [`blikk`] writes it. Each room is visited once.
//!
//! | room | the question it answers |
//! |---|---|
//! | [`event`] | What is a calendar event? |
//! | [`recurrence`] | When does it happen again? |
//! | [`zone`] | What time is that, where? |
//! | [`ews`] | How does Exchange say it? Bytes in, bytes out. |
//! | [`blikk`] | How does Blikk say it? |
//! | [`sync`] | Which events belong together, what must change, and how is nothing lost on the way? |
//! | [`rfc3339`] | How is a time written? |
//! | [`http`] | Who carries a request? |
//! | [`host`] | Who tells the time, and who listens? |
//! | [`value`] | How is JSON kept until it is known what it is? |
//! | [`problem`] | What can go wrong, and what is it called? |
//! | `wasm` | How does the page talk to all this? The only room that knows JavaScript. |
//!
//! # The contract with the world
//!
//! The core opens no socket, reads no clock and draws no random number. It asks through small traits, the *ports*
//! ([`http::Transport`], [`zone::ZoneRules`], and those in [`host`] and [`sync::port`]). A run is one `async fn`
//! ([`sync::run::run`]) that needs no executor of its own and no `Send`; dropping it at any await is a crash that the
//! next run survives.
//!
//! Arrows between rooms only point down: `wasm -> sync -> (ews | blikk) -> event, recurrence, zone, http, host,
//! value, problem`. `ews` and `blikk` know nothing of the sync; `merge`, `pairing` and `plan` know no protocol.

pub mod blikk;
pub mod event;
pub mod ews;
pub mod host;
pub mod http;
pub mod problem;
pub mod recurrence;
pub mod rfc3339;
pub mod sync;
pub mod value;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod zone;
