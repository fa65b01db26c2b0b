//! What may not be asked, however well it is written: other operations, other folders, other fields, and mail.

#[path = "support/samples.rs"]
mod samples;

use gateway::soap_guard::{Accepted, Refusal, check};
use gateway::token::Mailbox;
use samples::{MAILBOX, OTHER, envelope, get_folder};

fn guard(body: impl AsRef<[u8]>) -> Result<Accepted, Refusal> {
    check(body.as_ref(), &Mailbox::parse(MAILBOX).expect("an address"))
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
fn no_other_version_of_the_protocol_is_spoken() {
    for version in
        ["", "Exchange2007", "Exchange2007_SP1", "Exchange2013_SP1", "V2018_01_08", "exchange2013", "Exchange2016 "]
    {
        let request = get_folder(MAILBOX).replace("\"Exchange2013\"", &format!("\"{version}\""));
        let expected = Refusal::AttributeValue { name: "Version", on: "t:RequestServerVersion" };
        assert_eq!(guard(request), Err(expected), "{version:?}");
    }
}
