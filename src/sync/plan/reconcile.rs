//! Both sides are there: bring each side's edits to the other.

use crate::event::{Event, Sensitivity};
use crate::problem::Side;
use crate::sync::merge::{Edit, Field, Merged, Veil, differences, merge};
use crate::sync::port::Observed;
use crate::sync::state::{Link, LinkId, LinkState, Question, SideState};
use crate::sync::veil::{cover, uncover};

use super::left::may_have_changed_unheard;
use super::{Act, Now, Reason, Rules, Step, Write, look_again, new_link, set_aside};

/// Two events that name each other, without a row: the first run on calendars that were linked before, or a create
/// whose answer was lost (scenarios 1 and 3). Where the item says which link it was made under, it is that one again.
pub(super) fn meet(blikk: Observed, exchange: Observed, rules: &Rules<'_>, draw: &mut dyn FnMut() -> LinkId) -> Step {
    let marker = exchange.marker.as_ref().filter(|marker| marker.blikk == blikk.id);
    let id = marker.map_or_else(&mut *draw, |marker| marker.link.clone());
    let mut link = new_link(id, if blikk.uid.is_some() { Side::Exchange } else { Side::Blikk });
    link.uid = exchange.uid.clone();
    reconcile(link, None, blikk, exchange, rules, draw)
}

/// A known pair, both there.
pub(super) fn both_there(
    link: Link,
    blikk: Now,
    exchange: Now,
    rules: &Rules<'_>,
    draw: &mut dyn FnMut() -> LinkId,
) -> Option<Step> {
    if blikk == Now::Silent && exchange == Now::Silent {
        let is_answered = rules.answer.as_ref().is_some_and(|(id, _)| *id == link.id);
        return (is_answered || rules.relearn.everything).then(|| look_again(link));
    }
    let is_silent = exchange == Now::Silent;
    let may_be_stale = is_silent && may_have_changed_unheard(&link, Side::Exchange);
    let (Some(blikk), Some(exchange)) = (present(&link, Side::Blikk, blikk), present(&link, Side::Exchange, exchange))
    else {
        return Some(look_again(link));
    };
    let step = reconcile(link.clone(), Some(link), blikk, exchange, rules, draw);
    let is_written = |side| matches!(&step.act, Act::Write(writes) if writes.iter().any(|write| write.side() == side));
    match step.prior {
        // What would be put back in Blikk may be what Exchange said once; and another engine that remembers otherwise would
        // put it back as well, for ever (scenario 11).
        Some(prior) if (is_silent && is_written(Side::Blikk)) || (may_be_stale && is_written(Side::Exchange)) => {
            Some(look_again(prior))
        }
        prior => Some(Step { prior, ..step }),
    }
}

/// What a side holds now: as observed, or as remembered; `None` where what is remembered is not what it holds.
fn present(link: &Link, side: Side, now: Now) -> Option<Observed> {
    let state = link.on(side);
    match now {
        Now::Here(observed) => Some(*observed),
        Now::Gone => None,
        Now::Silent if link.state != LinkState::Active || state?.version.is_unknown() => None,
        Now::Silent => Some(Observed {
            id: state?.id.clone(),
            version: state?.version.clone(),
            uid: link.uid.clone(),
            marker: None,
            created_at: None,
            changed_at: None,
            is_unfinished: false,
            content: Ok(link.seen_on(side)?.clone()),
        }),
    }
}

fn reconcile(
    mut link: Link,
    prior: Option<Link>,
    blikk: Observed,
    exchange: Observed,
    rules: &Rules<'_>,
    draw: &mut dyn FnMut() -> LinkId,
) -> Step {
    let kept = |side| prior.as_ref().and_then(|link: &Link| link.on(side)?.seen.clone());
    let (in_blikk, in_exchange) = match (&blikk.content, &exchange.content) {
        (Ok(in_blikk), Ok(in_exchange)) => (in_blikk, in_exchange),
        (Err(reason), _) | (_, Err(reason)) => {
            let side = if blikk.content.is_err() { Side::Blikk } else { Side::Exchange };
            let reason = reason.clone();
            link.blikk = Some(state(&blikk, kept(Side::Blikk)));
            link.exchange = Some(state(&exchange, kept(Side::Exchange)));
            return set_aside(link, prior, side, reason);
        }
    };
    if rules.is_kept_out(link.origin, in_exchange) {
        return keep_out(link, prior, &blikk, &exchange, in_exchange, draw);
    }
    let veil = rules.veil(link.origin, in_exchange);
    let past = (kept_past(prior.as_ref(), Side::Blikk), past_in_exchange(prior.as_ref(), veil, rules));
    let edits = (
        rules.edit(past.0.as_ref(), in_blikk, blikk.is_unfinished, Veil::None),
        rules.edit(past.1.as_ref(), in_exchange, exchange.is_unfinished, veil),
    );
    let merged = match judge(edits, rules.preferred(prior.as_ref(), &blikk, &exchange)) {
        Ok(merged) => merged,
        Err(fields) => {
            link.blikk = Some(state(&blikk, kept(Side::Blikk)));
            link.exchange = Some(state(&exchange, kept(Side::Exchange)));
            return ask(link, prior, Question { fields, blikk: in_blikk.clone(), exchange: in_exchange.clone() });
        }
    };
    let reason = reason(&merged, rules.is_exchanges(link.origin, in_exchange));
    let writes = writes(&blikk, &exchange, in_blikk, in_exchange, merged);
    link.state = LinkState::Active;
    link.blikk = Some(state(&blikk, Some(in_blikk.clone())));
    link.exchange = Some(state(&exchange, Some(in_exchange.clone())));
    if writes.is_empty() {
        return Step { link, prior, act: Act::Remember, reason: Reason::Equal };
    }
    Step { link, prior, act: Act::Write(writes), reason }
}

fn state(seen: &Observed, event: Option<Event>) -> SideState {
    SideState { id: seen.id.clone(), version: seen.version.clone(), seen: event }
}

fn kept_past(prior: Option<&Link>, side: Side) -> Option<Event> {
    prior.and_then(|link| link.seen_on(side)).cloned()
}

/// What Exchange held, as far as it can be compared with what we are shown now: a veil that was drawn or lifted since is
/// nobody's edit of an event that was made in Blikk.
fn past_in_exchange(prior: Option<&Link>, veil: Veil, rules: &Rules<'_>) -> Option<Event> {
    let past = kept_past(prior, Side::Exchange)?;
    let link = prior?;
    match (veil, &link.base) {
        (Veil::OverOurs, _) => Some(cover(past, rules.options)),
        (Veil::None, Some(base)) if rules.relearn.is_unveiled && link.origin == Side::Blikk && is_bare(&past) => {
            Some(uncover(past, base))
        }
        _ => Some(past),
    }
}

/// Whether it can be what a veil shows: of a private event, no words.
fn is_bare(past: &Event) -> bool {
    let has_words = !past.body.is_empty() || !past.place.is_empty() || !past.categories.is_empty();
    past.sensitivity != Sensitivity::Normal && !has_words
}

/// What both come to hold, or what the person must be asked about: every field that either answer would decide.
fn judge((blikk, exchange): (Edit<'_>, Edit<'_>), preferred: Option<Side>) -> Result<Merged, Vec<Field>> {
    if let Some(side) = preferred {
        return Ok(merge(blikk, exchange, side));
    }
    let (merged, otherwise) = (merge(blikk, exchange, Side::Exchange), merge(blikk, exchange, Side::Blikk));
    let is_asked = |field: &Field| merged.clashes.contains(field) || otherwise.clashes.contains(field);
    let fields: Vec<Field> = Field::ALL.into_iter().filter(is_asked).collect();
    if fields.is_empty() { Ok(merged) } else { Err(fields) }
}

/// The whole event waits. Each side's past is kept, so that nothing is lost when the answer comes.
fn ask(mut link: Link, prior: Option<Link>, question: Question) -> Step {
    let reason = Reason::Asks { fields: question.fields.clone() };
    link.state = LinkState::Asks { question: Box::new(question) };
    Step { link, prior, act: Act::Remember, reason }
}

/// The Blikk event is taken away, and the item remembered, so that it is not shown again. Under a new id, because the
/// old one is the idempotency key of what is deleted.
fn keep_out(
    mut link: Link,
    prior: Option<Link>,
    blikk: &Observed,
    exchange: &Observed,
    in_exchange: &Event,
    draw: &mut dyn FnMut() -> LinkId,
) -> Step {
    link.id = draw();
    link.state = LinkState::Active;
    link.base = None;
    link.blikk = Some(state(blikk, None));
    link.exchange = Some(state(exchange, Some(in_exchange.clone())));
    let (id, expected, before) = (blikk.id.clone(), blikk.version.clone(), blikk.content.as_ref().ok().cloned());
    let delete = Write::Delete { on: Side::Blikk, id, expected, before };
    Step { link, prior, act: Act::Write(vec![delete]), reason: Reason::Private }
}

fn writes(blikk: &Observed, exchange: &Observed, in_blikk: &Event, in_exchange: &Event, merged: Merged) -> Vec<Write> {
    // It names another Blikk event: it once was a copy (scenario 8).
    let is_mismarked = exchange.marker.as_ref().is_some_and(|marker| marker.blikk != blikk.id);
    let both = [
        (Side::Exchange, exchange, in_exchange, merged.for_exchange, is_mismarked),
        (Side::Blikk, blikk, in_blikk, merged.for_blikk, false),
    ];
    both.into_iter()
        // An unfinished item is written even when it has become what it shall be: to say that it has.
        .filter(|(_, seen, before, after, unmark)| {
            let says_otherwise = seen.is_unfinished || *unmark;
            !differences(before, after).is_empty() || (says_otherwise && !before.belongs_to_exchange())
        })
        .map(|(on, seen, before, after, unmark)| Write::Update {
            on,
            id: seen.id.clone(),
            expected: seen.version.clone(),
            before: before.clone(),
            after,
            unmark,
        })
        .collect()
}

/// Why what was merged is written.
fn reason(merged: &Merged, is_exchanges: bool) -> Reason {
    let edits = merged.overruled.clone();
    if edits.is_empty() {
        Reason::Edited
    } else if is_exchanges {
        Reason::BelongsToExchange { fields: edits.into_iter().map(|edit| edit.field).collect() }
    } else {
        Reason::Overruled { edits }
    }
}
