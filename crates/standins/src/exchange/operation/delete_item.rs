//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/deleteitem-operation>
//!
//! The ChangeKey of an ItemId is not looked at: whoever deletes must have compared before.

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::mail::{self, Kind};
use super::super::xml::Element;
use super::{Call, asked_for, error, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let send = request.attribute("SendMeetingCancellations");
    asked_for(request)
        .map(|id| match delete(id, send, call) {
            Ok(()) => success("DeleteItem"),
            Err(refusal) => error("DeleteItem", &refusal),
        })
        .collect()
}

/// Wherever DeleteType sends it, the item leaves the calendar under this id: what lands among the deleted items gets
/// a new one.
fn delete(id: Node, send: Option<&str>, call: &mut Call) -> Result<(), Refusal> {
    let (address, key) = call.caller.item(call.state, id)?;
    let send = send.ok_or_else(|| Refusal::new("ErrorSendMeetingCancellationsRequired"))?;
    let not_found = || Refusal::new("ErrorItemNotFound");
    let now = call.now;
    let item = call.state.mailbox(&address).and_then(|mailbox| mailbox.items.get(&key)).ok_or_else(not_found)?;
    if let Some(refusal) = call.state.poisoned("DeleteItem", &item.content) {
        return Err(refusal);
    }
    let mailbox = call.state.mailbox_mut(&address).ok_or_else(not_found)?;
    let gone = mailbox.delete(key).ok_or_else(not_found)?;
    let mail = mail::due(send, Kind::Cancellation, &mailbox.owner, &gone.content, &[], now);
    call.state.outbox.extend(mail);
    Ok(())
}
