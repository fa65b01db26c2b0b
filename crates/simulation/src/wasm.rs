//! The simulation's face for a web page: a visitor plays seeds in the own browser (`www/pages/try.html`).
//!
//! A seed means the same here as on any machine, so what goes wrong here can be replayed there.

use serde_json::{Value, json};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::breakage::Breakage;
use crate::play;
use crate::reduce::reduce;
use crate::story::Story;
use crate::tally::{Kind, Tally};

/// Plays so many seeds; JSON with what was tried and what went wrong.
#[wasm_bindgen(js_name = playSeeds)]
pub fn play_seeds(from: u32, count: u32) -> String {
    let (mut tally, mut failures) = (Tally::default(), Vec::new());
    for seed in from..from.saturating_add(count) {
        let told = play(&Story::from_seed(seed.into()), Breakage::None, false);
        tally.take_in(&told.tally);
        if let Some(complaint) = told.complaints.into_iter().next() {
            failures.push(json!({ "seed": seed, "complaint": complaint }));
        }
    }
    json!({
        "seeds": count,
        "deeds": counts(&tally, Kind::Deed),
        "faults": counts(&tally, Kind::Fault),
        "engine": counts(&tally, Kind::Engine),
        "failures": failures,
    })
    .to_string()
}

/// The story of one seed, line by line; where it goes wrong, in the shortest form that does.
#[wasm_bindgen(js_name = tellSeed)]
pub fn tell_seed(seed: u32) -> String {
    let story = reduce(&Story::from_seed(seed.into()), Breakage::None);
    let told = play(&story, Breakage::None, true);
    let wrong = told.complaints.iter().map(|complaint| format!("WRONG {complaint}"));
    told.log.iter().cloned().chain(wrong).collect::<Vec<_>>().join("\n")
}

fn counts(tally: &Tally, kind: Kind) -> Value {
    let counts = tally.iter().filter(|(count, _)| count.kind == kind);
    counts.map(|(count, times)| (count.name.to_owned(), json!(times))).collect::<serde_json::Map<_, _>>().into()
}
