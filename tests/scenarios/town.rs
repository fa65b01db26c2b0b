//! A person in town: a mailbox in Exchange, an account in Blikk, and the plugin between them, over real HTTP.
//!
//! The same code acts natively and in the browser; [`Net`] is all that differs.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use blikk_calendar_sync::ews::operation::FolderId;
use blikk_calendar_sync::host::{Audience, Clock, Progress, Random};
use blikk_calendar_sync::http::{HttpFault, HttpRequest, HttpResponse, Json, NotJson, Service, Transport};
use blikk_calendar_sync::sync::blikk::BlikkCalendar;
use blikk_calendar_sync::sync::exchange::ExchangeCalendar;
use blikk_calendar_sync::sync::memory_store::MemoryStore;
use blikk_calendar_sync::sync::preview::Approval;
use blikk_calendar_sync::sync::report::RunReport;
use blikk_calendar_sync::sync::run::{World, run};
use blikk_calendar_sync::zone::{ZoneId, ZoneRules};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::shown::Shown;

/// What a machine can do: natively reqwest and tokio, in the browser fetch.
pub trait Net {
    type Json: Json + Default;
    type Rules: ZoneRules + Default;

    async fn fetch(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<HttpResponse, HttpFault>;
    fn now(&self) -> DateTime<Utc>;
    async fn sleep(&self, milliseconds: u32);
    fn random(&self) -> [u8; 16];
}

/// Where the services are.
#[derive(Clone, Debug)]
pub struct Addresses {
    pub blikk: String,
    pub exchange: String,
    pub gateway: String,
}

/// The plugin's ports over a [`Net`].
pub struct Ports<N: Net> {
    net: N,
    json: N::Json,
    addresses: Addresses,
    blikk_token: RefCell<String>,
    gateway_token: RefCell<String>,
    has_cancelled: Cell<bool>,
    pub told: RefCell<Vec<Progress>>,
    /// Writes that were sent, for "changes nothing".
    pub sent: RefCell<Vec<String>>,
}

impl<N: Net> Transport for Ports<N> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        let (base, token) = match request.service {
            Service::Gateway => (&self.addresses.gateway, &self.gateway_token),
            Service::Blikk => (&self.addresses.blikk, &self.blikk_token),
        };
        self.sent.borrow_mut().push(format!("{} {}", request.method, request.path));
        let mut headers: Vec<(String, String)> =
            request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        headers.push(("Authorization".into(), format!("Bearer {}", token.borrow())));
        self.net.fetch(request.method, &format!("{base}{}", request.path), &headers, &request.body).await
    }
}

impl<N: Net> Json for Ports<N> {
    fn parse<T: DeserializeOwned>(&self, text: &[u8]) -> Result<T, NotJson> {
        self.json.parse(text)
    }

    fn print<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, NotJson> {
        self.json.print(value)
    }
}

impl<N: Net> Clock for Ports<N> {
    fn now(&self) -> DateTime<Utc> {
        self.net.now()
    }

    async fn sleep(&self, seconds: u32) {
        self.net.sleep(seconds * 1000).await;
    }
}

impl<N: Net> Random for Ports<N> {
    fn bytes(&self) -> [u8; 16] {
        self.net.random()
    }
}

impl<N: Net> Audience for Ports<N> {
    fn tell(&self, progress: Progress) {
        self.told.borrow_mut().push(progress);
    }

    fn has_cancelled(&self) -> bool {
        self.has_cancelled.get()
    }
}

#[derive(Deserialize)]
struct Items {
    items: Vec<Shown>,
    #[serde(default, rename = "totalPages")]
    total_pages: u32,
}

#[derive(Serialize)]
struct NewUser<'a> {
    email: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct SignIn<'a> {
    email: &'a str,
    password: &'a str,
}

#[derive(Deserialize)]
struct Account {
    password: String,
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

#[derive(Deserialize)]
struct Outbox {
    #[serde(rename = "itemCount")]
    item_count: u32,
}

/// One person with both calendars.
pub struct Person<N: Net> {
    pub ports: Rc<Ports<N>>,
    pub mailbox: String,
    /// The zone that her computer is set to.
    pub home: &'static str,
    /// Whether her Exchange tells of an occurrence that she edits; grommunio does not.
    pub hears_of_occurrences: bool,
    /// Which of her calendars in Outlook is synchronised; `None`: the first one.
    chosen: RefCell<Option<Chosen>>,
    /// What is remembered, by the name of that calendar: each is a pair of its own.
    stores: RefCell<BTreeMap<String, MemoryStore>>,
}

#[derive(Clone)]
struct Chosen {
    name: String,
    folder: FolderId,
}

/// An event for another calendar than the first.
#[derive(Serialize)]
struct Into<'a> {
    calendar: &'a str,
    #[serde(flatten)]
    event: &'a Shown,
}

impl<N: Net> Person<N> {
    /// A new person, unknown to everybody else in town.
    pub async fn moves_in(net: N, addresses: Addresses) -> Self {
        let person = Person::without_mailbox(net, addresses).await;
        let user = person.ports.print(&NewUser { email: &person.mailbox, name: "Åsa Öberg" }).expect("JSON");
        person.call("POST", &person.exchange("/_control/users"), &[], &user).await;
        person
    }

    /// Someone whom Exchange does not know.
    pub async fn without_mailbox(net: N, addresses: Addresses) -> Self {
        let name: String = net.random()[..6].iter().map(|byte| format!("{byte:02x}")).collect();
        let mailbox = format!("{name}@konsult.example");
        let ports = Ports {
            net,
            json: N::Json::default(),
            addresses,
            blikk_token: RefCell::default(),
            gateway_token: RefCell::default(),
            has_cancelled: Cell::new(false),
            told: RefCell::default(),
            sent: RefCell::default(),
        };
        let (chosen, stores) = (RefCell::default(), RefCell::default());
        let (home, hears_of_occurrences) = ("Europe/Stockholm", true);
        let person = Person { ports: Rc::new(ports), mailbox, home, hears_of_occurrences, chosen, stores };
        let user = person.ports.print(&NewUser { email: &person.mailbox, name: "Åsa Öberg" }).expect("JSON");
        let account: Account = person.call_for("POST", &person.blikk("/_control/users"), &user).await;
        let sign_in = SignIn { email: &person.mailbox, password: &account.password };
        let sign_in = person.ports.print(&sign_in).expect("JSON");
        let session: Token = person.call_for("POST", &person.blikk("/v1/session"), &sign_in).await;
        *person.ports.blikk_token.borrow_mut() = session.token;
        let gateway: Token = person.call_for("GET", &person.blikk("/v1/calendar/gateway-token"), &[]).await;
        *person.ports.gateway_token.borrow_mut() = gateway.token;
        person
    }

    /// What the click on *Synkronisera nu* does.
    pub async fn synchronises(&self) -> RunReport {
        self.ports.sent.borrow_mut().clear();
        let exchange = self.calendar();
        let (blikk, zones) = (BlikkCalendar::new(self.ports.clone(), N::Rules::default()), N::Rules::default());
        // A clone with the same content: the run must not hold a borrow over its awaits.
        let name = self.chosen_name();
        let store = self.stores.borrow_mut().remove(&name).unwrap_or_default();
        let world = World {
            blikk: &blikk,
            exchange: &exchange,
            store: &store,
            clock: &*self.ports,
            random: &*self.ports,
            audience: &*self.ports,
            zones: &zones,
            holder: "test",
        };
        let report = run(&world, Approval::default()).await;
        self.stores.borrow_mut().insert(name, store);
        report
    }

    fn calendar(&self) -> ExchangeCalendar<Rc<Ports<N>>, N::Rules> {
        let zone = ZoneId::new(self.home);
        let first = ExchangeCalendar::new(self.ports.clone(), N::Rules::default(), &self.mailbox, zone);
        match &*self.chosen.borrow() {
            Some(chosen) => first.in_folder(chosen.folder.clone()),
            None => first,
        }
    }

    fn chosen_name(&self) -> String {
        self.chosen.borrow().as_ref().map(|chosen| chosen.name.clone()).unwrap_or_default()
    }

    /// From now on her calendar of that name is the one that is synchronised, and the one that she looks at; it is made
    /// if there is none.
    pub async fn chooses(&self, name: &str) {
        let folder = self.calendar().ews().create_calendar(name).await.expect("a calendar");
        *self.chosen.borrow_mut() = Some(Chosen { name: name.into(), folder });
    }

    /// Back to the calendar that every mailbox has.
    pub fn chooses_the_first_calendar(&self) {
        *self.chosen.borrow_mut() = None;
    }

    /// The browser throws the site's storage away.
    pub fn loses_the_state(&self) {
        self.stores.take();
    }

    pub fn loses_the_gateway_token(&self) {
        *self.ports.gateway_token.borrow_mut() = "not.a.token".into();
    }

    pub async fn adds_in_blikk(&self, event: &Shown) -> Shown {
        let body = self.ports.print(event).expect("JSON");
        let key =
            [("Idempotency-Key".to_owned(), format!("{:02x?}", self.ports.bytes()).replace([' ', ',', '[', ']'], ""))];
        let answer = self.call("POST", &self.blikk("/v1/calendar/events"), &key, &body).await;
        self.ports.parse(&answer.body).expect("the created event")
    }

    pub async fn adds_in_outlook(&self, event: &Shown) -> Shown {
        let body = match &*self.chosen.borrow() {
            Some(Chosen { name, .. }) => self.ports.print(&Into { calendar: name, event }),
            None => self.ports.print(event),
        };
        self.call_for("POST", &self.outlook(""), &body.expect("JSON")).await
    }

    /// An event in Outlook's own words (JSON).
    pub async fn fills_in_outlook(&self, event: &str) {
        self.call("POST", &self.outlook(""), &[], event.as_bytes()).await;
    }

    /// What changes of an event, in the same words.
    pub async fn changes_in_outlook(&self, event: &Shown, changes: &str) {
        self.call("PUT", &self.outlook(&format!("/{}", encoded(&event.id))), &[], changes.as_bytes()).await;
    }

    pub async fn edits_in_blikk(&self, event: &Shown) {
        let exceptions = event.exceptions.clone().filter(|_| event.recurrence.is_some());
        let event = &Shown { exceptions, ..event.clone() };
        let (headers, body) = (if_match(event), self.ports.print(event).expect("JSON"));
        self.call("PUT", &self.blikk(&format!("/v1/calendar/events/{}", event.id)), &headers, &body).await;
    }

    pub async fn edits_in_outlook(&self, event: &Shown) {
        let body = self.ports.print(event).expect("JSON");
        self.call("PUT", &self.outlook(&format!("/{}", encoded(&event.id))), &[], &body).await;
    }

    pub async fn deletes_in_blikk(&self, event: &Shown) {
        let url = self.blikk(&format!("/v1/calendar/events/{}", event.id));
        self.call("DELETE", &url, &if_match(event), &[]).await;
    }

    pub async fn deletes_in_outlook(&self, event: &Shown) {
        self.call("DELETE", &self.outlook(&format!("/{}", encoded(&event.id))), &[], &[]).await;
    }

    /// All of Blikk's calendar, by title.
    pub async fn sees_in_blikk(&self) -> Vec<Shown> {
        let (mut all, mut page) = (Vec::new(), 1);
        loop {
            let url = self.blikk(&format!("/v1/calendar/events?page={page}&pageSize=100"));
            let items: Items = self.call_for("GET", &url, &[]).await;
            all.extend(items.items);
            if page >= items.total_pages {
                break;
            }
            page += 1;
        }
        all.sort_by(|a, b| a.title.cmp(&b.title));
        all
    }

    /// All of the Outlook calendar, by title.
    pub async fn sees_in_outlook(&self) -> Vec<Shown> {
        let calendar = self.chosen.borrow().as_ref().map(|chosen| format!("?calendar={}", chosen.name));
        let items: Items = self.call_for("GET", &self.outlook(&calendar.unwrap_or_default()), &[]).await;
        let mut all = items.items;
        all.sort_by(|a, b| a.title.cmp(&b.title));
        all
    }

    pub async fn finds_in_blikk(&self, title: &str) -> Shown {
        let all = self.sees_in_blikk().await;
        all.into_iter().find(|event| event.title == title).expect("an event of that title in Blikk")
    }

    pub async fn finds_in_outlook(&self, title: &str) -> Shown {
        let all = self.sees_in_outlook().await;
        all.into_iter().find(|event| event.title == title).expect("an event of that title in Outlook")
    }

    /// Both calendars hold the same single events, each once.
    pub async fn sees_the_same_on_both_sides(&self) -> Vec<Shown> {
        let blikk: Vec<Shown> = self.sees_in_blikk().await.iter().map(Shown::essence).collect();
        let outlook = self.sees_in_outlook().await;
        let single = outlook.iter().filter(|event| event.kind.as_deref() == Some("single"));
        let outlook: Vec<Shown> = single.map(Shown::essence).collect();
        assert_eq!(blikk, outlook, "left: Blikk, right: Outlook");
        blikk
    }

    pub async fn mails_sent_to_anybody(&self) -> u32 {
        let outbox: Outbox = self.call_for("GET", &self.exchange("/_control/outbox"), &[]).await;
        outbox.item_count
    }

    /// Arranges something at a stand-in.
    pub async fn arranges(&self, service: Service, method: &str, what: &str, body: &str) {
        let path = format!("/_control/{what}");
        let url = if service == Service::Blikk { self.blikk(&path) } else { self.exchange(&path) };
        self.call(method, &url, &[], body.as_bytes()).await;
    }

    pub(super) fn blikk(&self, path: &str) -> String {
        format!("{}{path}", self.ports.addresses.blikk)
    }

    fn exchange(&self, path: &str) -> String {
        format!("{}{path}", self.ports.addresses.exchange)
    }

    pub(super) fn outlook(&self, path: &str) -> String {
        self.exchange(&format!("/people/{}/events{path}", self.mailbox))
    }

    pub(super) async fn call_for<T: DeserializeOwned>(&self, method: &str, url: &str, body: &[u8]) -> T {
        let answer = self.call(method, url, &[], body).await;
        let parsed = self.ports.parse(&answer.body);
        parsed.unwrap_or_else(|error| panic!("{method} {url}: {error:?}\n{}", String::from_utf8_lossy(&answer.body)))
    }

    pub(super) async fn call(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> HttpResponse {
        let mut headers = headers.to_vec();
        if !body.is_empty() {
            headers.push(("Content-Type".into(), "application/json".into()));
        }
        if url.starts_with(&self.ports.addresses.blikk) && !url.contains("/_control/") {
            headers.push(("Authorization".into(), format!("Bearer {}", self.ports.blikk_token.borrow())));
        }
        let answer = loop {
            let answer = self.ports.net.fetch(method, url, &headers, body).await;
            let answer = answer.unwrap_or_else(|fault| panic!("{method} {url}: {fault:?}"));
            // Whoever clicks faster than Blikk lets anybody, waits.
            let Some(seconds) = answer.header("retry-after").filter(|_| answer.status == 429) else { break answer };
            self.ports.net.sleep(seconds.parse().unwrap_or(1) * 1000).await;
        };
        let said = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{method} {url}: {} {said}", answer.status);
        answer
    }
}

fn if_match(event: &Shown) -> [(String, String); 1] {
    [("If-Match".into(), format!("\"{}\"", event.version.as_deref().unwrap_or_default()))]
}

/// Exchange's ids are base64, which may hold `/`, `+` and `=`.
pub(super) fn encoded(id: &str) -> String {
    id.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}
