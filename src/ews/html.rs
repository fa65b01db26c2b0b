//! HTML bodies as text.
//!
//! We ask Exchange for text, but not every server converts, and Outlook writes HTML. What Blikk shows is the words and
//! their lines; the form stays in Exchange, where it is written over only when somebody edits the *words* in Blikk
//! (scenario 10: a body that is merely laid out otherwise is no edit).
//!
//! It is a walk over tags, not a browser: blocks begin lines, what is not for reading is left out, and anything odd is
//! taken for text. No input is an error, and none takes longer than its length.

use std::borrow::Cow;

use crate::ews::xml::resolve;

/// The text that a person sees.
///
/// ```
/// use blikk_calendar_sync::ews::html::to_text;
///
/// let body = "<html><head><style>p { margin: 0 }</style></head><body><p>Agenda<p>&nbsp;<ul><li>R&aring;d &amp; d&aring;d</ul>";
/// assert_eq!(to_text(body), "Agenda\n\n• Råd & dåd");
/// ```
pub fn to_text(html: &str) -> String {
    let mut page = Page::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        page.write(&rest[..at]);
        rest = match Tag::at(&rest[at..]) {
            Some((tag, after)) => page.turn(&tag, after),
            None => {
                page.write("<");
                &rest[at + 1..]
            }
        };
    }
    page.write(rest);
    page.finish()
}

/// `<name …>`, `</name>`, `<!-- … -->`.
struct Tag<'a> {
    /// As written; compared without regard to case.
    name: &'a str,
    is_end: bool,
    inside: &'a str,
}

impl<'a> Tag<'a> {
    /// The tag at the beginning of `text`, and what follows it; `None` where a `<` is only that.
    fn at(text: &'a str) -> Option<(Self, &'a str)> {
        let inner = text.strip_prefix('<')?;
        if let Some(comment) = inner.strip_prefix("!--") {
            let after = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            return Some((Tag { name: "!", is_end: false, inside: "" }, after));
        }
        let (is_end, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        if !inner.starts_with(|first: char| first.is_ascii_alphabetic() || first == '!' || first == '?') {
            return None;
        }
        // Without its end it is a tag that was cut off: nothing of it is for reading.
        let end = end_of_tag(inner);
        let (inside, after) = (&inner[..end], inner.get(end + 1..).unwrap_or_default());
        let name = inside.split(|c: char| c.is_ascii_whitespace() || c == '/').next().unwrap_or_default();
        Some((Tag { name, is_end, inside }, after))
    }

    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }

    /// Where a link leads, if to the web.
    fn href(&self) -> Option<Cow<'a, str>> {
        let at = self.inside.as_bytes().windows(5).position(|word| word.eq_ignore_ascii_case(b"href="))?;
        let value = &self.inside[at + 5..];
        let url = match value.strip_prefix(['"', '\'']) {
            Some(quoted) => quoted.split(['"', '\'']).next()?,
            None => value.split_ascii_whitespace().next()?,
        };
        url.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http")).then(|| plain(url))
    }
}

/// Where the tag's `>` is; not one inside of quotes.
fn end_of_tag(inner: &str) -> usize {
    let mut quote = None;
    for (at, byte) in inner.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that nobody closed: then the first `>` it is.
    inner.find('>').unwrap_or(inner.len())
}

#[derive(Default)]
struct Page {
    text: String,
    /// White space was seen, and stands before the next word unless a line begins there.
    space: bool,
    /// Inside `<pre>`, white space is itself.
    pre: usize,
    /// Where the open link leads, and where its text begins.
    link: Option<(String, usize)>,
}

/// Begin a line of their own.
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "tr",
    "blockquote",
    "pre",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "body",
];

/// Hold nothing for reading.
const UNREAD: [&str; 5] = ["style", "script", "title", "template", "xml"];

impl Page {
    /// Takes in a tag; what is left to read after it.
    fn turn<'a>(&mut self, tag: &Tag<'a>, after: &'a str) -> &'a str {
        if tag.is(&UNREAD) && !tag.is_end {
            return after_end_of(tag.name, after);
        }
        if tag.is(&["br"]) {
            self.end_line();
        } else if tag.is(&BLOCKS) {
            self.begin_line(tag.is_end && tag.is(&["p"]));
            if tag.is(&["li"]) && !tag.is_end {
                self.text.push_str("• ");
            }
            if tag.is(&["pre"]) {
                self.pre = if tag.is_end { self.pre.saturating_sub(1) } else { self.pre + 1 };
            }
        } else if tag.is(&["td", "th"]) {
            self.space = true;
        } else if tag.is(&["a"]) {
            self.end_link();
            self.link = tag.href().filter(|_| !tag.is_end).map(|url| (url.into_owned(), self.text.len()));
        }
        after
    }

    fn write(&mut self, text: &str) {
        let text = plain(text);
        if self.pre > 0 {
            self.text.push_str(&text);
            return;
        }
        for character in text.chars() {
            if matches!(character, ' ' | '\t' | '\n' | '\r') {
                self.space = true;
                continue;
            }
            if std::mem::take(&mut self.space) && !self.text.is_empty() && !self.text.ends_with(['\n', ' ']) {
                self.text.push(' ');
            }
            self.text.push(character);
        }
    }

    fn end_line(&mut self) {
        self.text.push('\n');
        self.space = false;
    }

    /// `is_kept`: the line counts even with nothing on it. An empty paragraph, which holds a no-break space, is how
    /// Outlook writes an empty line.
    fn begin_line(&mut self, is_kept: bool) {
        let is_at_beginning = self.text.is_empty() || self.text.ends_with('\n');
        if !is_at_beginning || (is_kept && self.text.ends_with('\u{A0}')) {
            self.text.push('\n');
        }
        self.space = false;
    }

    /// A link whose text is not its address says that too.
    fn end_link(&mut self) {
        let Some((url, from)) = self.link.take() else { return };
        if self.text.get(from..).is_some_and(|text| text.trim() != url && !text.trim().is_empty()) {
            self.text.extend([" <", &url, ">"]);
        }
    }

    fn finish(mut self) -> String {
        self.end_link();
        let lines = self.text.split('\n').map(|line| line.replace('\u{A0}', " ").trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    }
}

/// What follows `</name>`; nothing where it never ends.
fn after_end_of<'a>(name: &str, text: &'a str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)) {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

/// Text with its references resolved.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // No name is longer than that.
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end {
            Some(end) => {
                let name = &rest[..end];
                match NAMED.iter().find(|(known, _)| *known == name) {
                    Some((_, character)) => out.push(*character),
                    None => resolve(name, &mut out),
                }
                rest = &rest[end + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The names that stand in the bodies of calendars in the north of Europe; others are kept as they are written.
const NAMED: [(&str, char); 24] = [
    ("nbsp", '\u{A0}'),
    ("aring", 'å'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("Aring", 'Å'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("eacute", 'é'),
    ("Eacute", 'É'),
    ("uuml", 'ü'),
    ("Uuml", 'Ü'),
    ("oslash", 'ø'),
    ("Oslash", 'Ø'),
    ("aelig", 'æ'),
    ("AElig", 'Æ'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("bull", '•'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("euro", '€'),
];

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_body_reads_as_a_person_sees_it() {
        #[rustfmt::skip]
        let cases = [
            ("Bara text",                                              "Bara text"),
            ("en  rad\r\n bruten",                                     "en rad bruten"),
            ("rad 1<br>rad 2<BR/>rad 3",                               "rad 1\nrad 2\nrad 3"),
            ("<p class=MsoNormal>Hej<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p>Anna</p>", "Hej\n\nAnna"),
            ("<div>a</div><div><br></div><div>b</div>",                "a\n\nb"),
            ("<ul><li>ett</li><li>två</li></ul>slut",                  "• ett\n• två\nslut"),
            ("<table><tr><td>Tid</td><td>09:00</td></tr><tr><td>Rum</td></tr></table>", "Tid 09:00\nRum"),
            ("f&ouml;r &amp; emot &lt;b&gt; &#229;&#xE4; &okänd;",     "för & emot <b> åä &okänd;"),
            ("<style>p{}</style><script>if (a < b) alert('<p>')</script>x<!-- dold -->y", "xy"),
            ("<a href=\"https://moete.example/j?a=1&amp;b=2\">Anslut</a> nu", "Anslut <https://moete.example/j?a=1&b=2> nu"),
            ("<a href='https://x.example'>https://x.example</a>",      "https://x.example"),
            ("<a href='javascript:alert(1)'>klick</a>",                "klick"),
            ("<pre>a  b\n  c</pre>",                                   "a  b\n  c"),
            ("1 < 2 och 3 > 2",                                        "1 < 2 och 3 > 2"),
            ("<img alt=\"a>b\" src=x>efter",                           "efter"),
            ("avbruten <a href=\"x",                                   "avbruten"),
            ("<style>aldrig slut",                                     ""),
        ];
        for (html, text) in cases {
            assert_eq!(to_text(html), text, "{html}");
        }
    }

    proptest! {
        #[test]
        fn no_body_breaks_the_reader(html in "(<[a-z/!]{0,6}|>|&[a-z#0-9]{0,4};?|\\PC|['\" \n]|href=|--){0,60}") {
            to_text(&html);
        }

        #[test]
        fn text_that_a_server_wrapped_in_paragraphs_comes_back_line_by_line(lines in proptest::collection::vec("[a-zåäö0-9]([a-zåäö0-9 ]{0,10}[a-zåäö0-9])?", 1..6)) {
            let html: String = lines.iter().map(|line| format!("<p>{line}</p>\r\n")).collect();
            let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
            let expected: Vec<String> = lines.iter().map(|line| words(line)).collect();
            prop_assert_eq!(to_text(&format!("<html><body>{html}</body></html>")), expected.join("\n"));
        }
    }
}
