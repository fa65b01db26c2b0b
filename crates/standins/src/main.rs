//! `cargo run -p standins`: both stand-ins, until Ctrl-C. One JSON line on stdout says where and with which accounts.

use std::path::PathBuf;

use clap::Parser;
use standins::{Options, serve};

/// An Exchange that speaks EWS and a Blikk with a calendar, for the demo and the tests.
#[derive(Parser)]
struct Arguments {
    /// The port of Exchange; a free one by default
    #[arg(long, default_value_t = 0)]
    exchange_port: u16,
    /// The port of Blikk; a free one by default
    #[arg(long, default_value_t = 0)]
    blikk_port: u16,
    /// A folder with the host page, for Blikk to serve
    #[arg(long)]
    pages: Option<PathBuf>,
    /// Where the gateway is, for whoever reads the JSON line
    #[arg(long)]
    gateway_url: Option<String>,
    /// The secret that Blikk signs gateway tokens with
    #[arg(long)]
    token_secret: Option<String>,
    /// Who Blikk says it is in gateway tokens
    #[arg(long)]
    issuer: Option<String>,
    /// Another origin whose pages may call Blikk; can be given more than once
    #[arg(long = "origin")]
    origins: Vec<String>,
    /// Users and mailboxes, but no events
    #[arg(long)]
    empty: bool,
    /// A folder to write every SOAP request into, one file each
    #[arg(long, env = "RECORD_REQUESTS")]
    record: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let running = serve(options(Arguments::parse())).await?;
    println!("{}", running.description());
    stop_signal().await?;
    running.shut_down().await;
    Ok(())
}

fn options(arguments: Arguments) -> Options {
    let usual = Options::default();
    Options {
        exchange_port: arguments.exchange_port,
        blikk_port: arguments.blikk_port,
        pages: arguments.pages,
        gateway_url: arguments.gateway_url,
        token_secret: arguments.token_secret.unwrap_or_else(|| usual.token_secret.clone()),
        issuer: arguments.issuer.unwrap_or_else(|| usual.issuer.clone()),
        origins: arguments.origins,
        empty: arguments.empty,
        record: arguments.record,
        ..usual
    }
}

/// Ctrl-C, or the polite signal of whoever started this.
#[cfg(unix)]
async fn stop_signal() -> std::io::Result<()> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
