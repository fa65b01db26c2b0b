//! The synchronisation: what to remember, how to decide, how to run.
pub mod blikk;
pub mod exchange;
pub mod port;
pub mod report;
pub mod state;
