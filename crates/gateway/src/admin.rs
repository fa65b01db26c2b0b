//! The administrator's form: which Exchange, and the service account. The password goes in and never comes out.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{SecondsFormat, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::Gateway;
use crate::caller::Admin;
use crate::config::Config;
use crate::error::Error;
use crate::integration::{Integration, StoreError};
use crate::request_body;

/// The form has three short fields.
const MAX_FORM: usize = 16 * 1024;

/// What the administrator sees.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    object_name: &'static str,
    provider: Option<String>,
    account: Option<String>,
    has_password: bool,
    saved_at: Option<String>,
    providers: Vec<ProviderName>,
}

#[derive(Serialize)]
struct ProviderName {
    id: String,
    name: String,
}

/// What the administrator sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Form {
    provider: String,
    account: String,
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
    let form: Form = serde_json::from_slice(&body)
        .map_err(|_| Error::BadRequest("the body must be JSON with provider, account and perhaps password".into()))?;
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
    if config.provider(&form.provider).is_none() {
        return wrong("no such provider is configured");
    }
    let account = form.account.trim();
    // RFC 7617 section 2: a user-id of the Basic scheme has no colon, and neither part control characters.
    if account.is_empty() || account.len() > 254 || account.contains(|c: char| c == ':' || c.is_control()) {
        return wrong("the account must be the service account's name, without a colon");
    }
    let kept = current.filter(|it| it.provider == form.provider && it.account == account).map(|it| &it.password);
    let password = match (&form.password, kept) {
        (Some(new), _) => new,
        (None, Some(kept)) => kept,
        // Otherwise whoever is administrator for a moment could have the old password sent to another server.
        (None, None) => return wrong("a new account or provider needs its password"),
    };
    let text = password.expose_secret();
    if text.is_empty() || text.len() > 1024 || text.contains(char::is_control) {
        return wrong("the password must not be empty or hold control characters");
    }
    Ok(Integration {
        provider: form.provider,
        account: account.to_owned(),
        password: password.clone(),
        saved_at: Utc::now(),
    })
}

fn view(config: &Config, integration: Option<&Integration>) -> View {
    View {
        object_name: "calendarIntegration",
        provider: integration.map(|it| it.provider.clone()),
        account: integration.map(|it| it.account.clone()),
        has_password: integration.is_some(),
        saved_at: integration.map(|it| it.saved_at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        providers: config
            .providers
            .iter()
            .map(|it| ProviderName { id: it.id.clone(), name: it.name.clone() })
            .collect(),
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the service account could not be saved");
        Error::Internal
    }
}
