//! The synchronisation: what to ask of the world ([`port`]), what to remember ([`state`]), who belongs together
//! ([`pairing`]), how two edits become one ([`merge`]), what to do and why ([`plan`]), and the run itself ([`run`]).
//!
//! `merge`, `pairing` and `plan` are plain functions from values to values and know no protocol. [`blikk`] and
//! [`exchange`] bring the two services behind the one trait that the engine sees.

pub mod anew;
pub mod blikk;
pub mod brake;
mod counterparts;
pub mod exchange;
mod execute;
pub mod farewell;
pub mod history;
pub mod journal;
mod ledger;
pub mod memory_store;
pub mod merge;
mod moved;
pub mod options;
mod outcome;
pub mod pairing;
mod places;
pub mod plan;
pub mod port;
pub mod preview;
mod pull;
pub mod questions;
mod recover;
pub mod report;
mod rows;
pub mod run;
pub mod settings;
pub mod state;
mod survey;
pub mod undo;
pub mod veil;
pub mod window;
