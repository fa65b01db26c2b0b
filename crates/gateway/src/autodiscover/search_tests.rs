//! The search against whole internets, honest and hostile ones.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::select;
use reqwest::Url;

use super::search::{Ask, Network, Outcome, Password, Reply, Report, Search, search};
use crate::server_address::AddressRules;
use crate::token::Mailbox;

const ACCOUNT: &str = "svc@konsult.example";
const MAILBOX: &str = "karin@konsult.example";
const EWS: &str = "https://mail.konsult.example/EWS/Exchange.asmx";

/// What answers at which address; nothing anywhere else. Notes what it is asked.
#[derive(Default)]
struct Web {
    replies: HashMap<String, Reply>,
    /// A server that lets nobody in without the credential.
    locked: Vec<String>,
    asked: Mutex<Vec<Ask>>,
}

impl Web {
    fn of(replies: &[(&str, Reply)]) -> Web {
        let replies = replies.iter().map(|(url, reply)| ((*url).to_owned(), reply.clone())).collect();
        Web { replies, ..Web::default() }
    }

    fn locked(mut self, url: &str) -> Web {
        self.locked.push(url.to_owned());
        self
    }

    /// The hosts that were sent the password.
    fn trusted(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("no panic");
        asked
            .iter()
            .filter(|ask| ask.with_credential)
            .map(|ask| ask.url.host_str().expect("a host").to_owned())
            .collect()
    }
}

impl Network for Web {
    async fn ask(&self, ask: Ask) -> Result<Reply, Outcome> {
        // Without the query, which carries an address.
        let mut place = ask.url.clone();
        place.set_query(None);
        let is_locked = self.locked.iter().any(|url| url == place.as_str()) && !ask.with_credential;
        self.asked.lock().expect("no panic").push(ask);
        if is_locked {
            return Ok(Reply { status: 401, offers_basic: true, ..Reply::default() });
        }
        self.replies.get(place.as_str()).cloned().ok_or(Outcome::NoSuchHost)
    }
}

fn ok(body: impl Into<Vec<u8>>) -> Reply {
    Reply { status: 200, body: body.into(), ..Reply::default() }
}

fn to(location: &str) -> Reply {
    Reply { status: 302, location: Some(location.to_owned()), ..Reply::default() }
}

fn json(url: &str) -> Reply {
    ok(format!("{{\"Protocol\":\"Ews\",\"Url\":{url:?}}}"))
}

fn account(inner: &str) -> Reply {
    ok(format!("<Autodiscover><Response><Account>{inner}</Account></Response></Autodiscover>"))
}

fn settings(url: &str) -> Reply {
    account(&format!("<Action>settings</Action><Protocol><Type>EXPR</Type><EwsUrl>{url}</EwsUrl></Protocol>"))
}

fn redirect_url(url: &str) -> Reply {
    account(&format!("<Action>redirectUrl</Action><RedirectUrl>{url}</RedirectUrl>"))
}

fn redirect_address(address: &str) -> Reply {
    account(&format!("<Action>redirectAddr</Action><RedirectAddr>{address}</RedirectAddr>"))
}

const OWN_JSON: &str = "https://autodiscover.konsult.example/autodiscover/autodiscover.json";
const ROOT_POX: &str = "https://konsult.example/autodiscover/autodiscover.xml";
const OWN_POX: &str = "https://autodiscover.konsult.example/autodiscover/autodiscover.xml";
const IN_CLEAR: &str = "http://autodiscover.konsult.example/autodiscover/autodiscover.xml";
const HOSTER: &str = "https://auto.hoster.example/autodiscover/autodiscover.xml";

struct Given<'a> {
    account: &'a str,
    password: Password,
    confirmed: &'a [&'a str],
    allowed: &'a str,
}

const USUAL: Given<'_> = Given { account: ACCOUNT, password: Password::Typed, confirmed: &[], allowed: "*" };

fn run(given: &Given<'_>, web: &Web) -> Report {
    let confirmed: Vec<_> = given.confirmed.iter().map(|host| (*host).to_owned()).collect();
    let rules = AddressRules::new(&[given.allowed.to_owned()], &[]).expect("rules");
    let wanted = Search {
        account: given.account,
        mailbox: &Mailbox::parse(MAILBOX).expect("an address"),
        password: given.password,
        confirmed: &confirmed,
        rules: &rules,
        candidates: &[],
        deadline: Instant::now() + Duration::from_secs(60),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(search(&wanted, web))
}

/// What happened at each place, in order; the page shows the same.
fn told(report: &Report) -> Vec<String> {
    report.steps.iter().map(|step| format!("{:?} {} {:?}", step.way, step.host, step.outcome)).collect()
}

fn found(report: &Report) -> Option<&str> {
    report.found.as_ref().map(Url::as_str)
}

#[test]
fn the_first_server_that_knows_ends_the_search_and_v2_needs_no_password() {
    let web = Web::of(&[(OWN_JSON, json(EWS)), (ROOT_POX, settings("https://never.example/"))]);
    let report = run(&USUAL, &web);
    assert_eq!(found(&report), Some(EWS));
    assert_eq!(told(&report), ["Json autodiscover.konsult.example Found"]);
    assert_eq!(web.trusted(), [""; 0]);
}

#[test]
fn an_older_server_is_asked_with_the_password_but_only_when_it_asks_for_it() {
    let web = Web::of(&[(ROOT_POX, ok("<html>Our web site</html>")), (OWN_POX, settings(EWS))]).locked(OWN_POX);
    for password in [Password::Typed, Password::Saved] {
        let report = run(&Given { password, ..USUAL }, &web);
        assert_eq!(found(&report), Some(EWS));
        let expected = [
            "Json autodiscover.konsult.example NoSuchHost",
            "Json autodiscover-s.outlook.com NoSuchHost",
            "Pox konsult.example NotUnderstood",
            "Pox autodiscover.konsult.example Found",
        ];
        assert_eq!(told(&report), expected);
    }
    assert_eq!(web.trusted(), ["autodiscover.konsult.example"; 2]);
    let bodies: Vec<_> = web.asked.lock().expect("no panic").iter().filter_map(|ask| ask.body.clone()).collect();
    assert!(bodies.iter().all(|body| body.contains(MAILBOX)), "R24: the account need not have a mailbox");
}

#[test]
fn a_redirection_to_another_address_or_place_of_the_same_company_is_followed() {
    let at = "https://ex.konsult.example/autodiscover/autodiscover.xml";
    let other = "https://sub.konsult.example/autodiscover/autodiscover.xml";
    for first in [to(at), redirect_url(at), redirect_address("karin@sub.konsult.example")] {
        let web = Web::of(&[(ROOT_POX, first), (at, settings(EWS)), (other, settings(EWS))]).locked(at).locked(other);
        let report = run(&USUAL, &web);
        assert_eq!(found(&report), Some(EWS), "{:?}", told(&report));
        assert_eq!(web.trusted().len(), 1);
    }
    let web = Web::of(&[(OWN_JSON, to("/v2.json")), ("https://autodiscover.konsult.example/v2.json", json(EWS))]);
    assert_eq!(found(&run(&USUAL, &web)), Some(EWS));
}

/// Each line: what the domain's own server answers, and how that question ends.
#[test]
fn no_answer_leads_to_an_unsafe_place() {
    use Outcome as O;
    let places = [
        ("http://auto.konsult.example/autodiscover.xml", O::UnsafeAddress),
        ("file:///etc/passwd", O::UnsafeAddress),
        ("gopher://konsult.example/", O::UnsafeAddress),
        ("https://127.0.0.1/autodiscover.xml", O::UnsafeAddress),
        ("https://[::1]/", O::UnsafeAddress),
        ("https://169.254.169.254/latest/meta-data/", O::UnsafeAddress),
        ("https://10.0.0.1/", O::UnsafeAddress),
        ("https://konsult.example:8443/", O::UnsafeAddress),
        ("https://svc:pw@konsult.example/", O::UnsafeAddress),
        ("https://", O::NotUnderstood),
    ];
    for (place, expected) in places {
        for (url, reply) in [
            (OWN_JSON, json(place)),
            (OWN_JSON, to(place)),
            (OWN_POX, settings(place)),
            (OWN_POX, redirect_url(place)),
            (OWN_POX, to(place)),
            (IN_CLEAR, to(place)),
        ] {
            let web = Web::of(&[(url, reply.clone())]);
            let report = run(&USUAL, &web);
            assert_eq!(report.found, None, "{place}");
            let outcomes: Vec<_> =
                report.steps.iter().map(|step| step.outcome).filter(|it| *it != O::NoSuchHost).collect();
            assert_eq!(outcomes, [expected], "{url} {reply:?}");
            assert!(
                web.asked.lock().expect("no panic").iter().all(|ask| ask.url.as_str() != place),
                "{place} was called"
            );
        }
    }
}

#[test]
fn loops_and_endless_roads_end() {
    let there = "https://a.konsult.example/x";
    let circle = Web::of(&[(ROOT_POX, to(there)), (there, to(ROOT_POX))]);
    assert!(told(&run(&USUAL, &circle)).contains(&"Pox konsult.example TooManyRedirects".to_owned()));

    let step = |number: usize| format!("https://n{number}.konsult.example/x");
    let steps: Vec<_> = (0..40).map(|number| (step(number), to(&step(number + 1)))).collect();
    let mut road: Vec<_> = steps.iter().map(|(url, reply)| (url.as_str(), reply.clone())).collect();
    road.push((OWN_JSON, to(&steps[0].0)));
    let web = Web::of(&road);
    assert!(told(&run(&USUAL, &web)).contains(&"Json n9.konsult.example TooManyRedirects".to_owned()));
    assert!(web.asked.lock().expect("no panic").len() < 20);

    let mirrors = Web::of(&[(ROOT_POX, redirect_address(MAILBOX))]);
    assert!(told(&run(&USUAL, &mirrors)).contains(&"Pox konsult.example TooManyRedirects".to_owned()));
}

#[test]
fn a_foreign_host_gets_the_password_when_it_is_typed_and_the_host_confirmed() {
    use Password::{Absent, Saved, Typed};
    let web = || Web::of(&[(ROOT_POX, to(HOSTER)), (HOSTER, settings(EWS))]).locked(HOSTER);
    let hoster: &[&str] = &["auto.hoster.example"];
    let cases: [(Password, &[&str], Outcome, usize); 6] = [
        (Typed, &[], Outcome::Confirm, 0),
        (Typed, &["hoster.example", "auto.hoster.example:8443", "*"], Outcome::Confirm, 0),
        (Typed, hoster, Outcome::Found, 1),
        // Whoever is administrator for a moment could otherwise fetch the saved password with a server of their own.
        (Saved, &[], Outcome::Confirm, 0),
        (Saved, hoster, Outcome::NeedsPassword, 0),
        (Absent, hoster, Outcome::NeedsPassword, 0),
    ];
    for (password, confirmed, expected, trusted) in cases {
        let web = web();
        let report = run(&Given { password, confirmed, ..USUAL }, &web);
        let step = report.steps.iter().find(|step| step.host == "auto.hoster.example").expect("a step");
        assert_eq!((step.outcome, web.trusted().len()), (expected, trusted), "{password:?} {confirmed:?}");
    }
}

/// "CONTOSO\svc" has no domain of DNS, so no host is its own; the administrator's mailbox says where to ask.
#[test]
fn an_account_without_a_domain_trusts_nobody_unasked() {
    let web = Web::of(&[(OWN_POX, settings(EWS))]).locked(OWN_POX);
    let report = run(&Given { account: "KONSULT\\svc", ..USUAL }, &web);
    assert_eq!(told(&report)[3], "Pox autodiscover.konsult.example Confirm");
    assert_eq!(web.trusted(), [""; 0]);
    let confirmed: &[&str] = &["autodiscover.konsult.example"];
    let report = run(&Given { account: "KONSULT\\svc", confirmed, ..USUAL }, &web);
    assert_eq!(found(&report), Some(EWS));
}

#[test]
fn a_place_that_was_told_in_plain_http_is_not_even_called_before_it_is_confirmed() {
    let own = "https://mail.konsult.example/autodiscover/autodiscover.xml";
    for place in [HOSTER, own] {
        let web = Web::of(&[(IN_CLEAR, to(place)), (place, settings(EWS))]).locked(place);
        let host = Url::parse(place).expect("an address").host_str().expect("a host").to_owned();
        let report = run(&USUAL, &web);
        assert_eq!(told(&report).last(), Some(&format!("Pox {host} Confirm")));
        assert!(web.asked.lock().expect("no panic").iter().all(|ask| ask.url.as_str() != place));
        let confirmed: &[&str] = &[&host];
        assert_eq!(found(&run(&Given { confirmed, ..USUAL }, &web)), Some(EWS));
    }
}

#[test]
fn a_server_that_takes_no_basic_or_no_such_password_is_told_so() {
    let no_basic = Reply { status: 401, ..Reply::default() };
    let wrong = Reply { status: 401, offers_basic: true, ..Reply::default() };
    let web = Web::of(&[(ROOT_POX, no_basic), (OWN_POX, wrong)]);
    let told = told(&run(&USUAL, &web));
    assert!(told.contains(&"Pox konsult.example NoBasic".to_owned()), "{told:?}");
    assert!(told.contains(&"Pox autodiscover.konsult.example SignInRefused".to_owned()), "{told:?}");
    assert_eq!(web.trusted(), ["autodiscover.konsult.example"]);
}

#[test]
fn the_configurations_hosts_hold_for_the_search_too() {
    let web = Web::of(&[(OWN_JSON, json("https://outlook.office365.com/EWS/Exchange.asmx"))]);
    let report = run(&Given { allowed: "*.konsult.example", ..USUAL }, &web);
    assert_eq!(report.found, None);
    let told = told(&report);
    assert_eq!(
        told[..2],
        ["Json autodiscover.konsult.example HostNotAllowed", "Json autodiscover-s.outlook.com HostNotAllowed"]
    );
    assert!(
        web.asked.lock().expect("no panic").iter().all(|ask| ask.url.host_str() != Some("autodiscover-s.outlook.com"))
    );
}

/// Where an enemy would lead us.
const PLACES: &[&str] = &[
    OWN_JSON,
    ROOT_POX,
    OWN_POX,
    IN_CLEAR,
    HOSTER,
    EWS,
    "https://a.konsult.example/x",
    "https://b.konsult.example/x",
    "https://evil.example/x",
    "https://konsult.example.evil.example/x",
    "https://evilkonsult.example/x",
    "http://a.konsult.example/x",
    "https://127.0.0.1/x",
    "https://0x7f.1/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://a.konsult.example:22/x",
    "file:///etc/passwd",
    "//evil.example/x",
    "/x",
    "\\\\evil.example\\x",
    "https:evil.example",
    "",
];

fn any_reply() -> impl Strategy<Value = Reply> {
    let place = || select(PLACES);
    prop_oneof![
        place().prop_map(to),
        place().prop_map(json),
        place().prop_map(settings),
        place().prop_map(redirect_url),
        select(&["a@konsult.example", "a@evil.example", "a@127.0.0.1", "a@evil.example/x", "@", ""][..])
            .prop_map(redirect_address),
        (select(&[200_u16, 401, 403, 404, 500][..]), any::<bool>(), prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(status, offers_basic, body)| Reply { status, offers_basic, body, location: None }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the servers answer: the search ends, asks public https places only (but for the one in clear, to which
    /// it says nothing), and shows the password to the account's own domain and to the confirmed host.
    #[test]
    fn no_internet_gets_the_password_or_a_private_place(
        replies in prop::collection::vec((select(PLACES), any_reply()), 0..12),
        locked in prop::collection::vec(select(PLACES), 0..8),
        password in select(&[Password::Typed, Password::Saved, Password::Absent][..]),
        is_confirmed in any::<bool>(),
    ) {
        let mut web = Web::of(&replies);
        web.locked = locked.into_iter().map(str::to_owned).collect();
        let confirmed: &[&str] = if is_confirmed { &["auto.hoster.example"] } else { &[] };
        let report = run(&Given { password, confirmed, ..USUAL }, &web);
        let asked = web.asked.lock().expect("no panic").clone();
        prop_assert!(asked.len() <= 48 && report.steps.len() <= 48, "{} questions", asked.len());
        let rules = AddressRules::new(&["*".to_owned()], &[]).expect("rules");
        for ask in asked {
            let host = ask.url.host_str().unwrap_or_default();
            let is_own = host == "konsult.example" || host.ends_with(".konsult.example");
            let is_hoster = is_confirmed && password == Password::Typed && host == "auto.hoster.example";
            prop_assert!(!ask.with_credential || password != Password::Absent && (is_own || is_hoster), "{}", ask.url);
            let in_clear = ask.url.scheme() == "http" && ask.body.is_none() && !ask.with_credential;
            prop_assert!(rules.check_place(&ask.url).is_ok() || in_clear && host.starts_with("autodiscover."), "{}", ask.url);
        }
        if let Some(url) = report.found {
            prop_assert!(rules.check(url.as_str()).is_ok(), "{}", url);
        }
    }
}
