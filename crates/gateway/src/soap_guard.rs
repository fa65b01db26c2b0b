//! Reads a SOAP request strictly, and writes down anew what it understood.
//!
//! The danger in a proxy that checks and then forwards the same bytes is the second reader: a prefix bound twice, an
//! address split by a comment, a declared encoding, and Exchange reads another request than the one that was checked.
//! So nothing of the sender's bytes goes on. [`check`] walks the XML along [`soap_grammar`](crate::soap_grammar),
//! refuses at the first thing that is not in the table, and forwards its *own* envelope: its own declaration, its own
//! prefixes, every text and attribute decoded and escaped again.
//!
//! The core has a reader too (`src/ews/xml.rs`); it is not shared, because it must survive whatever a server sends,
//! and this one must survive nothing.

use std::fmt;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, PrefixDeclaration, ResolveResult};
use quick_xml::reader::NsReader;

use crate::soap_grammar::{self, Content, Rule, TextRule};
use crate::token::Mailbox;

/// A request that may go to Exchange.
#[derive(Debug, PartialEq, Eq)]
pub struct Accepted {
    /// `GetFolder`, `CreateItem`, ...
    pub operation: &'static str,
    /// The envelope to send, in the guard's own words.
    pub envelope: String,
}

/// Why a request was refused. Names of elements, never their content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not UTF-8, or a byte order mark, or a declaration that says otherwise.
    Encoding,
    /// A character that XML 1.0 does not allow, written out or as a reference.
    Character,
    IllFormed,
    /// DTD, processing instruction, comment or CDATA section.
    Construct(&'static str),
    /// An entity other than the five of XML and character references.
    Entity,
    /// An element that is not in the table at this place, or not in the right namespace.
    Element {
        name: String,
        within: &'static str,
    },
    /// More often than once.
    Repeated(&'static str),
    /// After an element that it comes before in the schema.
    Order {
        name: &'static str,
        within: &'static str,
    },
    Missing {
        name: &'static str,
        within: &'static str,
    },
    Attribute {
        name: String,
        on: &'static str,
    },
    AttributeValue {
        name: &'static str,
        on: &'static str,
    },
    Text {
        within: &'static str,
    },
    /// An address that is not the token's.
    AnotherMailbox {
        within: &'static str,
    },
    /// The body must hold one operation.
    Operations,
    TooDeep,
}

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const MESSAGES: &str = "http://schemas.microsoft.com/exchange/services/2006/messages";
const TYPES: &str = "http://schemas.microsoft.com/exchange/services/2006/types";

/// A restriction nests a few levels; an attack on the stack thousands.
const MAX_DEPTH: usize = 48;
/// The longest tag is an id with its change key, below 1 kB. Looking for doubled attributes is quadratic.
const MAX_TAG: usize = 16 * 1024;

/// The one request in `body`, if this mailbox's owner may make it.
pub fn check(body: &[u8], mailbox: &Mailbox) -> Result<Accepted, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| Refusal::Encoding)?;
    if text.starts_with('\u{feff}') {
        return Err(Refusal::Encoding);
    }
    if !text.chars().all(is_xml_char) {
        return Err(Refusal::Character);
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut guard = Guard { mailbox, open: Vec::new(), operation: None, finished: false, out: String::new() };
    guard.out.reserve(text.len() + 256);
    guard.out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let mut first = true;
    loop {
        match reader.read_event().map_err(|_| Refusal::IllFormed)? {
            Event::Start(tag) => {
                let prefix = prefix_of(reader.resolver().resolve_element(tag.name()).0);
                guard.start(prefix, &tag)?;
            }
            Event::End(_) => guard.end()?,
            Event::Text(text) => guard.text(&text, &text.xml10_content())?,
            Event::GeneralRef(reference) => guard.reference(&reference)?,
            Event::Decl(declaration) if first => check_declaration(&declaration)?,
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) => return Err(Refusal::Construct("a processing instruction")),
            Event::DocType(_) => return Err(Refusal::Construct("a document type")),
            Event::Comment(_) => return Err(Refusal::Construct("a comment")),
            Event::CData(_) => return Err(Refusal::Construct("a CDATA section")),
            Event::Empty(_) => return Err(Refusal::IllFormed),
        }
        first = false;
    }
    match guard {
        Guard { finished: true, operation: Some(operation), out, .. } => Ok(Accepted { operation, envelope: out }),
        _ => Err(Refusal::IllFormed),
    }
}

struct Guard<'m> {
    mailbox: &'m Mailbox,
    open: Vec<Open>,
    operation: Option<&'static str>,
    /// The root element has been closed.
    finished: bool,
    out: String,
}

/// An element whose end has not come yet.
struct Open {
    rule: &'static Rule,
    /// One bit for each child of the rule.
    seen: u64,
    /// The text so far, decoded.
    text: String,
}

impl Guard<'_> {
    fn start(&mut self, prefix: &str, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        if tag.len() > MAX_TAG || self.open.len() >= MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        let name = tag.local_name();
        let rule = match self.open.last_mut() {
            Some(parent) => parent.child(prefix, name.as_ref())?,
            None if self.finished => return Err(Refusal::IllFormed),
            None if prefix == "s" && name.as_ref() == "Envelope" => soap_grammar::envelope(),
            None => return Err(Refusal::Element { name: printable(name.as_ref()), within: "the document" }),
        };
        if self.open.last().is_some_and(|parent| parent.rule.name == "s:Body")
            && self.operation.replace(rule.name.trim_start_matches("m:")).is_some()
        {
            return Err(Refusal::Operations);
        }
        self.out.push('<');
        self.out.push_str(rule.name);
        if self.open.is_empty() {
            self.out.push_str(&format!(" xmlns:s=\"{SOAP}\" xmlns:m=\"{MESSAGES}\" xmlns:t=\"{TYPES}\""));
        }
        self.attributes(rule, tag)?;
        self.out.push('>');
        self.open.push(Open { rule, seen: 0, text: String::new() });
        Ok(())
    }

    fn attributes(&mut self, rule: &'static Rule, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        if !is_spaced(tag.attributes_raw()) {
            return Err(Refusal::IllFormed);
        }
        let mut seen = 0_u64;
        // The iterator refuses an attribute that comes twice.
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|_| Refusal::IllFormed)?;
            match attribute.key.as_namespace_binding() {
                Some(PrefixDeclaration::Named(prefix)) if !is_name(prefix) => return Err(Refusal::IllFormed),
                // Nothing to pass on: the envelope has its own prefixes. But it must be sound to the last.
                Some(_) => drop(attribute_value(&attribute)?),
                None => seen |= 1 << self.attribute(rule, &attribute)?,
            }
        }
        for (at, known) in rule.attributes.iter().enumerate() {
            if known.required && seen & (1 << at) == 0 {
                return Err(Refusal::Missing { name: known.name, within: rule.name });
            }
        }
        Ok(())
    }

    /// Writes one attribute, and says which one of the rule's it is.
    fn attribute(&mut self, rule: &'static Rule, attribute: &Attribute<'_>) -> Result<usize, Refusal> {
        // An attribute in a namespace (xsi:type, which turns an element into another; s:mustUnderstand, xml:base) has a
        // colon in its name and therefore never a line in the table.
        let found = rule.attributes.iter().position(|known| known.name == attribute.key.as_ref());
        let Some(at) = found else {
            return Err(Refusal::Attribute { name: printable(attribute.key.as_ref()), on: rule.name });
        };
        let known = &rule.attributes[at];
        let value = attribute_value(attribute)?;
        if !known.values.is_empty() && !known.values.contains(&value.as_str()) {
            return Err(Refusal::AttributeValue { name: known.name, on: rule.name });
        }
        self.out.push(' ');
        self.out.push_str(known.name);
        self.out.push_str("=\"");
        push_escaped(&mut self.out, &value, true);
        self.out.push('"');
        Ok(at)
    }

    fn text(&mut self, raw: &str, decoded: &str) -> Result<(), Refusal> {
        // XML 1.0 section 2.4: "]]>" must not appear in text.
        if raw.contains("]]>") {
            return Err(Refusal::IllFormed);
        }
        match self.open.last_mut() {
            Some(Open { rule: Rule { content: Content::Text(_), .. }, text, .. }) => text.push_str(decoded),
            open if !decoded.chars().all(is_xml_space) => {
                return Err(Refusal::Text { within: open.map_or("the document", |open| open.rule.name) });
            }
            _ => {}
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Refusal> {
        let decoded = match reference.resolve_char_ref().map_err(|_| Refusal::Character)? {
            Some(character) if is_xml_char(character) => character.to_string(),
            Some(_) => return Err(Refusal::Character),
            None => resolve_predefined_entity(reference).ok_or(Refusal::Entity)?.to_owned(),
        };
        match self.open.last_mut() {
            Some(Open { rule: Rule { content: Content::Text(_), .. }, text, .. }) => {
                text.push_str(&decoded);
                Ok(())
            }
            open => Err(Refusal::Text { within: open.map_or("the document", |open| open.rule.name) }),
        }
    }

    fn end(&mut self) -> Result<(), Refusal> {
        // quick-xml has compared the name with that of the start tag.
        let Open { rule, seen, text } = self.open.pop().ok_or(Refusal::IllFormed)?;
        match &rule.content {
            Content::Children { list, .. } => {
                for (at, child) in list.iter().enumerate() {
                    if child.required && seen & (1 << at) == 0 {
                        return Err(Refusal::Missing { name: child.name, within: rule.name });
                    }
                }
                if rule.name == "s:Body" && self.operation.is_none() {
                    return Err(Refusal::Operations);
                }
            }
            Content::Text(TextRule::Any) => {}
            Content::Text(TextRule::Only(value)) if text == *value => {}
            Content::Text(TextRule::Only(_)) => return Err(Refusal::Text { within: rule.name }),
            Content::Text(TextRule::Mailbox) if self.mailbox.is(&text) => {}
            Content::Text(TextRule::Mailbox) => return Err(Refusal::AnotherMailbox { within: rule.name }),
        }
        push_escaped(&mut self.out, &text, false);
        self.out.push_str("</");
        self.out.push_str(rule.name);
        self.out.push('>');
        self.finished = self.open.is_empty();
        Ok(())
    }
}

impl Open {
    /// The rule of a child that begins now.
    fn child(&mut self, prefix: &str, local: &str) -> Result<&'static Rule, Refusal> {
        let within = self.rule.name;
        let refused = || Refusal::Element { name: printable(local), within };
        let Content::Children { in_order, list: children } = &self.rule.content else { return Err(refused()) };
        let named = |name: &str| name.split_once(':') == Some((prefix, local));
        let at = children.iter().position(|child| named(child.name)).ok_or_else(refused)?;
        let child = &children[at];
        if self.seen & (1 << at) != 0 && !child.many {
            return Err(Refusal::Repeated(child.name));
        }
        let later = u64::MAX << at & !(1 << at);
        if *in_order && self.seen & later != 0 {
            return Err(Refusal::Order { name: child.name, within });
        }
        for (before, earlier) in children[..at].iter().enumerate() {
            if earlier.required && self.seen & (1 << before) == 0 {
                return Err(Refusal::Missing { name: earlier.name, within });
            }
        }
        self.seen |= 1 << at;
        Ok(child.rule())
    }
}

/// Our prefix for a namespace of theirs; one that no line of the table has for any other.
fn prefix_of(namespace: ResolveResult<'_>) -> &'static str {
    match namespace {
        ResolveResult::Bound(Namespace(SOAP)) => "s",
        ResolveResult::Bound(Namespace(MESSAGES)) => "m",
        ResolveResult::Bound(Namespace(TYPES)) => "t",
        _ => "",
    }
}

/// Word by word: the library takes whatever looks like attributes for a declaration.
fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), Refusal> {
    let version = |word: &str| matches!(word, "version=\"1.0\"" | "version='1.0'");
    let encoding = |word: &str| {
        let word = word.to_ascii_lowercase();
        matches!(word.as_str(), "encoding=\"utf-8\"" | "encoding='utf-8'")
    };
    let words: Vec<_> = declaration.split(is_xml_space).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        ["xml", one] if version(one) => Ok(()),
        ["xml", one, two] if version(one) && encoding(two) => Ok(()),
        _ => Err(Refusal::Encoding),
    }
}

fn attribute_value(attribute: &Attribute<'_>) -> Result<String, Refusal> {
    // XML 1.0 section 3.1, "No < in Attribute Values".
    if attribute.value.contains('<') {
        return Err(Refusal::IllFormed);
    }
    let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| Refusal::Entity)?;
    if !value.chars().all(is_xml_char) {
        return Err(Refusal::Character);
    }
    Ok(value.into_owned())
}

/// XML 1.0 section 3.1: white space before each attribute, which the library does without.
fn is_spaced(mut raw: &str) -> bool {
    loop {
        let attribute = raw.trim_start_matches(is_xml_space);
        if attribute.is_empty() {
            return true;
        }
        let value = attribute.split_once('=').map(|(_, value)| value.trim_start_matches(is_xml_space));
        let rest = match value.unwrap_or_default().split_at_checked(1) {
            Some((quote @ ("\"" | "'"), value)) => value.split_once(quote).map(|(_, rest)| rest),
            _ => None,
        };
        match rest {
            Some(rest) if attribute.len() < raw.len() => raw = rest,
            _ => return false,
        }
    }
}

/// A prefix, in letters that every reader takes for a name.
fn is_name(prefix: &str) -> bool {
    prefix.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && prefix.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// A name that may stand in a log or an answer: EWS has none that are longer or stranger.
fn printable(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_')).take(60).collect()
}

/// XML 1.0 section 2.2, production `Char`.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// XML 1.0 section 2.3, production `S`. Not Unicode's white space.
fn is_xml_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Escapes so that every reader gets the same text back: a carriage return, and in an attribute any line break or
/// tab, would be normalised away if it stood there as itself (XML 1.0 sections 2.11 and 3.3.3).
fn push_escaped(out: &mut String, text: &str, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\n' if in_attribute => out.push_str("&#10;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            _ => out.push(c),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Encoding => write!(f, "the request must be XML 1.0 in UTF-8 without a byte order mark"),
            Refusal::Character => write!(f, "the request holds a character that XML 1.0 forbids"),
            Refusal::IllFormed => write!(f, "the request is not well-formed XML, or not whole"),
            Refusal::Construct(what) => write!(f, "the request holds {what}"),
            Refusal::Entity => write!(f, "the request refers to an entity that is not one of XML's five"),
            Refusal::Element { name, within } => write!(f, "the element {name} is not allowed in {within}"),
            Refusal::Repeated(name) => write!(f, "{name} may come only once"),
            Refusal::Order { name, within } => write!(f, "{name} comes too late in {within}"),
            Refusal::Missing { name, within } => write!(f, "{name} is missing in {within}, or comes too late"),
            Refusal::Attribute { name, on } => write!(f, "the attribute {name} is not allowed on {on}"),
            Refusal::AttributeValue { name, on } => write!(f, "this value of {name} on {on} is not allowed"),
            Refusal::Text { within } => write!(f, "this text is not allowed in {within}"),
            Refusal::AnotherMailbox { within } => write!(f, "{within} names another mailbox than the token"),
            Refusal::Operations => write!(f, "the SOAP body must hold one operation"),
            Refusal::TooDeep => write!(f, "the request is nested too deeply, or has too long a tag"),
        }
    }
}

impl std::error::Error for Refusal {}
