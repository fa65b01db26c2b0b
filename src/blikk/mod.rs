//! Blikk's calendar API, as docs/blikk-calendar.openapi.yaml says.
//!
//! | file | question it answers |
//! |---|---|
//! | [`wire`] | what does the JSON look like? |
//! | [`mapping`] | which [`Event`](crate::event::Event) is that, and what of an event is to be written? |
//! | [`error`] | what does a status or a broken connection mean? |
//! | [`client`] | how is a call made and its answer read? |
//!
//! One call of [`client::Client`] is one request: build, send, read; sent once more when the connection breaks, and as
//! often as Blikk asks for patience. Nothing here remembers; what a repeated write means is [`crate::sync::blikk`]'s part.

pub mod client;
pub mod error;
pub mod mapping;
pub mod wire;
