//! By what a plan is made: the person's choices, and the day it is.

use chrono::{DateTime, Utc};

use crate::event::Event;
use crate::problem::Side;
use crate::sync::merge::{Edit, Field, Fields, Scope, Veil};
use crate::sync::options::{Conflicts, Direction, Options, PrivateEvents};
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkId, LinkState};
use crate::sync::veil::hides;
use crate::zone::{UtcRules, ZoneRules};

/// What decides beside the events themselves.
#[derive(Clone)]
pub struct Rules<'a> {
    pub options: &'a Options,
    /// Which days the window holds follows from it, and nothing else.
    pub now: DateTime<Utc>,
    /// When those days begin.
    pub zones: &'a dyn ZoneRules,
    pub relearn: Relearn,
    /// What the person answered: of this event, that side's edits stand.
    pub answer: Option<(LinkId, Side)>,
}

/// What has to be looked at with new eyes, because the person chose otherwise since a run last came to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relearn {
    /// Any choice is another: an event of which nothing was heard is looked at.
    pub everything: bool,
    /// Private events are shown again: what was remembered of them is their veil.
    pub is_unveiled: bool,
    /// Fields that are synchronised again: on each side nobody knows which of them people edited meanwhile.
    pub fields: Fields,
}

impl Relearn {
    /// `settled`: the choice under which a run last came to its end.
    pub fn since(settled: Option<&Options>, options: &Options) -> Self {
        let Some(settled) = settled.filter(|settled| *settled != options) else { return Relearn::default() };
        let mut fields = Fields::default();
        if options.categories && !settled.categories {
            fields = fields.with(Field::Categories);
        }
        if options.reminders && !settled.reminders {
            fields = fields.with(Field::Reminder);
        }
        let hidden = |options: &Options| options.private_events != PrivateEvents::AsTheyAre;
        Relearn { everything: true, is_unveiled: hidden(settled) && !hidden(options), fields }
    }
}

impl<'a> Rules<'a> {
    pub fn new(options: &'a Options, now: DateTime<Utc>) -> Self {
        Rules { options, now, zones: &UtcRules, relearn: Relearn::default(), answer: None }
    }

    /// The fields that the person does not want synchronised.
    pub(super) fn left_out(&self) -> Fields {
        let mut fields = Fields::default();
        if !self.options.categories {
            fields = fields.with(Field::Categories);
        }
        if !self.options.reminders {
            fields = fields.with(Field::Reminder);
        }
        fields
    }

    /// The side that nothing is written to.
    pub(super) fn closed(&self) -> Option<Side> {
        match self.options.direction {
            Direction::Both => None,
            Direction::ToExchange => Some(Side::Blikk),
            Direction::ToBlikk => Some(Side::Exchange),
        }
    }

    /// Whether we were kept from seeing what this Exchange event is about, and whose it is then.
    pub(super) fn veil(&self, origin: Side, in_exchange: &Event) -> Veil {
        match origin {
            _ if !hides(self.options, in_exchange) => Veil::None,
            Side::Blikk => Veil::OverOurs,
            Side::Exchange => Veil::OverTheirs,
        }
    }

    /// Whether Exchange alone says what this event is: it is somebody else's meeting, or a private event.
    pub(super) fn is_exchanges(&self, origin: Side, in_exchange: &Event) -> bool {
        in_exchange.belongs_to_exchange() || self.veil(origin, in_exchange) == Veil::OverTheirs
    }

    /// A private event of Exchange that is not shown in Blikk at all.
    pub(super) fn is_kept_out(&self, origin: Side, in_exchange: &Event) -> bool {
        self.options.private_events == PrivateEvents::NotAtAll && self.veil(origin, in_exchange) == Veil::OverTheirs
    }

    /// An edit, as far as the person wants it seen.
    pub(super) fn edit<'e>(
        &self,
        before: Option<&'e Event>,
        now: &'e Event,
        is_unfinished: bool,
        veil: Veil,
    ) -> Edit<'e> {
        let scope = Scope { left_out: self.left_out(), learnt_anew: self.relearn.fields, veil };
        Edit { before, now, is_unfinished, scope }
    }

    /// Whose word stands where both sides edited one thing; `None`: the person is asked. Only under
    /// [`Conflicts::NewestWins`] has a clock a say, and where it says nothing, Exchange wins.
    pub(super) fn preferred(&self, prior: Option<&Link>, blikk: &Observed, exchange: &Observed) -> Option<Side> {
        if let Some(closed) = self.closed() {
            return Some(closed);
        }
        match self.options.conflicts {
            Conflicts::BlikkWins => Some(Side::Blikk),
            Conflicts::ExchangeWins => Some(Side::Exchange),
            Conflicts::NewestWins if blikk.changed_at > exchange.changed_at => Some(Side::Blikk),
            Conflicts::NewestWins => Some(Side::Exchange),
            Conflicts::Ask => self.answered(prior?, blikk, exchange),
        }
    }

    /// The answer to the question that the row asks, unless people went on editing: then they answered another.
    fn answered(&self, prior: &Link, blikk: &Observed, exchange: &Observed) -> Option<Side> {
        let (_, side) = self.answer.as_ref().filter(|(id, _)| *id == prior.id)?;
        let LinkState::Asks { question } = &prior.state else { return None };
        let (blikk, exchange) = (blikk.content.as_ref().ok()?, exchange.content.as_ref().ok()?);
        let is_as_asked =
            |field: &Field| field.agrees(&question.blikk, blikk) && field.agrees(&question.exchange, exchange);
        question.fields.iter().all(is_as_asked).then_some(*side)
    }
}
