//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/getitem-operation-calendar-item>

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::shape::{ItemShape, Through};
use super::super::xml::{self, Element};
use super::{Call, asked_for, error, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let shape = ItemShape::read(xml::child(request, "ItemShape"));
    asked_for(request)
        .map(|id| match shape.as_ref().map_err(Refusal::clone).and_then(|shape| get(id, shape, call)) {
            Ok(item) => success("GetItem").child(Element::new("m:Items").child(item)),
            Err(refusal) => error("GetItem", &refusal),
        })
        .collect()
}

fn get(id: Node, shape: &ItemShape, call: &Call) -> Result<Element, Refusal> {
    let not_found = || Refusal::new("ErrorItemNotFound");
    let (address, key) = call.caller.item(call.state, id)?;
    let mailbox = call.state.mailbox(&address).ok_or_else(not_found)?;
    let item = mailbox.items.get(&key).ok_or_else(not_found)?;
    match call.state.poisoned("GetItem", &item.content) {
        Some(refusal) => Err(refusal),
        None => Ok(shape.show(item, &mailbox.owner, Through::Get)),
    }
}
