//! The stand-in on a real socket: what only a connection can show.

use std::sync::Arc;
use std::time::{Duration, Instant};

use standins::exchange::Exchange;
use standins::exchange::http::{Recorder, router};
use standins::fault::{Fault, Rule};

use crate::support::*;

struct Server {
    exchange: Arc<Exchange>,
    url: String,
    client: reqwest::Client,
}

impl Server {
    async fn start(recorder: Option<Recorder>) -> Self {
        let exchange = Arc::new(server());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = router(Arc::clone(&exchange), recorder);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Server { exchange, url, client: reqwest::Client::new() }
    }

    async fn send(&self, operation: &str) -> reqwest::Result<reqwest::Response> {
        let request = request(Some(ANNA), operation);
        let mut post = self.client.post(format!("{}{}", self.url, request.path)).body(request.body);
        for (name, value) in request.headers {
            post = post.header(name, value);
        }
        post.send().await
    }

    fn fail(&self, fault: Fault) {
        self.exchange.add_fault(Rule::new("SyncFolderItems", fault));
    }
}

#[tokio::test]
async fn soap_goes_in_and_out_over_http() {
    let server = Server::start(None).await;
    let answer = server.send(&sync_request("", 512)).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/xml; charset=utf-8");
    assert_eq!(codes(&answer.text().await.expect("text")), ["NoError"]);
    assert_eq!(server.exchange.count_of("SyncFolderItems"), 1);
}

#[tokio::test]
async fn a_dropped_connection_gives_no_answer_at_all() {
    let server = Server::start(None).await;
    for fault in [Fault::DropBefore, Fault::DropAfter] {
        server.fail(fault);
        assert!(server.send(&sync_request("", 512)).await.is_err());
    }
    assert!(server.send(&sync_request("", 512)).await.is_ok());
}

#[tokio::test]
async fn a_truncated_answer_breaks_off_in_the_middle() {
    let server = Server::start(None).await;
    server.fail(Fault::Truncate { bytes: 100 });
    let answer = server.send(&sync_request("", 512)).await.expect("a head");
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err(), "the body never ends");
}

#[tokio::test]
async fn a_huge_answer_is_as_long_as_it_was_told_to_be() {
    let server = Server::start(None).await;
    server.fail(Fault::Huge { bytes: 1_000_000 });
    let answer = server.send(&sync_request("", 512)).await.expect("an answer");
    assert_eq!(answer.bytes().await.expect("a body").len(), 1_000_000);
}

#[tokio::test]
async fn a_throttled_answer_says_when_to_come_back() {
    let server = Server::start(None).await;
    server.fail(Fault::Status { code: 503, retry_after: Some(7), body: None, content_type: None });
    let answer = server.send(&sync_request("", 512)).await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].as_bytes()), (503, &b"7"[..]));
}

#[tokio::test]
async fn a_delay_is_a_real_one() {
    let server = Server::start(None).await;
    server.fail(Fault::Delay { ms: 150 });
    let begun = Instant::now();
    server.send(&sync_request("", 512)).await.expect("an answer");
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn every_soap_body_is_written_to_the_folder_it_was_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(Some(Recorder::new(folder.path()))).await;
    server.send(&sync_request("", 512)).await.expect("an answer");
    let files: Vec<_> = std::fs::read_dir(folder.path()).expect("the folder").flatten().collect();
    assert_eq!(files.len(), 1);
    assert!(files[0].file_name().to_string_lossy().ends_with("-SyncFolderItems.xml"));
    let recorded = std::fs::read(files[0].path()).expect("the file");
    assert_eq!(recorded, request(Some(ANNA), &sync_request("", 512)).body);
}

#[tokio::test]
async fn the_people_of_the_demo_may_be_asked_from_any_page() {
    let server = Server::start(None).await;
    let url = format!("{}/people/{ANNA}/events", server.url);
    let answer = server.client.get(&url).header("Origin", "http://example.test").send().await.expect("an answer");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let ews = server.send(&sync_request("", 512)).await.expect("an answer");
    assert!(!ews.headers().contains_key("access-control-allow-origin"), "Exchange itself knows no CORS");
}
