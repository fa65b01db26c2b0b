//! Both stand-ins on the loopback interface, with the demo's people in them.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::autodiscover;
use crate::blikk::{self, Blikk, Rate, Role, User};
use crate::demo::{self, Colleague};
use crate::exchange::http::{Recorder, router};
use crate::exchange::{Account, EWS_PATH, Exchange};

/// What everybody's password is, in a demo that says so on its first page.
const PASSWORD: &str = "hemligt";

/// How to start.
#[derive(Clone, Debug)]
pub struct Options {
    /// 0: a free one.
    pub exchange_port: u16,
    /// 0: a free one.
    pub blikk_port: u16,
    /// The host page's files, for Blikk to serve.
    pub pages: Option<PathBuf>,
    /// For Blikk's pages to know; it is told to them and not used here.
    pub gateway_url: Option<String>,
    /// What Blikk signs gateway tokens with, and who it says it is.
    pub token_secret: String,
    pub issuer: String,
    /// Origins of other pages that may call Blikk.
    pub origins: Vec<String>,
    /// Users and mailboxes, but no events.
    pub empty: bool,
    /// A folder to write every SOAP request into.
    pub record: Option<PathBuf>,
    pub rate: Rate,
    pub token_lifetime: TimeDelta,
    /// The day around which the demo's weeks lie.
    pub today: DateTime<Utc>,
}

impl Default for Options {
    fn default() -> Self {
        let blikk = blikk::Options::default();
        Options {
            exchange_port: 0,
            blikk_port: 0,
            pages: None,
            gateway_url: None,
            token_secret: blikk.token_secret,
            issuer: blikk.issuer,
            origins: Vec::new(),
            empty: false,
            record: None,
            rate: blikk.rate,
            token_lifetime: blikk.token_lifetime,
            today: Utc::now(),
        }
    }
}

/// Where the two listen: `http://127.0.0.1:<port>`, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    pub exchange: String,
    pub blikk: String,
}

impl Addresses {
    /// The address of EWS.
    pub fn ews(&self) -> String {
        format!("{}{EWS_PATH}", self.exchange)
    }
}

/// Both servers, running until they are shut down or dropped.
pub struct Running {
    pub addresses: Addresses,
    /// To look into and to arrange things without HTTP.
    pub exchange: Arc<Exchange>,
    pub blikk: Blikk,
    users: Vec<User>,
    gateway_url: Option<String>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Addresses and accounts, for any client that is to be pointed at them.
    pub fn description(&self) -> Value {
        let account = self.exchange.account();
        let options = self.blikk.options();
        let users = self.users.iter().map(|user| {
            json!({ "id": user.id, "name": user.name, "email": user.email, "password": PASSWORD, "role": user.role })
        });
        json!({
            "exchange": {
                "url": self.addresses.exchange,
                "ews": self.addresses.ews(),
                "serviceAccount": { "user": account.user, "password": account.password },
                "mailboxes": self.exchange.mailboxes(),
            },
            "blikk": {
                "url": self.addresses.blikk,
                "users": users.collect::<Vec<_>>(),
                "tokenSecret": options.token_secret,
                "issuer": options.issuer,
            },
            "gateway": self.gateway_url.as_ref().map(|url| json!({ "url": url })),
        })
    }

    /// Stops listening, and waits until what was begun is answered.
    pub async fn shut_down(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            // A task that panicked has been reported already.
            let _ = task.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Starts both.
///
/// # Errors
/// When a port is taken, or the database cannot be opened.
pub async fn serve(options: Options) -> std::io::Result<Running> {
    let account = Account { user: "servicekonto@konsult.example".to_owned(), password: "vintergatan-7".to_owned() };
    // The ids need not be guessed by anybody, only differ from those of the last start.
    let seed = options.today.timestamp_micros().unsigned_abs();
    let exchange = Arc::new(Exchange::new(account, seed));
    let blikk = Blikk::open(blikk::Options {
        pages: options.pages.clone(),
        origins: options.origins.clone(),
        rate: options.rate,
        token_secret: options.token_secret.clone(),
        issuer: options.issuer.clone(),
        token_lifetime: options.token_lifetime,
        ..blikk::Options::default()
    })
    .await
    .map_err(std::io::Error::other)?;

    let colleagues = demo::colleagues(options.today);
    let mut users = Vec::new();
    for colleague in &colleagues {
        users.push(move_in(colleague, &exchange, &blikk, &options).await?);
    }

    if let Some(folder) = &options.record {
        tokio::fs::create_dir_all(folder).await?;
    }
    let recorder = options.record.map(Recorder::new);
    let (stop, stopped) = watch::channel(false);
    let whole = router(Arc::clone(&exchange), recorder).merge(autodiscover::router(Arc::clone(&exchange)));
    let (exchange_url, exchange_task) = listen(options.exchange_port, whole, stopped.clone()).await?;
    let (blikk_url, blikk_task) = listen(options.blikk_port, blikk.router(), stopped).await?;
    Ok(Running {
        addresses: Addresses { exchange: exchange_url, blikk: blikk_url },
        exchange,
        blikk,
        users,
        gateway_url: options.gateway_url,
        stop,
        tasks: vec![exchange_task, blikk_task],
    })
}

/// Gives a colleague a mailbox and a user, and puts the demo's events into both calendars.
async fn move_in(
    colleague: &Colleague,
    exchange: &Exchange,
    blikk: &Blikk,
    options: &Options,
) -> std::io::Result<User> {
    exchange.add_mailbox(colleague.email, colleague.name);
    let mut user =
        blikk::NewUser { password: PASSWORD.to_owned(), ..blikk::NewUser::named(colleague.name, colleague.email) };
    if colleague.is_admin {
        user.role = Role::Admin;
    }
    let user = blikk.add_user(user).await.map_err(|refusal| std::io::Error::other(format!("{refusal:?}")))?;
    if options.empty {
        return Ok(user);
    }
    for event in &colleague.in_exchange {
        exchange.add_event(colleague.email, event, options.today).map_err(std::io::Error::other)?;
    }
    blikk
        .insert(&user.id, &colleague.in_blikk)
        .await
        .map_err(|refusal| std::io::Error::other(format!("{refusal:?}")))?;
    Ok(user)
}

async fn listen(
    port: u16,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) -> std::io::Result<(String, JoinHandle<()>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let task = tokio::spawn(async move {
        let stop = async move {
            // The sender lives as long as there is somebody to serve.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop).await {
            tracing::error!(%error, "a stand-in stopped serving");
        }
    });
    Ok((url, task))
}
