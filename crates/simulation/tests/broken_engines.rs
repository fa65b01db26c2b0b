//! The simulation is itself tested: engines that are broken on purpose are all caught, and sound ones are not.

use simulation::breakage::Breakage;
use simulation::play;
use simulation::story::Story;

/// Within so many seeds each must be caught: those that every test run plays. Most are within the first twenty.
const SEEDS: u64 = 20_000;
/// So many are played with sound engines here; the simulation's own leg plays more.
const SOUND: u64 = 4000;

/// The first seed that goes wrong with the broken engine, and not with the sound one.
fn caught_at(breakage: Breakage) -> Option<(u64, String)> {
    (0..SEEDS).find_map(|seed| {
        let story = Story::from_seed(seed);
        let complaint = play(&story, breakage, false).complaints.into_iter().next()?;
        play(&story, Breakage::None, false).complaints.is_empty().then_some((seed, complaint))
    })
}

#[test]
fn every_broken_engine_is_caught() {
    let mut uncaught = Vec::new();
    for breakage in Breakage::BROKEN {
        match caught_at(breakage) {
            Some((seed, complaint)) => {
                println!("{breakage:?}: seed {seed}, {}", complaint.lines().next().unwrap_or_default());
            }
            None => uncaught.push(breakage),
        }
    }
    assert_eq!(uncaught, [], "not within {SEEDS} seeds");
}

#[test]
fn a_sound_engine_is_not_caught_and_neither_is_one_whose_clock_is_wrong() {
    for breakage in [Breakage::None, Breakage::ClockOff] {
        for seed in 0..SOUND {
            let complaints = play(&Story::from_seed(seed), breakage, false).complaints;
            assert_eq!(complaints, Vec::<String>::new(), "{breakage:?}, seed {seed}");
        }
    }
}
