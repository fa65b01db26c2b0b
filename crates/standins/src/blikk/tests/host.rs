use super::*;
use crate::blikk::Role;

#[tokio::test]
async fn who_knows_the_password_gets_a_session() {
    let served = served().await;
    let sign_in = async |email: &str, password: &str| {
        let request = served.request("POST", "/v1/session");
        answer(request.json(&json!({"email": email, "password": password}))).await
    };
    let session = sign_in("Anna.Akesson@konsult.example", "hemligt").await;
    assert_eq!((session.status, &session.body["user"]["name"]), (OK, &json!("Anna Åkesson")));
    assert_eq!(session.body["user"].get("password"), None);
    let token = session.body["token"].as_str().expect("a token");
    let user = answer(served.request("GET", "/v1/session").bearer_auth(token)).await;
    assert_eq!(user.body, session.body["user"]);

    assert_eq!(sign_in("anna.akesson@konsult.example", "fel").await.refusal(), "401 invalidCredentials");
    assert_eq!(sign_in("nobody@konsult.example", "hemligt").await.refusal(), "401 invalidCredentials");
    assert_eq!(sign_in("", "").await.refusal(), "400 invalidRequest");
}

#[tokio::test]
async fn a_session_that_has_ended_opens_nothing() {
    let served = served().await;
    served.blikk.end_sessions(&served.anna.id).await.expect("ended");
    let ended = served.get("/v1/calendar/changes").await;
    assert_eq!((ended.refusal().as_str(), ended.header("www-authenticate")), ("401 unauthorized", Some("Bearer")));
    for value in ["", "Bearer", "Bearer x", "Basic YTpi"] {
        let request = served.request("GET", "/v1/calendar/changes").header("authorization", value);
        assert_eq!(answer(request).await.status, 401, "{value}");
    }
}

#[tokio::test]
async fn the_gateways_token_names_the_users_own_mailbox() {
    let served = served().await;
    let admin = NewUser { role: Role::Admin, ..NewUser::named("Chefen", "chef@konsult.example") };
    let admin = served.blikk.add_user(admin).await.expect("new");
    let token = served.blikk.sign_in(&admin.id).await.expect("a token");
    let given = answer(served.request("GET", "/v1/calendar/gateway-token").bearer_auth(token)).await;

    let mut expected = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS256);
    expected.set_audience(&["blikk-calendar-gateway"]);
    expected.set_issuer(&["blikk-standin"]);
    let secret = served.blikk.options().token_secret.as_bytes();
    let key = jsonwebtoken::DecodingKey::from_secret(secret);
    let text = given.body["token"].as_str().expect("a token");
    let claims = jsonwebtoken::decode::<Value>(text, &key, &expected).expect("a valid token").claims;
    assert_eq!(claims["mailbox"], "chef@konsult.example");
    assert_eq!((&claims["role"], &claims["sub"]), (&json!("admin"), &json!(admin.id)));
    let lifetime = claims["exp"].as_i64().expect("a time") - claims["iat"].as_i64().expect("a time");
    assert_eq!(lifetime, 15 * 60);
    let until = claims["exp"].as_i64().and_then(|at| chrono::DateTime::from_timestamp(at, 0)).expect("a time");
    assert_eq!(given.body["expiresAt"], until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
}

#[tokio::test]
async fn the_pages_are_served_and_a_stranger_path_under_v1_is_no_page() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("index.html"), "<h1>Inställningar</h1>").expect("written");
    let served = served_with(Options { pages: Some(folder.path().to_owned()), ..Options::default() }).await;
    let page = served.request("GET", "/").send().await.expect("an answer");
    assert_eq!(page.headers()["content-type"], "text/html");
    assert_eq!(page.text().await.expect("text"), "<h1>Inställningar</h1>");
    assert_eq!(served.get("/v1/calendar").await.refusal(), "404 notFound");
    assert_eq!(answer(served.as_anna("PATCH", "/v1/calendar/events")).await.refusal(), "405 methodNotAllowed");
}

#[tokio::test]
async fn only_the_origins_that_are_named_may_call_from_elsewhere() {
    let origins = vec!["http://127.0.0.1:5173".to_owned()];
    let served = served_with(Options { origins, ..Options::default() }).await;
    let ask = async |origin: &str| {
        let request = served.request("OPTIONS", "/v1/calendar/events/1").header("origin", origin);
        let request = request.header("access-control-request-method", "PUT");
        answer(request.header("access-control-request-headers", "authorization,if-match,idempotency-key")).await
    };
    let known = ask("http://127.0.0.1:5173").await;
    assert_eq!(known.header("access-control-allow-origin"), Some("http://127.0.0.1:5173"));
    assert_eq!(ask("http://evil.example").await.header("access-control-allow-origin"), None);

    let request = served.as_anna("GET", "/v1/session").header("origin", "http://127.0.0.1:5173");
    let exposed = answer(request).await;
    assert_eq!(exposed.header("access-control-expose-headers"), Some("etag,location,retry-after"));
}
