//! Step 5 of a run: too many deletions wait for a yes (pure; scenarios 7 and 24).
//!
//! Every deletion of a plan has evidence of its own; the brake is for what evidence cannot tell: that a person emptied a
//! calendar by mistake, that another program did, that a server told a whole folder gone. So it looks at the plan as a
//! whole, before anything of it is written.

use crate::problem::Side;
use crate::sync::options::Brake;
use crate::sync::plan::{Reason, Step};
use crate::sync::preview::{Approval, Hold, Verb, verb_of};

/// What a plan is measured by.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    pub brake: Brake,
    /// How many events are linked.
    pub linked: u32,
    /// No run of the pair ever came to its good end.
    pub is_first: bool,
    /// How many deletions the person has seen and said yes to.
    pub approval: Approval,
}

/// Why these steps wait, if they do. `already`: how much this run has deleted in Blikk and in Exchange.
pub fn hold(steps: &[Step], measure: &Measure, already: [u32; 2]) -> Option<Hold> {
    let approved = [measure.approval.blikk_deletions, measure.approval.exchange_deletions];
    let sides = [Side::Blikk, Side::Exchange].into_iter().zip(already).zip(approved);
    sides.filter_map(|((side, already), approved)| hold_on(side, steps, measure, already, approved)).next()
}

fn hold_on(side: Side, steps: &[Step], measure: &Measure, already: u32, approved: u32) -> Option<Hold> {
    let deletes =
        |step: &&Step| step.writes().iter().any(|write| write.side() == side && verb_of(write) == Verb::Delete);
    let deleting: Vec<&Step> = steps.iter().filter(deletes).collect();
    let planned = u32::try_from(deleting.len()).unwrap_or(u32::MAX);
    let total = already.saturating_add(planned);
    if planned == 0 || total <= approved {
        return None;
    }
    let limit = measure.brake.events.max(percent_of(measure.brake.percent, measure.linked));
    if measure.is_first {
        Some(Hold::FirstRun)
    } else if deleting.iter().any(|step| must_be_seen(&step.reason)) {
        Some(Hold::OptionChanged)
    } else {
        (total > limit).then_some(Hold::TooMany)
    }
}

/// What no person deleted is never deleted unseen.
fn must_be_seen(reason: &Reason) -> bool {
    matches!(reason, Reason::Private | Reason::Undone { .. } | Reason::Disconnected)
}

fn percent_of(percent: u32, count: u32) -> u32 {
    u32::try_from(u64::from(percent) * u64::from(count) / 100).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "brake_tests.rs"]
mod tests;
