//! What is not brought over: outside of the window, against the direction, private.

use super::*;
use crate::event::Sensitivity;
use crate::sync::options::{Direction, PrivateEvents, Window};
use crate::zone::ZoneId;

/// [`event`] on another day.
fn dated(title: &str, day: &str) -> Event {
    let day: chrono::NaiveDate = day.parse().unwrap();
    Event::new(title, When::all_day(day, day.succ_opt().unwrap()).unwrap())
}

const NEAR: &str = "2027-01-25";
const FAR: &str = "2027-06-01";
const PAST: &str = "2026-06-01";

/// Today is the 20th of January.
fn windowed() -> Options {
    Options { window: Some(Window { days_back: 10, days_ahead: 30, zone: ZoneId::utc() }), ..Options::default() }
}

fn enters(day: Option<&str>) -> LinkState {
    LinkState::OutsideWindow { enters: day.map(|day| format!("{day}T00:00:00Z").parse().unwrap()) }
}

fn on(side: Side, event: Event) -> Now {
    here(side, "1", Ok(event))
}

fn linked_on(day: &str) -> Link {
    let mut link = linked();
    link.base = Some(dated(BASE, day));
    link
}

#[test]
fn scenario_14_what_is_new_outside_of_the_window_is_remembered_and_made_once_when_it_enters() {
    let options = windowed();
    let step = by(&options, None, Now::Silent, on(Side::Exchange, dated("Ny", FAR))).unwrap();
    assert_eq!((&step.link.state, &step.reason), (&enters(Some("2027-05-02")), &Reason::OutsideWindow));
    let row = step.link.clone();
    assert_eq!(said(Some(step)), "outside");
    assert_eq!(said(by(&options, Some(row.clone()), Now::Silent, Now::Silent)), "nothing");

    let then = Rules::new(&options, "2027-05-02T00:00:00Z".parse().unwrap());
    assert_eq!(said(ruled(&then, Some(row.clone()), Now::Silent, Now::Silent)), "look again");
    let step = ruled(&then, Some(row.clone()), Now::Silent, on(Side::Exchange, dated("Ny", FAR))).unwrap();
    assert_eq!((step.link.id.as_str(), step.link.state.clone()), ("drawn", LinkState::Active));
    assert_eq!(said(Some(step)), "create Ny in Blikk");
    // Moved into the window, or the window taken away.
    let step = by(&options, Some(row.clone()), Now::Silent, on(Side::Exchange, dated("Ny", NEAR)));
    assert_eq!(said(step), "create Ny in Blikk");
    assert_eq!(said(by(&Options::default(), Some(row.clone()), Now::Silent, Now::Silent)), "look again");
    let wider =
        Options { window: Some(Window { days_back: 10, days_ahead: 40, zone: ZoneId::utc() }), ..Options::default() };
    let step = by(&wider, Some(row.clone()), Now::Silent, Now::Silent).unwrap();
    assert_eq!(step.link.state, enters(Some("2027-04-22")), "the date is reckoned anew");
    assert_eq!(said(by(&options, Some(row), Now::Silent, Now::Gone)), "forget");
}

#[test]
fn scenario_14_leaving_the_window_deletes_nothing_and_forgets_nothing() {
    let options = windowed();
    // Moved out on one side: on both, for so far it stood inside on the other.
    let step = by(&options, Some(linked_on(NEAR)), Now::Silent, on(Side::Exchange, dated(BASE, FAR)));
    assert_eq!(said(step), "write Veckomöte to Blikk");
    #[rustfmt::skip]
    let cases = [
        (FAR, on(Side::Blikk, dated("Nytt", FAR)), Now::Silent),
        (FAR, Now::Silent,                         on(Side::Exchange, dated("Nytt", FAR))),
        (FAR, Now::Gone,                           Now::Silent),
        (FAR, Now::Silent,                         Now::Gone),
        (FAR, on(Side::Blikk, dated("Nytt", FAR)), Now::Gone),
        (PAST, Now::Gone,                          on(Side::Exchange, dated("Nytt", PAST))),
    ];
    for (day, blikk, exchange) in cases {
        let case = format!("{blikk:?} {exchange:?}");
        let prior = linked_on(day);
        let step = by(&options, Some(prior.clone()), blikk.clone(), exchange.clone()).unwrap();
        assert_eq!(step.reason, Reason::OutsideWindow, "{case}");
        assert_eq!(step.act, Act::Remember, "{case}");
        let row = step.link;
        assert_eq!(row.state, enters((day == FAR).then_some("2027-05-02")), "{case}");
        assert_eq!((&row.base, row.blikk.is_some(), row.exchange.is_some()), (&prior.base, true, true), "{case}");
        // When the window reaches it, both are read, and decided about as if it had happened only now.
        let open = Options::default();
        assert_eq!(said(by(&open, Some(row.clone()), Now::Silent, Now::Silent)), "look again", "{case}");
        let read = |side, now| if now == Now::Silent { on(side, dated(BASE, day)) } else { now };
        let (blikk, exchange) = (read(Side::Blikk, blikk), read(Side::Exchange, exchange));
        let entered = by(&open, Some(row), blikk.clone(), exchange.clone());
        assert_eq!(said(entered), said(by(&open, Some(prior), blikk, exchange)), "{case}");
    }
    assert_eq!(said(by(&options, Some(linked_on(FAR)), Now::Gone, Now::Gone)), "forget");
}

#[test]
fn strangers_outside_of_the_window_belong_together_and_are_compared_when_they_enter() {
    let options = windowed();
    let (blikk, exchange) = (on(Side::Blikk, dated("Ett", FAR)), on(Side::Exchange, dated("Två", FAR)));
    let step = by(&options, None, blikk.clone(), exchange.clone()).unwrap();
    assert_eq!((step.act, step.link.seen_on(Side::Blikk)), (Act::Remember, None));
    let then = Rules::new(&options, "2027-05-02T00:00:00Z".parse().unwrap());
    assert_eq!(said(ruled(&then, Some(step.link.clone()), Now::Silent, Now::Silent)), "look again");
    assert_eq!(said(ruled(&then, Some(step.link), blikk, exchange)), "write Två to Blikk");
}

fn one_way(direction: Direction) -> Options {
    Options { direction, ..Options::default() }
}

#[test]
fn what_goes_against_the_direction_is_not_written() {
    use Direction::{ToBlikk, ToExchange};
    #[rustfmt::skip]
    let cases = [
        // The direction, Blikk says, Exchange says -> what to do
        (ToExchange, "Ett@1",       "-",           "write Ett to Exchange"),
        (ToExchange, "-",           "Två@1",       "one way"),
        (ToExchange, "Ett@1",       "Två@2",       "write Ett to Exchange"),       // the open source decides
        (ToExchange, "gone",        "-",           "delete in Exchange"),
        (ToExchange, "-",           "gone",        "one way"),
        (ToExchange, "gone",        "Två@1",       "one way"),                     // it would be made in Blikk
        (ToExchange, "Ett@1",       "gone",        "create Ett in Exchange"),
        (ToBlikk,    "Ett@1",       "-",           "one way"),
        (ToBlikk,    "-",           "Två@1",       "write Två to Blikk"),
        (ToBlikk,    "Ett@2",       "Två@1",       "write Två to Blikk"),
        (ToBlikk,    "gone",        "-",           "one way"),
        (ToBlikk,    "-",           "gone",        "delete in Blikk"),
        (ToBlikk,    "gone",        "gone",        "forget"),
    ];
    for (direction, blikk, exchange, expected) in cases {
        let case = format!("{direction:?}: Blikk {blikk}, Exchange {exchange}");
        let (blikk, exchange) = (now(Side::Blikk, blikk), now(Side::Exchange, exchange));
        let step = by(&one_way(direction), Some(linked()), blikk.clone(), exchange.clone()).unwrap();
        let row = step.link.clone();
        assert_eq!(said(Some(step)), expected, "{case}");
        if expected != "one way" {
            continue;
        }
        // When the direction is opened, it is as if it had happened only now.
        let read = |side, now| if now == Now::Silent { super::now(side, "Veckomöte@0") } else { now };
        let (blikk, exchange) = (read(Side::Blikk, blikk), read(Side::Exchange, exchange));
        let opened = by(&Options::default(), Some(row.clone()), blikk.clone(), exchange.clone());
        let at_once = by(&Options::default(), Some(linked()), blikk.clone(), exchange.clone());
        assert_eq!(said(opened), said(at_once), "{case}, opened");
        let later = by(&one_way(direction), Some(row.clone()), blikk, exchange).unwrap();
        assert_eq!(said(Some(later)), "one way", "{case}, and again");
        let other = if direction == ToExchange { Side::Exchange } else { Side::Blikk };
        let is_known = row.on(other).is_some_and(|state| !state.version.is_unknown());
        let edited = now(other.other(), "Nytt@5");
        let step = match other {
            Side::Exchange => by(&Options::default(), Some(row), edited, Now::Silent),
            Side::Blikk => by(&Options::default(), Some(row), Now::Silent, edited),
        };
        assert!(!is_known && said(step) == "look again", "{case}: what is remembered is not what is there");
    }
    for (direction, side) in [(ToExchange, Side::Exchange), (ToBlikk, Side::Blikk)] {
        let new = on(side, event("Ny"));
        let step = match side {
            Side::Blikk => by(&one_way(direction), None, new, Now::Silent),
            Side::Exchange => by(&one_way(direction), None, Now::Silent, new),
        };
        assert_eq!(step, None, "{direction:?}: it is not even remembered");
    }
}

#[test]
fn what_waits_for_the_direction_to_open_is_not_lost_by_what_is_written_meanwhile() {
    let options = one_way(Direction::ToExchange);
    let there = Event { place: "Rum 3".into(), ..event(BASE) };
    let step = by(&options, Some(linked()), on(Side::Blikk, event("Nytt")), on(Side::Exchange, there)).unwrap();
    let row = step.link.clone();
    assert_eq!(said(Some(step)), "write Nytt to Exchange");
    assert!(row.exchange.as_ref().unwrap().version.is_unknown(), "it has to be looked at");
    assert_eq!(row.seen_on(Side::Exchange), Some(&event("Nytt")), "but for the place, it is as written");
    let there = Event { place: "Rum 3".into(), ..event("Nytt") };
    let opened = by(&Options::default(), Some(row), on(Side::Blikk, event("Nytt")), on(Side::Exchange, there.clone()));
    let Some(Step { act: Act::Write(writes), .. }) = opened else { panic!("{opened:?}") };
    assert!(matches!(&writes[..], [Write::Update { on: Side::Blikk, after, .. }] if *after == there), "{writes:?}");
}

fn choosing(private_events: PrivateEvents) -> Options {
    Options { private_events, busy_title: "Upptagen".into(), ..Options::default() }
}

/// What we are shown of a private event.
fn private(title: &str) -> Event {
    Event { sensitivity: Sensitivity::Private, ..event(title) }
}

fn linked_with(origin: Side, base: Event) -> Link {
    let mut link = linked();
    link.origin = origin;
    link.base = Some(base);
    link
}

#[test]
fn scenario_23_a_private_event_of_exchange_is_in_blikk_as_busy_whatever_is_done_to_it_there() {
    let options = choosing(PrivateEvents::AsBusy);
    let shown = || on(Side::Exchange, private("Upptagen"));
    let link = || Some(linked_with(Side::Exchange, private("Upptagen")));
    assert_eq!(said(by(&options, None, Now::Silent, shown())), "create Upptagen in Blikk");
    let edited = on(Side::Blikk, private("Tandläkaren"));
    assert_eq!(said(by(&options, link(), edited.clone(), shown())), "write Upptagen to Blikk");
    assert_eq!(said(by(&options, link(), Now::Gone, Now::Silent)), "look again");
    assert_eq!(said(by(&options, link(), Now::Gone, shown())), "create Upptagen in Blikk");
    assert_eq!(said(by(&options, link(), edited, Now::Gone)), "delete in Blikk");
    // Made private in Outlook, or the choice made: Blikk's copy is scrubbed.
    let open = Some(linked_with(Side::Exchange, event("Tandläkaren")));
    assert_eq!(said(by(&options, open, Now::Silent, shown())), "write Upptagen to Blikk");
    // And back.
    let step = by(&options, link(), Now::Silent, on(Side::Exchange, event("Tandläkaren")));
    assert_eq!(said(step), "write Tandläkaren to Blikk");
    let step = by(&Options::default(), link(), Now::Silent, on(Side::Exchange, private("Tandläkaren")));
    assert_eq!(said(step), "write Tandläkaren to Blikk");
}

#[test]
fn scenario_23_a_private_event_of_blikks_own_keeps_its_words_there() {
    let options = choosing(PrivateEvents::AsBusy);
    let shown = || on(Side::Exchange, private("Upptagen"));
    let linked = || {
        let mut link = linked_with(Side::Blikk, private("Läkaren"));
        link.exchange.as_mut().unwrap().seen = Some(private("Upptagen"));
        Some(link)
    };
    assert_eq!(said(by(&options, linked(), Now::Silent, shown())), "remember");
    // Made private in Outlook: only that is brought over.
    let open = Some(linked_with(Side::Blikk, event("Läkaren")));
    let step = by(&options, open, Now::Silent, shown()).unwrap();
    let Act::Write(writes) = &step.act else { panic!("{:?}", step.act) };
    assert!(matches!(&writes[..], [Write::Update { on: Side::Blikk, after, .. }] if *after == private("Läkaren")));
    // An edit in Blikk, and nothing but it, is written to Exchange.
    let edited = Event { place: "Rum 3".into(), ..private("Läkaren") };
    let step = by(&options, linked(), on(Side::Blikk, edited), shown()).unwrap();
    let Act::Write(writes) = &step.act else { panic!("{:?}", step.act) };
    let expected = Event { place: "Rum 3".into(), ..private("Upptagen") };
    assert!(matches!(&writes[..], [Write::Update { on: Side::Exchange, after, .. }] if *after == expected));
    // With the state lost, neither knows the other's words.
    assert_eq!(said(by(&options, None, on(Side::Blikk, private("Läkaren")), shown())), "remember");
    // The veil is lifted.
    let step = by(&Options::default(), linked(), Now::Silent, on(Side::Exchange, private("Läkaren")));
    assert_eq!(said(step), "remember");
    let step = by(&Options::default(), linked(), Now::Silent, on(Side::Exchange, private("Nytt")));
    assert_eq!(said(step), "write Nytt to Blikk");
    // Deleted in Blikk. Whether the item was edited, nobody may tell, so if it was touched at all it stays.
    let mut known = linked().unwrap();
    known.exchange.as_mut().unwrap().version = Version::new("2");
    assert_eq!(said(by(&options, Some(known), Now::Gone, shown())), "delete in Exchange");
    assert_eq!(said(by(&options, linked(), Now::Gone, shown())), "create Upptagen in Blikk");
}

#[test]
fn scenario_23_private_events_that_are_not_shown_at_all_are_taken_from_blikk_and_not_made_again() {
    let options = choosing(PrivateEvents::NotAtAll);
    let shown = || on(Side::Exchange, private("Upptagen"));
    let step = by(&options, None, Now::Silent, shown()).unwrap();
    let row = step.link.clone();
    assert_eq!(said(Some(step)), "keep out");
    assert_eq!(said(by(&options, Some(row.clone()), Now::Silent, shown())), "keep out");
    let link = Some(linked_with(Side::Exchange, event("Tandläkaren")));
    let step = by(&options, link, on(Side::Blikk, event("Min tandläkare")), shown()).unwrap();
    assert_eq!((&step.reason, step.link.id.as_str()), (&Reason::Private, "drawn"));
    assert!(step.link.exchange.is_some(), "the row keeps it, so that it is not made again");
    assert_eq!(said(Some(step)), "delete in Blikk");
    let changed = Relearn::since(Some(&options), &Options::default());
    let open = Options::default();
    let rules = Rules { relearn: changed, ..Rules::new(&open, today()) };
    assert_eq!(said(ruled(&rules, Some(row.clone()), Now::Silent, Now::Silent)), "look again");
    assert_eq!(said(ruled(&rules, Some(row), Now::Silent, on(Side::Exchange, private("T")))), "create T in Blikk");
    let own = Some(linked_with(Side::Blikk, private("Läkaren")));
    assert_eq!(said(by(&options, own, Now::Silent, shown())), "remember", "Blikk's own stays in Blikk");
}
