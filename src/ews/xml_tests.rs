//! XML read and written, case by case.

use super::*;
use proptest::prelude::*;

/// The root's attribute `a`, the texts of its children, and how the walk ended.
fn walk(text: &str) -> (Option<String>, Vec<String>, Result<(), Flaw>) {
    let mut document = Document::new(text);
    let (mut attribute, mut texts) = (None, Vec::new());
    if let Some(mut root) = document.root() {
        attribute = root.attribute("a").map(Cow::into_owned);
        while let Some(child) = root.child() {
            texts.push(child.text().into_owned());
        }
    }
    (attribute, texts, document.finish())
}

fn written(attribute: &str, text: &str) -> String {
    let mut xml = Writer::default();
    xml.element("r", &[("a", attribute)], |xml| xml.text("t", &[], text));
    String::from_utf8(xml.into_bytes()).unwrap()
}

#[test]
fn a_text_is_read_as_it_was_meant() {
    #[rustfmt::skip]
    let cases = [
        ("<r><x>plain</x></r>",                             "plain"),
        ("<r><x/></r>",                                     ""),
        ("<r><x>a &amp; b &lt;&gt;&quot;&apos;</x></r>",    "a & b <>\"'"),
        ("<r><x>&#xE5;&#228;&#x1F600;</x></r>",             "åä😀"),
        ("<r><x><![CDATA[<b>&amp;]]> c</x></r>",            "<b>&amp; c"),
        ("<r><x>one<!-- not this --> two</x></r>",          "one two"),
        ("<r><x>one\r\ntwo&#xD;\nthree</x></r>",            "one\ntwo\r\nthree"),
        ("<r><x>own <inner>not <deep/> this</inner>text</x></r>", "own text"),
        ("<r><x>Q&A &nbsp; &;</x></r>",                     "Q&A &nbsp; &;"),
        ("\u{FEFF}<?xml version=\"1.0\"?>\n<r><x>bom</x></r>", "bom"),
    ];
    for (xml, expected) in cases {
        assert_eq!(walk(xml), (None, vec![expected.to_owned()], Ok(())), "{xml}");
    }
}

#[test]
fn r01_forbidden_characters_lose_nothing_but_themselves() {
    #[rustfmt::skip]
    let cases = [
        ("a&#x0;b",          "ab"),
        ("a&#x1A;b&#26;",    "ab"),
        ("a\u{1}b\u{1F}",    "ab"),
        ("a&#xFFFF;\u{FFFE}", "a"),
        ("a&#xD800;b",       "ab"),
        ("a&#x110000;b",     "ab"),
        ("a&#99999999999;b", "ab"),
        ("row&#xB;row\u{C}", "row\nrow\n"),
        ("keeps \u{FFFD}\t", "keeps \u{FFFD}\t"),
    ];
    for (text, expected) in cases {
        let xml = format!("<r a=\"{text}\"><x>{text}</x><x>next</x></r>");
        let expected = (Some(expected.to_owned()), vec![expected.to_owned(), "next".to_owned()], Ok(()));
        assert_eq!(walk(&xml), expected, "{text:?}");
    }
}

#[test]
fn elements_that_nobody_wants_are_skipped_whatever_they_hold() {
    let mut document = Document::new("<r><x><y>1</y><x><x/></x></x><z>2</z></r>");
    let mut root = document.root().unwrap();
    assert_eq!(root.child().unwrap().name(), "x");
    assert_eq!(root.child().unwrap().text(), "2");
    assert!(root.child().is_none());
    drop(root);
    assert_eq!(document.finish(), Ok(()));
}

#[test]
fn what_is_wrong_with_a_text_is_told_apart() {
    let not_xml = |text: &str| matches!(walk(text).2, Err(Flaw::NotXml(_)));
    for text in ["", " \n", "Service Unavailable", "{\"error\":1}", "<r><x></y></r>", "PNG\r\n<r/>"] {
        assert!(not_xml(text), "{text:?}");
    }
    let whole = "<?xml version=\"1.0\"?><r a=\"1\"><x>text &amp; <![CDATA[x]]><!-- c --></x><y/></r>";
    assert_eq!(walk(whole).2, Ok(()));
    for end in (1..whole.len()).filter(|&end| end != "<?xml version=\"1.0\"?>".len()) {
        assert_eq!(walk(&whole[..end]).2, Err(Flaw::Truncated), "{}", &whole[..end]);
    }
}

#[test]
fn a_recorded_element_name_with_blanks_in_it_is_forgiven() {
    assert_eq!(walk("<t:r x.y z><t:a>1</t:a></t:r x.y z>"), (None, vec!["1".to_owned()], Ok(())));
}

#[test]
fn bytes_become_text_in_every_encoding_that_a_server_has_sent() {
    let utf16 = |unit: fn(u16) -> [u8; 2]| "\u{FEFF}<å/>".encode_utf16().flat_map(unit).collect::<Vec<_>>();
    assert_eq!(decode("<å/>".as_bytes()), "<å/>");
    assert_eq!(decode(&utf16(u16::to_le_bytes)), "<å/>");
    assert_eq!(decode(&utf16(u16::to_be_bytes)), "<å/>");
    assert_eq!(decode(b"<x>\xE5</x>"), "<x>\u{FFFD}</x>");
}

#[test]
fn r02_every_text_and_attribute_is_escaped() {
    let nasty = "å \"ä\" 'ö' <&> ]]> \r\n\t😀\0\u{1A}";
    assert_eq!(
        written(nasty, nasty),
        "<r a=\"å &quot;ä&quot; 'ö' &lt;&amp;&gt; ]]&gt; &#xD;&#xA;&#x9;😀\">\
         <t>å \"ä\" 'ö' &lt;&amp;&gt; ]]&gt; &#xD;\n\t😀</t></r>"
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_but_for_forbidden_characters(attribute: String, text: String) {
        let clean = |text: &str| text.chars().filter_map(allowed).collect::<String>();
        let xml = written(&attribute, &text);
        prop_assert_eq!(walk(&xml), (Some(clean(&attribute)), vec![clean(&text)], Ok(())));
        prop_assert!(roxmltree::Document::parse(&xml).is_ok());
    }

    #[test]
    fn no_bytes_at_all_can_stop_the_walk(bytes: Vec<u8>, text in "[<>/&;#xa!\\[\\]\"'= -]{0,60}") {
        let _ = walk(&decode(&bytes));
        let _ = walk(&text);
    }
}
