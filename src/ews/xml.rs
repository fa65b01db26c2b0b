//! The few helpers over quick-xml with which everything in `ews/` reads and writes.
//!
//! **Reading** is a walk: [`Document::root`] gives the first [`Element`], [`Element::child`] the next one inside it,
//! [`Element::text`] its text. No tree is built, names and plain texts are borrowed from the answer, and an element
//! that nobody walked into is skipped when it is dropped, so a reader names the elements it wants and forgets the rest:
//!
//! ```
//! use blikk_calendar_sync::ews::xml::Document;
//!
//! let mut document = Document::new("<t:Folder><t:Unheard><t:Of/></t:Unheard><t:Name>Å &amp; Ö</t:Name></t:Folder>");
//! let mut name = String::new();
//! if let Some(mut folder) = document.root() {
//!     while let Some(child) = folder.child() {
//!         if child.name() == "Name" {
//!             name = child.text().into_owned();
//!         }
//!     }
//! }
//! assert_eq!((name.as_str(), document.finish()), ("Å & Ö", Ok(())));
//! ```
//!
//! A walk has no error at each step: after the first [`Flaw`] there are simply no more children, and
//! [`Document::finish`] tells. Whoever forgets to ask is told by the compiler (`#[must_use]`).
//!
//! Names are compared without their namespace: servers and proxies differ in prefixes and even in the namespace's
//! address (`https:` for `http:` in recorded answers), and no two elements that we read share a local name.
//!
//! **Forbidden characters.** XML 1.0 knows no U+0000 and few other controls, not even escaped (§2.2, `Char`); Exchange
//! sends them all the same (`&#x0;`, `&#x1A;`, R01) and refuses whole requests that hold them. Both ways they are left
//! out: nobody sees them, and what is left out on both sides cannot look like an edit. Two of them were line breaks
//! in Outlook (vertical tab, form feed), so those become one.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::{BytesEnd, BytesStart, Event};
use quick_xml::name::QName;

/// Why a text could not be walked to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No XML, or tags that do not fit together; says where it was seen.
    NotXml(String),
    /// XML that ends in the middle.
    Truncated,
}

/// The bytes of an answer as text. UTF-8 as Exchange sends it, UTF-16 if a byte order mark says so; what is no
/// character becomes U+FFFD, because one broken letter is no reason to lose a batch.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        _ => str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed),
    }
}

/// A text that is being walked.
pub struct Document<'a> {
    reader: Reader<&'a [u8]>,
    flaw: Option<Flaw>,
}

impl<'a> Document<'a> {
    pub fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        // Done by `Element::close`, which also forgives what recorded answers hold: a blank in an element's name.
        config.check_end_names = false;
        Document { reader, flaw: None }
    }

    /// The outermost element. What follows it is not looked at.
    pub fn root(&mut self) -> Option<Element<'_, 'a>> {
        loop {
            match self.reader.read_event() {
                Ok(Event::Start(start)) => return Some(Element { document: self, start, open: true }),
                Ok(Event::Empty(start)) => return Some(Element { document: self, start, open: false }),
                Ok(Event::Text(text)) if text.trim_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).is_empty() => {}
                Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_)) => {}
                Ok(Event::Eof) => return self.fail(Flaw::NotXml("there is no element".into())),
                Ok(_) => return self.fail(Flaw::NotXml("there is text before the first element".into())),
                Err(error) => return self.fail(flaw_of(&error)),
            }
        }
    }

    /// Whether everything that was walked was XML.
    ///
    /// # Errors
    /// The first [`Flaw`]. What was read before it must not be used: it is not known to be whole.
    #[must_use = "a walk over broken XML looks like one over an empty element"]
    pub fn finish(self) -> Result<(), Flaw> {
        self.flaw.map_or(Ok(()), Err)
    }

    /// The next event inside an element; `None` after a flaw.
    fn next(&mut self) -> Option<Event<'a>> {
        if self.flaw.is_some() {
            return None;
        }
        match self.reader.read_event() {
            Ok(Event::Eof) => self.fail(Flaw::Truncated),
            Ok(event) => Some(event),
            Err(error) => self.fail(flaw_of(&error)),
        }
    }

    fn fail<T>(&mut self, flaw: Flaw) -> Option<T> {
        self.flaw.get_or_insert(flaw);
        None
    }

    /// Goes on to the end of the element whose start was just read.
    fn skip(&mut self, start: &BytesStart<'_>) {
        let mut depth = 0_usize;
        while let Some(event) = self.next() {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(end) if depth == 0 => return self.check_end(start, &end),
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
    }

    #[inline]
    fn check_end(&mut self, start: &BytesStart<'_>, end: &BytesEnd<'_>) {
        if end.name() != start.name() {
            self.check_odd_end(start, end);
        }
    }

    /// The end tag may repeat what in the start tag looked like attributes.
    #[cold]
    fn check_odd_end(&mut self, start: &BytesStart<'_>, end: &BytesEnd<'_>) {
        let (start, end) = (start.name(), end.name());
        let end = end.as_ref().split_ascii_whitespace().next().unwrap_or_default();
        if end != start.as_ref() {
            self.fail::<()>(Flaw::NotXml(format!("<{}> ends as </{end}>", start.as_ref())));
        }
    }
}

/// quick-xml calls everything that the text's end interrupted a syntax error.
fn flaw_of(error: &Error) -> Flaw {
    match error {
        Error::Syntax(_) => Flaw::Truncated,
        other => Flaw::NotXml(other.to_string()),
    }
}

/// An element that is being walked. Dropped early, it is skipped to its end.
pub struct Element<'d, 'a> {
    document: &'d mut Document<'a>,
    start: BytesStart<'a>,
    /// Its end was not read yet.
    open: bool,
}

impl<'a> Element<'_, 'a> {
    /// The local name.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// The attribute with that local name.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        let attributes = self.start.attributes().with_checks(false).flatten().find(|attribute| {
            let key: QName<'_> = attribute.key;
            key.local_name().as_ref() == name
        })?;
        Some(match attributes.value {
            Cow::Borrowed(value) => cleaned(unescaped(value)),
            Cow::Owned(value) => Cow::Owned(cleaned(unescaped(&value)).into_owned()),
        })
    }

    /// The next element inside this one.
    pub fn child(&mut self) -> Option<Element<'_, 'a>> {
        while self.open {
            match self.document.next() {
                Some(Event::Start(start)) => return Some(Element { document: self.document, start, open: true }),
                Some(Event::Empty(start)) => return Some(Element { document: self.document, start, open: false }),
                Some(Event::End(end)) => self.close(&end),
                Some(_) => {}
                None => self.open = false,
            }
        }
        None
    }

    /// The text inside, without that of inner elements. Line ends are `\n` (XML 1.0 §2.11).
    pub fn text(mut self) -> Cow<'a, str> {
        let mut text = Cow::Borrowed("");
        while self.open {
            match self.document.next() {
                Some(Event::Text(more)) => append(&mut text, more.xml10_content()),
                Some(Event::CData(more)) => append(&mut text, more.xml10_content()),
                Some(Event::GeneralRef(reference)) => resolve(&reference, text.to_mut()),
                Some(Event::Start(start)) => self.document.skip(&start),
                Some(Event::End(end)) => self.close(&end),
                Some(_) => {}
                None => self.open = false,
            }
        }
        cleaned(text)
    }

    fn close(&mut self, end: &BytesEnd<'_>) {
        self.open = false;
        self.document.check_end(&self.start, end);
    }
}

impl Drop for Element<'_, '_> {
    fn drop(&mut self) {
        if self.open {
            self.document.skip(&self.start);
        }
    }
}

fn append<'a>(text: &mut Cow<'a, str>, more: Cow<'a, str>) {
    if text.is_empty() { *text = more } else { text.to_mut().push_str(&more) }
}

/// An attribute's value with its references resolved.
fn unescaped(value: &str) -> Cow<'_, str> {
    let Some(first) = value.find('&') else { return Cow::Borrowed(value) };
    let mut text = String::with_capacity(value.len());
    let mut rest = &value[first..];
    text.push_str(&value[..first]);
    while let Some(after) = rest.strip_prefix('&') {
        let end = after.find(['&', ';']).filter(|&end| after.as_bytes()[end] == b';');
        rest = match end {
            Some(end) => {
                resolve(&after[..end], &mut text);
                &after[end + 1..]
            }
            None => {
                text.push('&');
                after
            }
        };
        let next = rest.find('&').unwrap_or(rest.len());
        text.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(text)
}

/// What stands between `&` and `;`. A reference to no character at all is left out, a name that nobody defined
/// (`&nbsp;`: a server that puts HTML where text belongs) is kept as it stands.
pub(super) fn resolve(reference: &str, text: &mut String) {
    let number = |number: &str| match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    match reference {
        "amp" => text.push('&'),
        "lt" => text.push('<'),
        "gt" => text.push('>'),
        "quot" => text.push('"'),
        "apos" => text.push('\''),
        _ => match reference.strip_prefix('#') {
            Some(digits) => text.extend(number(digits).ok().and_then(char::from_u32)),
            None => text.extend(["&", reference, ";"]),
        },
    }
}

/// The text without what XML 1.0 forbids; see the module's first page.
fn cleaned(text: Cow<'_, str>) -> Cow<'_, str> {
    // Without an early way out, so that the compiler makes it a few instructions per 16 bytes.
    let suspicious = text.bytes().fold(false, |found, byte| {
        found | ((byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r')) | (byte == 0xEF)
    });
    if suspicious { Cow::Owned(text.chars().filter_map(allowed).collect()) } else { text }
}

/// The character as XML 1.0 may hold it (§2.2).
pub(crate) fn allowed(character: char) -> Option<char> {
    match character {
        '\u{B}' | '\u{C}' => Some('\n'),
        '\t' | '\n' | '\r' => Some(character),
        '\0'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => None,
        _ => Some(character),
    }
}

/// Writes XML; every text and attribute is escaped here and nowhere else (R02).
///
/// By pushing strings, because nothing of what quick-xml's writer knows beyond that is needed, and it makes an event of
/// each tag first.
pub struct Writer {
    out: String,
}

impl Default for Writer {
    fn default() -> Self {
        Writer { out: String::with_capacity(4096) }
    }
}

impl Writer {
    /// `<?xml version="1.0" encoding="utf-8"?>`
    pub fn declaration(&mut self) {
        self.out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    }

    /// An element with other elements inside.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        self.start(name, attributes, ">");
        inside(self);
        self.end(name);
    }

    /// An element with text inside.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes, ">");
        escape(text, false, &mut self.out);
        self.end(name);
    }

    /// An element with nothing inside.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes, "/>");
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)], closing: &str) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            escape(value, true, &mut self.out);
            self.out.push('"');
        }
        self.out.push_str(closing);
    }

    fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

/// What a byte is to [`escape`]: 0 nothing, 1 special in an attribute, 2 special everywhere. A table:
/// comparing with each makes building a request a tenth slower.
const SPECIAL: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'&' | b'<' | b'>' | 0xEF => 2,
            b'"' | b'\t' | b'\n' => 1,
            0..b' ' => 2,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// Escapes what has a meaning in XML, and the white space that a reader would otherwise normalise away: a carriage
/// return everywhere (§2.11), tabs and line ends in attributes (§3.3.3).
fn escape(text: &str, in_attribute: bool, out: &mut String) {
    let least = if in_attribute { 1 } else { 2 };
    let is_special = |byte: u8| SPECIAL[usize::from(byte)] >= least;
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_special) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut characters = special.chars();
        match characters.next().and_then(allowed) {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            // Also so that no text can ever hold `]]>`.
            Some('>') => out.push_str("&gt;"),
            Some('"') => out.push_str("&quot;"),
            Some('\r') => out.push_str("&#xD;"),
            Some('\n') if in_attribute => out.push_str("&#xA;"),
            Some('\t') if in_attribute => out.push_str("&#x9;"),
            Some(other) => out.push(other),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "xml_tests.rs"]
mod tests;
