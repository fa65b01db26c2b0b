//! Who belongs together, one line a case.

use super::*;
use crate::event::When;
use crate::sync::port::Marker;
use crate::sync::state::{LinkState, Uid};

/// `x2=Titel uid:u made:L1/b at:5`: an event with an id and a title, and what it says of itself.
fn observed(text: &str) -> Observed {
    let mut words = text.split(' ');
    let (id, title) = words.next().unwrap().split_once('=').unwrap();
    let day = "2027-02-01".parse().unwrap();
    let event = Event::new(title, When::all_day(day, "2027-02-02".parse().unwrap()).unwrap());
    let mut observed = Observed {
        id: RemoteId::new(id),
        version: Version::new("2"),
        uid: None,
        marker: None,
        created_at: None,
        changed_at: None,
        is_unfinished: false,
        content: Ok(event),
    };
    for word in words {
        match word.split_once(':').unwrap() {
            ("uid", uid) => observed.uid = Some(Uid::new(uid)),
            ("at", minute) => observed.created_at = format!("2027-01-01T00:{minute:0>2}:00Z").parse().ok(),
            ("made", marker) => {
                let (link, blikk) = marker.split_once('/').unwrap();
                observed.marker = Some(Marker { link: LinkId::new(link), blikk: RemoteId::new(blikk) });
            }
            other => panic!("{other:?}"),
        }
    }
    observed
}

/// `L1:b+x=Titel`: a link, its two sides (`-` for none), and what both hold.
fn link(text: &str) -> Link {
    let (id, rest) = text.split_once(':').unwrap();
    let (ids, title) = rest.split_once('=').unwrap();
    let (blikk, exchange) = ids.split_once('+').unwrap();
    let side =
        |id: &str| (id != "-").then(|| SideState { id: RemoteId::new(id), version: Version::new("1"), seen: None });
    Link {
        id: LinkId::new(id),
        origin: Side::Blikk,
        state: LinkState::Active,
        blikk: side(blikk),
        exchange: side(exchange),
        uid: None,
        base: observed(&format!("?={title}")).content.ok(),
    }
}

/// `gone:x` is what the server confirmed.
fn heard(all: &[&str]) -> Heard {
    let mut heard = Heard::default();
    for text in all {
        match text.strip_prefix("gone:") {
            Some(id) => heard.gone.push(RemoteId::new(id)),
            None => heard.here.push(observed(text)),
        }
    }
    heard
}

/// The pairs in words, in alphabetical order: `L1 b+x`. `!` is gone, `(x)` is as remembered, `x?` waits with a reason.
fn said(pairs: &[Pair]) -> String {
    let mut all: Vec<String> = pairs
        .iter()
        .map(|pair| {
            let side = |side: Side| {
                let remembered = pair.link.as_ref().and_then(|link| link.on(side)).map(|state| state.id.as_str());
                match pair.now(side) {
                    Now::Here(seen) if seen.content.is_err() => format!("{}?", seen.id),
                    Now::Here(seen) => seen.id.to_string(),
                    Now::Gone => format!("{}!", remembered.unwrap_or("")),
                    Now::Silent => remembered.map_or("-".into(), |id| format!("({id})")),
                }
            };
            let id = pair.link.as_ref().map_or("new", |link| link.id.as_str());
            format!("{id} {}+{}", side(Side::Blikk), side(Side::Exchange))
        })
        .collect();
    all.sort();
    all.join(", ")
}

#[test]
fn who_belongs_together() {
    #[rustfmt::skip]
    type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a [&'a str], &'a str);
    let cases: &[Case<'_>] = &[
        // Links, Blikk says, Exchange says -> pairs
        ("strangers", &[], &["b=A"], &["x=B"], "new -+x, new b+-"),
        ("named by UID", &[], &["b=A uid:u"], &["x=A uid:u"], "new b+x"),
        ("two with one UID", &[], &["b=A uid:u"], &["x1=A uid:u at:2", "x2=A uid:u at:1"], "new -+x1, new b+x2"),
        ("named by marker", &[], &["b=A"], &["x=A made:L1/b"], "new b+x"),
        (
            "the original, not its copy",
            &[],
            &["b=A"],
            &["x2=A made:L1/b at:2", "x1=A made:L1/b at:1"],
            "new -+x2, new b+x1",
        ),
        (
            "the original, though it was edited",
            &[],
            &["b=A"],
            &["x2=A made:L1/b at:2", "x1=B made:L1/b at:1"],
            "new -+x2, new b+x1",
        ),
        ("another engine's", &[], &["b=A"], &["x2=A made:L2/b at:2", "x1=A made:L1/b at:1"], "new -+x2?, new b+x1"),
        ("linked", &["L1:b+x=A"], &["b=B"], &["gone:x"], "L1 b+x!"),
        ("a copy of what is linked", &["L1:b+x1=A"], &[], &["x2=A made:L1/b at:2"], "L1 (b)+(x1), new -+x2"),
        ("a copy of what is gone", &["L1:b+x1=A"], &["b=B"], &["gone:x1", "x2=A made:L1/b at:2"], "L1 b+x2"),
        ("made anew, row not written", &["L1:b+x1=A"], &["b=B"], &["gone:x1", "x2=B made:L2/b at:2"], "L1 b+x2"),
        ("made after all", &["L1:b+-=A"], &["b=A"], &["x=A made:L1/b"], "L1 b+x"),
        (
            "made after all, and copied",
            &["L1:b+-=A"],
            &["b=A"],
            &["x2=A made:L1/b at:2", "x1=A made:L1/b at:1"],
            "L1 b+x1, new -+x2",
        ),
        // Scenario 11: another engine made x2 for b, which we linked to x1.
        ("theirs is younger", &["L1:b+x1=A"], &[], &["x1=A at:1", "x2=A made:L2/b at:2"], "L1 (b)+x1, new -+x2?"),
        ("theirs is older", &["L1:b+x1=A"], &[], &["x1=A at:2", "x2=A made:L2/b at:1"], "L1 (b)+x2, L1-twin !+x1"),
        ("theirs was edited", &["L1:b+x1=A"], &[], &["x1=A at:2", "x2=B made:L2/b at:1"], "L1 (b)+x1, new -+x2"),
        ("ours is gone", &["L1:b+x1=A"], &[], &["gone:x1", "x2=A made:L2/b at:2"], "L1 (b)+x2"),
    ];
    for (name, links, blikk, exchange, expected) in cases {
        let links = || links.iter().map(|text| link(text)).collect();
        assert_eq!(said(&pair_up(links(), heard(blikk), heard(exchange))), *expected, "{name}");
        let turned: Vec<&str> = exchange.iter().rev().copied().collect();
        assert_eq!(said(&pair_up(links(), heard(blikk), heard(&turned))), *expected, "{name}, heard of the other way");
    }
}
