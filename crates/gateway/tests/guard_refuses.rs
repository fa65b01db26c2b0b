//! Every way around the guard that we could think of, and what it finds.

#[path = "support/samples.rs"]
mod samples;

use gateway::soap_guard::{Accepted, Refusal, check};
use gateway::token::Mailbox;
use samples::{MAILBOX, OTHER, envelope, get_folder};

fn guard(body: impl AsRef<[u8]>) -> Result<Accepted, Refusal> {
    check(body.as_ref(), &Mailbox::parse(MAILBOX).expect("an address"))
}

#[test]
fn the_mailbox_is_compared_without_case_and_without_anything_else() {
    let sid = |address: &str| envelope(address, samples::GET_ITEM);
    for same in ["anna.akesson@konsult.example", "Anna.Akesson@KONSULT.example", "anna&#46;akesson@konsult.example"] {
        assert!(guard(sid(same)).is_ok(), "{same}");
    }
    for other in [
        "",
        OTHER,
        " anna.akesson@konsult.example",
        "anna.akesson@konsult.example\n",
        "anna.akesson@konsult.example.evil.example",
        "smtp:anna.akesson@konsult.example",
        "anna.akesson@konsult.example;bo.ek@konsult.example",
        // The Kelvin sign folds to k in Unicode, and is another address.
        "anna.a\u{212a}esson@konsult.example",
        "anna.akesson@konsult.example\u{200b}",
    ] {
        assert_eq!(guard(sid(other)), Err(Refusal::AnotherMailbox { within: "t:PrimarySmtpAddress" }), "{other:?}");
    }
}

#[test]
fn another_mailbox_is_refused_wherever_it_stands() {
    let own = "<t:EmailAddress>anna.akesson@konsult.example</t:EmailAddress>";
    let theirs = format!("<t:EmailAddress>{OTHER}</t:EmailAddress>");
    for operation in [samples::SYNC_FOLDER_ITEMS, samples::CREATE_ITEM] {
        let request = envelope(MAILBOX, &operation.replace(own, &theirs));
        assert_eq!(guard(request), Err(Refusal::AnotherMailbox { within: "t:EmailAddress" }));
    }
    let both = envelope(MAILBOX, &samples::SYNC_FOLDER_ITEMS.replace(own, &format!("{own}{theirs}")));
    assert_eq!(guard(both), Err(Refusal::Repeated("t:EmailAddress")));
}

/// Each line: what is replaced in a good request, by what, and what the guard must find.
#[test]
fn attempts_to_smuggle_are_refused() {
    let address = format!("<t:PrimarySmtpAddress>{MAILBOX}</t:PrimarySmtpAddress>");
    let sid = format!("<t:ConnectingSID>{address}</t:ConnectingSID>");
    let header = format!("<t:ExchangeImpersonation>{sid}</t:ExchangeImpersonation>");
    let foreign = header.replace(MAILBOX, OTHER);
    let types = "http://schemas.microsoft.com/exchange/services/2006/types";
    let element = |name: &str, within| Refusal::Element { name: name.into(), within };
    let missing = |name, within| Refusal::Missing { name, within };
    let cases: Vec<(&str, String, String, Refusal)> = vec![
        ("no impersonation", header.clone(), String::new(), missing("t:ExchangeImpersonation", "s:Header")),
        (
            "two impersonations",
            header.clone(),
            format!("{header}{foreign}"),
            Refusal::Repeated("t:ExchangeImpersonation"),
        ),
        ("two of the same", header.clone(), format!("{header}{header}"), Refusal::Repeated("t:ExchangeImpersonation")),
        ("two SIDs", sid.clone(), format!("{sid}{sid}"), Refusal::Repeated("t:ConnectingSID")),
        ("two addresses", address.clone(), format!("{address}{address}"), Refusal::Repeated("t:PrimarySmtpAddress")),
        ("no address", address.clone(), String::new(), missing("t:PrimarySmtpAddress", "t:ConnectingSID")),
        ("no SID", sid.clone(), String::new(), missing("t:ConnectingSID", "t:ExchangeImpersonation")),
        ("by security id", address.clone(), "<t:SID>S-1-5-21</t:SID>".into(), element("SID", "t:ConnectingSID")),
        (
            "by principal",
            address.clone(),
            "<t:PrincipalName>bo</t:PrincipalName>".into(),
            element("PrincipalName", "t:ConnectingSID"),
        ),
        (
            "by other address",
            address.clone(),
            format!("{address}<t:SmtpAddress>{OTHER}</t:SmtpAddress>"),
            element("SmtpAddress", "t:ConnectingSID"),
        ),
        (
            "management role",
            header.clone(),
            format!(
                "{header}<t:ManagementRole><t:UserRoles><t:Role>LegalHold</t:Role></t:UserRoles></t:ManagementRole>"
            ),
            element("ManagementRole", "s:Header"),
        ),
        (
            "security context",
            header.clone(),
            format!("{header}<t:SerializedSecurityContext/>"),
            element("SerializedSecurityContext", "s:Header"),
        ),
        (
            "open as admin",
            header.clone(),
            format!("{header}<t:OpenAsAdminOrSystemService LogonType=\"Admin\">{sid}</t:OpenAsAdminOrSystemService>"),
            element("OpenAsAdminOrSystemService", "s:Header"),
        ),
        (
            "an address inside the address",
            address.clone(),
            format!("<t:PrimarySmtpAddress>{address}</t:PrimarySmtpAddress>"),
            element("PrimarySmtpAddress", "t:PrimarySmtpAddress"),
        ),
        (
            "header after the body",
            "</soap:Body>".into(),
            format!("</soap:Body><soap:Header>{foreign}</soap:Header>"),
            Refusal::Repeated("s:Header"),
        ),
        ("two bodies", "<soap:Body>".into(), "<soap:Body/><soap:Body>".into(), Refusal::Operations),
        (
            "header in the body",
            "<soap:Body>".into(),
            format!("<soap:Body><soap:Header>{foreign}</soap:Header>"),
            element("Header", "s:Body"),
        ),
        (
            "impersonation in the body",
            "<soap:Body>".into(),
            format!("<soap:Body>{foreign}"),
            element("ExchangeImpersonation", "s:Body"),
        ),
        (
            "an envelope in the body",
            "<soap:Body>".into(),
            "<soap:Body><soap:Envelope><soap:Body/></soap:Envelope>".into(),
            element("Envelope", "s:Body"),
        ),
        (
            "SOAP 1.2",
            "http://schemas.xmlsoap.org/soap/envelope/".into(),
            "http://www.w3.org/2003/05/soap-envelope".into(),
            element("Envelope", "the document"),
        ),
        (
            "address in no namespace",
            address.clone(),
            address.replace("t:", ""),
            element("PrimarySmtpAddress", "t:ConnectingSID"),
        ),
        (
            "address in another namespace",
            address.clone(),
            address.replace("t:PrimarySmtpAddress>a", "t:PrimarySmtpAddress xmlns:t=\"urn:x\">a"),
            element("PrimarySmtpAddress", "t:ConnectingSID"),
        ),
        (
            "address in messages",
            address.clone(),
            address.replace("t:", "m:"),
            element("PrimarySmtpAddress", "t:ConnectingSID"),
        ),
        (
            "an unbound prefix",
            address.clone(),
            address.replace("t:", "q:"),
            element("PrimarySmtpAddress", "t:ConnectingSID"),
        ),
        (
            "a namespace almost right",
            format!("xmlns:t=\"{types}\""),
            format!("xmlns:t=\"{types}/\""),
            element("RequestServerVersion", "s:Header"),
        ),
        (
            "a prefix bound twice",
            format!("xmlns:t=\"{types}\""),
            format!("xmlns:t=\"{types}\" xmlns:t=\"urn:x\""),
            Refusal::IllFormed,
        ),
        (
            "xml bound to another",
            format!("xmlns:t=\"{types}\""),
            format!("xmlns:t=\"{types}\" xmlns:xml=\"urn:x\""),
            Refusal::IllFormed,
        ),
        (
            "a comment in the address",
            address.clone(),
            address.replace('.', "<!-- -->."),
            Refusal::Construct("a comment"),
        ),
        (
            "CDATA in the address",
            address.clone(),
            address.replace(MAILBOX, &format!("<![CDATA[{MAILBOX}]]>")),
            Refusal::Construct("a CDATA section"),
        ),
        (
            "an instruction in the address",
            address.clone(),
            address.replace('.', "<?x?>."),
            Refusal::Construct("a processing instruction"),
        ),
        ("an entity in the address", address.clone(), address.replace(MAILBOX, "&who;"), Refusal::Entity),
        (
            "a nul in the address",
            address.clone(),
            address.replace(MAILBOX, &format!("{MAILBOX}&#0;")),
            Refusal::Character,
        ),
        (
            "a forbidden character",
            address.clone(),
            address.replace(MAILBOX, &format!("{MAILBOX}&#x1A;")),
            Refusal::Character,
        ),
        (
            "a signed reference",
            address.clone(),
            address.replace(MAILBOX, &format!("{MAILBOX}&#+46;")),
            Refusal::Character,
        ),
        (
            "a document type",
            "<soap:Envelope".into(),
            "<!DOCTYPE x [<!ENTITY who \"b\">]><soap:Envelope".into(),
            Refusal::Construct("a document type"),
        ),
        (
            "an external document type",
            "<soap:Envelope".into(),
            "<!DOCTYPE x SYSTEM \"http://evil.example/x\"><soap:Envelope".into(),
            Refusal::Construct("a document type"),
        ),
        (
            "a stylesheet",
            "<soap:Envelope".into(),
            "<?xml-stylesheet href=\"x\"?><soap:Envelope".into(),
            Refusal::Construct("a processing instruction"),
        ),
        (
            "a second declaration",
            "<soap:Envelope".into(),
            "<?xml version=\"1.0\"?><soap:Envelope".into(),
            Refusal::Construct("a processing instruction"),
        ),
        ("UTF-16 by declaration", "encoding=\"utf-8\"".into(), "encoding=\"utf-16\"".into(), Refusal::Encoding),
        ("UTF-7 by declaration", "encoding=\"utf-8\"".into(), "encoding=\"utf-7\"".into(), Refusal::Encoding),
        ("XML 1.1", "version=\"1.0\"".into(), "version=\"1.1\"".into(), Refusal::Encoding),
        ("standalone", "encoding=\"utf-8\"".into(), "encoding=\"utf-8\" standalone=\"yes\"".into(), Refusal::Encoding),
        (
            "must understand",
            "<t:ExchangeImpersonation>".into(),
            "<t:ExchangeImpersonation soap:mustUnderstand=\"0\">".into(),
            Refusal::Attribute { name: "soap:mustUnderstand".into(), on: "t:ExchangeImpersonation" },
        ),
        (
            "another type",
            "<t:ConnectingSID>".into(),
            "<t:ConnectingSID xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:type=\"t:X\">".into(),
            Refusal::Attribute { name: "i:type".into(), on: "t:ConnectingSID" },
        ),
        (
            "text beside the address",
            sid.clone(),
            format!("{OTHER}{sid}"),
            Refusal::Text { within: "t:ExchangeImpersonation" },
        ),
        ("a second document", "</soap:Envelope>".into(), "</soap:Envelope><x/>".into(), Refusal::IllFormed),
        (
            "text after the end",
            "</soap:Envelope>".into(),
            "</soap:Envelope>x".into(),
            Refusal::Text { within: "the document" },
        ),
        ("a missing end", "</soap:Envelope>".into(), String::new(), Refusal::IllFormed),
        (
            "crossed ends",
            "</soap:Body>\n</soap:Envelope>".into(),
            "</soap:Envelope></soap:Body>".into(),
            Refusal::IllFormed,
        ),
    ];
    for (what, from, to, expected) in cases {
        let good = get_folder(MAILBOX);
        assert!(good.contains(&from), "{what}: the sample has no {from}");
        assert_eq!(guard(good.replacen(&from, &to, 1)), Err(expected), "{what}");
    }
}

#[test]
fn what_is_not_utf8_without_a_mark_is_refused() {
    let good = get_folder(MAILBOX);
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark: Vec<u8> = [&[0xff, 0xfe], utf16.as_slice()].concat();
    assert_eq!(guard(format!("\u{feff}{good}")), Err(Refusal::Encoding));
    assert_eq!(guard(with_mark), Err(Refusal::Encoding));
    assert_eq!(guard(utf16), Err(Refusal::Character), "UTF-16 of plain letters is UTF-8 with nuls");
    assert_eq!(guard([good.as_bytes(), &[0xc3]].concat()), Err(Refusal::Encoding));
    assert_eq!(guard(good.replace("Default", "Def\u{1}ault")), Err(Refusal::Character));
    for empty in ["", " ", "{}", "<x/>", "POST / HTTP/1.1"] {
        assert!(guard(empty).is_err(), "{empty:?}");
    }
}

#[test]
fn what_comes_in_another_order_than_the_schemas_is_refused() {
    let order = |name, within| Refusal::Order { name, within };
    let subject = "<t:Subject>Veckomöte</t:Subject>";
    let recurrence =
        samples::CREATE_SERIES.split_once("<t:Recurrence>").and_then(|(_, rest)| rest.split_once("</t:Recurrence>"));
    let recurrence = format!("<t:Recurrence>{}</t:Recurrence>", recurrence.expect("a recurrence").0);
    let cases = [
        (samples::CREATE_SERIES.replace(subject, "").replace("<t:End>", &format!("{subject}<t:End>")), order("t:Subject", "t:CalendarItem")),
        (samples::CREATE_SERIES.replace(&recurrence, "").replace("<t:Start>", &format!("{recurrence}<t:Start>")), order("t:Start", "t:CalendarItem")),
        (samples::CREATE_SERIES.replace("<t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek>", "<t:Interval>1</t:Interval><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek><t:DaysOfWeek>Monday</t:DaysOfWeek>").replacen("<t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:Weekly", "</t:Weekly", 1), Refusal::Missing { name: "t:DaysOfWeek", within: "t:WeeklyRecurrence" }),
        (samples::FIND_FOLDER.replace("<m:FolderShape>", "<m:IndexedPageFolderView Offset=\"0\" BasePoint=\"Beginning\"/><m:FolderShape>"), Refusal::Missing { name: "m:FolderShape", within: "m:FindFolder" }),
        (samples::DELETE_ITEM.replace("<m:ItemIds>", "<m:ItemIds><t:OccurrenceItemId RecurringMasterId=\"a\"/>"), Refusal::Missing { name: "InstanceIndex", within: "t:OccurrenceItemId" }),
    ];
    for (operation, expected) in cases {
        assert_eq!(guard(envelope(MAILBOX, &operation)), Err(expected), "{operation}");
    }
}

#[test]
fn a_request_made_to_exhaust_is_refused_in_passing() {
    let (open, close) = ("<t:Not>".repeat(100_000), "</t:Not>".repeat(100_000));
    let deep = samples::FIND_ITEM_BY_MARKER
        .replace("<t:And>", &format!("{open}<t:And>"))
        .replace("</t:And>", &format!("</t:And>{close}"));
    assert_eq!(guard(envelope(MAILBOX, &deep)), Err(Refusal::TooDeep));

    let many: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    let wide = samples::GET_ITEM.replace("<m:GetItem", &format!("<m:GetItem{many}"));
    assert_eq!(guard(envelope(MAILBOX, &wide)), Err(Refusal::TooDeep));

    let many: String = (0..100_000).map(|n| format!(" xmlns:n{n}=\"urn:x\"")).collect();
    let bound = samples::GET_ITEM.replace("<m:GetItem", &format!("<m:GetItem{many}"));
    assert_eq!(guard(envelope(MAILBOX, &bound)), Err(Refusal::IllFormed));
}
