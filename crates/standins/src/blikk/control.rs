//! `/_control`: what a test outside this process may ask for. No part of the contract.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Blikk, NewUser, Refusal, User};
use crate::fault::Rule;

/// | path | |
/// |---|---|
/// | `POST /_control/faults` | one [`Rule`] more |
/// | `DELETE /_control/faults` | no more faults |
/// | `POST /_control/users` | one [`NewUser`] more; answers with id and password |
/// | `GET /_control/users` | all of them |
/// | `GET /_control/requests` | how often each operation was asked for |
pub(super) fn router() -> Router<Blikk> {
    Router::new()
        .route("/_control/faults", post(add_fault).delete(clear_faults))
        .route("/_control/users", post(add_user).get(users))
        .route("/_control/requests", get(requests))
}

async fn add_fault(State(blikk): State<Blikk>, Json(rule): Json<Rule>) -> StatusCode {
    blikk.inject(rule);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(blikk): State<Blikk>) -> StatusCode {
    blikk.clear_faults();
    StatusCode::NO_CONTENT
}

async fn add_user(State(blikk): State<Blikk>, Json(user): Json<NewUser>) -> Result<(StatusCode, Json<User>), Refusal> {
    Ok((StatusCode::CREATED, Json(blikk.add_user(user).await?)))
}

async fn users(State(blikk): State<Blikk>) -> Result<Json<Vec<User>>, Refusal> {
    Ok(Json(blikk.users().await?))
}

async fn requests(State(blikk): State<Blikk>) -> Json<Value> {
    Json(json!({"operations": blikk.requests()}))
}
