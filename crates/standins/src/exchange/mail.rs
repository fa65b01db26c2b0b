//! The outbox: every mail that Exchange would have sent on behalf of a mailbox. In a good sync it stays empty (R16).

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::field::Owner;
use super::item::Content;

/// One mail that was not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    pub kind: Kind,
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    Invitation,
    Update,
    Cancellation,
    /// To the organiser, when an attendee throws the meeting away.
    Decline,
}

/// What a value of SendMeetingInvitations, SendMeetingInvitationsOrCancellations or SendMeetingCancellations sends
/// for such an item. `only`: the addresses that are new in it, for the values that send to the changed ones alone.
pub fn due(
    send: &str,
    kind: Kind,
    from: &Owner,
    content: &Content,
    only: &[String],
    now: DateTime<Utc>,
) -> Option<Mail> {
    if send == "SendToNone" || !content.is_meeting() {
        return None;
    }
    let attendees = content.attendees().map(|attendee| attendee.person.address.clone());
    let (kind, to): (Kind, Vec<String>) = match (&content.organizer, kind) {
        (Some(organizer), Kind::Cancellation) => (Kind::Decline, vec![organizer.address.clone()]),
        // Only an organiser can invite.
        (Some(_), _) => return None,
        (None, kind) if send.contains("Changed") => (kind, attendees.filter(|to| only.contains(to)).collect()),
        (None, kind) => (kind, attendees.collect()),
    };
    let subject = content.subject.clone().unwrap_or_default();
    (!to.is_empty()).then(|| Mail { kind, from: from.address.clone(), to, subject, at: now })
}
