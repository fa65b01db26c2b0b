//! What the log holds, and what it never does: everything that any crate here has to say is caught, at TRACE.

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use support::samples::{self, MAILBOX, OTHER};
use support::{ACCOUNT, Answer, PASSWORD, SECRET, SOAP_ANSWER, TestGateway, Upstream};
use support::{admin_token, answer, claims_with, signed, token};
use tracing_subscriber::fmt::MakeWriter;

/// Where every line of this process goes.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    /// Catches the whole process's log, tasks of hyper and reqwest included.
    fn caught() -> &'static Lines {
        static LINES: OnceLock<Lines> = OnceLock::new();
        LINES.get_or_init(|| {
            let lines = Lines::default();
            let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
            subscriber.with_writer(lines.clone()).init();
            lines
        })
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("no panic")).into_owned()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Lines;

    fn make_writer(&'a self) -> Lines {
        self.clone()
    }
}

#[tokio::test]
async fn a_request_leaves_one_line_with_user_and_operation_and_nothing_private() {
    let lines = Lines::caught();
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let (user, admin) = (token(), admin_token());
    let create = samples::envelope(MAILBOX, samples::CREATE_ITEM);
    assert_eq!(Answer::of(gateway.ews(&user, create)).await.status, 200);
    assert_eq!(Answer::of(gateway.ews(&user, samples::get_folder(OTHER))).await.status, 403);
    let odd = samples::get_folder(MAILBOX).replace("t:BaseShape", "t:Löneförhandling-SECRET");
    assert_eq!(Answer::of(gateway.ews(&user, odd)).await.status, 403);
    for wrong in [json!({ "provider": "exchange", "account": ACCOUNT, "password": [PASSWORD] }), json!(PASSWORD)] {
        assert_eq!(gateway.put_integration(&admin, &wrong).await.status, 400);
    }
    let path = format!("{}/plugin/Sjukskrivning?token={user}", gateway.url);
    assert_eq!(Answer::of(gateway.client.get(path)).await.status, 404);
    let evil = signed(&claims_with(json!({ "sub": "17\nstatus=200 forged" })));
    assert_eq!(Answer::of(gateway.ews(&evil, "")).await.status, 401);
    let down = TestGateway::start("http://127.0.0.1:1/EWS/Exchange.asmx", |text| text).await;
    down.save_account("exchange").await;
    assert_eq!(down.get_folder().await.status, 502);
    let html = Upstream::answering(|| answer(500, "text/html", "Löner i stacken")).await;
    assert_eq!(TestGateway::ready(&html).await.get_folder().await.status, 502);

    let search = json!({ "account": ACCOUNT, "password": PASSWORD, "confirmed": ["hemlig.example"] });
    let asking = upstream.ews.split('/').nth(2).expect("a host");
    let places = format!(
        "\n[server_address]\nallow_private = [{asking:?}]\n[autodiscover]\ncandidates = [\"http://{asking}\"]\n"
    );
    let searching = TestGateway::start(&upstream.ews, |text| text + &places).await;
    let request = searching.client.post(format!("{}/integration/server", searching.url)).bearer_auth(&admin);
    assert_eq!(Answer::of(request.json(&search)).await.status, 200);

    let keeping = TestGateway::start(&upstream.ews, |text| {
        let file = text.lines().find_map(|line| line.strip_prefix("file = ")).expect("a file").replace(".json", ".db");
        text.replace("[limits]", &format!("[state]\nsqlite = {file}\n[limits]"))
    });
    let keeping = keeping.await;
    let link = json!({
        "id": "1", "blikk": { "id": "AAMkBlikk", "version": "Löne" }, "exchange": null, "state": "active",
        "base": { "title": "Möte om löner", "body": "Löneförhandling" },
    });
    let commit = |generation: i64, put| {
        let commit = json!({
            "expectedGeneration": 0, "head": { "generation": generation, "token": "AAMkToken" }, "clear": false,
            "put": [put], "remove": ["AAMkGone"], "putOperations": [], "removeOperations": [], "putRuns": [],
            "putChanges": [],
        });
        keeping.client.post(format!("{}/state/commit?folder=AAMkFolder", keeping.url)).bearer_auth(&user).json(&commit)
    };
    assert_eq!(Answer::of(commit(1, link.clone())).await.status, 204);
    assert_eq!(Answer::of(commit(1, link)).await.status, 409);
    assert_eq!(Answer::of(commit(1, json!({ "Löne": "AAMk" }))).await.status, 400);
    let read = keeping.client.get(format!("{}/state/links?limit=1&folder=AAMkFolder", keeping.url)).bearer_auth(&user);
    assert!(Answer::of(read).await.text().contains("Löneförhandling"));

    let log = lines.text();
    let ours: Vec<_> = log.lines().filter(|line| line.contains("gateway::")).collect();
    let answered = |words: &[&str]| ours.iter().any(|line| words.iter().all(|word| line.contains(word)));
    assert!(
        answered(&["POST", "/ews", "user=\"17\"", "operation=\"CreateItem\"", "status=200", "duration_ms="]),
        "{log}"
    );
    assert!(answered(&["POST", "/ews", "user=\"17\"", "request refused", "names another mailbox"]), "{log}");
    assert!(answered(&["PUT", "/integration", "user=\"1\"", "service account saved", "exchange"]), "{log}");
    assert!(answered(&["route=\"-\"", "status=404"]), "{log}");
    assert!(answered(&["POST", "/state/commit", "user=\"17\"", "status=409"]), "{log}");
    assert!(answered(&["/integration/server", "asked for the server", "way=Pox", "outcome=NotUnderstood"]), "{log}");
    assert!(answered(&["no answer from Exchange", "causes="]), "{log}");

    let key = STANDARD.encode([5_u8; 32]);
    let basic = STANDARD.encode(format!("{ACCOUNT}:{PASSWORD}"));
    let address = "http://127.0.0.1:1";
    let of_events = ["Möte", "Mälaren", "AAMk", "Löne", SOAP_ANSWER];
    for secret in [PASSWORD, &basic, SECRET, &key, &user, &admin, "Bearer ey"].into_iter().chain(of_events) {
        assert!(!log.contains(secret), "{secret} in the whole log, at TRACE");
    }
    for private in [MAILBOX, OTHER, ACCOUNT, "Sjukskrivning", "forged", "hemlig.example", address] {
        assert!(
            ours.iter().all(|line| !line.contains(private)),
            "{private} in the gateway's log:\n{}",
            ours.join("\n")
        );
    }
}
