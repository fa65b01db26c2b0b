//! The guard against requests that nobody wrote by hand: random bytes, random XML, and good requests bent at random.
//!
//! Whatever it accepts is judged by an independent reader (roxmltree's DOM): it must name no other mailbox than the
//! token's, in what came in and in what goes out, and both must say the same.

#[path = "support/samples.rs"]
mod samples;
#[path = "support/tree.rs"]
mod tree;

use gateway::soap_guard::check;
use gateway::token::Mailbox;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use samples::{MAILBOX, OTHER};

/// What an attacker would try to get in between, and what chance would not find.
const FRAGMENTS: &[&str] = &[
    OTHER,
    MAILBOX,
    "<t:PrimarySmtpAddress>bo.ek@konsult.example</t:PrimarySmtpAddress>",
    "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>bo.ek@konsult.example</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>",
    "<t:Mailbox><t:EmailAddress>bo.ek@konsult.example</t:EmailAddress></t:Mailbox>",
    "<t:SmtpAddress>bo.ek@konsult.example</t:SmtpAddress>",
    "<t:DistinguishedFolderId Id=\"inbox\"/>",
    "<t:DistinguishedFolderId Id=\"msgfolderroot\"/>",
    "<t:Attendee/>",
    "<t:RequiredAttendees/>",
    " SendMeetingInvitations=\"SendToAllAndSaveCopy\"",
    "SendToAllAndSaveCopy",
    "SendToNone",
    "<m:SendItem/>",
    "IPF.Note",
    "<soap:Header>",
    "</soap:Header>",
    "<soap:Body>",
    "</soap:Body>",
    "</t:PrimarySmtpAddress>",
    "<!-- -->",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x y?>",
    "<!DOCTYPE x [<!ENTITY e \"bo\">]>",
    "&e;",
    "&#98;",
    "&#x0;",
    "&#13;",
    "&amp;",
    "&lt;/t:EmailAddress>",
    "\r\n",
    "\t",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    " xmlns:t=\"urn:x\"",
    " xmlns=\"http://schemas.microsoft.com/exchange/services/2006/types\"",
    " xmlns:soap=\"\"",
    " Id='a' ",
    " =\"\"",
    "\"",
    "'",
    "<",
    ">",
    "&",
    "/",
    " ",
    "xml",
];

#[derive(Clone, Debug)]
enum Bend {
    Insert(Index, &'static str),
    InsertAny(Index, String),
    Remove(Index, usize),
    Copy(Index, Index, usize),
    ReplaceChar(Index, char),
}

fn bends() -> impl Strategy<Value = Vec<Bend>> {
    let one = prop_oneof![
        4 => (any::<Index>(), select(FRAGMENTS)).prop_map(|(at, what)| Bend::Insert(at, what)),
        1 => (any::<Index>(), "\\PC{0,6}").prop_map(|(at, what)| Bend::InsertAny(at, what)),
        2 => (any::<Index>(), 1..60_usize).prop_map(|(at, length)| Bend::Remove(at, length)),
        2 => (any::<Index>(), any::<Index>(), 1..200_usize).prop_map(|(from, to, length)| Bend::Copy(from, to, length)),
        1 => (any::<Index>(), any::<char>()).prop_map(|(at, c)| Bend::ReplaceChar(at, c)),
    ];
    prop::collection::vec(one, 1..4)
}

fn bent(text: &str, bends: &[Bend]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for bend in bends {
        let at = |index: &Index| index.index(text.len() + 1);
        match bend {
            Bend::Insert(index, what) => drop(text.splice(at(index)..at(index), what.chars())),
            Bend::InsertAny(index, what) => drop(text.splice(at(index)..at(index), what.chars())),
            Bend::Remove(index, length) => drop(text.drain(at(index)..(at(index) + length).min(text.len()))),
            Bend::Copy(from, to, length) => {
                let piece = text[at(from)..(at(from) + length).min(text.len())].to_vec();
                drop(text.splice(at(to)..at(to), piece));
            }
            Bend::ReplaceChar(index, c) => {
                let at = index.index(text.len().max(1));
                if let Some(place) = text.get_mut(at) {
                    *place = *c;
                }
            }
        }
    }
    text.into_iter().collect()
}

/// What must hold for every text.
fn judge(text: &str) -> Result<bool, TestCaseError> {
    let Ok(accepted) = check(text.as_bytes(), &Mailbox::parse(MAILBOX).expect("an address")) else { return Ok(false) };
    for (what, xml) in [("came in", text), ("goes out", &accepted.envelope)] {
        let named = tree::mailboxes(xml);
        let named = named.map_err(|error| TestCaseError::fail(format!("accepted, but not XML ({what}): {error}")))?;
        prop_assert!(!named.is_empty(), "nobody is impersonated in what {}", what);
        prop_assert!(named.iter().all(|one| one.eq_ignore_ascii_case(MAILBOX)), "{} names {:?}", what, named);
        let forbidden = tree::forbidden(xml).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(forbidden.is_empty(), "{} could {:?}", what, forbidden);
    }
    prop_assert_eq!(tree::of(text), tree::of(&accepted.envelope));
    Ok(true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_bent_request_is_refused_or_harmless(request in select(samples::all()), bends in bends()) {
        judge(&bent(&request.1, &bends))?;
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let refused = check(&bytes, &Mailbox::parse(MAILBOX).expect("an address"));
        prop_assert!(refused.is_err());
    }

    #[test]
    fn anything_like_xml_is_survived(pieces in prop::collection::vec(select(FRAGMENTS), 0..20)) {
        judge(&samples::envelope(MAILBOX, &pieces.concat()))?;
        judge(&pieces.concat())?;
    }

    /// R02
    #[test]
    fn r02_any_text_in_an_attribute_arrives_as_it_is(value in "\\PC*[\t\r\n]?\\PC*") {
        let mut escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        for (plain, reference) in [("\t", "&#9;"), ("\r", "&#xD;"), ("\n", "&#10;")] {
            escaped = escaped.replace(plain, reference);
        }
        let request = samples::envelope(MAILBOX, &samples::FIND_ITEM_BY_MARKER.replace("5f0c&lt;1&gt;", &escaped));
        prop_assert!(judge(&request)?, "{:?} was refused", value);
    }

    /// R02
    #[test]
    fn r02_any_text_in_a_subject_arrives_as_it_is(subject in "\\PC*[\t\r\n]?\\PC*") {
        let escaped = subject.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;");
        let item = samples::CREATE_SERIES.replace("Veckomöte", &escaped);
        let request = samples::envelope(MAILBOX, &item);
        prop_assert!(judge(&request)?, "{:?} was refused", subject);
    }
}
