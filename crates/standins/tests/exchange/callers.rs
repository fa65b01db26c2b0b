//! Who may ask for whose calendar.

use standins::exchange::Reply;

use crate::support::*;

fn get_folder(folder: &str) -> String {
    format!(
        "<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>{folder}\
         </m:FolderIds></m:GetFolder>"
    )
}

fn calendar_of(mailbox: &str) -> String {
    let address = format!("<t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress></t:Mailbox>");
    get_folder(&format!("<t:DistinguishedFolderId Id=\"calendar\">{address}</t:DistinguishedFolderId>"))
}

fn body(reply: Reply) -> String {
    String::from_utf8(reply.answer.body).expect("UTF-8")
}

#[test]
fn the_owner_impersonated_sees_her_calendar_by_its_name_and_by_its_id() {
    let exchange = server();
    create_titled(&exchange, ANNA, "Fika");
    let answer = ask(&exchange, ANNA, &calendar_of(ANNA));
    assert_eq!((text(&answer, "DisplayName"), text(&answer, "TotalCount")), ("Kalender".into(), "1".into()));
    let id = attributes(&answer, "FolderId", "Id").remove(0);
    let by_id = ask(&exchange, ANNA, &get_folder(&format!("<t:FolderId Id=\"{id}\"/>")));
    assert_eq!(by_id, answer);
}

#[test]
fn clients_that_begin_at_the_root_find_their_way_to_the_calendar() {
    let exchange = server();
    let parent_of = |name: &str| {
        let all = get_folder(&format!("<t:DistinguishedFolderId Id=\"{name}\"/>")).replace("Default", "AllProperties");
        let answer = ask(&exchange, ANNA, &all);
        (attributes(&answer, "FolderId", "Id").remove(0), attributes(&answer, "ParentFolderId", "Id").remove(0))
    };
    let (top, root) = parent_of("msgfolderroot");
    assert_eq!(parent_of("root").0, root);
    assert_eq!(parent_of("calendar").1, top);
    let sync = sync_request("", 5).replace("\"calendar\"", "\"msgfolderroot\"");
    assert_eq!(codes(&ask(&exchange, ANNA, &sync)), ["ErrorInvalidOperation"], "only the calendar has items");
}

#[test]
fn every_answer_says_which_server_it_comes_from() {
    let exchange = server();
    let answer = ask(&exchange, ANNA, &calendar_of(ANNA));
    assert_eq!(attributes(&answer, "ServerVersionInfo", "MajorVersion"), ["15"]);
    exchange.allow_impersonation(false);
    let fault = body(send(&exchange, ANNA, &calendar_of(ANNA)));
    assert_eq!(attributes(&fault, "ServerVersionInfo", "MinorVersion"), ["1"]);
}

#[test]
fn a_wrong_or_missing_credential_is_401_and_names_basic() {
    let exchange = server();
    for header in [None, Some("Basic c2VydmljZWtvbnRvOmZlbA=="), Some("Bearer x"), Some("Basic"), Some("Basic åäö")]
    {
        let mut request = request(Some(ANNA), &calendar_of(ANNA));
        request.headers.retain(|(name, _)| name != "Authorization");
        request.headers.extend(header.map(|value| ("Authorization".to_owned(), value.to_owned())));
        let answer = exchange.answer(&request, now()).answer;
        assert_eq!(answer.status, 401, "{header:?}");
        assert!(answer.headers.iter().any(|(name, value)| name == "WWW-Authenticate" && value.starts_with("Basic ")));
    }
}

#[test]
fn the_account_is_known_by_its_domain_name_too() {
    use base64::Engine as _;
    let mut request = request(Some(ANNA), &calendar_of(ANNA));
    let credential = base64::engine::general_purpose::STANDARD.encode("KONSULT\\Servicekonto:hemligt");
    request.headers[0].1 = format!("Basic {credential}");
    assert_eq!(server().answer(&request, now()).answer.status, 200);
}

#[test]
fn without_the_right_to_impersonate_everything_is_a_soap_fault() {
    let exchange = server();
    exchange.allow_impersonation(false);
    let reply = send(&exchange, ANNA, &calendar_of(ANNA));
    assert_eq!(reply.answer.status, 500);
    let fault = body(reply);
    assert_eq!(text(&fault, "ResponseCode"), "ErrorImpersonateUserDenied");
    assert_eq!(text(&fault, "faultcode"), "a:ErrorImpersonateUserDenied");
    exchange.allow_impersonation(true);
    assert_eq!(codes(&ask(&exchange, ANNA, &calendar_of(ANNA))), ["NoError"]);
}

#[test]
fn nobody_of_that_name_is_a_soap_fault_when_impersonated_and_an_error_when_named() {
    let exchange = server();
    let reply = send(&exchange, "ingen@konsult.example", &calendar_of(ANNA));
    assert_eq!(reply.answer.status, 500);
    assert_eq!(text(&body(reply), "ResponseCode"), "ErrorNonExistentMailbox");
    let named = ask(&exchange, ANNA, &calendar_of("ingen@konsult.example"));
    assert_eq!(codes(&named), ["ErrorNonExistentMailbox"]);
}

#[test]
fn a_colleagues_calendar_is_not_there() {
    let exchange = server();
    assert_eq!(codes(&ask(&exchange, ANNA, &calendar_of(BJORN))), ["ErrorFolderNotFound"]);
    let his = create_titled(&exchange, BJORN, "Lönesamtal");
    assert_eq!(codes(&get(&exchange, ANNA, ALL, &[&his])), ["ErrorItemNotFound"]);
}

#[test]
fn the_service_account_itself_has_no_mailbox() {
    let exchange = server();
    let calendar = get_folder("<t:DistinguishedFolderId Id=\"calendar\"/>");
    let answer = body(exchange.answer(&request(None, &calendar), now()));
    assert_eq!(codes(&answer), ["ErrorMissingEmailAddress"]);
    let answer = body(exchange.answer(&request(None, &calendar_of(ANNA)), now()));
    assert_eq!(codes(&answer), ["ErrorFolderNotFound"], "and no rights in anybody's");
}

#[test]
fn what_is_not_soap_is_refused_before_anything_is_done() {
    let exchange = server();
    let with_body = |body: &str| {
        let mut request = request(Some(ANNA), "");
        request.body = body.as_bytes().to_vec();
        exchange.answer(&request, now()).answer
    };
    assert_eq!(with_body("hej").status, 400);
    assert_eq!(with_body("<a>").status, 400);
    assert_eq!(with_body("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>").status, 400, "no DTDs");
    assert_eq!(with_body("<a/>").status, 500);

    let mut get = request(Some(ANNA), &calendar_of(ANNA));
    get.method = "GET".into();
    assert_eq!(exchange.answer(&get, now()).answer.status, 405);
    let mut json = request(Some(ANNA), &calendar_of(ANNA));
    json.headers[1].1 = "application/json".into();
    assert_eq!(exchange.answer(&json, now()).answer.status, 415);
}

#[test]
fn an_operation_that_is_not_carried_out_is_refused_by_name() {
    let exchange = server();
    let reply = send(&exchange, ANNA, "<m:SendItem SaveItemToFolder=\"false\"><m:ItemIds/></m:SendItem>");
    assert_eq!(reply.answer.status, 500);
    let fault = body(reply);
    assert_eq!(text(&fault, "ResponseCode"), "ErrorInvalidRequest");
    assert!(text(&fault, "Message").contains("SendItem"));
}
