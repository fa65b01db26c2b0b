//! The shortest story that goes wrong in the same way: what a person wants to read of a failing seed.

use crate::breakage::Breakage;
use crate::play;
use crate::story::{Deed, Story};

/// Leaves out deeds, and then faults, one after the other, as long as the story still goes wrong.
pub fn reduce(story: &Story, breakage: Breakage) -> Story {
    let Some(wrong) = kind_of_wrong(story, breakage) else { return story.clone() };
    let is_as_wrong = |story: &Story| kind_of_wrong(story, breakage).is_some_and(|kind| kind == wrong);
    let mut shortest = story.clone();
    loop {
        let before = shortest.clone();
        for place in (0..shortest.deeds.len()).rev() {
            let mut shorter = shortest.clone();
            shorter.deeds.remove(place);
            if is_as_wrong(&shorter) {
                shortest = shorter;
            }
        }
        for place in 0..shortest.deeds.len() {
            for milder in milder(&shortest.deeds[place]) {
                let mut story = shortest.clone();
                story.deeds[place] = milder;
                if story != shortest && is_as_wrong(&story) {
                    shortest = story;
                }
            }
        }
        if shortest == before {
            return shortest;
        }
    }
}

/// The first word of the first complaint: "lost", "doubled", ...
fn kind_of_wrong(story: &Story, breakage: Breakage) -> Option<String> {
    let complaint = play(story, breakage, false).complaints.into_iter().next()?;
    complaint.split([':', ' ']).next().map(str::to_owned)
}

/// The same with a fault less.
fn milder(deed: &Deed) -> Vec<Deed> {
    let Deed::Run(run) = deed else { return Vec::new() };
    let mut milder = Vec::new();
    for place in 0..run.meanwhile.len() {
        let mut run = run.clone();
        run.meanwhile.remove(place);
        milder.push(run);
    }
    let one_less = |faults: usize| 0..faults;
    for place in one_less(run.blikk_faults.len()) {
        let mut run = run.clone();
        run.blikk_faults[place] = None;
        milder.push(run);
    }
    for place in one_less(run.exchange_faults.len()) {
        let mut run = run.clone();
        run.exchange_faults[place] = None;
        milder.push(run);
    }
    for place in one_less(run.store_faults.len()) {
        let mut run = run.clone();
        run.store_faults[place] = None;
        milder.push(run);
    }
    milder.extend(run.crash_at.map(|_| story_run(run, |run| run.crash_at = None)));
    milder.extend(run.cancel_at.map(|_| story_run(run, |run| run.cancel_at = None)));
    milder.into_iter().map(Deed::Run).collect()
}

fn story_run(run: &crate::story::Run, change: impl FnOnce(&mut crate::story::Run)) -> crate::story::Run {
    let mut run = run.clone();
    change(&mut run);
    run
}
