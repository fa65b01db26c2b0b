//! `cargo xtask demo`: both calendars, the gateway and the pages, to click through.

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::bundle;
use crate::process::repository;
use crate::servers::{Servers, Wish};

#[derive(Args)]
pub struct Options {
    /// Leave the service account to be filled in, as an administrator does it.
    #[arg(long)]
    unconfigured: bool,
    /// Begin with empty calendars.
    #[arg(long)]
    empty: bool,
    /// The first of four ports; others are taken where these are not free.
    #[arg(long, default_value_t = 8420)]
    port: u16,
}

/// Starts everything, says where, and stays until Ctrl-C.
///
/// # Errors
/// When something does not build or start, or a server ends by itself.
pub fn run(options: &Options) -> Result<()> {
    bundle::build()?;
    let folder = repository().join("target/xtask/demo");
    let wish = Wish { ports: options.port, folder: &folder, record: None, with_demo_data: !options.empty };
    let mut servers = Servers::start(&wish)?;
    if !options.unconfigured {
        servers.fill_in_service_account()?;
    }
    print!("{}", welcome(&servers, options.unconfigured));
    loop {
        std::thread::sleep(Duration::from_millis(500));
        servers.are_running()?;
    }
}

fn welcome(servers: &Servers, is_unconfigured: bool) -> String {
    let (blikk, exchange) = (&servers.standins.blikk, &servers.standins.exchange);
    let mut text = format!("\n  Blikk Kalendersynk\n\n  Öppna / open   {}\n\n  Logga in / sign in as\n", blikk.url);
    for user in &blikk.users {
        text += &format!("    {:<34} {:<18} {} ({})\n", user.email, user.password, user.name, user.role);
    }
    let account = &exchange.service_account;
    let state = if is_unconfigured { "ej ifyllt / not filled in yet" } else { "ifyllt / filled in" };
    text += &format!("\n  Servicekonto / service account ({state})\n    {:<34} {}\n", account.user, account.password);
    text += &format!("\n  Exchange       {}\n  Gateway        {}\n", exchange.ews, servers.gateway);
    text += "\n  Klicka på Synkronisera min kalender. / Click Synkronisera min kalender.\n";
    text + "  Avsluta med Ctrl-C. / Ctrl-C ends it.\n\n"
}
