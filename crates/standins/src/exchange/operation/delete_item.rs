//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/deleteitem-operation>
//!
//! The ChangeKey of an ItemId is not looked at: whoever deletes must have compared before.

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::mail::{self, Kind};
use super::super::store::Edit;
use super::super::xml::Element;
use super::{Call, asked_for, each, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let send = request.attribute("SendMeetingCancellations");
    each("DeleteItem", asked_for(request), call, |id, call| {
        delete(id, send, call)?;
        Ok(success("DeleteItem"))
    })
}

/// An occurrence leaves its series, and nothing else; a master takes all of them along.
///
/// Wherever DeleteType sends it, the item leaves the calendar under this id: what lands among the deleted items gets
/// a new one.
fn delete(id: Node, send: Option<&str>, call: &mut Call) -> Result<(), Refusal> {
    if id.tag_name().name() == "RecurringMasterItemIdRanges" {
        return Err(Refusal::saying("ErrorInvalidOperation", "This server deletes no ranges of occurrences."));
    }
    let (address, place) = call.caller.item(call.state, id)?;
    let send = send.ok_or_else(|| Refusal::new("ErrorSendMeetingCancellationsRequired"))?;
    let not_found = || Refusal::new("ErrorItemNotFound");
    let item = call.state.mailbox(&address).and_then(|mailbox| mailbox.find(place)).ok_or_else(not_found)?;
    if let Some(refusal) = call.state.poisoned("DeleteItem", &item.content) {
        return Err(refusal);
    }
    let edit = Edit { fields: Vec::new(), by: call.caller_name(), at: call.now, is_told: call.tells_of(place) };
    let mailbox = call.state.mailbox_mut(&address).ok_or_else(not_found)?;
    let gone = match place.date {
        None => mailbox.delete(place.key),
        // What a real server says to the last occurrence of a series was not found out; a series without any is what
        // this code is for.
        Some(date) if !mailbox.items.get(&place.key).is_some_and(|series| series.has_others_than(date)) => {
            return Err(Refusal::new("ErrorRecurrenceHasNoOccurrence"));
        }
        Some(_) => mailbox.delete_instance(place, &edit),
    };
    let gone = gone.ok_or_else(not_found)?;
    let mail = mail::due(send, Kind::Cancellation, &mailbox.owner, &gone.content, &[], edit.at);
    call.state.outbox.extend(mail);
    Ok(())
}
