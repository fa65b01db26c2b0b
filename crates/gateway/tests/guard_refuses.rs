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
fn operations_that_are_not_on_the_list_are_refused() {
    for name in [
        "GetUserAvailabilityRequest",
        "SendItem",
        "MoveItem",
        "CopyItem",
        "GetAttachment",
        "CreateAttachment",
        "ResolveNames",
        "ExpandDL",
        "GetDelegate",
        "AddDelegate",
        "UpdateInboxRules",
        "UpdateFolder",
        "MoveFolder",
        "CopyFolder",
        "SyncFolderHierarchy",
        "GetSharingFolder",
        "CreateManagedFolder",
        "DeleteFolder",
        "EmptyFolder",
        "Subscribe",
        "GetStreamingEvents",
        "GetUserConfiguration",
        "ConvertId",
        "ExportItems",
        "UploadItems",
        "MarkAllItemsAsRead",
        "ArchiveItem",
        "SearchMailboxes",
        "getitem",
    ] {
        let expected = Refusal::Element { name: name.into(), within: "s:Body" };
        assert_eq!(guard(envelope(MAILBOX, &format!("<m:{name}/>"))), Err(expected), "{name}");
    }
    let two = format!("{}{}", samples::GET_ITEM, samples::DELETE_ITEM);
    assert_eq!(guard(envelope(MAILBOX, &two)), Err(Refusal::Operations));
    let twice = format!("{0}{0}", samples::GET_ITEM);
    assert_eq!(guard(envelope(MAILBOX, &twice)), Err(Refusal::Repeated("m:GetItem")));
    assert_eq!(guard(envelope(MAILBOX, "")), Err(Refusal::Operations));
    assert_eq!(
        guard(envelope(MAILBOX, &samples::GET_ITEM.replace("m:", "t:"))),
        Err(Refusal::Element { name: "GetItem".into(), within: "s:Body" })
    );
}

/// R16. Every write says SendToNone, whatever it writes, and there is no word for an attendee.
#[test]
fn r16_nobody_gets_mail() {
    let value = |name, on| Refusal::AttributeValue { name, on };
    let (invitations, changes, cancellations) =
        ("SendMeetingInvitations", "SendMeetingInvitationsOrCancellations", "SendMeetingCancellations");
    let mut cases = Vec::new();
    for mailing in [
        "SendOnlyToAll",
        "SendToAllAndSaveCopy",
        "SendOnlyToChanged",
        "SendToChangedAndSaveCopy",
        "sendtonone",
        "SendToNone ",
    ] {
        cases.push((samples::CREATE_ITEM.replace("SendToNone", mailing), value(invitations, "m:CreateItem")));
        cases.push((samples::UPDATE_ITEM.replace("SendToNone", mailing), value(changes, "m:UpdateItem")));
        cases.push((samples::DELETE_ITEM.replace("SendToNone", mailing), value(cancellations, "m:DeleteItem")));
        cases.push((samples::UPDATE_OCCURRENCE.replace("SendToNone", mailing), value(changes, "m:UpdateItem")));
        cases.push((samples::DELETE_OCCURRENCE.replace("SendToNone", mailing), value(cancellations, "m:DeleteItem")));
        cases.push((samples::CREATE_SERIES.replace("SendToNone", mailing), value(invitations, "m:CreateItem")));
    }
    for mailing in ["SendOnly", "SendAndSaveCopy"] {
        cases.push((samples::CREATE_ITEM.replace("SaveOnly", mailing), value("MessageDisposition", "m:CreateItem")));
        cases.push((samples::UPDATE_ITEM.replace("SaveOnly", mailing), value("MessageDisposition", "m:UpdateItem")));
    }
    let missing = |name, within| Refusal::Missing { name, within };
    cases.push((
        samples::CREATE_ITEM.replace(" SendMeetingInvitations=\"SendToNone\"", ""),
        missing(invitations, "m:CreateItem"),
    ));
    cases.push((
        samples::UPDATE_ITEM.replace(" SendMeetingInvitationsOrCancellations=\"SendToNone\"", ""),
        missing(changes, "m:UpdateItem"),
    ));
    cases.push((
        samples::DELETE_ITEM.replace(" SendMeetingCancellations=\"SendToNone\"", ""),
        missing(cancellations, "m:DeleteItem"),
    ));
    cases.push((
        samples::DELETE_ITEM
            .replace("<m:DeleteItem ", "<m:DeleteItem SendMeetingCancellations=\"SendToAllAndSaveCopy\" "),
        value(cancellations, "m:DeleteItem"),
    ));
    cases.push((
        samples::DELETE_ITEM.replace("<m:DeleteItem ", "<m:DeleteItem SendMeetingCancellations=\"SendToNone\" "),
        Refusal::IllFormed,
    ));
    for (operation, expected) in cases {
        assert_eq!(guard(envelope(MAILBOX, &operation)), Err(expected), "{operation}");
    }
}

#[test]
fn nothing_is_created_but_a_calendar_item_of_ones_own() {
    for kind in [
        "Item",
        "Message",
        "SharingMessage",
        "Contact",
        "DistributionList",
        "MeetingRequest",
        "MeetingCancellation",
        "Task",
        "PostItem",
        "ReplyToItem",
        "ForwardItem",
        "AcceptItem",
        "DeclineItem",
        "CancelCalendarItem",
        "RemoveItem",
        "SuppressReadReceipt",
        "AcceptSharingInvitation",
    ] {
        let operation = format!(
            "<m:CreateItem SendMeetingInvitations=\"SendToNone\"><m:Items><t:{kind}/></m:Items></m:CreateItem>"
        );
        let expected = Refusal::Element { name: kind.into(), within: "m:Items" };
        assert_eq!(guard(envelope(MAILBOX, &operation)), Err(expected), "{kind}");
    }
    let attendee =
        "<t:Attendee><t:Mailbox><t:EmailAddress>bo.ek@konsult.example</t:EmailAddress></t:Mailbox></t:Attendee>";
    for (name, inner) in [
        ("RequiredAttendees", attendee),
        ("OptionalAttendees", attendee),
        ("Resources", attendee),
        ("Organizer", ""),
        ("MimeContent", "QkVHSU46"),
        ("Attachments", ""),
        ("ItemClass", "IPM.Note"),
        ("ParentFolderId", ""),
        ("ItemId", ""),
        ("InternetMessageHeaders", ""),
        ("InboxReminders", ""),
        ("IsMeeting", "true"),
        ("MyResponseType", "Accept"),
    ] {
        let property = format!("<t:{name}>{inner}</t:{name}>");
        let expected = Refusal::Element { name: name.into(), within: "t:CalendarItem" };
        let create = samples::CREATE_SERIES.replace("<t:Start>", &format!("{property}<t:Start>"));
        assert_eq!(guard(envelope(MAILBOX, &create)), Err(expected.clone()), "{name}");
        let update = samples::UPDATE_ITEM.replace("<t:Start>", &format!("{property}<t:Start>"));
        assert_eq!(guard(envelope(MAILBOX, &update)), Err(expected), "{name}");
    }
    let disguised = samples::CREATE_SERIES.replace(
        "<t:CalendarItem>",
        "<t:CalendarItem xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"t:MeetingRequestMessageType\">",
    );
    let expected = Refusal::Attribute { name: "xsi:type".into(), on: "t:CalendarItem" };
    assert_eq!(guard(envelope(MAILBOX, &disguised)), Err(expected));
}

#[test]
fn an_update_touches_only_what_a_person_writes_in_an_appointment() {
    let field = |name, on| Refusal::AttributeValue { name, on };
    let attribute = |name: &str| Refusal::Attribute { name: name.into(), on: "t:ExtendedFieldURI" };
    let element = |name: &str, within| Refusal::Element { name: name.into(), within };
    let uri = "FieldURI FieldURI=\"calendar:Location\"";
    let cases = [
        ("delete attendees", uri, "FieldURI FieldURI=\"calendar:RequiredAttendees\"", field("FieldURI", "t:FieldURI")),
        ("delete resources", uri, "FieldURI FieldURI=\"calendar:Resources\"", field("FieldURI", "t:FieldURI")),
        (
            "a property by tag",
            uri,
            "ExtendedFieldURI PropertyTag=\"0x0c1a\" PropertyType=\"String\"",
            attribute("PropertyTag"),
        ),
        (
            "a property by number",
            uri,
            "ExtendedFieldURI DistinguishedPropertySetId=\"Appointment\" PropertyId=\"33303\" PropertyType=\"Integer\"",
            attribute("DistinguishedPropertySetId"),
        ),
        (
            "by number in a set by id",
            uri,
            "ExtendedFieldURI PropertySetId=\"00062002-0000-0000-c000-000000000046\" PropertyId=\"33303\" PropertyType=\"Integer\"",
            field("PropertySetId", "t:ExtendedFieldURI"),
        ),
        (
            "by number in our own set",
            uri,
            "ExtendedFieldURI PropertySetId=\"6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4\" PropertyId=\"33303\" PropertyType=\"Integer\"",
            attribute("PropertyId"),
        ),
        (
            "a header of internet mail",
            uri,
            "ExtendedFieldURI PropertySetId=\"00020386-0000-0000-c000-000000000046\" PropertyName=\"to\" PropertyType=\"String\"",
            field("PropertySetId", "t:ExtendedFieldURI"),
        ),
        (
            "an indexed property",
            uri,
            "IndexedFieldURI FieldURI=\"item:InternetMessageHeader\" FieldIndex=\"To\"",
            element("IndexedFieldURI", "t:DeleteItemField"),
        ),
        ("an appended property", "t:DeleteItemField", "t:AppendToItemField", element("AppendToItemField", "t:Updates")),
        (
            "a message's property",
            "<t:CalendarItem><t:Start>2027-03-02T09:00:00Z</t:Start></t:CalendarItem>",
            "<t:Message/>",
            element("Message", "t:SetItemField"),
        ),
        (
            "only a field, no item",
            "<t:CalendarItem><t:Start>2027-03-02T09:00:00Z</t:Start></t:CalendarItem>",
            "",
            Refusal::Missing { name: "t:CalendarItem", within: "t:SetItemField" },
        ),
    ];
    for (what, from, to, expected) in cases {
        assert_eq!(guard(envelope(MAILBOX, &samples::UPDATE_ITEM.replace(from, to))), Err(expected), "{what}");
    }
}

#[test]
fn other_folders_than_the_calendar_are_out_of_reach() {
    for folder in
        ["inbox", "sentitems", "contacts", "msgfolderroot", "root", "publicfoldersroot", "archiveroot", "Calendar"]
    {
        let operation = samples::FIND_ITEM_BY_MARKER.replace("Id=\"calendar\"", &format!("Id=\"{folder}\""));
        let expected = Refusal::AttributeValue { name: "Id", on: "t:DistinguishedFolderId" };
        assert_eq!(guard(envelope(MAILBOX, &operation)), Err(expected), "{folder}");
    }
    let root = samples::GET_FOLDER.replace("Id=\"calendar\"", "Id=\"msgfolderroot\"");
    let expected = Refusal::AttributeValue { name: "Id", on: "t:DistinguishedFolderId" };
    assert_eq!(guard(envelope(MAILBOX, &root)), Err(expected), "the root is for looking below, not for reading");
    let others = "<t:ExtendedFieldURI PropertyTag=\"0x36d8\" PropertyType=\"BinaryArray\"/></t:AdditionalProperties>";
    for operation in [samples::GET_FOLDER, samples::FIND_FOLDER] {
        let telling = operation.replace("</t:AdditionalProperties>", others);
        let expected = Refusal::Element { name: "ExtendedFieldURI".into(), within: "t:AdditionalProperties" };
        assert_eq!(guard(envelope(MAILBOX, &telling)), Err(expected), "the entry ids of other folders");
    }
    let list = samples::SYNC_FOLDER_ITEMS_NEXT.replace("t:FolderId ", "t:AddressListId ");
    let expected = Refusal::Element { name: "AddressListId".into(), within: "m:SyncFolderId" };
    assert_eq!(guard(envelope(MAILBOX, &list)), Err(expected));
    for traversal in ["Associated", "SoftDeleted", "Deep"] {
        let operation = samples::FIND_ITEM_IN_VIEW.replace("Shallow", traversal);
        let expected = Refusal::AttributeValue { name: "Traversal", on: "m:FindItem" };
        assert_eq!(guard(envelope(MAILBOX, &operation)), Err(expected), "{traversal}");
    }
}

/// FindFolder without its restriction would tell the id of the inbox, with which GetItem and the rest would read it.
#[test]
fn only_calendars_are_listed_and_only_a_bare_calendar_is_made() {
    let element = |name: &str, within| Refusal::Element { name: name.into(), within };
    let value = |name, on| Refusal::AttributeValue { name, on };
    let missing = |name, within| Refusal::Missing { name, within };
    let (find, create) = (samples::FIND_FOLDER, samples::CREATE_FOLDER);
    let own = "<t:EmailAddress>anna.akesson@konsult.example</t:EmailAddress>";
    let theirs = format!("<t:EmailAddress>{OTHER}</t:EmailAddress>");
    let another = Refusal::AnotherMailbox { within: "t:EmailAddress" };
    let (restriction, rest) = find.split_once("<m:Restriction>").expect("a restriction");
    let unrestricted = format!("{restriction}{}", rest.split_once("</m:Restriction>").expect("its end").1);
    let root = "<t:DistinguishedFolderId Id=\"msgfolderroot\">";
    let cases = [
        (unrestricted, missing("m:Restriction", "m:FindFolder")),
        (find.replace("IPF.Appointment", "IPF.Note"), value("Value", "t:Constant")),
        (find.replace("IPF.Appointment", ""), value("Value", "t:Constant")),
        (
            find.replace("\"folder:FolderClass\"/><t:FieldURIOr", "\"folder:DisplayName\"/><t:FieldURIOr"),
            value("FieldURI", "t:FieldURI"),
        ),
        (find.replace("t:IsEqualTo>", "t:IsNotEqualTo>"), element("IsNotEqualTo", "m:Restriction")),
        (
            find.replace("<t:Constant Value=\"IPF.Appointment\"/>", "<t:FieldURI FieldURI=\"folder:FolderClass\"/>"),
            element("FieldURI", "t:FieldURIOrConstant"),
        ),
        (
            find.replace("<m:Restriction>", "<m:Restriction><t:Not>")
                .replace("</m:Restriction>", "</t:Not></m:Restriction>"),
            element("Not", "m:Restriction"),
        ),
        (find.replace("msgfolderroot", "publicfoldersroot"), value("Id", "t:DistinguishedFolderId")),
        (find.replace("msgfolderroot", "calendar"), value("Id", "t:DistinguishedFolderId")),
        (find.replace(root, &format!("<t:FolderId Id=\"AAMk\"/>{root}")), element("FolderId", "m:ParentFolderIds")),
        (find.replace("Deep", "SoftDeleted"), value("Traversal", "m:FindFolder")),
        (find.replace(own, &theirs), another.clone()),
        (create.replace(own, &theirs), another),
        (create.replace("msgfolderroot", "inbox"), value("Id", "t:DistinguishedFolderId")),
        (create.replace("t:CalendarFolder>", "t:Folder>"), element("Folder", "m:Folders")),
        (create.replace("t:CalendarFolder>", "t:SearchFolder>"), element("SearchFolder", "m:Folders")),
        (create.replace("IPF.Appointment", "IPF.Note"), Refusal::Text { within: "t:FolderClass" }),
        (
            create.replace("</t:DisplayName>", "</t:DisplayName><t:PermissionSet/>"),
            element("PermissionSet", "t:CalendarFolder"),
        ),
        (create.replace("<t:DisplayName>Blikk</t:DisplayName>", ""), missing("t:DisplayName", "t:CalendarFolder")),
    ];
    for (operation, expected) in cases {
        assert_eq!(guard(envelope(MAILBOX, &operation)), Err(expected), "{operation}");
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
fn no_other_version_of_the_protocol_is_spoken() {
    for version in
        ["", "Exchange2007", "Exchange2007_SP1", "Exchange2013_SP1", "V2018_01_08", "exchange2013", "Exchange2016 "]
    {
        let request = get_folder(MAILBOX).replace("\"Exchange2013\"", &format!("\"{version}\""));
        let expected = Refusal::AttributeValue { name: "Version", on: "t:RequestServerVersion" };
        assert_eq!(guard(request), Err(expected), "{version:?}");
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
