//! The whole engine in a simulated world, from a seed.
//!
//! A [`Story`] says what people do and what goes wrong; [`play`] lets it happen to two calendars with the engine between
//! them; then the weather clears and everything is looked at ([`verdict`]). The same seed is the same story, call by
//! call, on every machine and in a browser, so a failing seed is a complete report of a bug.
//!
//! | file | the question it answers |
//! |---|---|
//! | `chance` | Where does chance come from? |
//! | [`story`] | What will happen? |
//! | [`life`] | How does it happen? |
//! | [`people`] | What do people do in a calendar? |
//! | [`calendar`], [`store`] | What does the world answer the engine? |
//! | [`wire`] | And what do real servers, in their own protocols? |
//! | [`desk`] | How do people have either before them? |
//! | [`drive`] | Where does the machine stop? |
//! | [`witness`], [`words`] | Was anything lost, doubled or brought back by that write? |
//! | [`verdict`] | Is everything as it should be, once all is quiet? |
//! | [`breakage`] | And would we notice? |
//! | [`reduce`](mod@reduce) | What is the shortest story that goes wrong so? |
//!
//! Without the feature `worlds`, this is [`calendar`], [`store`] and what they need: what the engine's own tests act on
//! (`tests/support/pair.rs`). The rest has the engine compiled into it, optimised, after each of its changes.

#[cfg(feature = "worlds")]
pub mod breakage;
pub mod calendar;
#[cfg(feature = "worlds")]
mod chance;
#[cfg(feature = "worlds")]
pub mod desk;
#[cfg(feature = "worlds")]
pub mod drive;
#[cfg(feature = "worlds")]
pub mod life;
#[cfg(feature = "worlds")]
pub mod people;
#[cfg(feature = "worlds")]
pub mod reduce;
pub mod store;
#[cfg(feature = "worlds")]
pub mod story;
pub mod surroundings;
pub mod tally;
mod tell;
#[cfg(feature = "worlds")]
pub mod verdict;
#[cfg(all(feature = "worlds", target_arch = "wasm32"))]
mod wasm;
#[cfg(feature = "worlds")]
pub mod wire;
pub mod witness;
pub mod words;

#[cfg(feature = "worlds")]
use {breakage::Breakage, life::Life, story::Story, tally::Tally};

/// What came of a story.
#[cfg(feature = "worlds")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// What is wrong; nothing is, when there is none.
    pub complaints: Vec<String>,
    pub tally: Tally,
    /// What happened, line by line, where it was written down.
    pub log: Vec<String>,
}

/// Tells a story to its end.
#[cfg(feature = "worlds")]
pub fn play(story: &Story, breakage: Breakage, is_logged: bool) -> Told {
    let life = Life::new(story, breakage, is_logged);
    for deed in &story.deeds {
        life.happen(deed);
        if life.surroundings.witness.has_complaints() {
            break;
        }
    }
    if !life.surroundings.witness.has_complaints() {
        verdict::judge(&life);
    }
    if !life.surroundings.witness.has_complaints() {
        verdict::undo_the_last(&life);
    }
    let surroundings = &life.surroundings;
    Told { complaints: surroundings.witness.complaints(), tally: surroundings.tally(), log: surroundings.take_log() }
}
