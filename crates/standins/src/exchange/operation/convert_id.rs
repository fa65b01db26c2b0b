//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/convertid-operation>
//!
//! Clients use it to find out what they are talking to; no id is converted here, and each is refused by itself.

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::xml::Element;
use super::{Call, asked_for, error};

pub fn answer(request: Node, _: &mut Call) -> Vec<Element> {
    asked_for(request).map(|_| error("ConvertId", &Refusal::new("ErrorInvalidIdMalformed"))).collect()
}
