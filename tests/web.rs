//! In a headless browser: the same days in town as natively, with the browser's own fetch, JSON and time zones; and
//! the Wasm face as a page sees it. `cargo xtask test` starts the servers and runs this.

#![cfg(target_arch = "wasm32")]

mod scenarios;

use blikk_calendar_sync::http::{HttpFault, HttpResponse};
use blikk_calendar_sync::wasm::{BrowserJson, CalendarSync, IntlRules};
use blikk_calendar_sync::zone::{ZoneId, ZoneRules, instant_of, windows_zones};
use chrono::{DateTime, Offset, TimeDelta, TimeZone, Utc};
use js_sys::{Array, Date, Function, Math, Object, Promise, Reflect, Uint8Array};
use scenarios::{Addresses, Net, Person};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn js_fetch(url: &str, options: &Object) -> Promise;
    #[wasm_bindgen(js_name = setTimeout)]
    fn js_set_timeout(callback: &Function, milliseconds: u32);
}

struct Browser;

impl Net for Browser {
    type Json = BrowserJson;
    type Rules = IntlRules;

    async fn fetch(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<HttpResponse, HttpFault> {
        let pairs: Array = headers.iter().map(|(name, value)| Array::of2(&name.into(), &value.into())).collect();
        let options = Object::new();
        set(&options, "method", &method.into());
        set(&options, "headers", &pairs);
        if !body.is_empty() {
            set(&options, "body", &Uint8Array::from(body));
        }
        let response = awaited(js_fetch(url, &options)).await?;
        let bytes: Promise = call(&response, "arrayBuffer").unchecked_into();
        let body = Uint8Array::new(&awaited(bytes).await?).to_vec();
        let status = get(&response, "status").as_f64().unwrap_or_default() as u16;
        let headers = Array::from(&get(&response, "headers"));
        let headers = headers.iter().map(|pair| {
            let text = |at| Array::from(&pair).get(at).as_string().unwrap_or_default();
            (text(0), text(1))
        });
        Ok(HttpResponse { status, headers: headers.collect(), body })
    }

    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(Date::now() as i64)
    }

    async fn sleep(&self, milliseconds: u32) {
        let promise = Promise::new(&mut |resolve, _| js_set_timeout(&resolve, milliseconds));
        let _ = JsFuture::from(promise).await;
    }

    fn random(&self) -> [u8; 16] {
        std::array::from_fn(|_| (Math::random() * 256.0) as u8)
    }
}

async fn awaited(promise: Promise) -> Result<JsValue, HttpFault> {
    JsFuture::from(promise).await.map_err(|_| HttpFault::Unreachable)
}

fn set(object: &Object, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a plain object");
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).expect("an object")
}

fn call(object: &JsValue, method: &str) -> JsValue {
    let method: Function = get(object, method).unchecked_into();
    method.call0(object).expect("a method that does not throw")
}

/// Where `cargo xtask test` has started the servers, as told when this was compiled.
fn town() -> (Addresses, String) {
    let (Some(told), Some(gateway)) = (option_env!("SYNC_TEST_STANDINS"), option_env!("SYNC_TEST_GATEWAY")) else {
        panic!("run this by `cargo xtask test`, which starts the servers");
    };
    let told = js_sys::JSON::parse(told).expect("the stand-ins' announcement");
    let text = |path: &[&str]| path.iter().fold(told.clone(), |at, key| get(&at, key)).as_string().expect("text");
    let addresses =
        Addresses { blikk: text(&["blikk", "url"]), exchange: text(&["exchange", "url"]), gateway: gateway.into() };
    (addresses, text(&["exchange", "serviceAccount", "password"]))
}

async fn person() -> Person<Browser> {
    Person::moves_in(Browser, town().0).await
}

async fn people() -> Vec<Person<Browser>> {
    let mut people = Vec::new();
    for _ in 0..scenarios::PEOPLE {
        people.push(person().await);
    }
    people
}

#[wasm_bindgen_test]
async fn one_click_keeps_two_calendars_equal() {
    scenarios::one_click_keeps_two_calendars_equal(person().await).await;
}

#[wasm_bindgen_test]
async fn edits_of_both_sides_meet() {
    scenarios::edits_of_both_sides_meet(person().await).await;
}

#[wasm_bindgen_test]
async fn series_and_meetings_come_too() {
    scenarios::series_and_meetings_come_too(person().await).await;
}

#[wasm_bindgen_test]
async fn somebody_elses_meeting_is_put_back() {
    scenarios::somebody_elses_meeting_is_put_back(person().await).await;
}

#[wasm_bindgen_test]
async fn either_calendar_is_found_again_without_state() {
    scenarios::either_calendar_is_found_again_without_state(person().await).await;
}

#[wasm_bindgen_test]
async fn somebody_elses_meeting_does_not_move_to_another_calendar() {
    scenarios::somebody_elses_meeting_does_not_move_to_another_calendar(person().await).await;
}

#[wasm_bindgen_test]
async fn another_calendar_is_another_pair() {
    scenarios::another_calendar_is_another_pair(person().await).await;
}

#[wasm_bindgen_test]
async fn series_of_both_sides_arrive_with_their_exceptions() {
    scenarios::series_of_both_sides_arrive_with_their_exceptions(person().await).await;
}

#[wasm_bindgen_test]
async fn a_day_moved_here_and_another_cancelled_there_both_are() {
    scenarios::a_day_moved_here_and_another_cancelled_there_both_are(person().await).await;
}

#[wasm_bindgen_test]
async fn a_series_keeps_its_wall_clock_over_ten_runs() {
    scenarios::a_series_keeps_its_wall_clock_over_ten_runs(person().await).await;
}

#[wasm_bindgen_test]
async fn this_and_following_leaves_equal_counts() {
    scenarios::this_and_following_leaves_equal_counts(person().await).await;
}

#[wasm_bindgen_test]
async fn whole_days_stay_on_their_dates() {
    scenarios::whole_days_stay_on_their_dates(person().await).await;
}

#[wasm_bindgen_test]
async fn a_rule_that_exchange_does_not_have_is_set_aside_by_name() {
    scenarios::a_rule_that_exchange_does_not_have_is_set_aside_by_name(person().await).await;
}

#[wasm_bindgen_test]
async fn r10_r15_a_server_that_fidgets_and_forgets_makes_nobody_write() {
    scenarios::r10_r15_a_server_that_fidgets_and_forgets_makes_nobody_write(person().await).await;
}

#[wasm_bindgen_test]
async fn somebody_elses_meeting_is_shown_and_never_touched() {
    scenarios::somebody_elses_meeting_is_shown_and_never_touched(person().await).await;
}

#[wasm_bindgen_test]
async fn a_meeting_of_mine_travels_and_mails_nobody() {
    scenarios::a_meeting_of_mine_travels_and_mails_nobody(person().await).await;
}

#[wasm_bindgen_test]
async fn a_body_that_exchange_lays_out_anew_is_not_written_for_ever() {
    scenarios::a_body_that_exchange_lays_out_anew_is_not_written_for_ever(person().await).await;
}

#[wasm_bindgen_test]
async fn the_same_days_on_an_exchange_of_2010() {
    scenarios::the_same_days_on_another_server(scenarios::EXCHANGE_2010, people().await).await;
}

#[wasm_bindgen_test]
async fn the_same_days_on_grommunio() {
    scenarios::the_same_days_on_another_server(scenarios::GROMMUNIO, people().await).await;
}

#[wasm_bindgen_test]
async fn a_lost_state_is_found_again() {
    scenarios::a_lost_state_is_found_again(person().await).await;
}

#[wasm_bindgen_test]
async fn a_lost_answer_doubles_nothing() {
    scenarios::a_lost_answer_doubles_nothing(person().await).await;
}

#[wasm_bindgen_test]
async fn every_failure_has_a_name_and_changes_nothing() {
    scenarios::every_failure_has_a_name_and_changes_nothing(person().await).await;
}

#[wasm_bindgen_test]
async fn who_may_not_is_told_why() {
    let stranger = Person::without_mailbox(Browser, town().0).await;
    scenarios::who_may_not_is_told_why(stranger, person().await).await;
}

#[wasm_bindgen_test]
async fn the_service_account_is_judged_each_time() {
    let (_, password) = town();
    scenarios::the_service_account_is_judged_each_time(person().await, &password).await;
}

#[wasm_bindgen_test]
fn the_browsers_zone_rules_tell_the_same_instants_as_the_native_ones() {
    #[rustfmt::skip]
    let cases = [
        ("Europe/Stockholm",   "2027-01-15T09:00:00", "2027-01-15T08:00:00Z"),
        ("Europe/Stockholm",   "2027-07-15T09:00:00", "2027-07-15T07:00:00Z"),
        ("Europe/Stockholm",   "2027-03-28T02:30:00", "2027-03-28T01:30:00Z"),
        ("Europe/Stockholm",   "2027-10-31T02:30:00", "2027-10-31T00:30:00Z"),
        ("Pacific/Kiritimati", "2027-05-01T00:00:00", "2027-04-30T10:00:00Z"),
        ("America/New_York",   "2027-05-01T00:00:00", "2027-05-01T04:00:00Z"),
        ("America/St_Johns",   "2027-05-01T00:00:00", "2027-05-01T02:30:00Z"),
        ("UTC",                "2027-05-01T00:00:00", "2027-05-01T00:00:00Z"),
    ];
    let rules = IntlRules::default();
    for (zone, local, expected) in cases {
        let found = instant_of(&rules, &ZoneId::new(zone), local.parse().unwrap());
        assert_eq!(found, Some(expected.parse().unwrap()), "{local} in {zone}");
    }
    assert_eq!(rules.offset_at(&ZoneId::new("Mars/Olympus_Mons"), DateTime::UNIX_EPOCH), None);
}

/// Names about which chrono-tz (tzdata 2025b) and today's Chromium hold different rules, each with the release of
/// tzdata that made the difference. The test fails when one is missing, and when one is no longer needed.
#[rustfmt::skip]
const YOUNGER_IN_THE_BROWSER: [(&str, &str); 13] = [
    ("Africa/Casablanca",   "2026c: +00 all the year since September 2026"),
    ("Africa/El_Aaiun",     "2026c: with Morocco"),
    ("America/Edmonton",    "2026c: summer for ever since 2026"),
    ("America/Inuvik",      "2026d: with Alberta"),
    ("America/Rainy_River", "after 2026d: with Winnipeg"),
    ("America/Vancouver",   "2026b: summer for ever since 2026"),
    ("America/Winnipeg",    "after 2026d: summer for ever since 2026"),
    ("America/Yellowknife", "2026c: with Edmonton"),
    ("Canada/Central",      "after 2026d: Winnipeg"),
    ("Canada/Mountain",     "2026c: Edmonton"),
    ("Canada/Pacific",      "2026b: Vancouver"),
    ("Europe/Chisinau",     "2026a: the European Union's hours since 2022"),
    ("Europe/Tiraspol",     "2026a: Chisinau"),
];

/// Natively the rules come from chrono-tz, in the browser from Intl. Here both are asked, about every name of every
/// zone, once a week from 2000 to 2040, and in the last second before each change and the first after it.
#[wasm_bindgen_test]
fn the_browsers_zone_rules_are_the_native_ones() {
    let browser = IntlRules::default();
    let names = windows_zones().flat_map(|zone| zone.iana_names().collect::<Vec<_>>()).chain(["Antarctica/Troll"]);
    let mut different = Vec::new();
    let mut asked = 0;
    for name in names {
        let zone = ZoneId::new(name);
        let Ok(native) = name.parse::<chrono_tz::Tz>() else {
            // Dropped from tzdata; a browser may still know it.
            continue;
        };
        let native = |at: DateTime<Utc>| native.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
        let instants = telling_instants(native);
        asked += instants.len();
        let differs = |at: &&DateTime<Utc>| browser.offset_at(&zone, **at) != Some(native(**at));
        if let Some(at) = instants.iter().find(differs) {
            different.push(name);
            let found = browser.offset_at(&zone, *at);
            console_log!("{name} {at}: {found:?} in the browser, {} natively", native(*at));
        }
    }
    assert!(asked > 1_000_000, "only {asked} questions");
    different.sort_unstable();
    assert_eq!(different, YOUNGER_IN_THE_BROWSER.map(|(zone, _)| zone));
}

fn telling_instants(offset_at: impl Fn(DateTime<Utc>) -> i32) -> Vec<DateTime<Utc>> {
    let [from, until]: [DateTime<Utc>; 2] =
        ["2000-01-01T00:00:00Z", "2040-01-01T00:00:00Z"].map(|text| text.parse().expect("an instant"));
    let mut instants = vec![from];
    let mut at = from;
    while at < until {
        let next = at + TimeDelta::weeks(1);
        let (mut last, mut first) = (at, next);
        if offset_at(at) != offset_at(next) {
            while first - last > TimeDelta::seconds(1) {
                let middle = last + TimeDelta::seconds((first - last).num_seconds() / 2);
                if offset_at(middle) == offset_at(at) { last = middle } else { first = middle }
            }
            instants.extend([last, first]);
        }
        instants.push(next);
        at = next;
    }
    instants
}

/// A host as a page would give it, whose network is down and whose storage is a variable.
fn host_without_network() -> JsValue {
    host_with("")
}

/// The same, with members of its own.
fn host_with(members: &str) -> JsValue {
    let body = format!("return {{ ...({WITHOUT_NETWORK}), {members} }}");
    Function::new_no_args(&body).call0(&JsValue::NULL).expect("a host")
}

const WITHOUT_NETWORK: &str = "{
        send: () => Promise.reject({ fault: 'unreachable' }),
        head: async () => undefined,
        generation: async () => 0,
        linksOf: async () => [],
        index: async () => [],
        linksAfter: async () => [],
        operations: async () => [],
        runs: async () => [],
        changesOf: async () => [],
        commit: async () => true,
        now: () => Date.now(),
        sleep: async () => {},
        random: () => crypto.getRandomValues(new Uint8Array(16)),
        progress: () => {},
    }";

fn config() -> JsValue {
    js_sys::JSON::parse(r#"{"mailbox":"asa@konsult.example","timeZone":"Europe/Stockholm"}"#).expect("JSON")
}

#[wasm_bindgen_test]
async fn the_face_reports_a_failed_run_as_a_value_with_a_code() {
    let face = CalendarSync::new(host_without_network().unchecked_into(), config()).expect("a face");
    let report = face.run(JsValue::UNDEFINED).await.expect("a failed run is no exception");
    let outcome = get(&report, "outcome");
    assert_eq!(get(&outcome, "kind").as_string().as_deref(), Some("failed"));
    assert_eq!(get(&get(&outcome, "problem"), "code").as_string().as_deref(), Some("gateway.unreachable"));
    assert_eq!(get(&outcome, "side").as_string().as_deref(), Some("exchange"));
}

#[wasm_bindgen_test]
async fn a_store_says_itself_what_is_wrong_and_otherwise_it_is_told_from_what_it_gives() {
    let cases = [
        (
            "head: () => Promise.reject(Object.assign(new Error('?'), { problem: { code: 'store.full' } }))",
            "store.full",
        ),
        (
            "head: () => Promise.reject(Object.assign(new Error('?'), { problem: { code: 'gateway.unreachable' } }))",
            "gateway.unreachable",
        ),
        (
            "head: () => Promise.reject(Object.assign(new Error('?'), { problem: { code: 'unheard.of' } }))",
            "store.failed",
        ),
        ("head: () => Promise.reject(new DOMException('?', 'AbortError'))", "store.failed"),
        ("head: () => Promise.reject('?')", "store.failed"),
        ("head: async () => ({ format: 99, generation: 1, options: 7, new: true })", "store.newer"),
        ("head: async () => ({ format: 2, generation: 1, options: 7 })", "store.unreadable"),
        ("head: async () => 'head'", "store.unreadable"),
    ];
    for (member, code) in cases {
        let face = CalendarSync::new(host_with(member).unchecked_into(), config()).expect("a face");
        let outcome = get(&face.run(JsValue::UNDEFINED).await.expect("a failed run is no exception"), "outcome");
        assert_eq!(get(&get(&outcome, "problem"), "code").as_string().as_deref(), Some(code), "{member}");
        assert!(get(&outcome, "side").is_null(), "{member}: neither calendar's fault");
    }
}

#[wasm_bindgen_test]
async fn a_state_that_cannot_be_read_is_begun_anew_with_what_was_chosen_as_far_as_that_is_known() {
    let refused = "Promise.reject(Object.assign(new Error('?'), { problem: { code: 'store.unreadable' } }))";
    let spoilt = "({ format: 2, generation: 'many', options: { privateEvents: 'notAtAll' } })";
    let cases = [(format!("async () => {spoilt}"), "notAtAll"), (format!("() => {refused}"), "asBusy")];
    for (head, chosen) in cases {
        let commit = "async commit(commit) { this.written = commit; return true; }";
        let host = host_with(&format!("head: {head}, generation: async () => 7, {commit}"));
        let face = CalendarSync::new(host.clone().unchecked_into(), config()).expect("a face");
        assert_eq!(face.begin_anew("Upptagen".into()).await.expect("begun"), 120);
        let commit = get(&host, "written");
        let numbers = [get(&commit, "expectedGeneration"), get(&get(&commit, "head"), "generation")];
        assert_eq!(numbers.map(|number| number.as_f64()), [Some(7.0), Some(8.0)]);
        let options = get(&get(&commit, "head"), "options");
        assert_eq!(get(&options, "privateEvents").as_string().as_deref(), Some(chosen));
    }
    let face = CalendarSync::new(host_with("generation: async () => 'many'").unchecked_into(), config());
    let error = face.expect("a face").begin_anew(String::new()).await.expect_err("no number");
    assert_eq!(get(&get(&error, "problem"), "code").as_string().as_deref(), Some("store.unreadable"));
}

#[wasm_bindgen_test]
fn the_face_refuses_a_wrong_config_with_an_error_that_has_the_problem() {
    let Err(error) = CalendarSync::new(host_without_network().unchecked_into(), JsValue::from_str("?")) else {
        panic!("a text is no config");
    };
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(get(&get(&error, "problem"), "code").as_string().as_deref(), Some("internal"));
}

#[wasm_bindgen_test]
async fn the_administrators_test_says_what_is_wrong() {
    let face = CalendarSync::new(host_without_network().unchecked_into(), config()).expect("a face");
    let report = face.test_connection().await.expect("a failed test is no exception");
    assert_eq!(get(&report, "kind").as_string().as_deref(), Some("failed"));
}

#[wasm_bindgen_test]
async fn a_list_of_calendars_that_does_not_come_says_why() {
    let face = CalendarSync::new(host_without_network().unchecked_into(), config()).expect("a face");
    let error = face.calendars().await.expect_err("no network, no calendars");
    assert_eq!(get(&get(&error, "problem"), "code").as_string().as_deref(), Some("gateway.unreachable"));
}
