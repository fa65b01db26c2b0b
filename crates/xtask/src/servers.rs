//! The three servers that the demo and the browser tests talk to: both calendars' stand-ins and the gateway between
//! the page and Exchange. Started as programs of their own, as they would be in life, and ended with the value.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::files;
use crate::process::{Guarded, built_files, output, program, repository};

/// What a caller wants of the servers.
pub struct Wish<'a> {
    /// The first of four ports in a row: Blikk, Exchange, the gateway, and one for a test page. Where one is taken,
    /// another is.
    pub ports: u16,
    /// Where the servers keep their files. Emptied first.
    pub folder: &'a Path,
    /// Where the stand-in puts a copy of each SOAP request.
    pub record: Option<&'a Path>,
    /// With the demo's events, or with empty calendars.
    pub with_demo_data: bool,
}

/// All three, running.
pub struct Servers {
    pub standins: Standins,
    /// The stand-ins' own words, as a JSON line.
    pub announcement: String,
    pub gateway: String,
    /// Another origin that may call the gateway and Blikk; nothing listens there yet.
    pub test_page: String,
    folder: PathBuf,
    running: Vec<Guarded>,
}

/// What `standins` says when it has started.
#[derive(Deserialize)]
pub struct Standins {
    pub exchange: Exchange,
    pub blikk: Blikk,
}

#[derive(Deserialize)]
pub struct Exchange {
    pub url: String,
    pub ews: String,
    #[serde(rename = "serviceAccount")]
    pub service_account: ServiceAccount,
}

#[derive(Deserialize)]
pub struct ServiceAccount {
    pub user: String,
    pub password: String,
}

#[derive(Deserialize)]
pub struct Blikk {
    pub url: String,
    pub users: Vec<User>,
    #[serde(rename = "tokenSecret")]
    pub token_secret: String,
    pub issuer: String,
}

#[derive(Deserialize, Serialize)]
pub struct User {
    pub name: String,
    pub email: String,
    pub password: String,
    pub role: String,
}

impl Servers {
    /// Builds and starts them.
    ///
    /// # Errors
    /// When one of them does not compile or does not start.
    pub fn start(wish: &Wish) -> Result<Servers> {
        let [blikk, exchange, gateway, test_page] = ports(wish.ports)?;
        let gateway_url = format!("http://127.0.0.1:{gateway}");
        let test_page = format!("http://127.0.0.1:{test_page}");
        files::empty_folder(wish.folder)?;
        let pages = wish.folder.join("pages");
        files::copy(&repository().join("www/dist/pages"), &pages)?;
        let programs = Programs::build()?;

        let mut standins = program(&programs.standins, &["--gateway-url", &gateway_url, "--origin", &test_page]);
        standins.args(["--blikk-port", &blikk.to_string(), "--exchange-port", &exchange.to_string()]);
        // A fixed secret, so that a test page which was compiled with it need not be compiled for each run.
        standins.args(["--token-secret", TOKEN_SECRET]).arg("--pages").arg(&pages);
        standins.args((!wish.with_demo_data).then_some("--empty"));
        if let Some(record) = wish.record {
            std::fs::create_dir_all(record)?;
            standins.env("RECORD_REQUESTS", record);
        }
        let (standins, announcement) = Guarded::announcing(&mut standins, &wish.folder.join("standins.log"))?;
        let told: Standins = serde_json::from_str(&announcement)
            .with_context(|| format!("standins said something unexpected: {announcement}"))?;
        write_page_config(&pages, &told, &gateway_url)?;

        let config = wish.folder.join("gateway.toml");
        let key = output(&mut program(&programs.gateway, &["--generate-key"]))?;
        std::fs::write(&config, gateway_config(gateway, &test_page, &told, key.trim()))?;
        let mut gateway = program(&programs.gateway, &["--config"]);
        let (gateway, _) = Guarded::announcing(gateway.arg(&config), &wish.folder.join("gateway.log"))?;
        let (folder, running) = (wish.folder.to_owned(), vec![standins, gateway]);
        Ok(Servers { standins: told, announcement, gateway: gateway_url, test_page, folder, running })
    }

    /// Looks after them.
    ///
    /// # Errors
    /// When one of the servers has ended.
    pub fn are_running(&mut self) -> Result<()> {
        for server in &mut self.running {
            if !server.is_running()? {
                bail!("a server has ended; what it said last stands in {}", self.folder.display());
            }
        }
        Ok(())
    }

    /// Does what an administrator does once: fills in the service account.
    ///
    /// # Errors
    /// When Blikk or the gateway refuses.
    pub fn fill_in_service_account(&self) -> Result<()> {
        let blikk = &self.standins.blikk;
        let admin = blikk.users.iter().find(|user| user.role == "admin").context("Blikk has no administrator")?;
        let session: Token = ureq::post(format!("{}/v1/session", blikk.url))
            .send_json(json!({ "email": admin.email, "password": admin.password }))
            .and_then(|mut answer| answer.body_mut().read_json())
            .context("signing in to Blikk as administrator")?;
        let gateway: Token = ureq::get(format!("{}/v1/calendar/gateway-token", blikk.url))
            .header("Authorization", format!("Bearer {}", session.token))
            .call()
            .and_then(|mut answer| answer.body_mut().read_json())
            .context("asking Blikk for a token for the gateway")?;
        let account = &self.standins.exchange.service_account;
        ureq::put(format!("{}/integration", self.gateway))
            .header("Authorization", format!("Bearer {}", gateway.token))
            .send_json(json!({ "provider": PROVIDER, "account": account.user, "password": account.password }))
            .context("saving the service account in the gateway")?;
        Ok(())
    }
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

const TOKEN_SECRET: &str = "known to everybody: for the stand-ins on this machine only";

const PROVIDER: &str = "office365";

/// The preferred ports, each replaced by a free one where somebody else has it.
fn ports(first: u16) -> Result<[u16; 4]> {
    let mut ports = [first, first + 1, first + 2, first + 3];
    // Held until all are chosen, so that no port is handed out twice.
    let mut held = Vec::new();
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", *port))
            .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))
            .context("no free port on 127.0.0.1")?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

/// The programs as cargo built them.
pub struct Programs {
    standins: String,
    pub gateway: String,
}

impl Programs {
    /// Builds them.
    ///
    /// # Errors
    /// When one does not compile.
    pub fn build() -> Result<Programs> {
        let files = built_files("build", &["--package", "standins", "--package", "gateway", "--bins"])?;
        let named = |name: &str| {
            let file = files.iter().find(|file| file.file_name().is_some_and(|file| file == name));
            file.map(|file| file.display().to_string()).with_context(|| format!("cargo built no program {name}"))
        };
        Ok(Programs { standins: named("standins")?, gateway: named("gateway")? })
    }
}

fn gateway_config(port: u16, test_page: &str, standins: &Standins, key: &str) -> String {
    let Standins { exchange, blikk } = standins;
    // Debug's quotation marks and escapes are TOML's for the plain text that stands here.
    format!(
        "listen = \"127.0.0.1:{port}\"\n\
         allowed_origins = [{:?}, {test_page:?}]\n\
         plugin_dir = {:?}\n\n\
         [token]\n\
         algorithm = \"HS256\"\n\
         secret = {:?}\n\
         issuer = {:?}\n\n\
         [integration]\n\
         file = \"service-account.json\"\n\
         key = {key:?}\n\n\
         [state]\n\
         sqlite = \"state.db\"\n\n\
         [server_address]\n\
         allow_private = [{:?}]\n\n\
         [autodiscover]\n\
         candidates = [{:?}]\n\n\
         [[providers]]\n\
         id = {PROVIDER:?}\n\
         name = \"Office 365\"\n\
         ews_url = {:?}\n\n\
         [[providers]]\n\
         id = \"exchange\"\n\
         name = \"Exchange Server\"\n",
        blikk.url,
        repository().join("www/dist/plugin").display().to_string(),
        blikk.token_secret,
        blikk.issuer,
        exchange.url.trim_start_matches("http://"),
        exchange.url,
        exchange.ews,
    )
}

/// What the demo's pages must know and a real host page knows by itself.
fn write_page_config(pages: &Path, standins: &Standins, gateway: &str) -> Result<()> {
    let config = json!({ "gateway": gateway, "exchange": standins.exchange.url, "users": standins.blikk.users });
    let folder = pages.join("demo");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("config.json"), config.to_string())?;
    Ok(())
}
