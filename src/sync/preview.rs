//! A plan in words that a page can show: what a run would do, and why.

use serde::{Deserialize, Serialize};

use crate::event::{Event, Start};
use crate::problem::Side;
use crate::sync::merge::{Field, differences};
use crate::sync::plan::{Act, Reason, Step, Write};
use crate::sync::report::Written;

/// How many steps a preview lists: deletions first, and then as the days come. The counts are always whole.
pub const LISTED: usize = 200;

/// What would happen.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    pub blikk: Written,
    pub exchange: Written,
    /// Events that are found to be the same, without a write.
    pub linked: u32,
    /// How many people would get mail: none, ever. No write can ask a server to send any.
    pub invitations: u32,
    /// Why the run would wait for a yes before it does this.
    pub held: Option<Hold>,
    /// At most [`LISTED`].
    pub steps: Vec<PlannedStep>,
}

/// Why a run waits for a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Hold {
    /// The first run of a pair deletes nothing unseen.
    FirstRun,
    /// More than the person's [`Brake`](super::options::Brake) lets pass.
    TooMany,
    /// A changed option would take events away (scenario 24).
    OptionChanged,
}

/// How many deletions a person has seen and said yes to. A run that would delete more waits again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", default)]
pub struct Approval {
    pub blikk_deletions: u32,
    pub exchange_deletions: u32,
}

/// One event to which something would happen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlannedStep {
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional = nullable))]
    pub start: Option<Start>,
    pub reason: Reason,
    /// One, or one on each side.
    pub writes: Vec<PlannedWrite>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PlannedWrite {
    pub side: Side,
    pub verb: Verb,
    /// What would be otherwise than before; empty but for an update.
    pub fields: Vec<Field>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Verb {
    Create,
    Update,
    Delete,
}

impl Preview {
    /// What these steps would do, and why they wait, if they do.
    pub fn of(steps: &[Step], held: Option<Hold>) -> Self {
        let mut preview = Preview { held, ..Preview::default() };
        for step in steps {
            if step.prior.is_none() && step.act == Act::Remember && step.reason == Reason::Equal {
                preview.linked += 1;
            }
            for write in step.writes() {
                preview.written(write.side()).count(verb_of(write));
            }
        }
        let mut listed: Vec<&Step> = steps.iter().filter(|step| !step.writes().is_empty()).collect();
        listed.sort_by_cached_key(|step| {
            let deletes = step.writes().iter().any(|write| verb_of(write) == Verb::Delete);
            let start = told_of(step).map(|event| event.when.start().in_order());
            (!deletes, start.is_none(), start)
        });
        preview.steps = listed.into_iter().take(LISTED).map(planned).collect();
        preview
    }

    fn written(&mut self, side: Side) -> &mut Written {
        match side {
            Side::Blikk => &mut self.blikk,
            Side::Exchange => &mut self.exchange,
        }
    }
}

fn planned(step: &Step) -> PlannedStep {
    let event = told_of(step);
    PlannedStep {
        title: event.map(|event| event.title.clone()).unwrap_or_default(),
        start: event.map(|event| event.when.start()),
        reason: step.reason.clone(),
        writes: step.writes().iter().map(planned_write).collect(),
    }
}

/// The event as it is spoken of.
fn told_of(step: &Step) -> Option<&Event> {
    step.writes().iter().find_map(shown).or_else(|| known(step))
}

/// What the event will be, or was.
fn shown(write: &Write) -> Option<&Event> {
    match write {
        Write::Create { event, .. } | Write::Update { after: event, .. } => Some(event),
        Write::Delete { before, .. } => before.as_ref(),
    }
}

fn known(step: &Step) -> Option<&Event> {
    [Side::Blikk, Side::Exchange].into_iter().find_map(|side| step.prior.as_ref()?.seen_on(side))
}

fn planned_write(write: &Write) -> PlannedWrite {
    let fields = match write {
        Write::Update { before, after, .. } => differences(before, after),
        Write::Create { .. } | Write::Delete { .. } => Vec::new(),
    };
    PlannedWrite { side: write.side(), verb: verb_of(write), fields }
}

pub(super) fn verb_of(write: &Write) -> Verb {
    match write {
        Write::Create { .. } => Verb::Create,
        Write::Update { .. } => Verb::Update,
        Write::Delete { .. } => Verb::Delete,
    }
}
