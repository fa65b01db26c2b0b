//! Exchange Web Services, the calendar part: bytes in and bytes out, no I/O.
//!
//! EWS is SOAP over HTTPS: one POST per operation, XML both ways. Microsoft documents it at
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange>.
//!
//! # The rooms, in the order in which a request passes them
//!
//! | file | answers |
//! |---|---|
//! | [`client`] | how is one call made: post, judge the answer, wait when told to |
//! | `listing`, `folders` | how is more asked for than comes at once; which calendars are there |
//! | `patience` | how long does a call wait, and when does it give up |
//! | `batches` | what is left to do of many things |
//! | [`operation`] | what can be asked, and what comes back: one file per operation |
//! | [`envelope`] | what is around every request and answer: SOAP, whose mailbox, faults |
//! | [`error`] | what does a `ResponseCode` mean, and what is to be done about it |
//! | [`item`] | what is a calendar item made of: one table that reading, writing and comparing follow |
//! | [`zone_definition`] | how does a server tell the rules of a time zone |
//! | [`mapping`] | how does an item become an [`Event`](crate::event::Event), and the other way round |
//! | [`series`] | how does a series become an event, and what has to be written for each of its exceptions |
//! | `global_object_id` | by what can an item be searched for whose UID is known |
//! | [`html`] | what does a body say, whatever form it came in |
//! | [`zone_definition`], [`zone_rules`] | which zone does an item mean that spells out its rules |
//! | [`xml`] | how is XML read and written at all |
//!
//! # What holds everywhere
//!
//! - **Read tolerantly, write strictly.** Unknown elements, codes and kinds of item are values, never failures; elements
//!   may come in any order, doubled, or not at all. What we write validates against Microsoft's schema
//!   (`tests/ews_schema.rs`), in its order, because Exchange refuses a whole batch for one misplaced element.
//! - **One bad item never loses the batch** (R11, R23): an answer is a list of results, one per item asked for.
//! - **Nobody gets mail** (R16): every operation that could send says SendToNone, and there is no code at all that
//!   writes an attendee.
//! - **No I/O, no clock, no JavaScript.** `client` is the one file with an `.await`, and it asks through ports.
//! - **`ews/` knows no sync.** [`crate::sync::exchange`] turns all this into the engine's `Calendar`.

mod batches;
pub mod client;
pub mod envelope;
pub mod error;
mod folders;
mod global_object_id;
pub mod html;
pub mod item;
mod listing;
pub mod mapping;
pub mod operation;
mod patience;
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) mod script;
pub mod series;
pub mod xml;
pub mod zone_definition;
pub mod zone_rules;
