//! The SOAP envelope: what a request's header says, and answers and faults to send back.

use roxmltree::{Document, Node};

use super::code::Refusal;
use super::field;
use super::server::{Schema, Server};
use super::xml::{self, Element, MESSAGES, SOAP, TYPES};
use super::zone::Zone;

/// What an envelope says before its operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub impersonated: Option<String>,
    /// RequestServerVersion; all that the server knows when there is none.
    pub schema: Schema,
    /// For times without an offset: `TimeZoneContext`, else UTC.
    pub zone: Zone,
}

/// The parts of a request, as far as SOAP goes.
pub struct Envelope<'a, 'input> {
    pub header: Option<Node<'a, 'input>>,
    pub operation: Node<'a, 'input>,
}

/// Takes an envelope apart; what is inside is still unchecked.
///
/// # Errors
/// The SOAP fault to answer with.
pub fn open<'a, 'input>(document: &'a Document<'input>) -> Result<Envelope<'a, 'input>, Refusal> {
    let envelope = document.root_element();
    if !envelope.has_tag_name((SOAP, "Envelope")) {
        return Err(Refusal::saying("ErrorInvalidRequest", "The request is not a SOAP 1.1 envelope."));
    }
    let part = |name| envelope.children().find(|child| child.has_tag_name((SOAP, name)));
    let operation = part("Body").and_then(|body| xml::elements(body).next());
    let operation = operation
        .filter(|operation| operation.tag_name().namespace() == Some(MESSAGES))
        .ok_or_else(|| Refusal::saying("ErrorInvalidRequest", "The request names no operation."))?;
    Ok(Envelope { header: part("Header"), operation })
}

impl Header {
    /// # Errors
    /// The SOAP fault for a version or a zone that no Exchange knows, or an impersonation of nobody.
    pub fn read(header: Option<Node>, server: &Server) -> Result<Self, Refusal> {
        let block = |name| header.and_then(|header| header.children().find(|child| child.has_tag_name((TYPES, name))));
        let newest = server.version.schema();
        let schema = match block("RequestServerVersion") {
            Some(version) => Schema::from_name(version.attribute("Version").unwrap_or_default())
                .filter(|schema| *schema <= newest)
                .ok_or_else(|| Refusal::new("ErrorInvalidServerVersion"))?,
            None => newest,
        };
        let impersonated = match block("ExchangeImpersonation") {
            Some(node) => Some(connecting_address(node)?),
            None => None,
        };
        let zone = match block("TimeZoneContext").and_then(|node| xml::child(node, "TimeZoneDefinition")) {
            Some(definition) => field::read_zone(definition)?,
            None => Zone::UTC,
        };
        Ok(Header { impersonated, schema, zone })
    }
}

/// Who is impersonated, for counting; what is wrong with a header is found when it is read.
pub fn impersonated(header: Option<Node>) -> Option<String> {
    let block = header?.children().find(|child| child.has_tag_name((TYPES, "ExchangeImpersonation")))?;
    connecting_address(block).ok()
}

/// This server knows its users by their SMTP address, whichever of the three names it is given under.
fn connecting_address(impersonation: Node) -> Result<String, Refusal> {
    let sid = xml::child(impersonation, "ConnectingSID");
    let named = sid.and_then(|sid| {
        ["PrimarySmtpAddress", "SmtpAddress", "PrincipalName"].iter().find_map(|name| xml::child_text(sid, name))
    });
    named.map(|address| address.trim().to_owned()).filter(|address| !address.is_empty()).ok_or_else(|| {
        Refusal::saying(
            "ErrorInvalidExchangeImpersonationHeaderData",
            "ExchangeImpersonation SOAP header must have a valid PrimarySmtpAddress.",
        )
    })
}

/// A whole answer around one operation's response.
pub fn answer(response: Element, server: &Server) -> String {
    let body = Element::new("s:Body")
        .attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .attribute("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")
        .child(response);
    document(body, server)
}

/// A SOAP fault, as Exchange words it.
pub fn fault(refusal: &Refusal, server: &Server) -> String {
    let errors = "http://schemas.microsoft.com/exchange/services/2006/errors";
    let mut detail = Element::new("detail")
        .child(Element::new("e:ResponseCode").attribute("xmlns:e", errors).text(refusal.code.clone()))
        .child(Element::new("e:Message").attribute("xmlns:e", errors).text(refusal.message.clone()));
    if !refusal.details.is_empty() {
        let xml = Element::new("t:MessageXml").attribute("xmlns:t", TYPES);
        detail = detail.child(xml.children(refusal.details.iter().cloned()));
    }
    let code = Element::new("faultcode").attribute("xmlns:a", TYPES).text(format!("a:{}", refusal.code));
    let text = Element::new("faultstring").attribute("xml:lang", "en-US").text(refusal.message.clone());
    let fault = Element::new("s:Fault").child(code).child(text).child(detail);
    let body = Element::new("s:Body").child(fault);
    document(body, server)
}

fn document(body: Element, server: &Server) -> String {
    let header = (!server.is_grommunio()).then(|| server_version(server));
    let envelope = Element::new("s:Envelope").attribute("xmlns:s", SOAP).children(header).child(body);
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{}", envelope.to_xml())
}

fn server_version(server: &Server) -> Element {
    let names = ["MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber", "Version"];
    let mut version = Element::new("h:ServerVersionInfo");
    for (name, value) in names.into_iter().zip(server.version.info()) {
        version = version.attribute(name, value);
    }
    Element::new("s:Header").child(version.attribute("xmlns:h", TYPES).attribute("xmlns", TYPES))
}
