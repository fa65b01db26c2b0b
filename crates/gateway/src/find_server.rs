//! `POST /integration/server`: looks for the address of Exchange, for an administrator who then saves it or not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::Gateway;
use crate::admin::{checked_account, checked_password};
use crate::autodiscover::{Internet, Password, Report, Search, Step, search};
use crate::caller::Admin;
use crate::error::Error;
use crate::request_body;

/// The form has two short fields and a few host names.
const MAX_FORM: usize = 16 * 1024;
/// For all questions together; a person is waiting.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the administrator sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Form {
    account: String,
    /// Left out: the saved one, if it is saved for this account.
    #[serde(default)]
    password: Option<SecretString>,
    /// Hosts that may have the password although they are not the account's own.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// What was found, for the page to show.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    object_name: &'static str,
    server_url: Option<String>,
    steps: Vec<Step>,
}

pub async fn find(Admin(admin): Admin, State(gateway): State<Arc<Gateway>>, body: Body) -> Result<Json<View>, Error> {
    let body = request_body::read(body, MAX_FORM).await?;
    // serde would quote what it found, and what it found may be the password.
    let form: Form = serde_json::from_slice(&body).map_err(|_| {
        Error::BadRequest("the body must be JSON with account and perhaps password and confirmed hosts".into())
    })?;
    // Guessing passwords at somebody's server must not go through here.
    let turn = gateway.searches.take(&admin.caller.user, Instant::now());
    let _turn = turn.map_err(|retry_after| Error::TooManyRequests { retry_after })?;
    let account = checked_account(&form.account)?;
    if let Some(password) = &form.password {
        checked_password(password)?;
    }
    let saved = gateway.store.current().filter(|saved| saved.account == account);
    let (password, kind) = match (&form.password, &saved) {
        (Some(typed), _) => (Some(typed), Password::Typed),
        (None, Some(saved)) => (Some(&saved.password), Password::Saved),
        (None, None) => (None, Password::Absent),
    };
    let wanted = Search {
        account,
        mailbox: &admin.caller.mailbox,
        password: kind,
        confirmed: &form.confirmed,
        rules: &gateway.config.server_address,
        candidates: &gateway.config.autodiscover_candidates,
        deadline: Instant::now() + PATIENCE,
    };
    let internet = Internet { client: gateway.upstream.guarded(), account, password };
    let Report { found, steps } = search(&wanted, &internet).await;
    for Step { way, outcome, .. } in &steps {
        tracing::info!(?way, ?outcome, "asked for the server");
    }
    Ok(Json(View { object_name: "serverSearch", server_url: found.map(String::from), steps }))
}
