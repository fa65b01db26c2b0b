//! What is shown of private events, and what is written to them.

use std::cell::RefCell;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::event::{FreeBusy, Meeting, Reminder, Series, When};
use crate::recurrence::{DayInterval, Pattern, Range, Recurrence};
use crate::sync::state::{Uid, Unsynced, Version};

fn day(day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2027, 2, day).unwrap()
}

fn on(date: u32) -> When {
    When::all_day(day(date), day(date + 1)).unwrap()
}

/// Full of what nobody else may know.
fn secret() -> Event {
    let meeting = Meeting {
        is_mine: true,
        organizer: None,
        participants: Vec::new(),
        my_answer: Default::default(),
        is_cancelled: false,
        online_url: Some("https://hemligt.example".into()),
    };
    Event {
        body: "Hemlig text".into(),
        place: "Hemlig plats".into(),
        free_busy: FreeBusy::OutOfOffice,
        sensitivity: Sensitivity::Private,
        importance: Importance::High,
        reminder: Some(Reminder { minutes_before_start: 15 }),
        categories: ["Hemlig".to_owned()].into(),
        meeting: Some(meeting),
        attachments: vec!["hemligt.pdf".into()],
        ..Event::new("Hemlig titel", on(1))
    }
}

fn daily(event: Event, exceptions: Vec<(u32, Exception)>) -> Event {
    let pattern = Pattern::Daily { interval: DayInterval::new(1).unwrap() };
    let mut series = Series::new(Recurrence { pattern, range: Range::NoEnd });
    series.exceptions.extend(exceptions.into_iter().map(|(date, exception)| (OriginalDate(day(date)), exception)));
    Event { series: Some(series), ..event }
}

fn changed(changes: Changes) -> Exception {
    Exception::Changed(Box::new(changes))
}

fn options(private_events: PrivateEvents) -> Options {
    Options { private_events, busy_title: "Upptagen".into(), ..Options::default() }
}

fn observed(event: Event) -> Observed {
    Observed {
        id: RemoteId::new("x"),
        version: Version::new("1"),
        uid: Some(Uid::new("uid")),
        marker: None,
        created_at: None,
        changed_at: None,
        is_unfinished: false,
        content: Ok(event),
    }
}

#[test]
fn scenario_23_of_a_private_event_nothing_is_shown_but_when_somebody_is_busy() {
    let words = Changes { title: Some("Hemligt".into()), body: Some("Hemligt".into()), ..Changes::default() };
    let moved = Changes { when: Some(on(5)), free_busy: Some(FreeBusy::Free), ..words.clone() };
    let series = daily(secret(), vec![(2, Exception::Cancelled), (3, changed(words.clone())), (4, changed(moved))]);
    for private_events in [PrivateEvents::AsBusy, PrivateEvents::NotAtAll] {
        for sensitivity in [Sensitivity::Personal, Sensitivity::Private, Sensitivity::Confidential] {
            let event = Event { sensitivity, ..series.clone() };
            let shown = veil(observed(event), &options(private_events)).content.unwrap();
            assert!(!format!("{shown:?}").to_lowercase().contains("hemlig"), "{shown:?}");
            let at = Changes { when: Some(on(5)), free_busy: Some(FreeBusy::Free), ..Changes::default() };
            let busy = Event { sensitivity, free_busy: FreeBusy::OutOfOffice, ..Event::new("Upptagen", on(1)) };
            assert_eq!(shown, daily(busy, vec![(2, Exception::Cancelled), (4, changed(at))]));
        }
    }
    assert_eq!(veil(observed(series.clone()), &options(PrivateEvents::AsTheyAre)), observed(series));
    let open = Event { sensitivity: Sensitivity::Normal, ..secret() };
    assert_eq!(veil(observed(open.clone()), &options(PrivateEvents::AsBusy)), observed(open));
}

#[test]
fn scenario_23_an_occurrence_that_is_private_by_itself_is_covered_and_so_is_what_nobody_can_read() {
    let private = Changes {
        title: Some("Hemligt".into()),
        sensitivity: Some(Sensitivity::Private),
        when: Some(on(5)),
        ..Changes::default()
    };
    let open = Event { sensitivity: Sensitivity::Normal, meeting: None, ..Event::new("Avstämning", on(1)) };
    let shown = veil(observed(daily(open.clone(), vec![(3, changed(private))])), &options(PrivateEvents::AsBusy));
    let covered = Changes {
        title: Some("Upptagen".into()),
        body: Some(String::new()),
        place: Some(String::new()),
        sensitivity: Some(Sensitivity::Private),
        when: Some(on(5)),
        ..Changes::default()
    };
    assert_eq!(shown.content, Ok(daily(open, vec![(3, changed(covered))])));
    let problem = Code::ExchangeItemRefused.into();
    let unreadable = Unsynced { problem, title: "Hemlig titel".into(), start: None };
    let shown = veil(Observed { content: Err(unreadable), ..observed(secret()) }, &options(PrivateEvents::AsBusy));
    assert_eq!(shown.content.unwrap_err().title, "Upptagen");
}

#[test]
fn words_that_are_known_from_elsewhere_are_put_back() {
    let words = Changes { title: Some("Hemligt".into()), ..Changes::default() };
    let moved = Changes { when: Some(on(5)), ..words.clone() };
    let event = daily(secret(), vec![(2, Exception::Cancelled), (3, changed(words)), (4, changed(moved))]);
    assert_eq!(uncover(cover(event.clone(), &options(PrivateEvents::AsBusy)), &event), event);
}

/// An Exchange that holds one item.
struct One(RefCell<Event>);

impl Calendar for One {
    fn side(&self) -> Side {
        Side::Exchange
    }
    async fn changes(&self, _: Option<&Token>) -> Result<ChangePage, Problem> {
        let seen = Change::Seen(Box::new(observed(self.0.borrow().clone())));
        Ok(ChangePage { changes: vec![seen], next: Token::new("1"), more: false })
    }
    async fn read(&self, ids: &[RemoteId]) -> Result<Vec<Reading>, Problem> {
        Ok(ids.iter().map(|_| Reading::Found(Box::new(observed(self.0.borrow().clone())))).collect())
    }
    async fn find(&self, _: &[Draft]) -> Result<Vec<Option<Observed>>, Problem> {
        Ok(vec![Some(observed(self.0.borrow().clone()))])
    }
    async fn create(&self, drafts: &[Draft]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        Ok(drafts.iter().map(|draft| Ok(observed(draft.event.clone()))).collect())
    }
    async fn update(&self, revisions: &[Revision]) -> Result<Vec<Result<Observed, Problem>>, Problem> {
        let write = |revision: &Revision| {
            assert_eq!(revision.before, *self.0.borrow(), "what is written is compared with what is there");
            *self.0.borrow_mut() = revision.after.clone();
            Ok(observed(revision.after.clone()))
        };
        Ok(revisions.iter().map(write).collect())
    }
    async fn delete(&self, _: &[Removal]) -> Result<Vec<Result<(), Problem>>, Problem> {
        Ok(Vec::new())
    }
    fn batch_size(&self) -> usize {
        1
    }
}

fn answer<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("nothing here waits"),
    }
}

#[test]
fn scenario_23_nothing_that_exchange_answers_tells_what_is_hidden() {
    let (one, options) = (One(RefCell::new(secret())), options(PrivateEvents::AsBusy));
    let veiled = Veiled::new(&one, &options);
    let ids = [RemoteId::new("x")];
    let shown = cover(secret(), &options);
    let revision = Revision {
        id: ids[0].clone(),
        expected: Version::new("1"),
        before: shown.clone(),
        after: Event { free_busy: FreeBusy::Free, ..shown },
        unmark: false,
    };
    let said = [
        format!("{:?}", answer(veiled.changes(None))),
        format!("{:?}", answer(veiled.read(&ids))),
        format!("{:?}", answer(veiled.find(&[]))),
        format!("{:?}", answer(veiled.update(&[revision]))),
    ];
    for answer in said {
        assert!(answer.contains("Upptagen") && !answer.to_lowercase().contains("hemlig"), "{answer}");
    }
    assert_eq!(*one.0.borrow(), Event { free_busy: FreeBusy::Free, ..secret() }, "and nothing hidden was written over");
}

#[test]
fn only_what_was_edited_is_written_to_what_we_were_not_shown() {
    let options = options(PrivateEvents::AsBusy);
    let real = daily(
        secret(),
        vec![
            (2, changed(Changes { title: Some("Hemligt".into()), ..Changes::default() })),
            (3, changed(Changes { place: Some("Hemligt".into()), when: Some(on(4)), ..Changes::default() })),
        ],
    );
    let shown = cover(real.clone(), &options);
    let mut after = Event { title: "Läkaren".into(), categories: ["Vård".to_owned()].into(), ..shown.clone() };
    let exceptions = &mut after.series.as_mut().unwrap().exceptions;
    exceptions.insert(OriginalDate(day(3)), changed(Changes { when: Some(on(5)), ..Changes::default() }));
    exceptions.insert(OriginalDate(day(6)), Exception::Cancelled);
    let mut expected = Event { title: "Läkaren".into(), ..real.clone() };
    expected.categories.insert("Vård".into());
    let exceptions = &mut expected.series.as_mut().unwrap().exceptions;
    let moved = Changes { place: Some("Hemligt".into()), when: Some(on(5)), ..Changes::default() };
    exceptions.insert(OriginalDate(day(3)), changed(moved));
    exceptions.insert(OriginalDate(day(6)), Exception::Cancelled);
    assert_eq!(regraft(&real, &shown, &after, &options), expected);
}
