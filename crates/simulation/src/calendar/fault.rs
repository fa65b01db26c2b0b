//! What goes wrong between the engine and a calendar.

use blikk_calendar_sync::problem::{Code, Side};

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It never arrives.
    LostRequest,
    /// It is carried out, and the answer is lost.
    LostAnswer,
    /// A series in Exchange takes several calls to write. The first is carried out, and that is all.
    Interrupted,
    /// The server has too much to do, and does nothing of it (scenario 19).
    Busy,
    /// The server does not let us in, this once.
    Denied,
    /// The answer ends in the middle.
    CutOff,
    /// A proxy sends the request twice. Not a creation in Exchange, which nobody could tell from a person's copy.
    Twice,
    /// Every other event of the batch is refused for a passing reason; the rest is carried out.
    InPart,
    /// The server changes the first event by itself before it looks at what we want.
    Stirred,
    /// A list is as old as so many changes ago (scenario 6).
    Late(u8),
    /// A list says that an event is deleted that is there (scenario 5).
    Slander,
    /// The token is not known any more (R10).
    DeadToken,
    /// A page has one change, and more follow.
    ShortPage,
}

impl Fault {
    /// What it is called in a tally.
    pub fn name(self) -> &'static str {
        match self {
            Fault::LostRequest => "lost request",
            Fault::LostAnswer => "lost answer",
            Fault::Interrupted => "interrupted write",
            Fault::Busy => "throttled",
            Fault::Denied => "denied",
            Fault::CutOff => "truncated answer",
            Fault::Twice => "duplicate delivery",
            Fault::InPart => "refused in part",
            Fault::Stirred => "version moved by the server",
            Fault::Late(_) => "stale listing",
            Fault::Slander => "false tombstone",
            Fault::DeadToken => "dead token",
            Fault::ShortPage => "short page",
        }
    }

    /// What the engine's client makes of it, where the whole call fails.
    pub(super) fn code(self, side: Side) -> Code {
        let (in_blikk, in_exchange) = match self {
            Fault::Busy | Fault::InPart => (Code::BlikkBusy, Code::ExchangeBusy),
            Fault::Denied => (Code::BlikkUnauthorized, Code::ExchangeUnauthorized),
            Fault::CutOff => (Code::BlikkNotUnderstood, Code::ExchangeTruncated),
            Fault::DeadToken => (Code::BlikkTokenDead, Code::ExchangeTokenDead),
            _ => (Code::BlikkUnreachable, Code::ExchangeUnreachable),
        };
        if side == Side::Blikk { in_blikk } else { in_exchange }
    }
}
