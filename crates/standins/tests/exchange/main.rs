//! The Exchange stand-in, seen from outside: requests as a client would write them, answers read with roxmltree.

mod callers;
mod faults;
mod finding;
mod folders;
mod items;
mod meetings;
mod people;
mod schema;
mod series;
mod servers;
mod support;
mod synchronising;
mod throttling;
mod updates;
mod wire;
mod zones;
