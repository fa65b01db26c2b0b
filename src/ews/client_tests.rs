//! What is sent again, what is waited for, and what each way of failing is called.

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::ews::item::{CalendarItem, ItemId};
use crate::ews::operation::delete_item::DeleteItem;
use crate::ews::operation::get_folder::GetFolder;
use crate::ews::operation::get_item::GetItem;
use crate::ews::operation::sync_folder_items::SyncFolderItems;
use crate::ews::operation::{ItemRef, Shape};
use crate::ews::script::{Script, failure, response, soap, success};
use crate::host::Progress;

const XML: &str = "content-type: text/xml; charset=utf-8";
const MAILBOX: &str = "anna.akesson@konsult.example";

fn folder() -> Result<HttpResponse, HttpFault> {
    soap(
        "GetFolder",
        &success("<m:Folders><t:CalendarFolder><t:DisplayName>Kalender</t:DisplayName></t:CalendarFolder></m:Folders>"),
    )
}

fn busy(back_off: &str) -> Result<HttpResponse, HttpFault> {
    let body = format!(
        "<s:Envelope><s:Body><s:Fault><faultcode>a:ErrorServerBusy</faultcode><detail>\
         <e:ResponseCode>ErrorServerBusy</e:ResponseCode>\
         <t:MessageXml><t:Value Name='BackOffMilliseconds'>{back_off}</t:Value></t:MessageXml></detail></s:Fault></s:Body></s:Envelope>"
    );
    response(500, &[XML], &body)
}

async fn read(script: &Script) -> Result<(), Problem> {
    let ews = Ews::new(script, MAILBOX);
    ews.call(&GetFolder { folder: ews.calendar() }).await.map(|_| ())
}

async fn write(script: &Script) -> Result<(), Problem> {
    let items = vec![ItemId::new("1").into()];
    Ews::new(script, MAILBOX).call(&DeleteItem { items }).await.map(|_| ())
}

#[tokio::test]
async fn a_request_goes_to_the_gateway_and_says_for_whom() {
    let script = Script::answering([folder()]);
    read(&script).await.unwrap();
    let request = &script.sent.borrow()[0];
    assert_eq!((request.service, request.method, request.path.as_str()), (Service::Gateway, "POST", "/ews"));
    assert_eq!(request.headers, [("content-type", "text/xml; charset=utf-8".to_owned())]);
    assert!(script.body(0).contains(&format!("<t:PrimarySmtpAddress>{MAILBOX}</t:PrimarySmtpAddress>")));
}

#[tokio::test]
async fn every_way_of_failing_has_its_name() {
    let gateway = |code: &str| format!("{{\"error\":{{\"code\":\"{code}\",\"message\":\"no\"}}}}");
    let html = "<html><body>Logga in</body></html>";
    #[rustfmt::skip]
    let cases = [
        (response(401, &[], &gateway("gateway.token_expired")),       Code::GatewayTokenExpired),
        (response(403, &[], &gateway("gateway.refused")),             Code::GatewayRefused),
        (response(409, &[], &gateway("gateway.not_configured")),      Code::GatewayNotConfigured),
        (response(413, &[], &gateway("gateway.request_too_large")),   Code::GatewayRequestTooLarge),
        (response(502, &[], &gateway("exchange.unauthorized")),       Code::ExchangeUnauthorized),
        (response(502, &[], &gateway("exchange.too_large")),          Code::ExchangeTooLarge),
        (response(502, &[], &gateway("exchange.unreachable")),        Code::ExchangeUnreachable),
        (response(400, &[], &gateway("gateway.invented_later")),      Code::GatewayFailed),
        (response(404, &[], "Not Found"),                             Code::GatewayFailed),
        (response(401, &[], ""),                                      Code::ExchangeUnauthorized),
        (response(403, &[], html),                                    Code::ExchangeForbidden),
        (response(413, &[], html),                                    Code::GatewayRequestTooLarge),
        (response(429, &[], html),                                    Code::ExchangeBusy),
        (response(503, &[], html),                                    Code::ExchangeBusy),
        (response(502, &["content-type: text/html"], html),           Code::ExchangeFailed),
        (response(500, &["content-type: text/html"], html),           Code::ExchangeFailed),
        (response(500, &[XML], ""),                                   Code::ExchangeFailed),
        (response(504, &[], ""),                                      Code::ExchangeTimedOut),
        (response(200, &["content-type: text/html"], html),           Code::ExchangeNotXml),
        (response(200, &["content-type: application/octet-stream"], "<s:Envelope/>"), Code::ExchangeNotXml),
        (response(200, &[XML], html),                                 Code::ExchangeNotXml),
        (response(200, &[], ""),                                      Code::ExchangeNotXml),
        (response(200, &[XML], "<a/>"),                               Code::ExchangeNotSoap),
        (response(200, &[XML], "<s:Envelope><s:Body>"),               Code::ExchangeTruncated),
        (soap("GetFolder", &failure("ErrorNonExistentMailbox")),      Code::ExchangeMailboxUnknown),
        (soap("GetFolder", &failure("ErrorImpersonateUserDenied")),   Code::ExchangeImpersonationDenied),
        (Err(HttpFault::Unreachable),                                 Code::GatewayUnreachable),
        (Err(HttpFault::TimedOut),                                    Code::ExchangeTimedOut),
        (Err(HttpFault::TooLarge),                                    Code::ExchangeTooLarge),
        (Err(HttpFault::Cancelled),                                   Code::RunCancelled),
        (Err(HttpFault::NotSignedIn),                                 Code::GatewayTokenExpired),
    ];
    for (answer, code) in cases {
        // Passing trouble is met three times.
        let script = Script::answering(vec![answer.clone(); 3]);
        assert_eq!(read(&script).await.unwrap_err().code, code, "{answer:?}");
    }
}

#[tokio::test]
async fn a_read_that_met_trouble_is_sent_again_and_a_write_is_not() {
    let troubles = [
        Err(HttpFault::Unreachable),
        response(502, &[], ""),
        // A proxy whose connection to the server broke, perhaps after the server had the request.
        response(503, &[], ""),
        response(503, &["retry-after: 0"], ""),
        response(200, &[XML], "<s:Envelope>"),
    ];
    for trouble in troubles {
        let script = Script::answering([trouble.clone(), trouble.clone(), folder()]);
        assert_eq!((read(&script).await, script.sent.borrow().len()), (Ok(()), 3));
        assert!(script.told.borrow().is_empty(), "nobody asked us to wait");

        let script = Script::answering([trouble]);
        assert!(write(&script).await.is_err());
        assert_eq!((script.sent.borrow().len(), script.slept.get()), (1, 0));
    }
}

#[tokio::test]
async fn r12_everything_waits_as_long_as_a_busy_server_says_and_goes_on() {
    let done = || soap("DeleteItem", &success(""));
    #[rustfmt::skip]
    let cases = [
        (busy("20000"),                              20),
        (busy("1"),                                   1),
        (busy("0"),                                   5),
        (response(429, &["retry-after: 7"], ""),      7),
        (response(503, &["retry-after: 30"], "<html/>"), 30),
        (response(503, &["retry-after: Thu, 01 Jan 1970 00:00:45 GMT"], ""), 45),
        (soap("DeleteItem", &failure("ErrorServerBusy")), 5),
    ];
    for (refusal, seconds) in cases {
        let script = Script::answering([refusal.clone(), done()]);
        assert_eq!((write(&script).await, script.slept.get()), (Ok(()), seconds), "{refusal:?}");
        let until = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds.into());
        assert_eq!(*script.told.borrow(), [Progress::Waiting { side: Side::Exchange, until }]);
    }
}

#[tokio::test]
async fn r12_patience_ends_after_three_tries_or_five_minutes() {
    let script = Script::answering([busy("1000"), busy("1000"), busy("1000")]);
    assert_eq!(write(&script).await.unwrap_err().code, Code::ExchangeBusy);
    assert_eq!(script.sent.borrow().len(), 3);

    let script = Script::answering([busy("301000")]);
    assert_eq!(write(&script).await.unwrap_err().wait_seconds, Some(301));
    assert_eq!(script.slept.get(), 0, "what is too long is not begun");

    let script = Script::answering([busy("200000"), busy("200000")]);
    assert_eq!((write(&script).await.is_err(), script.slept.get()), (true, 200));
}

#[tokio::test]
async fn work_that_was_done_in_part_is_never_sent_again() {
    let script = Script::answering([soap("DeleteItem", &(success("") + &failure("ErrorServerBusy")))]);
    assert_eq!(write(&script).await, Ok(()));
    assert_eq!(script.sent.borrow().len(), 1);
}

#[tokio::test]
async fn whoever_cancels_does_not_wait_for_a_busy_server() {
    let script = Script::answering([busy("200000")]);
    script.cancel_after.set(Some(3));
    assert_eq!(write(&script).await, Err(Code::RunCancelled.into()));
    assert!(script.slept.get() < 6);

    let script = Script::answering([]);
    script.cancel_after.set(Some(0));
    assert_eq!(write(&script).await, Err(Code::RunCancelled.into()), "and nothing more is sent");
}

/// A read of three items, `GetItem` in one batch: what is kept of each is its id.
async fn read_each(ews: &Ews<&Script>, ids: &[&str]) -> Result<Vec<Result<String, Code>>, Code> {
    let things: Vec<ItemRef> = ids.iter().map(|id| ItemId::new(*id).into()).collect();
    let get = |items| GetItem { shape: Shape::Ids, items };
    let id = |items: Vec<CalendarItem>| items[0].id.as_ref().unwrap().as_str().to_owned();
    told(ews.call_each(&things, get, id).await)
}

async fn delete_each(ews: &Ews<&Script>, ids: &[&str]) -> Result<Vec<Result<(), Code>>, Code> {
    let things: Vec<ItemRef> = ids.iter().map(|id| ItemId::new(*id).into()).collect();
    told(ews.call_each(&things, |items| DeleteItem { items }, |()| ()).await)
}

fn told<T>(results: Result<Vec<Result<T, Problem>>, Problem>) -> Result<Vec<Result<T, Code>>, Code> {
    let codes = |result: Result<T, Problem>| result.map_err(|problem| problem.code);
    results.map(|results| results.into_iter().map(codes).collect()).map_err(|problem| problem.code)
}

fn item(id: &str) -> String {
    success(&format!("<m:Items><t:CalendarItem><t:ItemId Id='{id}' ChangeKey='k'/></t:CalendarItem></m:Items>"))
}

fn items(messages: &[String]) -> Result<HttpResponse, HttpFault> {
    soap("GetItem", &messages.concat())
}

fn deleted(messages: &[String]) -> Result<HttpResponse, HttpFault> {
    soap("DeleteItem", &messages.concat())
}

/// `ErrorBatchProcessingStopped` comes as a warning.
fn stopped() -> String {
    "<m:Message ResponseClass='Warning'><m:ResponseCode>ErrorBatchProcessingStopped</m:ResponseCode></m:Message>".into()
}

/// The ids that a request names.
fn ids_in(body: &str) -> Vec<String> {
    body.split("<t:ItemId Id=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

#[tokio::test]
async fn r11_each_thing_has_its_own_answer_whatever_happens_to_its_neighbours() {
    let script = Script::answering([items(&[item("1"), failure("ErrorItemNotFound"), failure("ErrorNew"), item("4")])]);
    let found = read_each(&Ews::new(&script, MAILBOX), &["1", "2", "3", "4"]).await.unwrap();
    assert_eq!(found, [Ok("1".into()), Err(Code::ExchangeItemGone), Err(Code::ExchangeItemRefused), Ok("4".into())]);
    assert_eq!(script.sent.borrow().len(), 1);
    assert_eq!(read_each(&Ews::new(&script, MAILBOX), &[]).await, Ok(vec![]), "and nothing is asked about nothing");
}

#[tokio::test]
async fn r23_what_nobody_has_heard_of_is_a_value_and_its_neighbours_are_read() {
    let refused = |class: &str, code: &str, more: &str| {
        format!("<m:Message {class}><m:ResponseCode>{code}</m:ResponseCode>{more}</m:Message>")
    };
    let error = "ResponseClass='Error'";
    let shapes = [
        "<m:MessageXml/>",
        "<m:MessageXml>fri text</m:MessageXml>",
        "<m:MessageXml><t:Value>utan namn</t:Value><t:Value Name='BackOffMilliseconds'>snart</t:Value></m:MessageXml>",
        "<m:MessageXml><t:FieldURI FieldURI='calendar:Start'/><x:Hologram><x:Ray n='1'/>&#x1A;</x:Hologram></m:MessageXml>",
        "<m:MessageText/><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey><m:NextYears><m:News/></m:NextYears>",
    ];
    let mut messages: Vec<String> = shapes.map(|shape| refused(error, "ErrorNeverHeardOf", shape)).into();
    messages.push(refused("ResponseClass='Dream'", "ErrorNeverHeardOf", ""));
    messages.push(refused(error, "", ""));
    messages.push("<m:Message ResponseClass='Error'/>".into());
    let count = messages.len();
    let strange = "<m:News>1</m:News><m:Items><t:Hologram><t:Ray><t:ItemId Id='no'/></t:Ray>\
        <t:ItemId Id='strange' ChangeKey='k' Colour='red'/></t:Hologram></m:Items>";
    messages.push(success(strange));
    messages.push(item("plain"));
    let ids: Vec<String> = (0..messages.len()).map(|number| number.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let script = Script::answering([items(&messages)]);
    let mut found = read_each(&Ews::new(&script, MAILBOX), &ids).await.unwrap();
    assert_eq!(found.split_off(count), [Ok("strange".into()), Ok("plain".into())]);
    assert_eq!(found, vec![Err(Code::ExchangeItemRefused); count]);
    assert_eq!((script.sent.borrow().len(), script.slept.get()), (1, 0));
}

#[tokio::test]
async fn r10_a_dead_sync_state_is_the_callers_matter_at_once() {
    let script = Script::answering([soap("SyncFolderItems", &failure("ErrorInvalidSyncStateData"))]);
    let ews = Ews::new(&script, MAILBOX);
    let sync = SyncFolderItems { folder: ews.calendar(), state: Some("old".into()), max_changes: 512 };
    assert_eq!(ews.call(&sync).await.map(|_| ()).unwrap_err().code, Code::ExchangeTokenDead);
    assert_eq!((script.sent.borrow().len(), script.slept.get()), (1, 0));
}

#[tokio::test]
async fn r12_one_gate_for_all_calls() {
    let script = Script::answering([busy("301000"), busy("20000"), folder(), folder()]);
    let ews = Ews::new(&script, MAILBOX);
    let get = GetFolder { folder: ews.calendar() };
    assert_eq!(ews.call(&get).await.map(|_| ()).unwrap_err().wait_seconds, Some(301));
    // Nobody asks a server that does not want to be asked; not even for something else.
    let other = DeleteItem { items: vec![ItemId::new("1").into()] };
    assert_eq!(ews.call(&other).await.map(|_| ()), Err(Problem::new(Code::ExchangeBusy).after(301)));
    script.slept.set(301);
    assert_eq!(script.sent.borrow().len(), 1);
    // Two calls at once: what one is told, the other obeys.
    let (one, two) = tokio::join!(ews.call(&get), ews.call(&get));
    assert!(one.is_ok() && two.is_ok());
    let sent_at = script.sent_at.borrow();
    assert_eq!((sent_at.len(), &sent_at[..2]), (4, &[0, 301][..]));
    assert!(sent_at[2..].iter().all(|at| *at >= 301 + 20), "{sent_at:?}");
}

#[tokio::test]
async fn r13_what_the_server_did_not_begin_with_is_asked_for_again_and_nothing_else() {
    let script = Script::answering([
        deleted(&[success(""), failure("ErrorCannotDeleteObject"), stopped(), stopped()]),
        deleted(&[success(""), stopped()]),
        deleted(&[success("")]),
    ]);
    let results = delete_each(&Ews::new(&script, MAILBOX), &["1", "2", "3", "4"]).await.unwrap();
    assert_eq!(results, [Ok(()), Err(Code::ExchangeItemRefused), Ok(()), Ok(())]);
    let asked: Vec<_> = (0..3).map(|index| ids_in(&script.body(index))).collect();
    assert_eq!(asked, [vec!["1", "2", "3", "4"], vec!["3", "4"], vec!["4"]]);
    assert_eq!(script.slept.get(), 0);
}

#[tokio::test]
async fn r12_a_server_that_is_busy_in_the_middle_of_a_batch_is_left_in_peace_and_asked_for_the_rest() {
    let busy = "<m:Message ResponseClass='Error'><m:ResponseCode>ErrorServerBusy</m:ResponseCode>\
        <m:MessageXml><t:Value Name='BackOffMilliseconds'>40000</t:Value></m:MessageXml></m:Message>";
    let script =
        Script::answering([deleted(&[success(""), busy.into(), stopped()]), deleted(&[success(""), success("")])]);
    let results = delete_each(&Ews::new(&script, MAILBOX), &["1", "2", "3"]).await;
    assert_eq!(results, Ok(vec![Ok(()); 3]));
    assert_eq!((script.slept.get(), script.told.borrow().len()), (40, 1));
    assert_eq!(ids_in(&script.body(1)), ["2", "3"]);
}

#[tokio::test]
async fn an_item_that_stops_the_batch_every_time_is_given_up_and_the_others_are_not() {
    let bad = || failure("ErrorInternalServerError");
    let script = Script::answering([
        items(&[bad(), stopped(), stopped()]),
        items(&[bad(), stopped(), stopped()]),
        items(&[bad(), stopped(), stopped()]),
        items(&[item("2"), item("3")]),
    ]);
    let found = read_each(&Ews::new(&script, MAILBOX), &["1", "2", "3"]).await.unwrap();
    assert_eq!(found, [Err(Code::ExchangeItemRefused), Ok("2".into()), Ok("3".into())]);
}

#[tokio::test]
async fn a_write_that_met_trouble_is_not_sent_again() {
    for code in ["ErrorInternalServerError", "ErrorMailboxStoreUnavailable", "ErrorTimeoutExpired"] {
        let script = Script::answering([deleted(&[failure(code), success("")])]);
        let results = delete_each(&Ews::new(&script, MAILBOX), &["1", "2"]).await.unwrap();
        assert!(results[0].is_err() && results[1].is_ok(), "{code}");
        assert_eq!(script.sent.borrow().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn what_was_done_is_told_even_if_the_rest_fails() {
    let script =
        Script::answering([deleted(&[success(""), stopped(), stopped()]), busy("1000"), busy("1000"), busy("1000")]);
    let results = delete_each(&Ews::new(&script, MAILBOX), &["1", "2", "3"]).await.unwrap();
    assert_eq!(results, [Ok(()), Err(Code::ExchangeBusy), Err(Code::ExchangeBusy)]);

    let script = Script::answering([deleted(&[success(""), stopped()]), response(401, &[], "")]);
    let results = delete_each(&Ews::new(&script, MAILBOX), &["1", "2"]).await;
    assert_eq!(results, Err(Code::ExchangeUnauthorized), "nothing more will go, and the whole run must know");
}

#[tokio::test]
async fn too_much_at_once_is_asked_for_in_halves() {
    let too_large = || response(413, &[], "");
    let too_long = || response(500, &[XML], &fault("ErrorRequestStreamTooBig", ""));
    let answers = [too_large(), items(&[item("1")]), too_long(), too_large(), items(&[item("3")])];
    let script = Script::answering(answers);
    let found = read_each(&Ews::new(&script, MAILBOX), &["1", "2", "3"]).await.unwrap();
    assert_eq!(found, [Ok("1".into()), Err(Code::GatewayRequestTooLarge), Ok("3".into())]);

    // An answer that is too large was given all the same: a question can be asked again, a write was done.
    let script = Script::answering([Err(HttpFault::TooLarge), items(&[item("1")]), items(&[item("2")])]);
    assert_eq!(read_each(&Ews::new(&script, MAILBOX), &["1", "2"]).await, Ok(vec![Ok("1".into()), Ok("2".into())]));
    let script = Script::answering([Err(HttpFault::TooLarge)]);
    assert_eq!(delete_each(&Ews::new(&script, MAILBOX), &["1", "2"]).await, Err(Code::ExchangeTooLarge));
}

#[tokio::test]
async fn an_answer_with_too_few_or_too_many_messages_is_no_answer() {
    for messages in [vec![], vec![item("1")], vec![item("1"), item("2"), item("3")], vec![failure("ErrorItemNotFound")]]
    {
        let script = Script::answering([items(&messages)]);
        assert_eq!(read_each(&Ews::new(&script, MAILBOX), &["1", "2"]).await, Err(Code::ExchangeNotSoap));
    }
    // But one message can refuse everything, and so can the one that stopped all others.
    let script = Script::answering([items(&[failure("ErrorAccessDenied"), stopped()])]);
    assert_eq!(read_each(&Ews::new(&script, MAILBOX), &["1", "2"]).await, Err(Code::ExchangeForbidden));
    let script = Script::answering([items(&[failure("ErrorNonExistentMailbox")])]);
    assert_eq!(read_each(&Ews::new(&script, MAILBOX), &["1", "2"]).await, Err(Code::ExchangeMailboxUnknown));
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_nothing_of_what_was_read_from_it() {
    let Ok(whole) = items(&[item("old"), item("old")]) else { unreachable!() };
    let text = String::from_utf8(whole.body).unwrap();
    let cut = response(200, &[XML], &text[..text.len() - 60]);
    let script = Script::answering([cut, items(&[item("new"), failure("ErrorItemNotFound")])]);
    let found = read_each(&Ews::new(&script, MAILBOX), &["1", "2"]).await.unwrap();
    assert_eq!(found, [Ok("new".into()), Err(Code::ExchangeItemGone)]);
}

#[tokio::test]
async fn r15_a_conflict_is_told_and_never_forced() {
    for code in ["ErrorIrresolvableConflict", "ErrorStaleObject", "ErrorInvalidChangeKey"] {
        let script = Script::answering([deleted(&[failure(code)])]);
        assert_eq!(delete_each(&Ews::new(&script, MAILBOX), &["1"]).await, Ok(vec![Err(Code::ExchangeItemChanged)]));
        assert_eq!(script.sent.borrow().len(), 1);
    }
}

#[tokio::test]
async fn r24_a_denied_impersonation_is_tried_once_more_before_it_is_believed() {
    let denied = || response(500, &[XML], &fault("ErrorImpersonateUserDenied", ""));
    let script = Script::answering([denied(), folder()]);
    assert_eq!((read(&script).await, script.slept.get()), (Ok(()), 1));
    let script = Script::answering([denied(), soap("DeleteItem", &success(""))]);
    assert_eq!(write(&script).await, Ok(()), "nothing was done, so a write may go again too");
    let script = Script::answering([denied(), denied()]);
    assert_eq!(read(&script).await.unwrap_err().code, Code::ExchangeImpersonationDenied);
    // 403 is a policy, and believed at once.
    let script = Script::answering([response(403, &[], "")]);
    assert_eq!(read(&script).await.unwrap_err().code, Code::ExchangeForbidden);
}

fn fault(code: &str, message: &str) -> String {
    format!(
        "<s:Envelope><s:Body><s:Fault><faultcode>a:{code}</faultcode><faultstring>{message}</faultstring><detail>\
         <e:ResponseCode>{code}</e:ResponseCode></detail></s:Fault></s:Body></s:Envelope>"
    )
}

fn versions(script: &Script) -> Vec<String> {
    let version = |body: String| body.split_once("Version=\"Exchange").unwrap().1.split_once('"').unwrap().0.to_owned();
    (0..script.sent.borrow().len()).map(|index| version(script.body(index))).collect()
}

#[tokio::test]
async fn a_version_is_agreed_on_in_the_first_call_and_remembered() {
    let of_2010 = "The request failed schema validation: The 'Version' attribute is invalid - The value 'Exchange2013' \
        is invalid according to its datatype 'ExchangeVersionType'.";
    #[rustfmt::skip]
    let refusals = [
        response(500, &[XML], &fault("ErrorInvalidServerVersion", "")),
        response(500, &[XML], &fault("ErrorIncorrectSchemaVersion", "")),
        response(500, &[XML], &fault("ErrorSchemaValidation", of_2010)),
        response(200, &[XML], &fault("ErrorInvalidRequest", "RequestServerVersion is not supported")),
        soap("GetFolder", &failure("ErrorInvalidSchemaVersionForMailboxVersion")),
    ];
    for refusal in refusals {
        let script = Script::answering([refusal.clone(), folder(), folder()]);
        let ews = Ews::new(&script, MAILBOX);
        let get = GetFolder { folder: ews.calendar() };
        assert!(ews.call(&get).await.is_ok() && ews.call(&get).await.is_ok());
        assert_eq!(versions(&script), ["2013", "2010_SP2", "2010_SP2"], "{refusal:?}");
        assert_eq!((ews.version(), script.slept.get()), (RequestVersion::Exchange2010Sp2, 0));
    }
}

#[tokio::test]
async fn no_version_in_common_is_said_and_another_flaw_does_not_make_us_speak_an_old_one() {
    #[rustfmt::skip]
    let cases = [
        ("ErrorInvalidServerVersion", "",                                Code::ExchangeVersionUnknown, 3),
        ("ErrorSchemaValidation",     "The 'Version' attribute",         Code::ExchangeRefused,        3),
        ("ErrorSchemaValidation",     "The element 'Hologram'",          Code::ExchangeRefused,        1),
        ("ErrorInvalidRequest",       "The request is invalid.",         Code::ExchangeRefused,        1),
    ];
    for (name, message, code, sent) in cases {
        let script = Script::answering(vec![response(500, &[XML], &fault(name, message)); sent]);
        let ews = Ews::new(&script, MAILBOX).speaking(RequestVersion::Exchange2016);
        let problem = ews.call(&GetFolder { folder: ews.calendar() }).await.map(|_| ()).unwrap_err();
        assert_eq!((problem.code, script.sent.borrow().len()), (code, sent), "{name} {message}");
        assert_eq!(ews.version(), RequestVersion::Exchange2016);
    }
}

#[tokio::test]
async fn a_call_goes_to_the_chosen_folder() {
    let script = Script::answering([folder()]);
    let ews = Ews::new(&script, MAILBOX).with_folder(FolderId::new("AAMk="));
    ews.call(&GetFolder { folder: ews.calendar() }).await.map(|_| ()).unwrap();
    assert!(script.body(0).contains("<m:FolderIds><t:FolderId Id=\"AAMk=\"/></m:FolderIds>"));
}
