//! The Exchange stand-in, seen from outside: requests as a client would write them, answers read with roxmltree.

mod callers;
mod faults;
mod finding;
mod items;
mod people;
mod schema;
mod series;
mod servers;
mod support;
mod synchronising;
mod updates;
mod wire;
