//! What is around every request and every answer: the SOAP envelope.
//!
//! Three headers go out, <https://learn.microsoft.com/exchange/client-developer/web-service-reference/soap-headers>:
//! which version of the schema we speak, and as whom we act. There is no `TimeZoneContext`: every instant that we
//! send says that it is UTC and every zone is named beside it, so there is nothing left for a context to decide, and
//! without one every instant comes back in UTC.
//!
//! Answers are read whatever they look like: without a header, with a fault in a 200, with another prefix.

use crate::ews::error::{ResponseCode, ResponseError, back_off};
use crate::ews::operation::{Each, Messages, Operation, messages};
use crate::ews::xml::{Document, Element, Flaw, Writer, decode};
use crate::problem::{Code, Problem};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const TYPES: &str = "http://schemas.microsoft.com/exchange/services/2006/types";
const MESSAGES: &str = "http://schemas.microsoft.com/exchange/services/2006/messages";

/// Which version of the schema a request is written in. A newer server answers as that version would have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestVersion {
    Exchange2010Sp2,
    /// The oldest that knows "working elsewhere"; every Exchange from 2013 to Subscription Edition speaks it.
    #[default]
    Exchange2013,
    Exchange2016,
}

impl RequestVersion {
    /// The next one down, for a server that does not know this one.
    pub fn older(self) -> Option<RequestVersion> {
        match self {
            RequestVersion::Exchange2010Sp2 => None,
            RequestVersion::Exchange2013 => Some(RequestVersion::Exchange2010Sp2),
            RequestVersion::Exchange2016 => Some(RequestVersion::Exchange2013),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            RequestVersion::Exchange2010Sp2 => "Exchange2010_SP2",
            RequestVersion::Exchange2013 => "Exchange2013",
            RequestVersion::Exchange2016 => "Exchange2016",
        }
    }
}

/// The header of a request.
#[derive(Clone, Debug)]
pub struct RequestHeader {
    pub version: RequestVersion,
    /// The primary SMTP address of the user whom the service account acts as.
    pub mailbox: String,
}

/// Writes a whole request.
pub fn request<O: Operation>(header: &RequestHeader, operation: &O) -> Vec<u8> {
    let mut xml = Writer::default();
    xml.declaration();
    xml.element("s:Envelope", &[("xmlns:s", SOAP), ("xmlns:t", TYPES), ("xmlns:m", MESSAGES)], |xml| {
        xml.element("s:Header", &[], |xml| {
            xml.empty("t:RequestServerVersion", &[("Version", header.version.as_str())]);
            xml.element("t:ExchangeImpersonation", &[], |xml| {
                xml.element("t:ConnectingSID", &[], |xml| {
                    xml.text("t:PrimarySmtpAddress", &[], &header.mailbox);
                });
            });
        });
        xml.element("s:Body", &[], |xml| operation.write(header.version, xml));
    });
    xml.into_bytes()
}

/// An answer to the question that was asked.
pub struct Answer<O: Operation> {
    /// `15.1.2507.6`, if the server told.
    pub server_version: Option<String>,
    pub messages: Messages<O>,
}

impl<O: Operation> Answer<O> {
    /// The one message of an answer to one thing.
    ///
    /// # Errors
    /// What the message says, about the request.
    pub fn only(self) -> Result<O::Outcome, Problem> {
        let message = self.messages.into_iter().next();
        let message = message.ok_or_else(|| Problem::new(Code::ExchangeNotSoap).said("the answer lacks a message"))?;
        message.map_err(|error| error.of_request())
    }
}

/// Why a text is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    NotXml(String),
    /// XML, but no SOAP envelope, or an answer to another question; says what there was.
    NotSoap(String),
    Truncated,
    /// A SOAP fault, which an HTTP status of 200 does not rule out.
    Fault(ResponseError),
}

impl From<&NoAnswer> for Problem {
    fn from(no_answer: &NoAnswer) -> Problem {
        match no_answer {
            NoAnswer::NotXml(seen) => Problem::new(Code::ExchangeNotXml).said(seen),
            NoAnswer::NotSoap(seen) => Problem::new(Code::ExchangeNotSoap).said(seen),
            NoAnswer::Truncated => Problem::new(Code::ExchangeTruncated),
            NoAnswer::Fault(fault) => fault.of_request(),
        }
    }
}

/// Reads a whole answer.
///
/// # Errors
/// When there is none; see [`NoAnswer`]. Errors about single items are inside the answer.
pub fn read<O: Operation>(body: &[u8]) -> Result<Answer<O>, NoAnswer> {
    let mut messages = Vec::new();
    let server_version = read_each::<O>(body, &mut |message| messages.push(message))?;
    Ok(Answer { server_version, messages })
}

/// Reads an answer message by message, so that no more of it is held than `each` keeps. The server's version comes
/// back, if it told.
///
/// # Errors
/// As [`read`]; then what `each` was given must not be used: the answer is not known to be whole.
pub fn read_each<O: Operation>(body: &[u8], each: &mut Each<'_, O>) -> Result<Option<String>, NoAnswer> {
    read_answer(body, O::NAME, &mut |answer| messages::<O>(answer, each))
}

/// [`read_each`] for all operations, compiled once: the answer to the operation of that name is for `read`.
fn read_answer(
    body: &[u8],
    operation: &str,
    read: &mut dyn FnMut(Element<'_, '_>),
) -> Result<Option<String>, NoAnswer> {
    let text = decode(body);
    let mut document = Document::new(&text);
    let mut server_version = None;
    let mut outcome = Err(NoAnswer::NotSoap("the envelope has no body".into()));
    walk(&mut document, &mut |part| match part {
        Part::ServerVersion(version) => server_version = Some(version),
        Part::Fault(fault) => outcome = Err(NoAnswer::Fault(fault)),
        Part::Body(answer) if answer.name().strip_suffix("Response") == Some(operation) => {
            read(answer);
            outcome = Ok(());
        }
        Part::Body(other) => outcome = Err(NoAnswer::NotSoap(format!("the body holds {}", other.name()))),
    })?;
    finish(document)?;
    outcome.map(|()| server_version)
}

/// The name of the operation that a text answers, if it answers any; for tools that read stored answers.
///
/// # Errors
/// As [`read`].
pub fn operation_answered(body: &[u8]) -> Result<String, NoAnswer> {
    let text = decode(body);
    let mut document = Document::new(&text);
    let mut outcome = Err(NoAnswer::NotSoap("the envelope has no body".into()));
    walk(&mut document, &mut |part| match part {
        Part::ServerVersion(_) => {}
        Part::Fault(fault) => outcome = Err(NoAnswer::Fault(fault)),
        Part::Body(answer) => outcome = Ok(answer.name().trim_end_matches("Response").to_owned()),
    })?;
    finish(document)?;
    outcome
}

enum Part<'d, 'a> {
    ServerVersion(String),
    Fault(ResponseError),
    /// What else is in the body: one element, if all is well.
    Body(Element<'d, 'a>),
}

/// `visit` is no generic parameter, so that there is one walk for all operations.
fn walk(document: &mut Document<'_>, visit: &mut dyn FnMut(Part<'_, '_>)) -> Result<(), NoAnswer> {
    let Some(mut envelope) = document.root() else { return Ok(()) };
    match envelope.name() {
        "Envelope" => {}
        // A page for people: a proxy's, IIS's own, a sign-in form. It may well be XML too.
        html if html.eq_ignore_ascii_case("html") => return Err(NoAnswer::NotXml("an HTML page".into())),
        other => return Err(NoAnswer::NotSoap(format!("the document is <{other}>"))),
    }
    while let Some(mut part) = envelope.child() {
        let in_body = part.name() == "Body";
        while let Some(inner) = part.child() {
            match inner.name() {
                "ServerVersionInfo" if !in_body => visit(Part::ServerVersion(server_version(&inner))),
                "Fault" if in_body => visit(Part::Fault(fault(inner))),
                _ if in_body => visit(Part::Body(inner)),
                _ => {}
            }
        }
    }
    Ok(())
}

fn finish(document: Document<'_>) -> Result<(), NoAnswer> {
    document.finish().map_err(|flaw| match flaw {
        Flaw::NotXml(seen) => NoAnswer::NotXml(seen),
        Flaw::Truncated => NoAnswer::Truncated,
    })
}

/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/serverversioninfo>
fn server_version(info: &Element<'_, '_>) -> String {
    let parts = ["MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber"];
    let parts: Vec<_> = parts.iter().map_while(|part| info.attribute(part)).collect();
    parts.join(".")
}

/// `faultcode` holds the ResponseCode with a prefix; `detail` repeats it, and says how long to wait.
fn fault(mut fault: Element<'_, '_>) -> ResponseError {
    let mut error = ResponseError::default();
    while let Some(mut part) = fault.child() {
        match part.name() {
            "faultcode" if error.code.as_str().is_empty() => {
                let code = part.text();
                error.code = ResponseCode::new(code.rsplit(':').next().unwrap_or_default().trim());
            }
            "faultstring" => error.message = part.text().into_owned(),
            "detail" => {
                while let Some(detail) = part.child() {
                    match detail.name() {
                        "ResponseCode" => error.code = ResponseCode::new(detail.text().trim()),
                        "Message" if error.message.is_empty() => error.message = detail.text().into_owned(),
                        "MessageXml" => error.back_off_milliseconds = back_off(detail),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    error
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ews::operation::get_folder::GetFolder;

    fn read_folder(body: &str) -> Result<Answer<GetFolder>, NoAnswer> {
        read::<GetFolder>(body.as_bytes())
    }

    #[test]
    fn an_answer_is_read_with_and_without_a_header() {
        let body = "<s:Body><m:GetFolderResponse><m:ResponseMessages/></m:GetFolderResponse></s:Body>";
        let header = "<s:Header><h:ServerVersionInfo MajorVersion='15' MinorVersion='1' MajorBuildNumber='2507' \
                      MinorBuildNumber='6' Version='V2017_07_11'/></s:Header>";
        for (header, version) in [(header, Some("15.1.2507.6")), ("", None), ("<s:Header/>", None)] {
            let answer = read_folder(&format!("<s:Envelope>{header}{body}</s:Envelope>")).unwrap();
            assert_eq!(answer.server_version.as_deref(), version);
        }
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        let page = "<!DOCTYPE html><html><body><p>Sign in<br></body></html>";
        let folder = "<s:Envelope><s:Body><m:GetFolderResponse><m:ResponseMessages/></m:GetFolderResponse></s:Body></s:Envelope>";
        #[rustfmt::skip]
        let cases = [
            ("",                                                            Code::ExchangeNotXml),
            ("Service Unavailable",                                         Code::ExchangeNotXml),
            (page,                                                          Code::ExchangeNotXml),
            ("<feed><entry/></feed>",                                       Code::ExchangeNotSoap),
            ("<s:Envelope/>",                                               Code::ExchangeNotSoap),
            ("<s:Envelope><s:Body/></s:Envelope>",                          Code::ExchangeNotSoap),
            ("<s:Envelope><s:Body><m:GetItemResponse/></s:Body></s:Envelope>", Code::ExchangeNotSoap),
            (&folder[..folder.len() - 3],                                   Code::ExchangeTruncated),
            (&folder[..60],                                                 Code::ExchangeTruncated),
        ];
        for (body, code) in cases {
            let no_answer = read_folder(body).map(|_| ()).unwrap_err();
            assert_eq!(Problem::from(&no_answer).code, code, "{body}");
        }
    }

    #[test]
    fn r12_a_fault_tells_its_code_and_how_long_to_wait() {
        let fault = "<s:Envelope><s:Body><s:Fault><faultcode>a:ErrorServerBusy</faultcode>\
            <faultstring>The server cannot service this request right now.</faultstring><detail>\
            <e:ResponseCode>ErrorServerBusy</e:ResponseCode><e:Message>Try again later.</e:Message>\
            <t:MessageXml><t:Value Name=\"BackOffMilliseconds\">297749</t:Value></t:MessageXml>\
            </detail></s:Fault></s:Body></s:Envelope>";
        let no_answer = read_folder(fault).map(|_| ()).unwrap_err();
        assert_eq!(Problem::from(&no_answer), Problem::new(Code::ExchangeBusy).said("ErrorServerBusy").after(298));
    }

    #[test]
    fn a_fault_without_details_is_known_by_its_faultcode() {
        let fault = "<Envelope><Body><Fault><faultcode>s:Client</faultcode></Fault></Body></Envelope>";
        let NoAnswer::Fault(error) = read_folder(fault).map(|_| ()).unwrap_err() else { panic!("no fault") };
        assert_eq!(error.code, ResponseCode::new("Client"));
    }
}
