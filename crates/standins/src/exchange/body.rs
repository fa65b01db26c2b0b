//! Bodies: kept as they were written, shown as text or HTML as a client asks.
//!
//! Exchange converts both ways, and neither way is a round trip: text comes back with CRLF line ends and one more at
//! the end, HTML comes back in a frame of its own (scenario 10).

/// How a body was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Html,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "Text",
            Kind::Html => "HTML",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub kind: Kind,
    pub content: String,
}

impl Body {
    pub fn html(content: impl Into<String>) -> Self {
        Body { kind: Kind::Html, content: content.into() }
    }

    /// What Outlook (or Outlook on the web) saves when a person types `text`: a paragraph of HTML per line.
    pub fn typed_in_outlook(text: &str) -> Self {
        let lines: String = text
            .lines()
            .map(|line| {
                let shown = if line.is_empty() { "&nbsp;".to_owned() } else { escape(line) };
                format!("<p class=\"MsoNormal\"><span lang=\"SV\">{shown}<o:p></o:p></span></p>\r\n")
            })
            .collect();
        Body::html(framed(&format!("<div class=\"WordSection1\">\r\n{lines}</div>")))
    }

    /// As BodyType Text shows it.
    pub fn as_text(&self) -> String {
        let text = match self.kind {
            Kind::Text => with_crlf(&self.content),
            Kind::Html => with_crlf(html_to_text(&self.content).trim_matches('\n')),
        };
        if text.is_empty() || text.ends_with("\r\n") { text } else { text + "\r\n" }
    }

    /// As BodyType HTML shows it.
    pub fn as_html(&self) -> String {
        match self.kind {
            Kind::Html if self.content.to_ascii_lowercase().contains("<html") => normalised(&self.content),
            Kind::Html => framed(&self.content),
            Kind::Text => {
                let lines = escape(&self.content).replace("\r\n", "\n").replace('\n', "<br>\r\n");
                framed(&format!(
                    "<font size=\"2\"><span style=\"font-size:11pt;\"><div class=\"PlainText\">{lines}</div></span></font>"
                ))
            }
        }
    }
}

/// What Exchange makes of a whole HTML document: it says in its head in which encoding it is, and has CRLF line ends.
/// A client that expects its own HTML back would write it again and again (scenario 10).
fn normalised(html: &str) -> String {
    const META: &str = "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">";
    let lower = html.to_ascii_lowercase();
    let end_of = |tag: &str| lower.find(tag).and_then(|start| Some(start + lower[start..].find('>')? + 1));
    let html = match (lower.contains("http-equiv=\"content-type\""), end_of("<head"), end_of("<html")) {
        (true, ..) | (false, None, None) => html.to_owned(),
        (false, Some(place), _) => format!("{}\r\n{META}{}", &html[..place], &html[place..]),
        (false, None, Some(place)) => {
            format!("{}\r\n<head>\r\n{META}\r\n</head>\r\n{}", &html[..place], &html[place..])
        }
    };
    with_crlf(&html)
}

fn framed(inner: &str) -> String {
    format!(
        "<html>\r\n<head>\r\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\r\n\
         <meta name=\"Generator\" content=\"Microsoft Exchange Server\">\r\n</head>\r\n<body>\r\n{inner}\r\n\
         </body>\r\n</html>\r\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

/// The words of an HTML body: paragraphs and breaks are line ends, other tags and what stands in head, style and
/// script are left out, blank space runs together.
fn html_to_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        append_words(&mut text, &rest[..start]);
        let tag_and_rest = &rest[start..];
        let Some(end) = tag_and_rest.find('>') else { return text };
        let tag = tag_and_rest[1..end].to_ascii_lowercase();
        rest = &tag_and_rest[end + 1..];
        let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/' || *c == '!').collect();
        match name.as_str() {
            "br" | "br/" => text.push('\n'),
            "/p" | "/div" | "/li" | "/tr" | "/h1" | "/h2" | "/h3" if !text.is_empty() && !text.ends_with('\n') => {
                text.push('\n');
            }
            "head" | "style" | "script" | "title" => {
                let closing = format!("</{name}");
                let inside = rest.to_ascii_lowercase().find(&closing).unwrap_or(rest.len());
                rest = &rest[inside..];
            }
            _ => {}
        }
    }
    append_words(&mut text, rest);
    text
}

fn append_words(text: &mut String, html: &str) {
    let mut pending_space = html.starts_with(|c: char| c.is_ascii_whitespace());
    let mut words = html.split_ascii_whitespace().peekable();
    while let Some(word) = words.next() {
        if pending_space && !text.is_empty() && !text.ends_with(['\n', ' ']) {
            text.push(' ');
        }
        // A line of nothing but a hard space is how Word writes an empty line.
        match unescape(word).as_str() {
            "\u{a0}" => text.push('\n'),
            word => text.push_str(&word.replace('\u{a0}', " ")),
        }
        pending_space = words.peek().is_some() || html.ends_with(|c: char| c.is_ascii_whitespace());
    }
    if pending_space && !text.is_empty() && !text.ends_with(['\n', ' ']) {
        text.push(' ');
    }
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let reference = rest.find(';').and_then(|end| Some((character(&rest[1..end])?, end)));
        match reference {
            Some((character, end)) => {
                plain.push(character);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain + rest
}

fn character(reference: &str) -> Option<char> {
    Some(match reference {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "aring" => 'å',
        "auml" => 'ä',
        "ouml" => 'ö',
        "Aring" => 'Å',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "eacute" => 'é',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content: &str) -> Body {
        Body { kind: Kind::Text, content: content.to_owned() }
    }

    #[test]
    fn text_comes_back_with_crlf_and_one_more_line_end() {
        assert_eq!(text("Rad 1\nRad 2").as_text(), "Rad 1\r\nRad 2\r\n");
        assert_eq!(text("Rad 1\r\n").as_text(), "Rad 1\r\n");
        assert_eq!(text("").as_text(), "");
    }

    #[test]
    fn what_is_typed_in_outlook_reads_as_the_same_lines() {
        let typed = "Dagordning:\n- läget & <läckan>\n\nTa med kaffe ☕";
        let body = Body::typed_in_outlook(typed);
        assert!(body.content.contains("MsoNormal"));
        assert_eq!(body.as_text(), "Dagordning:\r\n- läget & <läckan>\r\n\r\nTa med kaffe ☕\r\n");
    }

    #[test]
    fn html_loses_its_tags_its_head_and_its_references() {
        let html = "<html><head><style>p {color: red}</style></head><body><p>Sm&ouml;rg&aring;s&nbsp;t&#229;rta</p>\
                    <div>fr&#xE5;n <b>Gunnel</b><br/>\n & co</div></body></html>";
        assert_eq!(Body::html(html).as_text(), "Smörgås tårta\r\nfrån Gunnel\r\n& co\r\n");
    }

    #[test]
    fn text_asked_for_as_html_is_framed_and_escaped() {
        let html = text("a < b\nc").as_html();
        assert!(html.starts_with("<html>") && html.contains("a &lt; b<br>\r\nc"), "{html}");
    }

    #[test]
    fn a_whole_document_gets_its_encoding_said_once() {
        let cases = [
            "<html><body>\n<p>Hej</p></body></html>",
            "<HTML><HEAD><title>x</title></HEAD><body>\n<p>Hej</p></body></HTML>",
            "<html><header-less><body>\n<p>Hej</p></body></html>",
        ];
        for html in cases {
            let once = Body::html(html).as_html();
            assert!(once.contains("charset=utf-8") && once.contains("<body>\r\n<p>Hej"), "{once}");
            assert_eq!(Body::html(once.clone()).as_html(), once);
        }
    }

    #[test]
    fn broken_html_is_shown_as_far_as_it_goes() {
        assert_eq!(Body::html("hej <b").as_text(), "hej \r\n");
        assert_eq!(Body::html("R&D && <p>x").as_text(), "R&D && x\r\n");
    }
}
