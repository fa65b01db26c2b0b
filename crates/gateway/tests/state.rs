//! The state that the gateway keeps: who gets at it, what a disk shows of it, and who wins.

mod support;

use gateway::Config;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use support::postgres::Postgres;
use support::samples::OTHER;
use support::{Answer, ORIGIN, TestGateway, claims_with, config_text, signed, token};

const NOBODY: &str = "http://127.0.0.1:1/EWS/Exchange.asmx";
/// What no file and no log may hold.
const CANARY: &str = "Uppsägningssamtal-med-Kajsa";

/// With `[state]` in SQLite and this in it.
async fn keeping(more: &str) -> TestGateway {
    let more = more.to_owned();
    TestGateway::start(NOBODY, move |text| {
        let folder = text.lines().find_map(|line| line.strip_prefix("file = \"")?.strip_suffix("integration.json\""));
        let state = format!(
            "[state]\nsqlite = \"{}state.db\"\n{more}\n[limits]\nburst = 10000\nconcurrent_requests_per_user = 40",
            folder.expect("a folder")
        );
        text.replace("[limits]", &state)
    })
    .await
}

fn commit(from: u64, put: &[Value]) -> Value {
    json!({
        "expectedGeneration": from, "head": { "format": 2, "generation": from + 1 }, "clear": false, "put": put,
        "remove": [], "putOperations": [], "removeOperations": [], "putRuns": [], "putChanges": [],
    })
}

fn with(mut commit: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().expect("an object") {
        commit[name] = value.clone();
    }
    commit
}

fn link(id: &str, title: &str) -> Value {
    json!({
        "id": id, "origin": "blikk", "state": "active", "blikk": { "id": format!("b{id}"), "version": "1" },
        "exchange": null, "uid": null, "base": { "title": title },
    })
}

struct Person<'a> {
    gateway: &'a TestGateway,
    token: String,
}

impl<'a> Person<'a> {
    fn anna(gateway: &'a TestGateway) -> Self {
        Person { gateway, token: token() }
    }

    fn with(gateway: &'a TestGateway, claims: Value) -> Self {
        Person { gateway, token: signed(&claims_with(claims)) }
    }

    async fn get(&self, path: &str) -> Answer {
        let url = format!("{}/state{path}", self.gateway.url);
        Answer::of(self.gateway.client.get(url).bearer_auth(&self.token).header("Origin", ORIGIN)).await
    }

    async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        self.post_as("application/json", path, body).await
    }

    async fn post_as(&self, content_type: &str, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.gateway.client.post(format!("{}/state{path}", self.gateway.url)).bearer_auth(&self.token);
        Answer::of(request.header("Origin", ORIGIN).header("Content-Type", content_type).body(body)).await
    }

    async fn commit(&self, commit: &Value) -> Answer {
        self.post("/commit", commit.to_string()).await
    }

    async fn titles(&self) -> Vec<String> {
        let links = self.get("/links?limit=1000").await.json();
        let title = |row: &Value| row["base"]["title"].as_str().expect("a title").to_owned();
        links["rows"].as_array().expect("rows").iter().map(title).collect()
    }
}

#[tokio::test]
async fn a_gateway_that_is_not_told_to_keep_a_state_says_so_everywhere() {
    let gateway = TestGateway::start(NOBODY, |text| text).await;
    let anna = Person::anna(&gateway);
    let none = (404, "gateway.not_configured".to_owned());
    for path in ["/head", "/index", "/links?limit=1", "/operations", "/runs", "/changes?run=1"] {
        assert_eq!(anna.get(path).await.refusal(), none, "{path}");
    }
    assert_eq!(anna.commit(&commit(0, &[])).await.refusal(), none);
    assert_eq!(anna.post("/links-of", "{}").await.refusal(), none);
}

/// Each line: what an attacker sends, and what comes of it. None of it may change Anna's state.
#[tokio::test]
async fn what_an_attacker_sends_is_refused_and_changes_nothing() {
    let gateway = keeping("commit_bytes = 20000").await;
    let anna = Person::anna(&gateway);
    assert_eq!(anna.commit(&commit(0, &[link("1", "Avstämning")])).await.status, 204);

    let good = commit(1, &[link("2", "Ny")]);
    let large = commit(1, &[link("2", &"x".repeat(20_000))]).to_string();
    let cases: Vec<(&str, &str, &str, String, u16, &str)> = vec![
        (
            "a replayed commit",
            "application/json",
            "/commit",
            commit(0, &[link("2", "Igen")]).to_string(),
            409,
            "store.stale",
        ),
        ("a commit from the future", "application/json", "/commit", commit(7, &[]).to_string(), 409, "store.stale"),
        ("one that is too large", "application/json", "/commit", large, 413, "gateway.request_too_large"),
        ("a form", "application/x-www-form-urlencoded", "/commit", good.to_string(), 403, "gateway.refused"),
        ("a text, which needs no preflight", "text/plain", "/commit", good.to_string(), 403, "gateway.refused"),
        ("another encoding", "application/json; charset=utf-7", "/commit", good.to_string(), 403, "gateway.refused"),
        ("no JSON", "application/json", "/commit", "{".into(), 400, "gateway.refused"),
        ("JSON in JSON", "application/json", "/commit", "[".repeat(10_000), 400, "gateway.refused"),
        ("not UTF-8's letters", "application/json", "/commit", "\u{0}".into(), 400, "gateway.refused"),
        (
            "a member that is not known",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "user": "18" })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "a generation that falls",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "head": { "generation": 1 } })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "a generation beyond numbers",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "head": { "generation": u64::MAX } })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "a negative one",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "expectedGeneration": -1 })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "a link without an id",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "put": [{ "state": "active" }] })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "an id with a NUL",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "put": [link("\0", "")] })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "an id to remove with a NUL",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "remove": ["\0"] })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "an id that is a book",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "put": [link(&"i".repeat(3000), "")] })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "a time that is none",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "forgetBefore": "9" })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "a time elsewhere",
            "application/json",
            "/commit",
            with(good.clone(), json!({ "forgetBefore": "2027-01-01T00:00:00+01:00" })).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "too many ids",
            "application/json",
            "/links-of",
            json!({ "side": "blikk", "ids": vec!["x"; 1001] }).to_string(),
            400,
            "gateway.refused",
        ),
        (
            "a column for a side",
            "application/json",
            "/links-of",
            json!({ "side": "sealed", "ids": ["x"] }).to_string(),
            400,
            "gateway.refused",
        ),
    ];
    for (what, content_type, path, body, status, code) in cases {
        let answer = anna.post_as(content_type, path, body).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{what}");
        assert!(!answer.text().contains("Ny"), "{what}: what was sent is not quoted");
    }
    for path in [
        "/links",
        "/links?limit=-1",
        "/links?limit=1&limit=2",
        "/head?user=18",
        "/head?folder=a&folder=b",
        "/head?folder=",
        "/changes",
        "/changes?run=x",
        "/index?after=%00",
        "/runs?after=",
    ] {
        assert_eq!(anna.get(path).await.refusal(), (400, "gateway.refused".to_owned()), "{path}");
    }
    assert_eq!(anna.get("/head").await.json()["generation"], 1);
    assert_eq!(anna.titles().await, ["Avstämning"]);
}

#[tokio::test]
async fn sql_in_ids_is_an_id() {
    let gateway = keeping("").await;
    let anna = Person::anna(&gateway);
    let ids = [
        "' OR '1'='1",
        "1); DROP TABLE link; --",
        "$1",
        "?",
        "%",
        "_",
        "\\",
        "\"",
        "1' UNION SELECT sealed FROM link --",
    ];
    assert_eq!(anna.commit(&commit(0, &[link("1", "Den enda")])).await.status, 204);
    for id in ids {
        let found = anna.post("/links-of", json!({ "side": "blikk", "ids": [id] }).to_string()).await;
        assert_eq!(found.json(), json!({ "rows": [], "next": null }), "{id}");
    }
    let remove = with(commit(1, &[]), json!({ "remove": ids, "removeOperations": ids }));
    assert_eq!(anna.commit(&remove).await.status, 204);
    let put: Vec<Value> = ids.iter().map(|id| link(id, id)).collect();
    assert_eq!(anna.commit(&commit(2, &put)).await.status, 204);
    let mut titles = anna.titles().await;
    titles.sort_unstable();
    let mut expected: Vec<&str> = ids.into_iter().chain(["Den enda"]).collect();
    expected.sort_unstable();
    assert_eq!(titles, expected);
    let folder = anna.get("/links?limit=1000&folder=%27%20OR%201%3D1%20--").await;
    assert_eq!(folder.json()["rows"], json!([]));
}

#[tokio::test]
async fn nobody_reaches_another_persons_state() {
    let gateway = keeping("").await;
    let anna = Person::anna(&gateway);
    assert_eq!(anna.commit(&commit(0, &[link("1", CANARY)])).await.status, 204);
    let others = [
        json!({ "sub": "18" }),
        json!({ "mailbox": OTHER }),
        json!({ "sub": "1" }),
        json!({ "sub": "17 " }),
        json!({ "sub": "17", "mailbox": "xanna.akesson@konsult.example" }),
        json!({ "sub": "19", "role": "admin" }),
    ];
    for other in others {
        let bo = Person::with(&gateway, other.clone());
        assert_eq!(bo.get("/head").await.status, 204, "{other}");
        for path in ["/index", "/links?limit=10", "/operations", "/runs", "/changes?run=1", "/links?limit=9&folder=1"] {
            assert_eq!(bo.get(path).await.json()["rows"], json!([]), "{other} {path}");
        }
        let by_id = bo.post("/links-of", json!({ "side": "blikk", "ids": ["b1"] }).to_string()).await;
        assert_eq!(by_id.json()["rows"], json!([]), "{other}");
        assert_eq!(
            bo.commit(&commit(1, &[link("1", "Bo")])).await.status,
            409,
            "{other}: there is nothing to go on from"
        );
        let clear = with(commit(0, &[link("1", "Bo")]), json!({ "clear": true, "remove": ["1"] }));
        assert_eq!(bo.commit(&clear).await.status, 204, "{other}: of their own");
    }
    assert_eq!(anna.titles().await, [CANARY]);
    let shouted = Person::with(&gateway, json!({ "mailbox": "ANNA.AKESSON@konsult.example" }));
    assert_eq!(shouted.titles().await, [CANARY], "a mailbox is the same in capitals");

    let stranger = Person { gateway: &gateway, token: String::from("none") };
    assert_eq!(stranger.get("/head").await.refusal(), (401, "gateway.token_invalid".to_owned()));
    assert_eq!(stranger.commit(&commit(1, &[])).await.status, 401);
    let expired = Person::with(&gateway, json!({ "iat": 1, "exp": 100 }));
    assert_eq!(expired.get("/links?limit=1").await.refusal(), (401, "gateway.token_expired".to_owned()));
    let foreign = gateway.client.get(format!("{}/state/head", gateway.url)).bearer_auth(token());
    assert_eq!(Answer::of(foreign.header("Origin", "https://evil.example")).await.status, 403);
}

#[tokio::test]
async fn answers_are_for_the_person_alone() {
    let gateway = keeping("").await;
    let anna = Person::anna(&gateway);
    assert_eq!(anna.commit(&commit(0, &[link("1", "x")])).await.status, 204);
    let answer = anna.get("/links?limit=1").await;
    assert_eq!(
        (answer.header("cache-control"), answer.header("content-type")),
        (Some("no-store"), Some("application/json"))
    );
}

#[tokio::test]
async fn what_the_disk_holds_shows_nothing_of_the_calendar() {
    let gateway = keeping("").await;
    let anna = Person::anna(&gateway);
    let rows = with(
        commit(0, &[link("1", CANARY)]),
        json!({
            "head": { "format": 2, "generation": 1, "options": { "busyTitle": CANARY } },
            "putOperations": [{ "id": "1-1", "link": link("1", CANARY) }],
            "putRuns": [{ "run": 1, "started": "2027-01-01T00:00:00Z", "said": CANARY }],
            "putChanges": [{ "run": 1, "place": 0, "at": "2027-01-01T00:00:00Z", "before": { "title": CANARY } }],
        }),
    );
    assert_eq!(anna.commit(&rows).await.status, 204);
    assert!(anna.get("/changes?run=1").await.text().contains(CANARY), "it is there for her");
    let mut files = 0;
    for entry in std::fs::read_dir(gateway.folder.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("a file");
        files += usize::from(path.to_string_lossy().contains("state.db"));
        for part in [CANARY, "Kajsa", "busyTitle", "\"title\""] {
            assert!(!bytes.windows(part.len()).any(|seen| seen == part.as_bytes()), "{part} in {}", path.display());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = path.metadata().expect("a file").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", path.display());
        }
    }
    assert!(files >= 1);
}

#[tokio::test]
async fn a_row_that_somebody_moved_or_changed_is_called_unreadable_and_no_link_is_lost_quietly() {
    let gateway = keeping("").await;
    let anna = Person::anna(&gateway);
    assert_eq!(anna.commit(&commit(0, &[link("1", "Ett"), link("2", "Två")])).await.status, 204);
    let mut database = opened(&gateway).await;
    let changes = [
        "UPDATE link SET sealed = (SELECT sealed FROM link WHERE id = '2') WHERE id = '1'",
        "UPDATE link SET sealed = x'00' WHERE id = '1'",
        "UPDATE link SET sealed = zeroblob(100) WHERE id = '1'",
    ];
    for change in changes {
        sqlx::query(change).execute(&mut database).await.expect("changed");
        for path in ["/links?limit=10", "/links?limit=1"] {
            assert_eq!(anna.get(path).await.refusal(), (500, "store.unreadable".to_owned()), "{change}");
        }
    }
    assert_eq!(anna.get("/links?limit=10&after=1").await.json()["rows"][0]["base"]["title"], "Två");
    let again = with(commit(1, &[link("1", "Ett")]), json!({ "clear": true }));
    assert_eq!(anna.commit(&again).await.status, 204, "and it can be written anew");
    assert_eq!(anna.titles().await, ["Ett"]);
}

#[tokio::test]
async fn a_head_that_does_not_open_is_replaced_by_whoever_knows_its_generation_and_by_nobody_else() {
    let gateway = keeping("").await;
    let anna = Person::anna(&gateway);
    assert_eq!(anna.get("/generation").await.json(), json!({ "generation": 0 }));
    assert_eq!(anna.commit(&commit(0, &[link("1", "Ett")])).await.status, 204);
    assert_eq!(anna.commit(&commit(1, &[])).await.status, 204);
    let mut database = opened(&gateway).await;
    sqlx::query("UPDATE pair SET head = zeroblob(100)").execute(&mut database).await.expect("changed");
    assert_eq!(anna.get("/head").await.refusal(), (500, "store.unreadable".to_owned()));
    assert_eq!(anna.get("/generation").await.json(), json!({ "generation": 2 }));
    let anew = |from| with(commit(from, &[]), json!({ "clear": true }));
    assert_eq!(anna.commit(&anew(1)).await.refusal(), (409, "store.stale".to_owned()));
    assert_eq!(anna.commit(&anew(2)).await.status, 204);
    assert_eq!(anna.get("/head").await.json(), json!({ "format": 2, "generation": 3 }));
    assert!(anna.titles().await.is_empty());
    assert_eq!(anna.commit(&commit(2, &[])).await.refusal(), (409, "store.stale".to_owned()), "who was at work");
}

#[tokio::test]
async fn of_many_devices_that_commit_at_once_exactly_one_wins_each_time() {
    let gateway = keeping("").await;
    race(&gateway).await;
}

#[tokio::test]
async fn of_many_devices_that_commit_at_once_to_postgresql_exactly_one_wins_each_time() {
    let Some(postgres) = Postgres::start() else {
        println!(
            "skipped: of_many_devices_that_commit_at_once_to_postgresql_exactly_one_wins_each_time, because PostgreSQL \
             is not here"
        );
        return;
    };
    let url = postgres.url.clone();
    let gateway = TestGateway::start(NOBODY, move |text| {
        text.replace(
            "[limits]",
            &format!("[state]\npostgres = {url:?}\n[limits]\nburst = 10000\nconcurrent_requests_per_user = 40"),
        )
    })
    .await;
    race(&gateway).await;
}

/// Thirty devices, five times.
async fn race(gateway: &TestGateway) {
    for round in 0..5 {
        let devices = (0..30).map(|device| {
            let title = format!("{round}-{device}");
            let commit = commit(round, &[link(&format!("{round}"), &title), link(&title, &title)]);
            async move {
                let anna = Person::anna(gateway);
                loop {
                    match anna.commit(&commit).await.status {
                        429 | 503 => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
                        status => return (status, title),
                    }
                }
            }
        });
        let ended = futures_util::future::join_all(devices).await;
        let won: Vec<_> = ended.iter().filter(|(status, _)| *status == 204).map(|(_, title)| title).collect();
        assert_eq!(won.len(), 1, "round {round}: {ended:?}");
        assert!(ended.iter().all(|(status, _)| [204, 409].contains(status)), "round {round}: {ended:?}");
        let titles = Person::anna(gateway).titles().await;
        assert_eq!(titles.len() as u64, 2 * (round + 1), "nothing of those that lost is there");
        assert_eq!(titles.iter().filter(|title| *title == won[0]).count(), 2, "and all of the one that won");
    }
}

#[tokio::test]
async fn a_pair_has_its_share_of_the_disk_and_no_more_and_what_makes_room_is_always_taken() {
    let gateway = keeping("quota_bytes = 10000").await;
    let anna = Person::anna(&gateway);
    let full = (507, "store.full".to_owned());
    assert_eq!(anna.commit(&commit(0, &[link("1", &"x".repeat(6000))])).await.status, 204);
    assert_eq!(anna.commit(&commit(1, &[link("2", &"x".repeat(6000))])).await.refusal(), full);
    assert_eq!(anna.get("/head").await.json()["generation"], 1, "nothing of it is written");
    let many: Vec<Value> = (0..100).map(|id| link(&format!("m{id}"), "")).collect();
    assert_eq!(anna.commit(&commit(1, &many)).await.refusal(), full, "small rows take room too");
    assert_eq!(anna.commit(&commit(1, &[link("1", &"y".repeat(6000))])).await.status, 204, "the same size again");
    let swap = with(commit(2, &[link("2", &"x".repeat(7000))]), json!({ "remove": ["1"] }));
    assert_eq!(anna.commit(&swap).await.status, 204);
    let other = Person::with(&gateway, json!({ "sub": "18" }));
    assert_eq!(other.commit(&commit(0, &[link("1", &"x".repeat(6000))])).await.status, 204, "each has their own");
    let clear = with(commit(3, &[]), json!({ "clear": true }));
    assert_eq!(anna.commit(&clear).await.status, 204);
    assert_eq!(anna.commit(&commit(4, &[link("1", &"x".repeat(6000))])).await.status, 204);
}

#[tokio::test]
async fn a_person_cannot_fill_the_disk_with_calendars_that_are_none() {
    let gateway = keeping("").await;
    let anna = Person::anna(&gateway);
    let mut statuses = Vec::new();
    for folder in 0..60 {
        statuses.push(anna.post(&format!("/commit?folder=f{folder}"), commit(0, &[]).to_string()).await.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 50);
    assert!(statuses[50..].iter().all(|status| *status == 507), "{statuses:?}");
    assert_eq!(anna.post("/commit?folder=f0", commit(1, &[]).to_string()).await.status, 204, "the old ones go on");
}

#[tokio::test]
async fn the_state_is_there_after_a_restart_and_one_of_a_newer_gateway_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = config_text(NOBODY, &folder) + "[state]\nsqlite = \"state.db\"\n";
    let config = || Config::parse(&text, [], folder.path()).expect("a configuration");
    let started = || async {
        let gateway = gateway::Gateway::new(config()).expect("a gateway");
        gateway.prepare().await.map(|()| gateway.router())
    };
    let at = |router| async {
        let address = support::serve(router).await;
        TestGateway {
            url: format!("http://{address}"),
            address,
            folder: tempfile::tempdir().expect("a folder"),
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
        }
    };
    let first = at(started().await.expect("it starts")).await;
    assert_eq!(Person::anna(&first).commit(&commit(0, &[link("1", "Kvar")])).await.status, 204);
    let second = at(started().await.expect("it starts again")).await;
    assert_eq!(Person::anna(&second).titles().await, ["Kvar"]);

    let file = folder.path().join("state.db");
    let mut database = SqliteConnectOptions::new().filename(&file).connect().await.expect("opened");
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (99, '', 1, x'00', 0)";
    sqlx::query(newer).execute(&mut database).await.expect("written");
    let told = started().await.expect_err("a newer one").to_string();
    assert!(told.contains("99"), "{told}");
    let kept = sqlx::query("SELECT COUNT(*) FROM link").fetch_one(&mut database).await.expect("a row");
    assert_eq!(kept.get::<i64, _>(0), 1);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_at_the_start_and_to_the_page() {
    let state = "[state]\npostgres = \"postgres://someone:Hemligt-1@127.0.0.1:1/state\"\n[limits]\nburst = 1000";
    let folder = tempfile::tempdir().expect("a folder");
    let text = config_text(NOBODY, &folder).replace("[limits]", state);
    let gateway = gateway::Gateway::new(Config::from_toml(&text).expect("a configuration")).expect("a gateway");
    let told = gateway.prepare().await.expect_err("nobody is there").to_string();
    assert!(told.starts_with("state: ") && !told.contains("Hemligt"), "{told}");
    let running = TestGateway::start(NOBODY, |text| text.replace("[limits]", state)).await;
    assert_eq!(Person::anna(&running).get("/head").await.refusal(), (500, "gateway.failed".to_owned()));
}

async fn opened(gateway: &TestGateway) -> SqliteConnection {
    let file = gateway.folder.path().join("state.db");
    SqliteConnectOptions::new().filename(file).connect().await.expect("opened")
}
