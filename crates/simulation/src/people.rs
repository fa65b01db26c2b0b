//! What people do in their calendars.

use blikk_calendar_sync::event::{
    Changes, Event, Exception, FreeBusy, Importance, Meeting, OriginalDate, Reminder, Sensitivity, Series,
};
use blikk_calendar_sync::problem::Side;
use blikk_calendar_sync::recurrence::{DayInterval, Interval, Pattern, Range, Recurrence, WeekDays, Weekday};
use blikk_calendar_sync::sync::merge::differences;
use blikk_calendar_sync::sync::options::PrivateEvents;
use blikk_calendar_sync::sync::port::StateStore as _;
use blikk_calendar_sync::sync::state::{Link, RemoteId};
use chrono::Days;

use crate::calendar::{laid_out_anew, without_meeting};
use crate::desk::Desk;
use crate::drive::at_once;
use crate::life::Life;
use crate::story::{Act, Edit, Engines, Kind, Occasion};
use crate::surroundings::Surroundings;
use crate::tally::Count;
use crate::tell;
use crate::words::{Word, date_saying, first_day, text_saying};

/// What one side refuses to have in a title.
pub const POISON: &str = "Gift";

/// Carries out what a person does; nothing, where there is nothing to do it to.
pub fn act(life: &Life, act: &Act) {
    let surroundings = &life.surroundings;
    match *act {
        Act::Add { side, kind } => drop(add(life, side, kind)),
        Act::Edit { side, which, edit: what } => {
            pick(life, side, which).into_iter().for_each(|id| edit(life, side, &id, what));
        }
        Act::Occurrence { side, which, day, occasion } => {
            let Some(id) = pick(life, side, which) else { return };
            let word = surroundings.witness.new_word();
            let (exception, name) = match occasion {
                Occasion::Rename => (Some(renamed(word)), "occurrence renamed"),
                Occasion::Cancel => (Some(Exception::Cancelled), "occurrence cancelled"),
                Occasion::BringBack => (None, "occurrence brought back"),
            };
            let date = OriginalDate(first_day() + Days::new(day.into()));
            changed(life, side, &id, name, |calendar| calendar.edit_occurrence(&id, date, exception));
            surroundings.count(Count::deed(name));
        }
        Act::Delete { side, which } => {
            pick(life, side, which).into_iter().for_each(|id| delete(life, side, &id, false));
        }
        Act::DeleteUntold { which } => {
            pick(life, Side::Exchange, which).into_iter().for_each(|id| delete(life, Side::Exchange, &id, true));
        }
        Act::Crowd { side, count } => (0..count).for_each(|_| drop(add(life, side, Kind::Single))),
        Act::Sweep { side } => {
            surroundings.count(Count::deed("delete nearly all"));
            (2..life.side(side).ids().len()).for_each(|_| {
                pick(life, side, 0).into_iter().for_each(|id| delete(life, side, &id, false));
            });
        }
        Act::Copy { which, is_whole } => copy(life, which, is_whole),
        Act::Move { which } => {
            let Some(id) = pick(life, Side::Exchange, which) else { return };
            surroundings.say(|| format!("someone moves {} out of Exchange's calendar and back", spoken(life, &id)));
            surroundings.count(Count::deed("move out and back"));
            if let Some(event) = life.exchange.event(&id) {
                surroundings.witness.person_handles(&event);
            }
            life.exchange.move_out_and_back(&id);
        }
        Act::Touch { side, which } => {
            let Some(id) = pick(life, side, which) else { return };
            surroundings.say(|| format!("{side:?} gives an event another version, and nothing is different"));
            surroundings.count(Count::fault("version moved, nothing changed"));
            life.side(side).touch(&id);
        }
        Act::EditUntold { which } => {
            let Some(id) = pick(life, Side::Exchange, which) else { return };
            let word = surroundings.witness.new_word();
            changed(life, Side::Exchange, &id, "edits untold", |calendar| {
                calendar.edit_untold(&id, &mut |event| event.title = text_saying("Titel", word));
            });
            surroundings.count(Count::fault("change never told"));
        }
        Act::KillTokens { side } => {
            surroundings.say(|| format!("{side:?} forgets all tokens"));
            surroundings.count(Count::fault("tokens forgotten"));
            life.side(side).kill_tokens();
        }
    }
}

fn pick(life: &Life, side: Side, which: u32) -> Option<RemoteId> {
    let mut ids = life.side(side).ids();
    if side == Side::Blikk && life.setup.choice.private_events != PrivateEvents::AsTheyAre {
        // Of what is hidden from them, people leave the shadow alone.
        ids.retain(|id| life.blikk.event(id).is_none_or(|event| event.sensitivity == Sensitivity::Normal));
    }
    ids.get(which as usize % ids.len().max(1)).cloned()
}

fn spoken(life: &Life, id: &RemoteId) -> String {
    let event = life.blikk.event(id).or_else(|| life.exchange.event(id));
    event.map_or_else(|| id.to_string(), |event| tell::event(&event))
}

/// A person adds an event.
///
/// # Panics
/// When the side refuses what every side takes.
pub fn add(life: &Life, side: Side, kind: Kind) -> RemoteId {
    let event = made(&life.surroundings, kind);
    life.surroundings.say(|| format!("someone adds to {side:?}: {}", tell::event(&event)));
    life.surroundings.count(Count::deed(match kind {
        Kind::Single | Kind::Poison => "add event",
        Kind::Private => "add private event",
        Kind::Series => "add series",
        Kind::Mine => "add own meeting",
        Kind::Others | Kind::OthersSeries => "be invited",
    }));
    let title = event.title.clone();
    let Some(id) = life.side(side).add(event) else { panic!("{side:?} does not take {title:?}") };
    if let Some(event) = life.side(side).event(&id) {
        life.surroundings.witness.person_adds(side, &event);
    }
    id
}

/// A person edits an event.
pub fn edit(life: &Life, side: Side, id: &RemoteId, edit: Edit) {
    let origin = origin(life, side, id);
    let word = life.surroundings.witness.new_word();
    let is_wire = life.setup.wire.is_some();
    changed(life, side, id, "edits", |calendar| {
        calendar.edit(id, &mut |event| edited(event, possible(edit, event, is_wire), word, origin));
    });
    life.surroundings.count(Count::deed("edit"));
}

/// A person changes an event, and the witness is told what became of it.
fn changed(life: &Life, side: Side, id: &RemoteId, what: &str, change: impl FnOnce(&dyn Desk)) {
    let calendar = life.side(side);
    let before = calendar.event(id);
    change(calendar);
    if let (Some(before), Some(after)) = (before, calendar.event(id)) {
        life.surroundings.say(|| format!("someone in {side:?} ({what}): {}", tell::change(&before, &after)));
        life.surroundings.witness.person_edits(side, Some(&before), &after);
    }
}

/// A person deletes an event.
pub fn delete(life: &Life, side: Side, id: &RemoteId, is_untold: bool) {
    let Some(event) = life.side(side).event(id) else { return };
    let untold = if is_untold { ", untold" } else { "" };
    life.surroundings.say(|| format!("someone deletes in {side:?}{untold}: {}", tell::event(&event)));
    life.surroundings.count(if is_untold { Count::fault("deletion never told") } else { Count::deed("delete") });
    life.surroundings.witness.person_deletes(&event, is_agreed(life, side, id, &event));
    if is_untold { life.side(side).remove_untold(id) } else { life.side(side).remove(id) }
}

/// Whether the engine knows that both sides hold what they hold: only then does a deletion stand without question.
fn is_agreed(life: &Life, side: Side, id: &RemoteId, event: &Event) -> bool {
    let is_as_seen = |link: &Link, side: Side| {
        let now = link.on(side).and_then(|state| life.side(side).event(&state.id));
        link.seen_on(side).zip(now).is_some_and(|(seen, now)| differences(seen, &now).is_empty())
    };
    let is_known = |link: &Link| {
        let is_its = link.on(side).is_some_and(|state| state.id == *id);
        is_its && [Side::Blikk, Side::Exchange].into_iter().all(|side| is_as_seen(link, side))
    };
    let is_remembered = life.stores.iter().all(|store| {
        let links = at_once(store.inner.links_of(side, std::slice::from_ref(id)));
        links.and_then(Result::ok).unwrap_or_default().iter().any(is_known)
    });
    // Somebody else's meeting comes back to Blikk, whatever is done to it there.
    is_remembered && !life.surroundings.witness.is_theirs(event)
}

/// An event as both sides can hold it, so that the two can be compared.
pub fn comparable(life: &Life, event: &Event) -> Event {
    let mut event = event.clone();
    if life.setup.exchange.rewrites_bodies {
        event.body = laid_out_anew(&event.body);
    }
    if !life.setup.choice.categories {
        event.categories.clear();
    }
    if !life.setup.choice.reminders {
        event.reminder = None;
    }
    if life.setup.blikk.knows_no_meetings { without_meeting(event) } else { event }
}

/// A copy in everything like its original is to each of two engines what the other made of the same event, and waits for its
/// end (scenario 11); so between two, copies bear another title.
fn copy(life: &Life, which: u32, is_whole: bool) {
    let is_whole = is_whole && life.setup.engines != Engines::TwoStates;
    let Some(id) = pick(life, Side::Exchange, which) else { return };
    let Some(original) = life.exchange.event(&id) else { return };
    let witness = &life.surroundings.witness;
    let title = if is_whole { original.title.clone() } else { text_saying("Kopia", witness.new_word()) };
    life.surroundings.say(|| format!("someone copies in Exchange, as {title:?}: {}", tell::event(&original)));
    life.surroundings.count(Count::deed("copy with our marker"));
    witness.person_copies(&original);
    if is_whole {
        witness.shares_title(&original);
    }
    if let Some(copied) = life.exchange.copy(&id, &title).and_then(|copied| life.exchange.event(&copied)) {
        witness.person_edits(Side::Exchange, None, &copied);
    }
}

/// Where the edited event stands, and who made it: what we make in Exchange is the mailbox owner's for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Blikk,
    Ours,
    Theirs,
}

fn origin(life: &Life, side: Side, id: &RemoteId) -> Origin {
    match side {
        Side::Blikk => Origin::Blikk,
        Side::Exchange if life.exchange.is_marked(id) => Origin::Ours,
        Side::Exchange => Origin::Theirs,
    }
}

fn made(surroundings: &Surroundings, kind: Kind) -> Event {
    let word = || surroundings.witness.new_word();
    let title = if kind == Kind::Poison { POISON } else { "Möte" };
    let mut event = Event::new(text_saying(title, word()), date_saying(word()));
    if surroundings.witness.new_word().is_multiple_of(2) {
        event.body = text_saying("Tag  med  skorna", word());
    }
    if matches!(kind, Kind::Series | Kind::OthersSeries) {
        event.when = date_saying(0);
        let mut series = Series::new(daily());
        series.exceptions.insert(OriginalDate(first_day() + Days::new(2)), Exception::Cancelled);
        event.series = Some(series);
    }
    if kind == Kind::Private {
        event.sensitivity = Sensitivity::Private;
    }
    if matches!(kind, Kind::Mine | Kind::Others | Kind::OthersSeries) {
        event.meeting = Some(meeting(kind == Kind::Mine));
        event.attachments = vec!["Dagordning.pdf".into()];
    }
    event
}

/// What a person can do by the means there are: a server has its own mind of what becomes of the exceptions of a series
/// that is given another rule, and those of the memory are enough to try it.
fn possible(edit: Edit, event: &Event, is_wire: bool) -> Edit {
    match edit {
        Edit::Rule | Edit::Repetition | Edit::Meeting if is_wire => Edit::Place,
        Edit::Time if is_wire && event.series.is_some() => Edit::Title,
        other => other,
    }
}

fn edited(event: &mut Event, edit: Edit, word: Word, of: Origin) {
    match edit {
        Edit::Title => event.title = text_saying("Titel", word),
        Edit::Body => event.body = text_saying("Ta  med  kaffe", word),
        Edit::Place => event.place = text_saying("Rum", word),
        Edit::Poison if event.title.contains(POISON) => event.title = text_saying("Titel", word),
        Edit::Poison => event.title = text_saying(POISON, word),
        // A series begins within its first days, so that what departs from it still does.
        Edit::Time if event.series.is_some() => event.when = date_saying(word % 2),
        Edit::Time => event.when = date_saying(word),
        Edit::Category => event.categories = [text_saying("Kund", word)].into(),
        Edit::Reminder => event.reminder = Some(Reminder { minutes_before_start: word }),
        Edit::Importance if event.importance == Importance::Normal => event.importance = Importance::High,
        Edit::Importance => event.importance = Importance::Normal,
        Edit::FreeBusy if event.free_busy == FreeBusy::Busy => event.free_busy = FreeBusy::OutOfOffice,
        Edit::FreeBusy => event.free_busy = FreeBusy::Busy,
        Edit::Sensitivity if event.sensitivity == Sensitivity::Normal => event.sensitivity = Sensitivity::Private,
        Edit::Sensitivity => event.sensitivity = Sensitivity::Normal,
        Edit::Rule => {
            if let Some(series) = &mut event.series {
                series.recurrence = if series.recurrence == daily() { weekly() } else { daily() };
            }
        }
        Edit::Repetition if event.series.is_some() => {
            event.series = None;
            event.when = date_saying(word);
        }
        Edit::Repetition => {
            event.series = Some(Series::new(daily()));
            event.when = date_saying(0);
        }
        Edit::Meeting => match &mut event.meeting {
            _ if of == Origin::Blikk => {}
            None => event.meeting = Some(meeting(of == Origin::Ours || word.is_multiple_of(2))),
            Some(meeting) if of == Origin::Theirs && word.is_multiple_of(3) => meeting.is_mine = !meeting.is_mine,
            Some(meeting) => meeting.online_url = Some(format!("https://möte.example/{word}")),
        },
    }
}

/// Every day.
const EACH_DAY: Option<DayInterval> = DayInterval::new(1);
/// Every week.
const EACH_WEEK: Option<Interval> = Interval::new(1);

fn daily() -> Recurrence {
    let Some(interval) = EACH_DAY else { unreachable!("one is in range") };
    Recurrence { pattern: Pattern::Daily { interval }, range: Range::NoEnd }
}

fn weekly() -> Recurrence {
    let Some(interval) = EACH_WEEK else { unreachable!("one is in range") };
    let days = WeekDays::only(Weekday::Monday);
    let pattern = Pattern::Weekly { interval, days, first_day_of_week: Weekday::Monday };
    Recurrence { pattern, range: Range::NoEnd }
}

fn renamed(word: Word) -> Exception {
    Exception::Changed(Box::new(Changes { title: Some(text_saying("Tillfälle", word)), ..Changes::default() }))
}

fn meeting(is_mine: bool) -> Meeting {
    Meeting {
        is_mine,
        organizer: None,
        participants: Vec::new(),
        my_answer: Default::default(),
        is_cancelled: false,
        online_url: None,
    }
}
