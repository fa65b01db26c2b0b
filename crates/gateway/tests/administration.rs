//! The administrator's form: who may use it, what it keeps, and that the password only ever goes in.

mod support;

use serde_json::{Value, json};
use support::samples::MAILBOX;
use support::{ACCOUNT, Answer, ORIGIN, PASSWORD, TestGateway, Upstream, admin_token, token};

async fn show(gateway: &TestGateway, token: &str) -> Answer {
    Answer::of(gateway.client.get(format!("{}/integration", gateway.url)).bearer_auth(token)).await
}

async fn remove(gateway: &TestGateway, token: &str) -> Answer {
    Answer::of(gateway.client.delete(format!("{}/integration", gateway.url)).bearer_auth(token)).await
}

#[tokio::test]
async fn the_form_shows_what_was_saved_but_never_the_password() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::start(&upstream.ews, |text| text).await;
    let empty = show(&gateway, &admin_token()).await.json();
    let providers = json!([
        { "id": "exchange", "name": "Exchange Server", "serverUrl": upstream.ews },
        { "id": "elsewhere", "name": "Another Exchange", "serverUrl": "http://127.0.0.1:1/EWS/Exchange.asmx" },
    ]);
    let expected = json!({
        "objectName": "calendarIntegration", "provider": null, "account": null, "serverUrl": null,
        "hasPassword": false, "savedAt": null,
        "providers": providers,
    });
    assert_eq!(empty, expected);

    let form = json!({ "provider": "exchange", "account": format!(" {ACCOUNT} "), "password": PASSWORD });
    let saved = gateway.put_integration(&admin_token(), &form).await;
    let shown = show(&gateway, &admin_token()).await;
    assert_eq!((saved.status, shown.json()), (200, saved.json()));
    let Value::String(saved_at) = shown.json()["savedAt"].take() else { panic!("a time") };
    let age = chrono::Utc::now() - chrono::DateTime::parse_from_rfc3339(&saved_at).expect("a time").to_utc();
    assert!(age.num_seconds() < 60, "{saved_at}");
    assert_eq!(shown.json()["account"], ACCOUNT);
    assert_eq!(shown.json()["hasPassword"], true);
    assert!(!saved.text().contains(PASSWORD) && !shown.text().contains(PASSWORD));
    assert_eq!(shown.header("cache-control"), Some("no-store"));

    let removed = remove(&gateway, &admin_token()).await;
    assert_eq!((removed.status, removed.text().as_str()), (204, ""));
    assert_eq!(show(&gateway, &admin_token()).await.json(), expected);
    assert_eq!(remove(&gateway, &admin_token()).await.status, 204, "once more does no harm");
    assert_eq!(gateway.get_folder().await.refusal(), (409, "gateway.not_configured".into()));
}

#[tokio::test]
async fn only_an_administrator_reads_or_changes_the_integration() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let form = json!({ "provider": "exchange", "account": "mallory", "password": "x" });
    for (token, expected) in [(token(), (403, "gateway.refused")), ("x".into(), (401, "gateway.token_invalid"))] {
        for answer in
            [show(&gateway, &token).await, gateway.put_integration(&token, &form).await, remove(&gateway, &token).await]
        {
            assert_eq!(answer.refusal(), (expected.0, expected.1.into()));
            assert!(!answer.text().contains(ACCOUNT));
        }
    }
    assert_eq!(show(&gateway, &admin_token()).await.json()["account"], ACCOUNT);
}

#[tokio::test]
async fn without_a_password_the_old_one_is_kept_for_the_same_account_at_the_same_provider_only() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let same = json!({ "provider": "exchange", "account": ACCOUNT });
    assert_eq!(gateway.put_integration(&admin_token(), &same).await.status, 200);
    assert_eq!(gateway.get_folder().await.status, 200);
    let sent = upstream.seen()[0].headers["authorization"].clone();
    // Or an administrator of one moment could have the password sent where they can read it.
    for other in [
        json!({ "provider": "elsewhere", "account": ACCOUNT }),
        json!({ "provider": "exchange", "account": "other@konsult.example" }),
        json!({ "provider": "exchange", "account": ACCOUNT.to_uppercase() }),
        json!({ "provider": "elsewhere", "account": ACCOUNT, "password": null }),
    ] {
        let answer = gateway.put_integration(&admin_token(), &other).await;
        assert_eq!(answer.refusal(), (400, "gateway.refused".into()), "{other}");
    }
    gateway.get_folder().await;
    assert_eq!(upstream.seen()[1].headers["authorization"], sent);
}

#[tokio::test]
async fn a_new_password_is_used_at_once() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    gateway.get_folder().await;
    let form = json!({ "provider": "exchange", "account": ACCOUNT, "password": "another" });
    assert_eq!(gateway.put_integration(&admin_token(), &form).await.status, 200);
    gateway.get_folder().await;
    let sent = upstream.seen();
    assert_ne!(sent[0].headers["authorization"], sent[1].headers["authorization"]);
}

#[tokio::test]
async fn a_form_that_cannot_be_right_is_refused_without_quoting_it() {
    let gateway = TestGateway::start(&Upstream::soap().await.ews, |text| text).await;
    let good = json!({ "provider": "exchange", "account": ACCOUNT, "password": "hunter2-hunter2" });
    let with = |name: &str, value: Value| {
        let mut form = good.clone();
        form[name] = value;
        form
    };
    for form in [
        with("provider", json!("https://evil.example/EWS")),
        with("provider", json!("hunter2-hunter2")),
        with("account", json!("")),
        with("account", json!("  ")),
        with("account", json!("a:hunter2-hunter2")),
        with("account", json!("a\r\nb")),
        with("account", json!("a".repeat(255))),
        with("password", json!("")),
        with("password", json!("a\u{0}b")),
        with("password", json!("x".repeat(1025))),
        with("password", json!(["hunter2-hunter2"])),
        with("password", json!(1234567890)),
        with("hunter2-hunter2", json!(1)),
        with("ewsUrl", json!("https://evil.example/")),
        with("serverUrl", json!("http://mail.konsult.example/EWS")),
        with("serverUrl", json!("https://127.0.0.1/EWS")),
        with("serverUrl", json!("http://127.0.0.1:80/EWS")),
        with("serverUrl", json!("https://169.254.169.254/latest/meta-data/")),
        with("serverUrl", json!("https://mail.konsult.example:22/EWS")),
        with("serverUrl", json!("https://hunter2-hunter2@mail.konsult.example/EWS")),
        with("serverUrl", json!("https://mail.konsult.example/EWS?hunter2-hunter2")),
        with("serverUrl", json!("hunter2-hunter2")),
        with("serverUrl", json!("file:///etc/hunter2-hunter2")),
        with("serverUrl", json!(["https://mail.konsult.example/EWS"])),
        json!("hunter2-hunter2"),
        json!({}),
    ] {
        let answer = gateway.put_integration(&admin_token(), &form).await;
        assert_eq!(answer.refusal(), (400, "gateway.refused".into()), "{form}");
        assert!(!answer.text().contains("hunter2") && !answer.text().contains("1234567890"), "{}", answer.text());
    }
    let huge = gateway.put_integration(&admin_token(), &with("account", json!("a".repeat(20_000)))).await;
    assert_eq!(huge.refusal(), (413, "gateway.request_too_large".into()));
    assert_eq!(show(&gateway, &admin_token()).await.json()["hasPassword"], false);
}

#[tokio::test]
async fn the_account_survives_a_restart_and_the_file_shows_nothing() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let file = std::fs::read_to_string(gateway.folder.path().join("integration.json")).expect("the file");
    for plain in [PASSWORD, ACCOUNT, "Kräftskiva", MAILBOX, "exchange"] {
        assert!(!file.contains(plain), "{plain}");
    }
    let config = gateway::Config::from_toml(&support::config_text(&upstream.ews, &gateway.folder)).expect("good");
    let address = support::serve(gateway::router(config).expect("a gateway")).await;
    let again = TestGateway { url: format!("http://{address}"), address, ..gateway };
    assert_eq!(again.get_folder().await.status, 200);
}

#[tokio::test]
async fn with_another_key_the_gateway_does_not_start_and_says_why() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let text = support::config_text(&upstream.ews, &gateway.folder).replace("BQUF", "BgYG");
    let config = gateway::Config::from_toml(&text).expect("a configuration");
    let told = gateway::router(config).expect_err("another key").to_string();
    assert!(told.contains("integration.key") && told.contains("delete the file"), "{told}");
}

#[tokio::test]
async fn a_save_that_the_disk_refuses_is_told_and_the_old_account_stays() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    std::fs::remove_dir_all(gateway.folder.path()).expect("removed");
    let form = json!({ "provider": "exchange", "account": "new", "password": "new" });
    let answer = gateway.put_integration(&admin_token(), &form).await;
    assert_eq!(answer.refusal(), (500, "gateway.failed".into()));
    assert!(!answer.text().contains("tmp"), "no path of the server's: {}", answer.text());
    assert_eq!(show(&gateway, &admin_token()).await.json()["account"], ACCOUNT);
    assert_eq!(gateway.get_folder().await.status, 200);
}

#[tokio::test]
async fn the_page_may_send_the_form_across_origins() {
    let gateway = TestGateway::start(&Upstream::soap().await.ews, |text| text).await;
    let preflight = gateway
        .client
        .request(reqwest::Method::OPTIONS, format!("{}/integration", gateway.url))
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "PUT")
        .header("Access-Control-Request-Headers", "authorization,content-type");
    let answer = Answer::of(preflight).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
    assert!(answer.header("access-control-allow-methods").is_some_and(|methods| methods.contains("PUT")));
}
