//! What people write: every value that a person gives an event is another one, so that it can be told afterwards what
//! became of each.
//!
//! A text carries its word as `§17`; a date and a reminder are numbers already.

use std::collections::BTreeSet;

use blikk_calendar_sync::event::{DateSpan, Event, Exception, When};
use blikk_calendar_sync::sync::merge::Field;
use chrono::{Days, NaiveDate};

/// One thing that a person wrote, in one field of one event.
pub type Word = u32;

/// The first day of the calendar: word 17 of a date is the seventeenth day after.
pub fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 3, 1).unwrap_or_default()
}

/// The date that says this word.
pub fn date_saying(word: Word) -> When {
    let day = first_day() + Days::new(word.into());
    When::all_day(day, day + Days::new(1)).unwrap_or_else(|_| unreachable!("a day ends after it begins"))
}

pub fn text_saying(what: &str, word: Word) -> String {
    format!("{what} §{word}")
}

/// Every word in an event, with the field that says it.
pub fn words_of(event: &Event) -> Vec<(Field, Word)> {
    let mut words = Vec::with_capacity(6);
    let mut find = |field, text: &str| words.extend(word_in(text).map(|word| (field, word)));
    find(Field::Title, &event.title);
    find(Field::Body, &event.body);
    find(Field::Place, &event.place);
    for category in &event.categories {
        find(Field::Categories, category);
    }
    if let Some(series) = &event.series {
        for exception in series.exceptions.values() {
            if let Exception::Changed(changes) = exception {
                find(Field::Exceptions, changes.title.as_deref().unwrap_or_default());
            }
        }
    }
    words.extend(event.reminder.map(|reminder| (Field::Reminder, reminder.minutes_before_start)));
    // The first day of a series is bound to its rule; what becomes of the two is for another check.
    if let (When::AllDay(span), None) = (&event.when, &event.series) {
        words.extend(word_of_date(span).map(|word| (Field::When, word)));
    }
    words
}

/// The word in a text: what follows its first `§`.
pub fn word_in(text: &str) -> Option<Word> {
    leading_number(&text[text.find('§')? + '§'.len_utf8()..])
}

/// Every word in a text.
pub fn words_in_text(text: &str) -> BTreeSet<Word> {
    text.split('§').skip(1).filter_map(leading_number).collect()
}

fn leading_number(text: &str) -> Option<Word> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

fn word_of_date(span: &DateSpan) -> Option<Word> {
    u32::try_from((span.start() - first_day()).num_days()).ok().filter(|word| *word > 0)
}
