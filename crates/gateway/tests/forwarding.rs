//! What reaches Exchange, and what of its answers reaches the page.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use support::samples::{self, MAILBOX, OTHER};
use support::{ACCOUNT, Answer, ORIGIN, PASSWORD, SOAP_ANSWER, TestGateway, Upstream};
use support::{admin_token, answer, claims_with, signed, token};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn exchange_sees_the_service_account_and_the_users_mailbox_and_nothing_of_the_browser() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let token = token();
    let request = gateway
        .ews(&token, samples::get_folder(MAILBOX))
        .header("SOAPAction", "\"http://evil.example/SendItem\"")
        .header("X-AnchorMailbox", OTHER)
        .header("X-Forwarded-For", "10.0.0.1")
        .header("X-Forwarded-Host", "evil.example")
        .header("Forwarded", "host=evil.example")
        .header("X-Original-URL", "/EWS/other")
        .header("Cookie", "session=secret")
        .header("Proxy-Authorization", "Basic eHg6eHg=");
    let page = Answer::of(request).await;
    assert_eq!((page.status, page.text().as_str()), (200, SOAP_ANSWER));

    let seen = upstream.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].uri, "/EWS/Exchange.asmx");
    let mut names: Vec<_> = seen[0].headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    let expected = [
        "accept",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "soapaction",
        "user-agent",
        "x-anchormailbox",
    ];
    assert_eq!(names, expected);
    let header = |name: &str| seen[0].headers[name].to_str().expect("text").to_owned();
    assert_eq!(header("authorization"), format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{PASSWORD}"))));
    assert_eq!(header("x-anchormailbox"), MAILBOX);
    assert_eq!(header("content-type"), "text/xml; charset=utf-8");
    assert_eq!(header("soapaction"), "\"http://schemas.microsoft.com/exchange/services/2006/messages/GetFolder\"");
    assert!(upstream.ews.contains(&header("host")));
    assert!(!format!("{:?}{}", seen[0].headers, seen[0].body).contains(&token));
}

#[tokio::test]
async fn every_operation_of_our_client_gets_through() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    for (operation, request) in samples::all() {
        let page = Answer::of(gateway.ews(&token(), request)).await;
        assert_eq!(page.status, 200, "{operation}: {}", page.text());
        assert!(upstream.seen().last().is_some_and(|seen| seen.body.contains(&format!("<m:{operation}"))));
    }
}

#[tokio::test]
async fn what_is_refused_never_reaches_exchange() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let good = samples::get_folder(MAILBOX);
    let refused = [
        samples::get_folder(OTHER),
        good.replace("<soap:Body>", "<soap:Body><m:SendItem/>"),
        samples::envelope(MAILBOX, &samples::CREATE_ITEM.replace("SendToNone", "SendToAllAndSaveCopy")),
        String::new(),
    ];
    for body in refused {
        let page = Answer::of(gateway.ews(&token(), body)).await;
        assert_eq!(page.refusal(), (403, "gateway.refused".into()));
    }
    for content_type in ["text/xml; charset=utf-16", "application/json", "multipart/related; type=\"text/xml\""] {
        let page = Answer::of(gateway.ews(&token(), good.clone()).header("Content-Type", content_type)).await;
        assert_eq!(page.refusal(), (403, "gateway.refused".into()), "{content_type}");
    }
    let page = Answer::of(gateway.ews(&signed(&claims_with(json!({ "mailbox": OTHER }))), good)).await;
    assert_eq!(page.refusal(), (403, "gateway.refused".into()), "another's token, this mailbox");
    assert_eq!(upstream.seen().len(), 0);
}

#[tokio::test]
async fn without_a_good_token_nothing_is_asked() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let now = chrono::Utc::now().timestamp();
    let good = samples::get_folder(MAILBOX);
    let post =
        || gateway.client.post(format!("{}/ews", gateway.url)).header("Content-Type", "text/xml").body(good.clone());
    let expired = signed(&claims_with(json!({ "iat": now - 900, "exp": now - 60 })));
    let in_the_address =
        gateway.client.post(format!("{}/ews?access_token={}", gateway.url, token())).body(good.clone());
    let cases = [
        (in_the_address, "gateway.token_invalid"),
        (post(), "gateway.token_invalid"),
        (post().bearer_auth("x"), "gateway.token_invalid"),
        (post().bearer_auth(&expired), "gateway.token_expired"),
        (post().header("Authorization", token()), "gateway.token_invalid"),
        (post().header("Authorization", format!("Basic {}", token())), "gateway.token_invalid"),
        (post().bearer_auth(token()).header("Authorization", "Bearer x"), "gateway.token_invalid"),
    ];
    for (request, code) in cases {
        let page = Answer::of(request).await;
        assert_eq!(page.refusal(), (401, code.into()));
        assert_eq!(page.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    }
    assert_eq!(upstream.seen().len(), 0);
}

#[tokio::test]
async fn an_expired_token_is_told_even_to_a_page_that_is_still_sending() {
    let gateway = TestGateway::ready(&Upstream::soap().await).await;
    let now = chrono::Utc::now().timestamp();
    let expired = signed(&claims_with(json!({ "iat": now - 900, "exp": now - 60 })));
    let page = Answer::of(gateway.ews(&expired, "x".repeat(4 << 20))).await;
    assert_eq!(page.refusal(), (401, "gateway.token_expired".into()));
}

#[tokio::test]
async fn a_request_beyond_the_limit_is_told_and_not_forwarded() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let page = Answer::of(gateway.ews(&token(), "x".repeat((4 << 20) + 1))).await;
    assert_eq!(page.refusal(), (413, "gateway.request_too_large".into()));
    assert_eq!(page.header("access-control-allow-origin"), Some(ORIGIN), "the page must be able to read it");
    assert_eq!(upstream.seen().len(), 0);
}

#[tokio::test]
async fn before_an_administrator_has_saved_an_account_the_page_is_told_so() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::start(&upstream.ews, |text| text).await;
    assert_eq!(gateway.get_folder().await.refusal(), (409, "gateway.not_configured".into()));
}

/// Each line: what Exchange answers, and what the page gets.
#[tokio::test]
async fn each_failure_of_exchange_has_its_code() {
    let cases = [
        (401, "text/html", 502, "exchange.unauthorized"),
        (401, "text/xml", 502, "exchange.unauthorized"),
        // R24: HTTP 403 is a policy, and no wrong password.
        (403, "text/html", 502, "exchange.forbidden"),
        (403, "text/xml", 502, "exchange.forbidden"),
        (413, "text/html", 413, "gateway.request_too_large"),
        (404, "text/html", 502, "exchange.failed"),
        (400, "text/html", 502, "exchange.failed"),
        (500, "text/html", 502, "exchange.failed"),
        (502, "text/html", 502, "exchange.failed"),
        (504, "text/html", 502, "exchange.failed"),
        (503, "text/html", 503, "exchange.busy"),
        (429, "application/json", 429, "exchange.busy"),
    ];
    for (status, content_type, expected, code) in cases {
        let upstream = Upstream::answering(move || answer(status, content_type, "<html>secret server</html>")).await;
        let page = TestGateway::ready(&upstream).await.get_folder().await;
        assert_eq!(page.refusal(), (expected, code.into()), "{status} {content_type}");
        assert!(!page.text().contains("secret server"));
        assert_eq!(upstream.seen().len(), 1, "asked once, never again");
    }
}

#[tokio::test]
async fn soap_goes_through_with_its_status_and_without_exchanges_headers() {
    for status in [200, 500, 503] {
        let upstream = Upstream::answering(move || {
            let mut answer = answer(status, "text/xml; charset=utf-8", SOAP_ANSWER);
            for (name, value) in [("Set-Cookie", "X-BackEndCookie=1"), ("X-FEServer", "EX01"), ("Retry-After", "30")] {
                answer.headers_mut().insert(name, value.parse().expect("a header"));
            }
            answer
        });
        let page = TestGateway::ready(&upstream.await).await.get_folder().await;
        assert_eq!((page.status, page.text().as_str()), (status, SOAP_ANSWER));
        assert_eq!(page.header("content-type"), Some("text/xml; charset=utf-8"));
        assert_eq!(page.header("retry-after"), Some("30"));
        assert_eq!((page.header("set-cookie"), page.header("x-feserver")), (None, None));
    }
}

#[tokio::test]
async fn a_200_that_is_no_soap_is_for_the_core_to_judge() {
    for (content_type, body) in
        [("text/html", "<html>Sign in</html>"), ("application/octet-stream", "\u{0}"), ("text/xml", "")]
    {
        let upstream = Upstream::answering(move || answer(200, content_type, body)).await;
        let page = TestGateway::ready(&upstream).await.get_folder().await;
        assert_eq!((page.status, page.text().as_str(), page.header("content-type")), (200, body, Some(content_type)));
        assert_eq!(page.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'; sandbox"));
    }
}

/// R12
#[tokio::test]
async fn r12_a_wait_that_is_told_as_a_date_reaches_the_page_in_seconds() {
    let soon = (chrono::Utc::now() + chrono::TimeDelta::seconds(90)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let busy =
        move || Response::builder().status(503).header("Retry-After", &soon).body(Body::empty()).expect("an answer");
    let page = TestGateway::ready(&Upstream::answering(busy).await).await.get_folder().await;
    assert_eq!(page.refusal(), (503, "exchange.busy".into()));
    let seconds: u64 = page.header("retry-after").and_then(|text| text.parse().ok()).expect("seconds");
    assert!((80..=90).contains(&seconds), "{seconds}");
}

/// R12: ConcurrentSyncCalls is five. The sixth would be refused, and the fifth is left to the person's own Outlook.
#[tokio::test]
async fn r12_four_requests_of_a_mailbox_are_at_exchange_and_the_others_wait_their_turn() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counting, highest) = (now.clone(), most.clone());
    let address = raw_upstream(move |mut stream| {
        let (now, most) = (counting.clone(), highest.clone());
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(100)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
            let _ = stream.write_all(head.as_bytes()).await;
        }
    })
    .await;
    let gateway = TestGateway::start(&format!("http://{address}/"), |text| text).await;
    gateway.save_account("exchange").await;
    let (a, b, c, d) =
        tokio::join!(gateway.get_folder(), gateway.get_folder(), gateway.get_folder(), gateway.get_folder());
    assert_eq!([a, b, c, d].map(|page| page.status), [200; 4]);
    let at_once = tokio::join!(
        gateway.get_folder(),
        gateway.get_folder(),
        gateway.get_folder(),
        gateway.get_folder(),
        gateway.get_folder(),
        gateway.get_folder(),
        gateway.get_folder(),
        gateway.get_folder()
    );
    let (a, b, c, d, e, f, g, h) = at_once;
    assert_eq!([a, b, c, d, e, f, g, h].map(|page| page.status), [200; 8]);
    assert_eq!(most.load(Ordering::SeqCst), 4);
}

/// R24: the service account has no mailbox, so the folder says whose it is, and the impersonation says it again.
#[tokio::test]
async fn r24_whose_calendar_it_is_stands_in_header_impersonation_and_folder() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    gateway.get_folder().await;
    let seen = &upstream.seen()[0];
    assert_eq!(seen.headers["x-anchormailbox"], MAILBOX);
    for element in ["PrimarySmtpAddress", "EmailAddress"] {
        assert!(seen.body.contains(&format!("<t:{element}>{MAILBOX}</t:{element}>")), "{}", seen.body);
    }
}

#[tokio::test]
async fn a_wait_reaches_the_page_in_header_and_body() {
    let busy = || Response::builder().status(429).header("Retry-After", "17").body(Body::empty()).expect("an answer");
    let page = TestGateway::ready(&Upstream::answering(busy).await).await.get_folder().await;
    assert_eq!((page.header("retry-after"), &page.json()["error"]["retryAfter"]), (Some("17"), &json!(17)));
    assert_eq!(page.header("access-control-expose-headers"), Some("retry-after,content-type"));
}

#[tokio::test]
async fn redirects_are_not_followed_with_the_password() {
    let elsewhere = Upstream::soap().await;
    let target = elsewhere.ews.clone();
    let upstream = Upstream::answering(move || {
        Response::builder().status(307).header("Location", &target).body(Body::empty()).expect("an answer")
    });
    let page = TestGateway::ready(&upstream.await).await.get_folder().await;
    assert_eq!(page.refusal(), (502, "exchange.failed".into()));
    assert_eq!((elsewhere.seen().len(), page.header("location")), (0, None));
}

#[tokio::test]
async fn an_exchange_that_is_down_slow_or_breaks_off_is_told_apart() {
    let down = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let slow = raw_upstream(silent).await;
    let late_body = raw_upstream(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 99\r\n\r\n<s").await;
        tokio::time::sleep(Duration::from_secs(5)).await;
    });
    let cut = raw_upstream(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 99\r\n\r\n<s").await;
    });
    let garbage = raw_upstream(|mut stream| async move {
        let _ = stream.write_all(b"\x16\x03\x01 this is no HTTP\r\n\r\n").await;
    });
    let cases = [
        (down.to_string(), 502, "exchange.unreachable"),
        (slow, 504, "exchange.timed_out"),
        (late_body.await, 504, "exchange.timed_out"),
        (cut.await, 502, "exchange.unreachable"),
        (garbage.await, 502, "exchange.unreachable"),
    ];
    for (address, status, code) in cases {
        let gateway = TestGateway::start(&format!("http://{address}/EWS"), |text| text).await;
        gateway.save_account("exchange").await;
        let started = Instant::now();
        assert_eq!(gateway.get_folder().await.refusal(), (status, code.into()), "{address}");
        assert!(started.elapsed() < Duration::from_secs(4));
    }
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_abandoned_whatever_its_length_says() {
    let honest = Upstream::answering(|| answer(200, "text/xml", "x".repeat(3000))).await.ews;
    let chunked = raw_upstream(|mut stream| async move {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n";
        let chunk = format!("5dc\r\n{}\r\n", "x".repeat(1500));
        let _ = stream.write_all(format!("{head}{chunk}{chunk}0\r\n\r\n").as_bytes()).await;
    });
    let endless = raw_upstream(|mut stream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n").await;
        while stream.write_all(&[b'x'; 4096]).await.is_ok() {}
    });
    let small = |text: String| text.replace("[limits]", "[limits]\nanswer_bytes = 2000");
    for ews in [honest, format!("http://{}/", chunked.await), format!("http://{}/", endless.await)] {
        let gateway = TestGateway::start(&ews, small).await;
        gateway.save_account("exchange").await;
        assert_eq!(gateway.get_folder().await.refusal(), (502, "exchange.too_large".into()), "{ews}");
    }
}

#[tokio::test]
async fn a_hasty_page_is_slowed_down_and_others_are_not() {
    let upstream = Upstream::soap().await;
    let slow = |text: String| text.replace("[limits]", "[limits]\nrequests_per_second = 1\nburst = 2");
    let gateway = TestGateway::start(&upstream.ews, slow).await;
    gateway.save_account("exchange").await;
    let statuses = [gateway.get_folder().await, gateway.get_folder().await].map(|page| page.status);
    assert_eq!(statuses, [200, 200]);
    let page = gateway.get_folder().await;
    assert_eq!(page.refusal(), (429, "exchange.busy".into()));
    assert_eq!(page.header("retry-after"), Some("1"));
    let bo = signed(&claims_with(json!({ "sub": "18", "mailbox": OTHER })));
    assert_eq!(Answer::of(gateway.ews(&bo, samples::get_folder(OTHER))).await.status, 200);
}

#[tokio::test]
async fn beyond_its_places_the_gateway_asks_to_come_back() {
    let slow = raw_upstream(silent).await;
    let one = |text: String| text.replace("[limits]", "[limits]\nconcurrent_requests = 1");
    let gateway = TestGateway::start(&format!("http://{slow}/"), one).await;
    gateway.save_account("exchange").await;
    let (first, second) = tokio::join!(gateway.get_folder(), gateway.get_folder());
    let mut codes = [first.refusal(), second.refusal()];
    codes.sort();
    assert_eq!(codes, [(503, "exchange.busy".into()), (504, "exchange.timed_out".into())]);
}

/// The request line speaks to a proxy, or names another host; the answer comes from us, and Exchange is where the
/// configuration says.
#[tokio::test]
async fn it_is_no_open_proxy() {
    let (upstream, elsewhere) = (Upstream::soap().await, Upstream::soap().await);
    let gateway = TestGateway::ready(&upstream).await;
    let (body, token) = (samples::get_folder(MAILBOX), token());
    let target = &elsewhere.ews;
    let head = |line: &str, host: &str| {
        format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: text/xml\r\n\
             X-Forwarded-Host: evil.example\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    for line in [format!("POST {target}"), "POST http://evil.example/ews".into(), "CONNECT evil.example:443".into()] {
        let answer = support::raw(gateway.address, &head(&line, "evil.example")).await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{line}: {answer}");
    }
    for path in ["/ews/http://evil.example/", "/http://evil.example/ews", "/ews/", "//ews", "/ews%2f", "/EWS"] {
        let answer = support::raw(gateway.address, &head(&format!("POST {path}"), "x")).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
    }
    assert_eq!((upstream.seen().len(), elsewhere.seen().len()), (0, 0));
    let answer = support::raw(gateway.address, &head(&format!("POST /ews?url={target}"), "evil.example")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!((upstream.seen().len(), elsewhere.seen().len()), (1, 0));
}

#[tokio::test]
async fn an_account_whose_provider_is_no_longer_configured_goes_nowhere() {
    let upstream = Upstream::soap().await;
    let gateway = TestGateway::ready(&upstream).await;
    let text = support::config_text(&upstream.ews, &gateway.folder).replace("id = \"exchange\"", "id = \"renamed\"");
    let config = gateway::Config::from_toml(&text).expect("a configuration");
    let address = support::serve(gateway::router(config).expect("a gateway")).await;
    let renamed = TestGateway { url: format!("http://{address}"), address, ..gateway };
    assert_eq!(renamed.get_folder().await.refusal(), (409, "gateway.not_configured".into()));
    assert_eq!(upstream.seen().len(), 0);
    let shown = Answer::of(renamed.client.get(format!("{}/integration", renamed.url)).bearer_auth(admin_token())).await;
    assert_eq!(shown.json()["provider"], "exchange");
}

/// Holds the connection and says nothing.
async fn silent(stream: TcpStream) {
    tokio::time::sleep(Duration::from_secs(5)).await;
    drop(stream);
}

/// A server that takes in each request's head and then does what it likes with the connection.
async fn raw_upstream<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 8192];
            let _ = stream.read(&mut head).await;
            tokio::spawn(answer(stream));
        }
    });
    address
}
