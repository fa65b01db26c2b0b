//! The days in town, natively: each person has stand-ins and a gateway of her own, all in this process.

#![cfg(not(target_arch = "wasm32"))]

mod scenarios;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use blikk_calendar_sync::http::{HttpFault, HttpResponse, SerdeJson};
use blikk_calendar_sync::zone::IanaRules;
use chrono::{DateTime, Utc};
use scenarios::{Addresses, Net, Person};
use serde_json::{Value, json};
use standins::blikk::Rate;
use standins::{Options, Running, serve};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The plugin's own limit on an answer, as in the page's shim.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

struct Machine {
    client: reqwest::Client,
}

impl Default for Machine {
    fn default() -> Self {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(60)).no_proxy().build();
        Machine { client: client.expect("a client") }
    }
}

impl Net for Machine {
    type Json = SerdeJson;
    type Rules = IanaRules;

    async fn fetch(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<HttpResponse, HttpFault> {
        let mut request = self.client.request(method.parse().expect("a method"), url).body(body.to_vec());
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|_| HttpFault::Unreachable)?;
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let body = response.bytes().await.map_err(|_| HttpFault::Unreachable)?.to_vec();
        if body.len() > LARGEST_ANSWER { Err(HttpFault::TooLarge) } else { Ok(HttpResponse { status, headers, body }) }
    }

    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }

    async fn sleep(&self, milliseconds: u32) {
        tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
    }

    fn random(&self) -> [u8; 16] {
        use std::hash::{BuildHasher, RandomState};
        let [low, high] = [0, 1].map(|half: u8| RandomState::new().hash_one(half).to_le_bytes());
        std::array::from_fn(|at| if at < 8 { low[at] } else { high[at - 8] })
    }
}

/// Both calendars and the gateway between, until it is dropped.
struct Town {
    running: Running,
    gateway: String,
    _files: TempDir,
}

impl Town {
    async fn open() -> Self {
        let town = Town::without_service_account().await;
        town.fill_in_service_account().await;
        town
    }

    async fn without_service_account() -> Self {
        let record = std::env::var_os("RECORD_REQUESTS").map(PathBuf::from);
        let options = Options { empty: true, rate: Rate::UNLIMITED, record, ..Options::default() };
        let running = serve(options).await.expect("the stand-ins start");
        let files = TempDir::new().expect("a folder");
        let config = gateway::Config::from_toml(&config(&running, &files)).expect("a sound configuration");
        let router = gateway::router(config).expect("the gateway starts");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Town { running, gateway, _files: files }
    }

    fn addresses(&self) -> Addresses {
        let addresses = self.running.addresses.clone();
        Addresses { blikk: addresses.blikk, exchange: addresses.exchange, gateway: self.gateway.clone() }
    }

    fn password(&self) -> String {
        self.running.exchange.account().password
    }

    async fn person(&self) -> Person<Machine> {
        Person::moves_in(Machine::default(), self.addresses()).await
    }

    async fn people(&self) -> Vec<Person<Machine>> {
        let mut people = Vec::new();
        for _ in 0..scenarios::PEOPLE {
            people.push(self.person().await);
        }
        people
    }

    /// What the administrator does once.
    async fn fill_in_service_account(&self) {
        let description = self.running.description();
        let users = description["blikk"]["users"].as_array().expect("users");
        let admin = users.iter().find(|user| user["role"] == "admin").expect("an administrator");
        let sign_in = json!({ "email": admin["email"], "password": admin["password"] });
        let session = call("POST", &format!("{}/v1/session", self.running.addresses.blikk), "", Some(sign_in)).await;
        let session = session["token"].as_str().expect("a token");
        let address = format!("{}/v1/calendar/gateway-token", self.running.addresses.blikk);
        let token = call("GET", &address, session, None).await;
        let account = &description["exchange"]["serviceAccount"];
        let saved = json!({ "provider": "exchange", "account": account["user"], "password": account["password"] });
        let token = token["token"].as_str().expect("a token");
        call("PUT", &format!("{}/integration", self.gateway), token, Some(saved)).await;
    }
}

async fn call(method: &str, url: &str, token: &str, body: Option<Value>) -> Value {
    let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    if !token.is_empty() {
        headers.push(("Authorization".into(), format!("Bearer {token}")));
    }
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let answer = Machine::default().fetch(method, url, &headers, body.as_bytes()).await.expect("an answer");
    let said = String::from_utf8_lossy(&answer.body).into_owned();
    assert!((200..300).contains(&answer.status), "{method} {url}: {} {said}", answer.status);
    serde_json::from_str(&said).unwrap_or(Value::Null)
}

fn config(running: &Running, files: &TempDir) -> String {
    let options = running.blikk.options();
    let text = toml_text;
    format!(
        "listen = \"127.0.0.1:0\"\n\
         allowed_origins = [{}]\n\
         [token]\nalgorithm = \"HS256\"\nsecret = {}\nissuer = {}\n\
         [integration]\nfile = {}\nkey = {}\n\
         [limits]\nrequests_per_second = 1000\nburst = 1000\n\
         [[providers]]\nid = \"exchange\"\nname = \"Exchange Server\"\news_url = {}\n",
        text(&running.addresses.blikk),
        text(&options.token_secret),
        text(&options.issuer),
        text(&files.path().join("account.json").display().to_string()),
        text(&gateway::generate_key()),
        text(&running.addresses.ews()),
    )
}

/// JSON's quotation is TOML's.
fn toml_text(text: &str) -> String {
    json!(text).to_string()
}

#[tokio::test]
async fn one_click_keeps_two_calendars_equal() {
    let town = Town::open().await;
    scenarios::one_click_keeps_two_calendars_equal(town.person().await).await;
}

#[tokio::test]
async fn edits_of_both_sides_meet() {
    let town = Town::open().await;
    scenarios::edits_of_both_sides_meet(town.person().await).await;
}

#[tokio::test]
async fn series_and_meetings_come_too() {
    let town = Town::open().await;
    scenarios::series_and_meetings_come_too(town.person().await).await;
}

#[tokio::test]
async fn somebody_elses_meeting_is_put_back() {
    let town = Town::open().await;
    scenarios::somebody_elses_meeting_is_put_back(town.person().await).await;
}

#[tokio::test]
async fn somebody_elses_meeting_does_not_move_to_another_calendar() {
    let town = Town::open().await;
    scenarios::somebody_elses_meeting_does_not_move_to_another_calendar(town.person().await).await;
}

#[tokio::test]
async fn another_calendar_is_another_pair() {
    let town = Town::open().await;
    scenarios::another_calendar_is_another_pair(town.person().await).await;
}

#[tokio::test]
async fn either_calendar_is_found_again_without_state() {
    let town = Town::open().await;
    scenarios::either_calendar_is_found_again_without_state(town.person().await).await;
}

#[tokio::test]
async fn series_of_both_sides_arrive_with_their_exceptions() {
    let town = Town::open().await;
    scenarios::series_of_both_sides_arrive_with_their_exceptions(town.person().await).await;
}

#[tokio::test]
async fn a_day_moved_here_and_another_cancelled_there_both_are() {
    let town = Town::open().await;
    scenarios::a_day_moved_here_and_another_cancelled_there_both_are(town.person().await).await;
}

#[tokio::test]
async fn a_series_keeps_its_wall_clock_over_ten_runs() {
    let town = Town::open().await;
    scenarios::a_series_keeps_its_wall_clock_over_ten_runs(town.person().await).await;
}

#[tokio::test]
async fn this_and_following_leaves_equal_counts() {
    let town = Town::open().await;
    scenarios::this_and_following_leaves_equal_counts(town.person().await).await;
}

#[tokio::test]
async fn whole_days_stay_on_their_dates() {
    let town = Town::open().await;
    scenarios::whole_days_stay_on_their_dates(town.person().await).await;
}

#[tokio::test]
async fn a_rule_that_exchange_does_not_have_is_set_aside_by_name() {
    let town = Town::open().await;
    scenarios::a_rule_that_exchange_does_not_have_is_set_aside_by_name(town.person().await).await;
}

#[tokio::test]
async fn r10_r15_a_server_that_fidgets_and_forgets_makes_nobody_write() {
    let town = Town::open().await;
    scenarios::r10_r15_a_server_that_fidgets_and_forgets_makes_nobody_write(town.person().await).await;
}

#[tokio::test]
async fn somebody_elses_meeting_is_shown_and_never_touched() {
    let town = Town::open().await;
    scenarios::somebody_elses_meeting_is_shown_and_never_touched(town.person().await).await;
}

#[tokio::test]
async fn a_meeting_of_mine_travels_and_mails_nobody() {
    let town = Town::open().await;
    scenarios::a_meeting_of_mine_travels_and_mails_nobody(town.person().await).await;
}

#[tokio::test]
async fn a_body_that_exchange_lays_out_anew_is_not_written_for_ever() {
    let town = Town::open().await;
    scenarios::a_body_that_exchange_lays_out_anew_is_not_written_for_ever(town.person().await).await;
}

#[tokio::test]
async fn the_same_days_on_an_exchange_of_2010() {
    let town = Town::open().await;
    scenarios::the_same_days_on_another_server(scenarios::EXCHANGE_2010, town.people().await).await;
}

#[tokio::test]
async fn the_same_days_on_grommunio() {
    let town = Town::open().await;
    scenarios::the_same_days_on_another_server(scenarios::GROMMUNIO, town.people().await).await;
}

#[tokio::test]
async fn a_lost_state_is_found_again() {
    let town = Town::open().await;
    scenarios::a_lost_state_is_found_again(town.person().await).await;
}

#[tokio::test]
async fn a_lost_answer_doubles_nothing() {
    let town = Town::open().await;
    scenarios::a_lost_answer_doubles_nothing(town.person().await).await;
}

#[tokio::test]
async fn every_failure_has_a_name_and_changes_nothing() {
    let town = Town::open().await;
    scenarios::every_failure_has_a_name_and_changes_nothing(town.person().await).await;
}

#[tokio::test]
async fn who_may_not_is_told_why() {
    let town = Town::open().await;
    let stranger = Person::without_mailbox(Machine::default(), town.addresses()).await;
    scenarios::who_may_not_is_told_why(stranger, town.person().await).await;
}

#[tokio::test]
async fn the_service_account_is_judged_each_time() {
    let town = Town::open().await;
    scenarios::the_service_account_is_judged_each_time(town.person().await, &town.password()).await;
}

#[tokio::test]
async fn before_the_administrator_has_filled_in_the_account_everybody_is_told_so() {
    use blikk_calendar_sync::problem::Code;
    use blikk_calendar_sync::sync::report::Outcome;
    let town = Town::without_service_account().await;
    let report = town.person().await.synchronises().await;
    let Outcome::Failed { problem, .. } = report.outcome else { panic!("{report:?}") };
    assert_eq!(problem.code, Code::GatewayNotConfigured);
}

#[test]
fn every_scenario_is_lived_natively_and_in_the_browser() {
    let told =
        [include_str!("scenarios/mod.rs"), include_str!("scenarios/series.rs"), include_str!("scenarios/meetings.rs")];
    let names =
        told.iter().flat_map(|text| text.split("\npub async fn ").skip(1)).filter_map(|rest| rest.split('<').next());
    let (natively, in_the_browser) = (include_str!("native.rs"), include_str!("web.rs"));
    let mut count = 0;
    for name in names {
        let call = format!("scenarios::{name}(");
        assert!(natively.contains(&call) && in_the_browser.contains(&call), "{name}");
        count += 1;
    }
    assert!(count > 15, "where are they?");
}
