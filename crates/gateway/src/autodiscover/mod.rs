//! Finding the server: from an address to the address of Exchange Web Services.
//!
//! ```text
//! question.rs ─ search.rs ─ json.rs, pox.rs ─ ask.rs
//! whom to ask   in what order,   what the       how: one
//! for a domain  with what        answer says    HTTP request
//! ```
//!
//! The order is Microsoft's for a client outside the domain, with Autodiscover v2 (JSON) before v1 (POX):
//! <https://learn.microsoft.com/exchange/client-developer/exchange-web-services/autodiscover-for-exchange>, [MS-OXDISCO]
//! section 3.1.5, [MS-OXDSCLI]. Looking for SRV records (section 3.1.5.3) is left out: it takes a DNS client, and what
//! it finds an administrator can type.
//!
//! Two things make this more than a few requests. The service account may read every mailbox, so its password goes only
//! to hosts below the account's own domain, to those of the configuration, and to those that the administrator has
//! confirmed just now with the password typed in. And every answer may be an enemy's: it is small, parsed strictly,
//! leads only to addresses that [`AddressRules`](crate::server_address::AddressRules) allows, and ends in a suggestion
//! that a person sees and saves. Nothing here saves anything.

mod ask;
mod json;
mod pox;
mod question;
mod search;

#[cfg(test)]
mod search_tests;

pub use ask::Internet;
pub use question::Way;
pub use search::{Ask, Network, Outcome, Password, Reply, Report, Search, Step, search};
