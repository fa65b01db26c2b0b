//! What a test wants to arrange or to know: `/_control/...`, as JSON.
//!
//! | address | GET | POST | DELETE |
//! |---|---|---|---|
//! | `server` | version, temper and limits | `{"version"?, "temper"?, "findCountLimit"?, "throttling"?}`: only these change | as at first |
//! | `faults` | the rules in force | one rule or a list of them | none any more |
//! | `outbox` | the mails that would have been sent | | forgets them |
//! | `requests` | counts per operation and mailbox | | starts again at 0 |
//! | `users` | all mailboxes | `{"email", "name"}`: a new mailbox | |
//! | `impersonation` | | `{"allowed": false}` takes the right away | |
//! | `account` | | `{"password"}`: a new one for the service account | |
//! | `poison` | | `{"subjectContains", "responseCode"?, "operations"?}` | none any more |
//! | `expire-sync-states` | | `{"mailbox"?}`: all sync states handed out so far die | |

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::people::open_to_all;
use super::server::Server;
use super::state::{Log, State};
use super::{Answer, Request};
use crate::fault::Rule;

#[derive(Deserialize)]
struct NewUser {
    email: String,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Impersonation {
    allowed: bool,
}

#[derive(Deserialize)]
struct Password {
    password: String,
}

#[derive(Deserialize)]
struct OfMailbox {
    #[serde(default)]
    mailbox: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Rules {
    One(Rule),
    Many(Vec<Rule>),
}

/// Answers a request below `/_control/`.
pub fn answer(state: &mut State, request: &Request, what: &str) -> Answer {
    open_to_all(match carry_out(state, request, what) {
        Ok(Json::Null) => Answer { status: 204, ..Answer::default() },
        Ok(value) => Answer::json(200, &value),
        Err((status, message)) => Answer::json(status, &json!({ "objectName": "error", "message": message })),
    })
}

/// `null` where there is nothing to tell.
fn carry_out(state: &mut State, request: &Request, what: &str) -> Result<Json, (u16, String)> {
    match (request.method.as_str(), what) {
        ("OPTIONS", _) => {}
        ("GET", "server") => return Ok(json!(state.server)),
        ("POST", "server") => {
            state.server = changed(&state.server, request)?;
            return Ok(json!(state.server));
        }
        ("DELETE", "server") => state.server = Server::default(),
        ("GET", "faults") => return Ok(json!(state.faults.rules())),
        ("POST", "faults") => match parse(request)? {
            Rules::One(rule) => state.faults.add(rule),
            Rules::Many(rules) => rules.into_iter().for_each(|rule| state.faults.add(rule)),
        },
        ("DELETE", "faults") => state.faults.clear(),
        ("GET", "outbox") => return Ok(json!({ "itemCount": state.outbox.len(), "items": state.outbox })),
        ("DELETE", "outbox") => state.outbox.clear(),
        ("GET", "requests") => return Ok(json!(state.log)),
        ("DELETE", "requests") => state.log = Log::default(),
        ("GET", "users") => return Ok(users(state)),
        ("POST", "users") => {
            let user: NewUser = parse(request)?;
            state.add_mailbox(&user.email, user.name.as_deref().unwrap_or(&user.email));
            return Ok(users(state));
        }
        ("POST", "impersonation") => state.may_impersonate = parse::<Impersonation>(request)?.allowed,
        ("POST", "account") => state.account.password = parse::<Password>(request)?.password,
        ("POST", "poison") => state.poison.push(parse(request)?),
        ("DELETE", "poison") => state.poison.clear(),
        ("POST", "expire-sync-states") => {
            state.expire_sync_states(parse::<OfMailbox>(request)?.mailbox.as_deref());
        }
        _ => return Err((404, "There is nothing to control here.".to_owned())),
    }
    Ok(Json::Null)
}

/// The server with the fields that the request gives.
fn changed(server: &Server, request: &Request) -> Result<Server, (u16, String)> {
    let changes: serde_json::Map<String, Json> = parse(request)?;
    let mut all = json!(server);
    if let Some(all) = all.as_object_mut() {
        all.extend(changes);
    }
    serde_json::from_value(all).map_err(|error| (400, error.to_string()))
}

fn users(state: &State) -> Json {
    let owners = state.mailboxes.values().map(|mailbox| &mailbox.owner);
    let items: Vec<Json> = owners.map(|owner| json!({ "email": owner.address, "name": owner.name })).collect();
    json!({ "itemCount": items.len(), "items": items })
}

/// An empty body is an empty object.
fn parse<T: DeserializeOwned>(request: &Request) -> Result<T, (u16, String)> {
    let body: &[u8] = if request.body.is_empty() { b"{}" } else { &request.body };
    serde_json::from_slice(body).map_err(|error| (400, error.to_string()))
}
