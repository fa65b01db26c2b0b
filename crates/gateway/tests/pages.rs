//! Which pages may call, which headers they get, and the plugin's own files.

mod support;

use reqwest::Method;
use support::samples::{self, MAILBOX};
use support::{Answer, ORIGIN, TestGateway, Upstream, token};
use tempfile::TempDir;

async fn gateway() -> TestGateway {
    TestGateway::ready(&Upstream::soap().await).await
}

/// A gateway that serves a small bundle, and the folder that holds it.
async fn with_plugin() -> (TestGateway, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("bundle");
    std::fs::create_dir(&bundle).expect("created");
    let write = |name: &str, content: &str| std::fs::write(bundle.join(name), content).expect("written");
    write("blikk-calendar-sync.js", "export {}");
    write("worker-DkL3x9aB.js", "the worker");
    write("worker-DkL3x9aB.js.br", "the worker in brotli");
    write("worker-DkL3x9aB.js.gz", "the worker in gzip");
    write("core_bg-C1d2E3f4.wasm", "\0asm");
    write("../outside.txt", "secret");
    let with_bundle = |text| format!("plugin_dir = {bundle:?}\n{text}");
    (TestGateway::start(&Upstream::soap().await.ews, with_bundle).await, folder)
}

async fn get(gateway: &TestGateway, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = gateway.client.get(format!("{}{path}", gateway.url));
    Answer::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

#[tokio::test]
async fn health_needs_no_token() {
    let answer = get(&gateway().await, "/health", &[]).await;
    assert_eq!((answer.status, answer.text().as_str()), (200, r#"{"status":"ok"}"#));
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_whatever_it_asks() {
    let gateway = gateway().await;
    for origin in [
        "https://evil.example",
        "null",
        "https://app.blikk.example.evil.example",
        "https://app.blikk.example:444",
        "http://app.blikk.example",
        "https://APP.blikk.example",
        "https://app.blikk.example/",
        "",
    ] {
        let post = gateway.client.post(format!("{}/ews", gateway.url)).bearer_auth(token());
        let post = post.header("Origin", origin).header("Content-Type", "text/xml").body(samples::get_folder(MAILBOX));
        let preflight = gateway
            .client
            .request(Method::OPTIONS, format!("{}/ews", gateway.url))
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST");
        let health = gateway.client.get(format!("{}/health", gateway.url)).header("Origin", origin);
        for request in [post, preflight, health] {
            let answer = Answer::of(request).await;
            assert_eq!(answer.refusal(), (403, "gateway.refused".into()), "{origin}");
            assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
        }
    }
    let two = gateway.ews(&token(), samples::get_folder(MAILBOX)).header("Origin", "https://evil.example");
    assert_eq!(Answer::of(two).await.status, 403, "two origins, one of them good");
}

#[tokio::test]
async fn a_configured_page_may_ask_and_read_the_answer_errors_included() {
    let gateway = gateway().await;
    for origin in [ORIGIN, "http://localhost:5173"] {
        let preflight = gateway
            .client
            .request(Method::OPTIONS, format!("{}/ews", gateway.url))
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,content-type,soapaction");
        let answer = Answer::of(preflight).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(origin)));
        assert_eq!(answer.header("access-control-allow-headers"), Some("authorization,content-type,soapaction"));
        assert!(answer.header("access-control-max-age").is_some());
        assert_eq!(answer.header("access-control-allow-credentials"), None, "tokens, no cookies");

        for (path, status) in [("/health", 200), ("/integration", 401), ("/nowhere", 404), ("/ews", 405)] {
            let answer = get(&gateway, path, &[("Origin", origin)]).await;
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, Some(origin)), "{path}");
            assert_eq!(answer.header("access-control-expose-headers"), Some("retry-after,content-type"));
            assert!(answer.header("vary").is_some_and(|vary| vary.contains("origin")));
        }
    }
}

#[tokio::test]
async fn every_refusal_is_json_with_a_code_and_the_protecting_headers() {
    let gateway = gateway().await;
    for (method, path, status) in [
        (Method::GET, "/", 404),
        (Method::GET, "/plugin/blikk-calendar-sync.js", 404),
        (Method::GET, "/../etc/passwd", 404),
        (Method::GET, "/ews", 405),
        (Method::POST, "/health", 405),
        (Method::PATCH, "/integration", 405),
        (Method::TRACE, "/ews", 405),
    ] {
        let answer = Answer::of(gateway.client.request(method.clone(), format!("{}{path}", gateway.url))).await;
        assert_eq!(answer.refusal(), (status, "gateway.refused".into()), "{method} {path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    }
    let page = gateway.get_folder().await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("cross-origin-resource-policy"), Some("same-origin"));
}

#[tokio::test]
async fn the_plugins_files_come_with_the_right_type_and_cache_for_other_origins() {
    let (gateway, _folder) = with_plugin().await;
    let cases = [
        ("/plugin/blikk-calendar-sync.js", "text/javascript", "no-cache"),
        ("/plugin/worker-DkL3x9aB.js", "text/javascript", "public, max-age=31536000, immutable"),
        ("/plugin/core_bg-C1d2E3f4.wasm", "application/wasm", "public, max-age=31536000, immutable"),
    ];
    for (path, content_type, cache) in cases {
        let answer = get(&gateway, path, &[("Origin", ORIGIN)]).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)), "{path}");
        assert_eq!(answer.header("cache-control"), Some(cache), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert_eq!(answer.header("access-control-allow-origin"), Some(ORIGIN));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("content-security-policy"), None, "it would rule inside a worker");
    }
    let answer = get(&gateway, "/plugin/worker-DkL3x9aB.js", &[("Origin", "https://evil.example")]).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_browser_gets_the_smallest_file_that_it_can_read() {
    let (gateway, _folder) = with_plugin().await;
    for (accepted, encoding, text) in [
        ("br, gzip", Some("br"), "the worker in brotli"),
        ("gzip", Some("gzip"), "the worker in gzip"),
        ("identity", None, "the worker"),
    ] {
        let answer = get(&gateway, "/plugin/worker-DkL3x9aB.js", &[("Accept-Encoding", accepted)]).await;
        assert_eq!((answer.header("content-encoding"), answer.text().as_str()), (encoding, text));
        assert_eq!(answer.header("content-type"), Some("text/javascript"));
    }
}

#[tokio::test]
async fn an_unchanged_entry_file_costs_no_body() {
    let (gateway, _folder) = with_plugin().await;
    let first = get(&gateway, "/plugin/blikk-calendar-sync.js", &[]).await;
    let tag = first.header("etag").expect("an ETag").to_owned();
    let again = get(&gateway, "/plugin/blikk-calendar-sync.js", &[("If-None-Match", &tag)]).await;
    assert_eq!((again.status, again.text().as_str()), (304, ""));
    assert_eq!(again.header("cache-control"), Some("no-cache"));
}

#[tokio::test]
async fn nothing_outside_the_plugins_folder_is_served() {
    let (gateway, folder) = with_plugin().await;
    assert!(folder.path().join("outside.txt").exists());
    // Written on the wire as they stand: a client library would tidy them up.
    for path in [
        "/plugin",
        "/plugin/",
        "/plugin/missing-AbCd1234.js",
        "/plugin/../outside.txt",
        "/plugin/%2e%2e/outside.txt",
        "/plugin/..%2foutside.txt",
        "/plugin/%2e%2e%2foutside.txt",
        "/plugin/..%5coutside.txt",
        "/plugin/x/../../outside.txt",
        "/plugin//etc/passwd",
        "/plugin/%2fetc%2fpasswd",
        "/plugin/%00",
        "/plugin/x%ff",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = support::raw(gateway.address, &request).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        assert!(answer.contains("gateway.refused") && !answer.contains("secret"), "{path}: {answer}");
        assert!(!answer.contains("immutable"), "{path}: what is missing today may come tomorrow");
    }
    let posted = gateway.client.post(format!("{}/plugin/blikk-calendar-sync.js", gateway.url));
    assert_eq!(Answer::of(posted).await.refusal().1, "gateway.refused");
}
