//! What must be true once people and networks are quiet: both sides hold the same, nothing is lost or doubled, what is
//! set aside is so for a reason, and a further run does nothing.

use std::collections::{BTreeMap, BTreeSet};

use blikk_calendar_sync::event::{Event, Sensitivity};
use blikk_calendar_sync::host::Clock as _;
use blikk_calendar_sync::problem::{Code, Side};
use blikk_calendar_sync::sync::merge::Field;
use blikk_calendar_sync::sync::options::{Direction, PrivateEvents};
use blikk_calendar_sync::sync::port::StateStore;
use blikk_calendar_sync::sync::report::Outcome;
use blikk_calendar_sync::sync::state::{Link, LinkState, RemoteId};
use chrono::TimeDelta;

use crate::desk::Desk;
use crate::drive::at_once;
use crate::life::Life;
use crate::people::{self, POISON, comparable};
use crate::story::{Act, Choice, Edit, Kind, Run};
use crate::tally::Count;
use crate::tell;
use crate::witness::Fate;
use crate::words::{words_in_text, words_of};

/// How many runs in fine weather it may take until one ends well.
const TRIES: u32 = 8;
/// After how many rounds of all engines nobody may have anything left to write.
const ROUNDS: u32 = 3;

/// Lets the weather clear, and looks at everything. Complaints go to the witness.
pub fn judge(life: &Life) {
    life.surroundings.say(|| "the weather clears, and people rest".to_owned());
    if come_to_rest(life).is_none() {
        return;
    }
    let excused = Excused::of(life);
    if life.setup.choice.direction == Direction::Both {
        compare(life, &excused);
    } else {
        keep_to_one_way(life);
    }
    look_at_private_events(life);
    look_for_doubles(life);
    look_for_losses(life);
    look_into_histories(life);
    if life.setup.choice.direction == Direction::Both && life.setup.choice.window.is_none() {
        look_for_ghosts(life);
    }
    // What has no counterpart, and shall have none, is not written to.
    if life.setup.choice.direction == Direction::Both || !life.surroundings.witness.rules().knows_no_base {
        look_for_halves(life, &excused);
    }
    if life.mail() > 0 {
        life.surroundings.witness.complain(format!("{} people got mail", life.mail()));
    }
    rest(life);
}

/// Runs until nothing is written any more.
fn come_to_rest(life: &Life) -> Option<()> {
    for _ in 0..=ROUNDS {
        let before = life.blikk.writes() + life.exchange.writes();
        for machine in 0..life.machines.len() {
            run_until_done(life, machine)?;
        }
        if life.blikk.writes() + life.exchange.writes() == before {
            // Once more after a day, when everything is looked at.
            life.surroundings.pass(TimeDelta::hours(25));
            for machine in 0..life.machines.len() {
                run_until_done(life, machine)?;
            }
            if life.blikk.writes() + life.exchange.writes() == before {
                return Some(());
            }
        }
    }
    life.surroundings.witness.complain(format!("does not come to rest: still writes after {ROUNDS} rounds"));
    None
}

fn run_until_done(life: &Life, machine: usize) -> Option<()> {
    let mut last = None;
    for _ in 0..TRIES {
        life.surroundings.pass(TimeDelta::minutes(10));
        let report = life.run(&Run { machine, approves: true, ..Run::default() })?;
        if report.outcome == Outcome::Done {
            return Some(());
        }
        last = Some(report.outcome);
    }
    life.surroundings.witness.complain(format!("does not come to an end: {last:?}"));
    None
}

/// Events that are not synchronised, by their ids on either side, for a reason that stands in a state.
struct Excused(BTreeSet<RemoteId>);

impl Excused {
    fn of(life: &Life) -> Self {
        let mut excused = BTreeSet::new();
        for store in &life.stores {
            for link in links(&store.inner) {
                if link.state == LinkState::Active {
                    continue;
                }
                check_reason(life, &link);
                excused.extend([link.blikk, link.exchange].into_iter().flatten().map(|state| state.id));
            }
        }
        Excused(excused)
    }
}

fn check_reason(life: &Life, link: &Link) {
    if let LinkState::Waits { reason, until, .. } = &link.state {
        let complaint = format!("still waits until {until}: {:?}, {}", reason.title, reason.problem);
        return life.surroundings.witness.complain(complaint);
    }
    let LinkState::SetAside { reason, .. } = &link.state else { return };
    let title = |side: Side| link.on(side).and_then(|state| life.side(side).event(&state.id)).map(|event| event.title);
    let is_poison = [Side::Blikk, Side::Exchange].into_iter().filter_map(title).any(|title| title.contains(POISON));
    let is_right = match reason.problem.code {
        Code::BlikkEventRefused => is_poison && life.setup.poison == Some(Side::Blikk),
        Code::ExchangeItemRefused => is_poison && life.setup.poison == Some(Side::Exchange),
        Code::ExchangeItemGone => life.surroundings.witness.rules().knows_no_base,
        _ => false,
    };
    if !is_right {
        life.surroundings.witness.complain(format!("set aside for no reason: {:?}, {}", reason.title, reason.problem));
    }
}

fn links(store: &impl StateStore) -> Vec<Link> {
    at_once(store.links_after(None, u32::MAX)).and_then(Result::ok).unwrap_or_default()
}

/// Both sides hold the same, but for what is excused.
fn compare(life: &Life, excused: &Excused) {
    let held = |side: Side| -> Vec<String> {
        let calendar = life.side(side);
        let ids = calendar.ids().into_iter().filter(|id| !excused.0.contains(id));
        let hides = life.setup.choice.private_events != PrivateEvents::AsTheyAre;
        let is_told = |event: &Event| !hides || event.sensitivity == Sensitivity::Normal;
        let mut all: Vec<String> = ids
            .filter_map(|id| calendar.event(&id))
            .filter(is_told)
            .map(|event| format!("{:?}", comparable(life, &event)))
            .collect();
        all.sort();
        all
    };
    let (blikk, exchange) = (held(Side::Blikk), held(Side::Exchange));
    if blikk != exchange {
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|one| !those.contains(one)).cloned().collect()
        };
        let (here, there) = (only(&blikk, &exchange), only(&exchange, &blikk));
        let complaint = format!("the sides differ: Blikk alone {here:#?}, Exchange alone {there:#?}");
        life.surroundings.witness.complain(complaint);
    }
}

/// Where nothing is to be written, nothing is.
fn keep_to_one_way(life: &Life) {
    let forbidden = if life.setup.choice.direction == Direction::ToBlikk { &life.exchange } else { &life.blikk };
    if forbidden.writes() > 0 {
        life.surroundings.witness.complain("wrote against the way that was chosen");
    }
}

/// What is private shows as far as the person wants, and its words nowhere outside of Exchange.
fn look_at_private_events(life: &Life) {
    let privately = life.setup.choice.private_events;
    if privately == PrivateEvents::AsTheyAre {
        return;
    }
    let count = |desk: &dyn Desk| desk.events().iter().filter(|event| event.sensitivity != Sensitivity::Normal).count();
    let (shown, there) = (count(&*life.blikk), count(&*life.exchange));
    let expected = if privately == PrivateEvents::AsBusy { there } else { 0 };
    if shown != expected {
        life.surroundings.witness.complain(format!("of {there} private events, Blikk shows {shown} as busy"));
    }
    look_for_canaries(life, "Blikk", || format!("{:?}", life.blikk.events()));
    for store in &life.stores {
        look_for_canaries(life, "the state", || format!("{:?}", store.inner));
    }
}

/// The words of private events are in none of this.
pub fn look_for_canaries(life: &Life, place: &str, text: impl FnOnce() -> String) {
    if life.setup.choice.private_events == PrivateEvents::AsTheyAre {
        return;
    }
    let said = words_in_text(&text());
    for event in life.exchange.events().iter().filter(|event| event.sensitivity != Sensitivity::Normal) {
        // A date and a reminder say no words.
        let spoken = words_of(event).into_iter().filter(|(field, _)| !matches!(field, Field::When | Field::Reminder));
        for (field, word) in spoken.filter(|(_, word)| said.contains(word)) {
            life.surroundings.witness.complain(format!("private words in {place}: §{word} ({field:?})"));
        }
    }
}

fn look_for_doubles(life: &Life) {
    for side in [Side::Blikk, Side::Exchange] {
        let mut bearers = BTreeMap::new();
        for event in life.side(side).events() {
            for (_, word) in words_of(&event).into_iter().filter(|(field, _)| *field == Field::Title) {
                *bearers.entry(word).or_insert(0) += 1;
            }
        }
        for (word, count) in bearers {
            if count > life.surroundings.witness.bearers_of(word) {
                life.surroundings.witness.complain(format!("doubled: §{word} stands {count} times in {side:?}"));
            }
        }
    }
}

/// Every word that lives stands somewhere; that it stands on both sides, [`compare`] says.
fn look_for_losses(life: &Life) {
    let Choice { direction, categories, reminders, .. } = life.setup.choice;
    let is_unwatched = life.setup.wire.is_some() || direction != Direction::Both || !categories || !reminders;
    if is_unwatched && life.surroundings.witness.rules().knows_no_base {
        return; // Neither watched nor remembered.
    }
    let mut stand = words_that_stand(life);
    if is_unwatched {
        // On the wire nobody watches each write, so nobody can tell by which rule a word went; and what the person does not
        // want brought over may go with its event. Then it must be in the history.
        stand.extend(life.stores.iter().flat_map(|store| words_in_history(&store.inner)));
    }
    for word in life.surroundings.witness.words(Fate::Lives) {
        if !stand.contains(&word) {
            life.surroundings.witness.complain(format!("lost: §{word} stands nowhere"));
        }
    }
}

/// Every word that a rule put another in the place of can be brought back: some state's history has it.
fn look_into_histories(life: &Life) {
    let kept: BTreeSet<u32> = life.stores.iter().flat_map(|store| words_in_history(&store.inner)).collect();
    let stand = words_that_stand(life);
    for word in life.surroundings.witness.words(Fate::Overruled) {
        // What was taken away on the way to something else may have been put back.
        if !stand.contains(&word) && !kept.contains(&word) {
            life.surroundings.witness.complain(format!("not in the history: §{word}"));
        }
    }
}

fn words_in_history(store: &impl StateStore) -> Vec<u32> {
    let runs = at_once(store.runs()).and_then(Result::ok).unwrap_or_default();
    let changes = runs.iter().filter_map(|run| at_once(store.changes_of(run.run))?.ok()).flatten();
    changes.filter_map(|change| change.before).flat_map(|event| words_of(&event)).map(|(_, word)| word).collect()
}

/// What a person deleted, and nobody edited, stays deleted.
fn look_for_ghosts(life: &Life) {
    if life.surroundings.witness.rules().knows_no_base {
        return; // With the state lost, nobody knows that it was there.
    }
    for event in everything(life) {
        if life.surroundings.witness.should_be_gone(&event) {
            life.surroundings.witness.complain(format!("came back: {}", tell::event(&event)));
        }
    }
}

fn words_that_stand(life: &Life) -> BTreeSet<u32> {
    everything(life).flat_map(|event| words_of(&event)).map(|(_, word)| word).collect()
}

fn everything(life: &Life) -> impl Iterator<Item = Event> {
    life.blikk.events().into_iter().chain(life.exchange.events())
}

/// Nothing that we began is left unfinished.
fn look_for_halves(life: &Life, excused: &Excused) {
    for id in life.exchange.ids() {
        let is_ours = life.exchange.event(&id).is_some_and(|event| !event.belongs_to_exchange());
        if is_ours && life.exchange.is_unfinished(&id) && !excused.0.contains(&id) {
            life.surroundings.witness.complain(format!("left unfinished: {id}"));
        }
    }
}

/// A further run does nothing at all: not even its own state is written.
fn rest(life: &Life) {
    // What it had to do last was to find that a deletion was carried out already, say; then it remembers that.
    for machine in 0..life.machines.len() {
        run_until_done(life, machine);
    }
    let days = || life.machines.iter().map(|machine| machine.now().date_naive()).collect::<Vec<_>>();
    let today = days();
    for machine in 0..life.machines.len() {
        let store = &life.stores[life.setup.engines.state_of(machine)];
        let generation = || at_once(store.inner.head()).and_then(Result::ok).map(|head| head.generation);
        let before = (generation(), life.blikk.writes() + life.exchange.writes());
        run_until_done(life, machine);
        // With another day, the window holds other events.
        let is_other_day = life.setup.choice.window.is_some() && days() != today;
        if !is_other_day && before != (generation(), life.blikk.writes() + life.exchange.writes()) {
            life.surroundings.witness.complain("a further run writes");
        }
    }
}

/// What a run did can be taken back: when nobody acts in between, an undo leaves no trace.
pub fn undo_the_last(life: &Life) {
    let is_plain = life.setup.choice == Choice::USUAL && life.machines.len() == 1 && life.setup.wire.is_none();
    // Poison and other people's meetings are not ours to bring back.
    let is_ours = |event: &Event| !event.belongs_to_exchange() && !event.title.contains(POISON);
    if !is_plain || !everything(life).all(|event| is_ours(&event)) {
        return;
    }
    for act in [
        Act::Edit { side: Side::Blikk, which: 0, edit: Edit::Title },
        Act::Edit { side: Side::Exchange, which: 1, edit: Edit::Place },
        Act::Delete { side: Side::Exchange, which: 2 },
        Act::Add { side: Side::Blikk, kind: Kind::Single },
        Act::Add { side: Side::Exchange, kind: Kind::Series },
    ] {
        people::act(life, &act);
    }
    let snapshot = || [&life.blikk, &life.exchange].map(|desk| contents(life, &**desk));
    let before = snapshot();
    let report = life.run(&Run::default());
    let Some(number) = report.filter(|report| report.outcome == Outcome::Done).and_then(|report| report.run) else {
        return;
    };
    life.surroundings.say(|| format!("someone takes back run {number}"));
    life.surroundings.count(Count::deed("undo"));
    life.run(&Run { undoes: Some(number), ..Run::default() });
    let after = snapshot();
    if before != after {
        life.surroundings.witness.complain(format!("undo left a trace: {}", difference(&before, &after)));
    }
}

/// Everything that a side holds, as both sides can hold it.
fn contents(life: &Life, desk: &dyn Desk) -> Vec<String> {
    let mut all: Vec<String> = desk.events().iter().map(|event| format!("{:?}", comparable(life, event))).collect();
    all.sort();
    all
}

fn difference(before: &[Vec<String>; 2], after: &[Vec<String>; 2]) -> String {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|one| !those.contains(one)).cloned().collect()
    };
    let sides = ["Blikk", "Exchange"].into_iter().zip(before.iter().zip(after));
    let told = sides.map(|(name, (before, after))| {
        format!("{name} had {:#?}, has {:#?}", only(before, after), only(after, before))
    });
    told.collect::<Vec<_>>().join("; ")
}
