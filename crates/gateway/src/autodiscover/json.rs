//! Autodiscover v2: one question, one small JSON object.
//!
//! ```json
//! {"Protocol":"Ews","Url":"https://mail.example.com/EWS/Exchange.asmx"}
//! {"ErrorCode":"UserNotFound","ErrorMessage":"..."}
//! ```

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    protocol: Option<String>,
    url: Option<String>,
    error_code: Option<String>,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonAnswer {
    Ews(String),
    UnknownMailbox,
    NotUnderstood,
}

pub fn read(body: &[u8]) -> JsonAnswer {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else { return JsonAnswer::NotUnderstood };
    match (answer.protocol, answer.url, answer.error_code.as_deref()) {
        (Some(protocol), Some(url), None) if protocol.eq_ignore_ascii_case("ews") => JsonAnswer::Ews(url),
        (None, None, Some("UserNotFound" | "MailboxNotFound")) => JsonAnswer::UnknownMailbox,
        _ => JsonAnswer::NotUnderstood,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_ews_or_unknown_or_not_understood() {
        use JsonAnswer as A;
        let cases = [
            (r#"{"Protocol":"Ews","Url":"https://m/EWS"}"#, A::Ews("https://m/EWS".into())),
            (r#"{"Protocol":"EWS","Url":"https://m/EWS","More":[1]}"#, A::Ews("https://m/EWS".into())),
            (r#"{"Protocol":"ActiveSync","Url":"https://m/"}"#, A::NotUnderstood),
            (r#"{"Protocol":"Ews"}"#, A::NotUnderstood),
            (r#"{"Protocol":"Ews","Url":["https://m/"]}"#, A::NotUnderstood),
            (r#"{"Protocol":"Ews","Url":"https://m/","Url":"https://n/"}"#, A::NotUnderstood),
            (r#"{"ErrorCode":"UserNotFound","ErrorMessage":"The given user is not found"}"#, A::UnknownMailbox),
            (r#"{"ErrorCode":"InvalidProtocol"}"#, A::NotUnderstood),
            ("<html>", A::NotUnderstood),
            ("", A::NotUnderstood),
        ];
        for (body, expected) in cases {
            assert_eq!(read(body.as_bytes()), expected, "{body}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(read(deep.as_bytes()), A::NotUnderstood);
    }
}
