//! An Exchange that speaks EWS and a Blikk with a calendar, for the demo and the tests.

pub mod blikk;
pub mod fault;
