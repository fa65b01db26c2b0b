//! The gateway as a server: `gateway --config gateway.toml`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use gateway::{Config, Gateway};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

const USAGE: &str = "\
Usage:
  gateway --config gateway.toml   serve; prints the address as one JSON line, logs to stderr (RUST_LOG=gateway=debug)
  gateway --example-config        print a commented configuration
  gateway --generate-key          print 32 random bytes in base64, for integration.key or token.secret
  gateway --version";

/// How long a shutdown waits for requests under way; as long as Exchange may take for most of them.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_str()).collect();
    let result = match arguments.as_slice() {
        [Some("--config"), Some(path)] => serve(PathBuf::from(path)),
        [Some("--example-config")] => print(gateway::config::EXAMPLE),
        [Some("--generate-key")] => print(&format!("{}\n", *gateway::generate_key())),
        [Some("--version")] => print(concat!(env!("CARGO_PKG_VERSION"), "\n")),
        [Some("--help" | "-h")] => print(&format!("{USAGE}\n")),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| error.to_string())
}

#[tokio::main]
async fn serve(path: PathBuf) -> Result<(), String> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();

    let config = Config::load(&path).map_err(|problems| format!("{}:\n{problems}", path.display()))?;
    let address = config.listen;
    let gateway = Gateway::new(config).map_err(|error| error.to_string())?;
    gateway.prepare().await.map_err(|error| error.to_string())?;
    let router = gateway.router();
    let listener = TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let bound = listener.local_addr().map_err(|error| error.to_string())?;
    print(&format!("{{\"gateway\":{{\"url\":\"http://{bound}\"}}}}\n"))?;

    let (stop, stopped) = tokio::sync::watch::channel(());
    let mut stopping = stopped.clone();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = stopping.changed().await;
    });
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        let _ = stop.send(());
    });
    let mut stopping = stopped;
    let too_long = async move {
        let _ = stopping.changed().await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        served = serving => served.map_err(|error| error.to_string()),
        () = too_long => Ok(()),
    }
}

/// Ctrl-C, or what a service manager sends.
async fn asked_to_stop() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
