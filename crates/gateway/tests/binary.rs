//! The program as an administrator runs it.

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gateway"));
    command.env_remove("RUST_LOG");
    command
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).output().expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_example_needs_two_secrets_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("gateway.toml");
    std::fs::write(&file, run(&["--example-config"]).stdout).expect("written");
    let refused = run(&["--config", &file.display().to_string()]);
    let told = text(&refused.stderr);
    assert!(!refused.status.success() && refused.stdout.is_empty());
    assert!(told.contains("token.secret") && told.contains("integration.key") && told.lines().count() == 3, "{told}");
    assert!(!told.contains("replace me"), "{told}");

    let keys = [0; 2].map(|_| text(&run(&["--generate-key"]).stdout));
    assert_ne!(keys[0], keys[1]);
    assert_eq!(STANDARD.decode(keys[0].trim()).map(|key| key.len()), Ok(32));
    let mut running = start(program().args(["--config", &file.display().to_string()]).envs([
        ("GATEWAY__LISTEN", "127.0.0.1:0"),
        ("GATEWAY__TOKEN__SECRET", keys[0].trim()),
        ("GATEWAY__INTEGRATION__KEY", keys[1].trim()),
    ]));
    assert!(running.url.starts_with("http://127.0.0.1:"), "{}", running.url);
    running.child.kill().expect("stopped");
    running.child.wait().expect("ended");
}

#[cfg(unix)]
#[tokio::test]
async fn it_prints_its_address_answers_and_stops_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("gateway.toml");
    std::fs::write(&file, support::config_text("https://mail.example.com/EWS", &folder)).expect("written");
    let mut running = start(program().args(["--config", &file.display().to_string()]));
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let health = support::Answer::of(client.get(format!("{}/health", running.url))).await;
    assert_eq!(health.json()["status"], "ok");

    let asked = Command::new("kill").args(["-TERM", &running.child.id().to_string()]).status().expect("kill runs");
    assert!(asked.success());
    let started = Instant::now();
    let ended = loop {
        if let Some(status) = running.child.try_wait().expect("a child") {
            break status;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "it does not stop");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(ended.success());
    let mut log = String::new();
    std::io::Read::read_to_string(&mut running.child.stderr.take().expect("a pipe"), &mut log).expect("read");
    assert!(log.contains("/health") && log.contains("stopping"), "{log}");
}

#[test]
fn wrong_arguments_are_answered_with_the_usage() {
    for arguments in [&[][..], &["--config"], &["serve"], &["--config", "a", "b"]] {
        let refused = run(arguments);
        assert!(!refused.status.success() && text(&refused.stderr).contains("--config gateway.toml"));
    }
    let missing = run(&["--config", "no such file"]);
    assert!(!missing.status.success() && text(&missing.stderr).contains("no such file"));
    assert!(text(&run(&["--help"]).stdout).contains("--generate-key"));
}

struct Running {
    child: Child,
    url: String,
}

/// Starts it and reads the one line that says where it listens.
fn start(command: &mut Command) -> Running {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("JSON: {line}"));
    Running { child, url: told["gateway"]["url"].as_str().expect("an address").to_owned() }
}
