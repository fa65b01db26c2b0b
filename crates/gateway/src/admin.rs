//! The administrator's form: which Exchange, and the service account. The password goes in and never comes out.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{SecondsFormat, Utc};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::Gateway;
use crate::caller::Admin;
use crate::config::{Config, Provider};
use crate::error::Error;
use crate::integration::{Integration, StoreError};
use crate::request_body;

/// The form has four short fields.
const MAX_FORM: usize = 16 * 1024;

/// What the administrator sees.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    object_name: &'static str,
    provider: Option<String>,
    account: Option<String>,
    /// The address that was chosen; without one it is the provider's.
    server_url: Option<String>,
    has_password: bool,
    saved_at: Option<String>,
    providers: Vec<ProviderName>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProviderName {
    id: String,
    name: String,
    server_url: Option<String>,
}

/// What the administrator sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Form {
    provider: String,
    account: String,
    #[serde(default)]
    server_url: Option<String>,
    #[serde(default)]
    password: Option<SecretString>,
}

/// `GET /integration`
pub async fn show(_: Admin, State(gateway): State<Arc<Gateway>>) -> Json<View> {
    Json(view(&gateway.config, gateway.store.current().as_deref()))
}

/// `PUT /integration`
pub async fn save(Admin(admin): Admin, State(gateway): State<Arc<Gateway>>, body: Body) -> Result<Json<View>, Error> {
    let body = request_body::read(body, MAX_FORM).await?;
    // serde would quote what it found, and what it found may be the password.
    let form: Form = serde_json::from_slice(&body).map_err(|_| {
        Error::BadRequest("the body must be JSON with provider, account and perhaps serverUrl and password".into())
    })?;
    let saved = change(&gateway, move |config, current| decide(config, current, form).map(Some)).await?;
    tracing::info!(by = ?admin.caller.user, provider = saved.as_ref().map(|it| &it.provider), "service account saved");
    Ok(Json(view(&gateway.config, saved.as_deref())))
}

/// `DELETE /integration`
pub async fn remove(Admin(admin): Admin, State(gateway): State<Arc<Gateway>>) -> Result<StatusCode, Error> {
    change(&gateway, |_, _| Ok(None)).await?;
    tracing::info!(by = ?admin.caller.user, "service account removed");
    Ok(StatusCode::NO_CONTENT)
}

/// Changes the store on a thread that may wait for the disk.
async fn change(
    gateway: &Arc<Gateway>,
    decide: impl FnOnce(&Config, Option<&Integration>) -> Result<Option<Integration>, Error> + Send + 'static,
) -> Result<Option<Arc<Integration>>, Error> {
    let gateway = gateway.clone();
    let task = move || gateway.store.change(|current| decide(&gateway.config, current));
    tokio::task::spawn_blocking(task).await.unwrap_or(Err(Error::Internal))
}

/// What to keep, given what was there and what was filled in.
fn decide(config: &Config, current: Option<&Integration>, form: Form) -> Result<Integration, Error> {
    let wrong = |why: &'static str| Err(Error::BadRequest(why.into()));
    let Some(provider) = config.provider(&form.provider) else { return wrong("no such provider is configured") };
    let account = checked_account(&form.account)?;
    let typed = form.server_url.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let server_url = typed.map(|text| chosen_address(config, provider, text)).transpose()?.flatten();
    if server_url.is_none() && provider.ews_url.is_none() {
        return wrong("this provider takes the address of the server");
    }
    let destination = server_url.as_ref().or(provider.ews_url.as_ref());
    let goes_there = |it: &&Integration| config.destination(it).map(|it| it.url).as_ref() == destination;
    let kept = current
        .filter(|it| it.provider == form.provider && it.account == account)
        .filter(goes_there)
        .map(|it| &it.password);
    let password = match (&form.password, kept) {
        (Some(new), _) => new,
        (None, Some(kept)) => kept,
        // Otherwise whoever is administrator for a moment could have the old password sent to another server.
        (None, None) => return wrong("a new account, provider or server needs its password"),
    };
    checked_password(password)?;
    Ok(Integration {
        account: account.to_owned(),
        password: password.clone(),
        server_url,
        saved_at: Utc::now(),
        provider: form.provider,
    })
}

/// The address that somebody typed or the search suggested; `None` where it is the provider's own, which then stays
/// the configuration's to change.
fn chosen_address(config: &Config, provider: &Provider, text: &str) -> Result<Option<Url>, Error> {
    if provider.ews_url.as_ref().is_some_and(|own| Url::parse(text).ok().as_ref() == Some(own)) {
        return Ok(None);
    }
    let checked = config.server_address.check(text).map(Some);
    checked.map_err(|fault| Error::BadRequest(format!("the server address {fault}")))
}

/// RFC 7617 section 2: a user-id of the Basic scheme has no colon, and neither part control characters.
pub fn checked_account(text: &str) -> Result<&str, Error> {
    let account = text.trim();
    if account.is_empty() || account.len() > 254 || account.contains(|c: char| c == ':' || c.is_control()) {
        return Err(Error::BadRequest("the account must be the service account's name, without a colon".into()));
    }
    Ok(account)
}

/// The same for the other part.
pub fn checked_password(password: &SecretString) -> Result<(), Error> {
    let text = password.expose_secret();
    if text.is_empty() || text.len() > 1024 || text.contains(char::is_control) {
        return Err(Error::BadRequest("the password must not be empty or hold control characters".into()));
    }
    Ok(())
}

fn view(config: &Config, integration: Option<&Integration>) -> View {
    View {
        object_name: "calendarIntegration",
        provider: integration.map(|it| it.provider.clone()),
        account: integration.map(|it| it.account.clone()),
        server_url: integration.and_then(|it| it.server_url.as_ref()).map(Url::to_string),
        has_password: integration.is_some(),
        saved_at: integration.map(|it| it.saved_at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        providers: config
            .providers
            .iter()
            .map(|it| ProviderName {
                id: it.id.clone(),
                name: it.name.clone(),
                server_url: it.ews_url.as_ref().map(Url::to_string),
            })
            .collect(),
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the service account could not be saved");
        Error::Internal
    }
}
