//! XML out of a tree of [`Element`]s, and small helpers to read roxmltree's nodes.

use std::borrow::Cow;
use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveTime};
use roxmltree::Node;

/// `http://schemas.microsoft.com/exchange/services/2006/types`, prefix `t:` in all that is written here.
pub const TYPES: &str = "http://schemas.microsoft.com/exchange/services/2006/types";
/// `http://schemas.microsoft.com/exchange/services/2006/messages`, prefix `m:`.
pub const MESSAGES: &str = "http://schemas.microsoft.com/exchange/services/2006/messages";
/// SOAP 1.1, prefix `s:`.
pub const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// One element with all that is in it. Names carry their prefix: `t:Subject`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    name: Cow<'static, str>,
    attributes: Vec<(Cow<'static, str>, String)>,
    content: Vec<Content>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Content {
    Element(Element),
    Text(String),
}

impl Element {
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Element { name: name.into(), attributes: Vec::new(), content: Vec::new() }
    }

    #[must_use]
    pub fn attribute(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.content.push(Content::Text(text.into()));
        self
    }

    #[must_use]
    pub fn child(mut self, child: Element) -> Self {
        self.content.push(Content::Element(child));
        self
    }

    #[must_use]
    pub fn children(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.content.extend(children.into_iter().map(Content::Element));
        self
    }

    /// This element as XML, without a declaration.
    pub fn to_xml(&self) -> String {
        let mut xml = String::new();
        self.write(&mut xml);
        xml
    }

    fn write(&self, xml: &mut String) {
        xml.push('<');
        xml.push_str(&self.name);
        for (name, value) in &self.attributes {
            xml.push(' ');
            xml.push_str(name);
            xml.push_str("=\"");
            escape(value, xml);
            xml.push('"');
        }
        if self.content.is_empty() {
            xml.push_str("/>");
            return;
        }
        xml.push('>');
        for content in &self.content {
            match content {
                Content::Element(element) => element.write(xml),
                Content::Text(text) => escape(text, xml),
            }
        }
        xml.push_str("</");
        xml.push_str(&self.name);
        xml.push('>');
    }
}

/// Escapes for text and attributes alike.
///
/// Characters that XML 1.0 forbids (§2.2) go out as character references, which no XML 1.0 reader needs to accept:
/// that is what Exchange does with what Outlook let into a subject (R01). A carriage return is referred to as well,
/// or the reader would take it for a line end (§2.11).
fn escape(text: &str, xml: &mut String) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\t' | '\n' => xml.push(character),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
                // Writing to a String cannot fail.
                let _ = write!(xml, "&#x{:X};", u32::from(character));
            }
            _ => xml.push(character),
        }
    }
}

/// The first child element with that local name.
pub fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// The element at the end of that path of local names.
pub fn descend<'a, 'input>(node: Node<'a, 'input>, path: &[&str]) -> Option<Node<'a, 'input>> {
    path.iter().try_fold(node, |node, name| child(node, name))
}

/// All child elements.
pub fn elements<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(|child| child.is_element())
}

/// The text inside an element, `""` for an empty one, however many pieces (CDATA, references) it was written in.
pub fn text(node: Node) -> String {
    node.children().filter_map(|child| if child.is_text() { child.text() } else { None }).collect()
}

/// The text of the child with that name.
pub fn child_text(node: Node, name: &str) -> Option<String> {
    child(node, name).map(text)
}

/// xs:date; its offset, if it has one, says nothing that the date does not.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let (date, offset) = text.trim().split_at_checked(10)?;
    let has_offset = |offset: &str| NaiveTime::parse_from_str(offset, "%H:%M").is_ok();
    let valid = matches!(offset, "" | "Z") || offset.strip_prefix(['+', '-']).is_some_and(has_offset);
    valid.then(|| date.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_and_without_an_offset() {
        let cases = [
            ("2027-03-01", true),
            ("2027-03-01Z", true),
            (" 2027-03-01+01:00 ", true),
            ("2027-03-01-08:00", true),
            ("2027-03-01T00:00:00", false),
            ("2027-02-30", false),
            ("2027-03-01+1", false),
            ("", false),
        ];
        for (text, is_date) in cases {
            assert_eq!(parse_date(text).is_some(), is_date, "{text}");
        }
    }

    #[test]
    fn text_and_attributes_are_escaped_alike() {
        let element = Element::new("t:Body").attribute("Name", "\"a\" & <b>").text("x < y & \"z\"\r\n");
        assert_eq!(
            element.to_xml(),
            "<t:Body Name=\"&quot;a&quot; &amp; &lt;b&gt;\">x &lt; y &amp; &quot;z&quot;&#xD;\n</t:Body>"
        );
    }

    #[test]
    fn forbidden_characters_leave_as_references_as_exchange_writes_them() {
        assert_eq!(Element::new("t:Subject").text("a\u{0}b\u{1a}").to_xml(), "<t:Subject>a&#x0;b&#x1A;</t:Subject>");
    }
}
