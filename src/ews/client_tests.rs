//! What is sent again, what is waited for, and what each way of failing is called.

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::ews::item::ItemId;
use crate::ews::operation::delete_item::DeleteItem;
use crate::ews::operation::get_folder::GetFolder;
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
    for trouble in [Err(HttpFault::Unreachable), response(502, &[], ""), response(200, &[XML], "<s:Envelope>")] {
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
        (response(503, &[], ""),                      5),
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
