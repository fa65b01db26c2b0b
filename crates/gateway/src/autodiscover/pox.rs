//! Autodiscover v1, "plain old XML": [MS-OXDSCLI] sections 2.2.3 (request) and 2.2.4 (response).
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/pox-autodiscover-response-for-exchange>

use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// Account, Protocol and their values lie five deep.
const MAX_DEPTH: usize = 16;

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoxAnswer {
    Ews(String),
    /// Ask again at this address of the web.
    RedirectUrl(String),
    /// Ask again for this address of e-mail.
    RedirectAddress(String),
    /// Error 500: "The email address can't be found."
    UnknownMailbox,
    NotUnderstood,
}

/// What is sent.
pub fn request(address: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\"><Request>\
         <EMailAddress>{}</EMailAddress><AcceptableResponseSchema>\
         http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\
         </AcceptableResponseSchema></Request></Autodiscover>",
        escape(address)
    )
}

/// Names alone count, not namespaces: servers differ in those, and nothing of this answer is passed on.
pub fn read(body: &[u8]) -> PoxAnswer {
    std::str::from_utf8(body).ok().and_then(values).map_or(PoxAnswer::NotUnderstood, |values| values.answer())
}

/// The few values that count.
#[derive(Default)]
struct Values {
    action: String,
    redirect_url: String,
    redirect_address: String,
    error: String,
    /// Each protocol's type, EwsUrl and ASUrl (which is EWS too, and all that Exchange 2007 tells).
    protocols: Vec<[String; 3]>,
}

/// Which protocol's address to take first: the one for outside (EXPR), for any network (EXHTTP), for inside (EXCH).
const PROTOCOLS: [&str; 3] = ["EXPR", "EXHTTP", "EXCH"];

impl Values {
    fn answer(mut self) -> PoxAnswer {
        let ews = PROTOCOLS.iter().find_map(|wanted| {
            let [_, ews, availability] = self
                .protocols
                .iter_mut()
                .find(|[kind, ews, availability]| kind == wanted && !(ews.is_empty() && availability.is_empty()))?;
            Some(std::mem::take(if ews.is_empty() { availability } else { ews }))
        });
        match (self.action.to_ascii_lowercase().as_str(), ews) {
            (_, _) if self.error == "500" => PoxAnswer::UnknownMailbox,
            (_, _) if !self.error.is_empty() => PoxAnswer::NotUnderstood,
            ("redirecturl", _) if !self.redirect_url.is_empty() => PoxAnswer::RedirectUrl(self.redirect_url),
            ("redirectaddr", _) if !self.redirect_address.is_empty() => {
                PoxAnswer::RedirectAddress(self.redirect_address)
            }
            ("settings", Some(ews)) => PoxAnswer::Ews(ews),
            _ => PoxAnswer::NotUnderstood,
        }
    }

    /// Where the text of the element at this path goes.
    fn place(&mut self, path: &[String]) -> Option<&mut String> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let account = path.strip_prefix(&["Autodiscover", "Response", "Account"]);
        match (account, path.as_slice()) {
            (_, ["Autodiscover", "Response", "Error", "ErrorCode"]) => Some(&mut self.error),
            (Some(["Action"]), _) => Some(&mut self.action),
            (Some(["RedirectUrl"]), _) => Some(&mut self.redirect_url),
            (Some(["RedirectAddr"]), _) => Some(&mut self.redirect_address),
            (Some(["Protocol", value]), _) => {
                let at = ["Type", "EwsUrl", "ASUrl"].iter().position(|name| name == value)?;
                self.protocols.last_mut()?.get_mut(at)
            }
            _ => None,
        }
    }
}

/// `None` for what is not plain, whole XML. A document type is refused unread: it is where bombs and external entities
/// live, and no answer of Exchange's has one.
fn values(text: &str) -> Option<Values> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().expand_empty_elements = true;
    let (mut values, mut path) = (Values::default(), Vec::<String>::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                path.push(tag.local_name().as_ref().to_owned());
                if path.len() > MAX_DEPTH || path.first().is_none_or(|root| root != "Autodiscover") {
                    return None;
                }
                if path.len() == 4 && path.ends_with(&["Account".to_owned(), "Protocol".to_owned()]) {
                    values.protocols.push(Default::default());
                }
            }
            Event::End(_) => {
                if let Some(place) = values.place(&path) {
                    *place = place.trim().to_owned();
                }
                path.pop()?;
            }
            Event::Text(text) => {
                if let Some(place) = values.place(&path) {
                    place.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                let decoded = match reference.resolve_char_ref().ok()? {
                    Some(character) => character.to_string(),
                    None => resolve_predefined_entity(&reference)?.to_owned(),
                };
                if let Some(place) = values.place(&path) {
                    place.push_str(&decoded);
                }
            }
            Event::Decl(_) | Event::Comment(_) => {}
            Event::Eof => return path.is_empty().then_some(values),
            Event::DocType(_) | Event::PI(_) | Event::CData(_) | Event::Empty(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(inner: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/\
             autodiscover/responseschema/2006\"><Response xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/\
             outlook/responseschema/2006a\">{inner}</Response></Autodiscover>"
        )
    }

    fn settings(protocols: &str) -> String {
        response(&format!(
            "<User><DisplayName>Anna</DisplayName></User><Account><AccountType>email</AccountType>\
             <Action>settings</Action>{protocols}</Account>"
        ))
    }

    /// Each line: an answer, and what it says.
    #[test]
    fn an_answer_is_read_by_the_names_that_count() {
        use PoxAnswer as A;
        let both = "<Protocol><Type>EXCH</Type><EwsUrl>https://in/</EwsUrl></Protocol>\
                    <Protocol><Type>EXPR</Type><ASUrl>https://as/</ASUrl><EwsUrl>https://out/?a&amp;b</EwsUrl></Protocol>";
        let web = "<Protocol><Type>WEB</Type><External><Protocol><Type>EXPR</Type><EwsUrl>https://no/</EwsUrl>\
                   </Protocol></External></Protocol>";
        let inside = "<Protocol><Type>EXCH</Type><ASUrl>https://in/</ASUrl></Protocol>";
        let account = |inner: &str| response(&format!("<Account>{inner}</Account>"));
        let cases = [
            (settings(both), A::Ews("https://out/?a&b".into())),
            (settings(inside), A::Ews("https://in/".into())),
            (settings(web), A::NotUnderstood),
            (settings(""), A::NotUnderstood),
            (
                account("<Action>redirectUrl</Action><RedirectUrl>https://other/x</RedirectUrl>"),
                A::RedirectUrl("https://other/x".into()),
            ),
            (
                account("<Action>redirectAddr</Action><RedirectAddr>a@b.example</RedirectAddr>"),
                A::RedirectAddress("a@b.example".into()),
            ),
            (account("<Action>redirectUrl</Action>"), A::NotUnderstood),
            (account("<RedirectUrl>https://other/x</RedirectUrl>"), A::NotUnderstood),
            (response("<Error Time=\"1\"><ErrorCode>500</ErrorCode><Message/></Error>"), A::UnknownMailbox),
            (response("<Error><ErrorCode>600</ErrorCode></Error>"), A::NotUnderstood),
            ("<html><body>Hej</body></html>".into(), A::NotUnderstood),
            ("<!DOCTYPE html><html/>".into(), A::NotUnderstood),
            (settings(both).replace("</Autodiscover>", ""), A::NotUnderstood),
            (String::new(), A::NotUnderstood),
            ("\u{0}\u{1}".into(), A::NotUnderstood),
        ];
        for (body, expected) in cases {
            assert_eq!(read(body.as_bytes()), expected, "{body}");
        }
        assert_eq!(read(&[0xff, 0xfe, 0x3c, 0]), A::NotUnderstood);
    }

    #[test]
    fn a_document_type_is_never_read() {
        let good = settings("<Protocol><Type>EXPR</Type><EwsUrl>&e;</EwsUrl></Protocol>");
        let bomb: String =
            (1..30).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
        for doctype in [
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>".to_owned(),
            "<!DOCTYPE x SYSTEM \"http://169.254.169.254/\">".to_owned(),
            format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{bomb}<!ENTITY e \"&l29;\">]>"),
        ] {
            let body = good.replacen("<Autodiscover", &format!("{doctype}<Autodiscover"), 1);
            assert_eq!(read(body.as_bytes()), PoxAnswer::NotUnderstood, "{doctype}");
        }
        assert_eq!(read(good.as_bytes()), PoxAnswer::NotUnderstood, "an entity without a document type");
        let deep = format!("<Autodiscover>{}", "<x>".repeat(100_000));
        assert_eq!(read(deep.as_bytes()), PoxAnswer::NotUnderstood);
    }

    /// R02
    #[test]
    fn r02_an_address_cannot_write_xml() {
        let request = request("a&<b>\"@c.example");
        assert!(request.contains("<EMailAddress>a&amp;&lt;b&gt;&quot;@c.example</EMailAddress>"), "{request}");
    }
}
