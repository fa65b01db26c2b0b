//! Both ways against Microsoft's schema: what a request must look like, and that our answers do.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::*;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/ews-schema");

fn refused(operation: &str) -> String {
    let exchange = server();
    let reply = send(&exchange, ANNA, operation);
    let body = String::from_utf8(reply.answer.body).expect("UTF-8");
    assert_eq!(reply.answer.status, 500, "{body}");
    assert_eq!(text(&body, "ResponseCode"), "ErrorSchemaValidation");
    text(&body, "Violation")
}

#[test]
fn elements_out_of_order_cost_the_whole_request() {
    let item = "<t:CalendarItem><t:Location>x</t:Location><t:Start>2027-03-01T08:00:00Z</t:Start></t:CalendarItem>";
    let violation = refused(&create_request(item));
    assert!(violation.contains("'CalendarItem' has invalid child element 'Start'"), "{violation}");
    let sync = sync_request("", 5).replace("<m:MaxChangesReturned>5</m:MaxChangesReturned>", "");
    let violation = refused(&sync);
    assert!(violation.contains("incomplete content") && violation.contains("MaxChangesReturned"), "{violation}");
    let early = "<m:MaxChangesReturned>5</m:MaxChangesReturned>";
    let sync = sync.replace("<m:SyncFolderId>", &format!("{early}<m:SyncFolderId>"));
    assert!(refused(&sync).contains("MaxChangesReturned"));
}

#[test]
fn unknown_elements_attributes_and_values_are_violations() {
    let with = |inside: &str| refused(&create_request(&format!("<t:CalendarItem>{inside}</t:CalendarItem>")));
    assert!(with("<t:Titel>x</t:Titel>").contains("Titel"));
    assert!(with("<t:Start>igår</t:Start>").contains("Start"));
    assert!(with("<t:IsAllDayEvent>ja</t:IsAllDayEvent>").contains("IsAllDayEvent"));
    assert!(with("<t:Sensitivity>Hemlig</t:Sensitivity>").contains("Hemlig"));
    assert!(with("<t:Body>utan sort</t:Body>").contains("BodyType"));
    assert!(with("<t:ReminderMinutesBeforeStart>-5</t:ReminderMinutesBeforeStart>").contains("-5"));
    assert!(refused(&create_request("<t:CalendarItem/>").replace("SendToNone", "SendToSome")).contains("SendToSome"));
    assert!(refused(&sync_request("", 513)).contains("513"));
    assert!(refused(&sync_request("", 5).replace("\"calendar\"", "\"kalendern\"")).contains("kalendern"));
    assert!(refused(&sync_request("", 5).replace("item:Subject", "item:Titel")).contains("FieldURI"));
}

/// Runs xmllint over one document; `None`: it is valid.
fn violations(schema: &Path, document: &str) -> Option<String> {
    let mut child = Command::new("xmllint")
        .args(["--noout", "--schema"])
        .arg(schema)
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("xmllint");
    child.stdin.take().expect("stdin").write_all(document.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("xmllint's verdict");
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Our answers to requests of every operation, errors included, each with a name.
fn answers() -> Vec<(&'static str, String)> {
    let exchange = server();
    let full = create(
        &exchange,
        ANNA,
        &format!(
            "<t:Subject>Budget &amp; fika</t:Subject><t:Body BodyType=\"HTML\">&lt;p&gt;Hej&lt;/p&gt;</t:Body>\
             <t:Categories><t:String>Kund</t:String></t:Categories>\
             <t:ExtendedProperty>{MARKER}<t:Value>länk-1</t:Value></t:ExtendedProperty>\
             <t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T09:30:00Z</t:End><t:Location>Rum Öresund</t:Location>\
             <t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>{BJORN}</t:EmailAddress></t:Mailbox></t:Attendee>\
             </t:RequiredAttendees><t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>\
             <t:NoEndRecurrence><t:StartDate>2027-03-01</t:StartDate></t:NoEndRecurrence></t:Recurrence>"
        ),
    );
    let bare = create(&exchange, ANNA, "");
    let gone = create(&exchange, ANNA, "");
    let master = create(&exchange, ANNA, &series("Serie", MONDAYS, &times(5)));
    let exception =
        update_request("AlwaysOverwrite", &nth(&master, 2), &set_field("item:Subject", "<t:Subject>y</t:Subject>"));
    ask(&exchange, ANNA, &exception);
    ask(&exchange, ANNA, &delete_request(&nth(&master, 3)));
    let of_series = format!("{}{}{}{}", master.xml(), nth(&master, 1), nth(&master, 2), nth(&master, 3));
    let view = "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>\
                <m:CalendarView StartDate=\"2027-03-01T00:00:00Z\" EndDate=\"2027-04-01T00:00:00Z\"/>\
                <m:ParentFolderIds><t:DistinguishedFolderId Id=\"calendar\"/></m:ParentFolderIds></m:FindItem>";
    let folder = "<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:FolderIds>\
                  <t:DistinguishedFolderId Id=\"calendar\"/><t:DistinguishedFolderId Id=\"root\"/><t:DistinguishedFolderId Id=\"inbox\"/></m:FolderIds></m:GetFolder>";
    let shape = format!(
        "{ALL}<t:AdditionalProperties><t:FieldURI FieldURI=\"item:TextBody\"/><t:FieldURI FieldURI=\"calendar:EnhancedLocation\"/>\
         <t:FieldURI FieldURI=\"item:WebClientEditFormQueryString\"/>{MARKER}</t:AdditionalProperties>"
    );
    let meeting = serde_json::json!({ "title": "Möte", "onlineUrl": "https://x.example/?a&b", "attachments": ["a.pdf"],
        "organizer": { "email": "kund@kund.example" }, "cancelled": true });
    let (_, meeting) = json(&exchange, "POST", &format!("/people/{ANNA}/events"), &meeting);
    let meeting = Id { id: meeting["id"].as_str().expect("an id").into(), change_key: String::new() };
    let folders = "<m:FindFolder Traversal=\"Deep\"><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>\
                   <m:ParentFolderIds><t:DistinguishedFolderId Id=\"root\"/></m:ParentFolderIds></m:FindFolder>";
    let make = "<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id=\"calendar\"/></m:ParentFolderId><m:Folders>\
                <t:CalendarFolder><t:DisplayName>Blikk</t:DisplayName></t:CalendarFolder><t:CalendarFolder/></m:Folders></m:CreateFolder>";
    let find = "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>\
                <m:ParentFolderIds><t:DistinguishedFolderId Id=\"calendar\"/><t:FolderId Id=\"AAMk\"/></m:ParentFolderIds></m:FindItem>";
    let bad_item = "<t:CalendarItem><t:StartTimeZone Id=\"Ingenstans\"/></t:CalendarItem>";
    let rename = set_field("item:Subject", "<t:Subject>y</t:Subject>");
    let read_only = set_field("calendar:IsMeeting", "<t:IsMeeting>true</t:IsMeeting>");
    let state = text(&ask(&exchange, ANNA, &sync_request("", 512)), "SyncState");
    let everything = sync_request("", 512).replace("IdOnly", "AllProperties");
    let answered = |name, operation: &str| (name, ask(&exchange, ANNA, operation));
    let create = create_request(&format!("<t:CalendarItem/>{bad_item}"));
    vec![
        answered("GetFolder", folder),
        ("GetItem", get(&exchange, ANNA, &shape, &[&full, &bare])),
        answered("CreateFolder", make),
        answered("FindFolder", folders),
        ("GetItem of a meeting", get(&exchange, ANNA, ALL, &[&meeting])),
        answered("FindItem", find),
        answered("GetServerTimeZones", "<m:GetServerTimeZones ReturnFullTimeZoneData=\"true\"/>"),
        answered("FindItem in a calendar view", view),
        ("GetItem of a series", get_by(&exchange, ANNA, &of_series)),
        answered("CreateItem", &create),
        answered("UpdateItem", &update_request("NeverOverwrite", &bare.xml(), &rename)),
        answered("UpdateItem refused", &update_request("NeverOverwrite", &bare.xml(), &rename)),
        answered(
            "UpdateItem of a field that cannot be written",
            &update_request("AlwaysOverwrite", &full.xml(), &read_only),
        ),
        answered("SyncFolderItems from the beginning", &everything),
        answered("DeleteItem", &delete_request(&format!("{}{}", gone.xml(), gone.xml()))),
        answered("SyncFolderItems of changes", &sync_request(&state, 512)),
        answered("SyncFolderItems with garbage", &sync_request("skräp", 512)),
        ("GetItem of nothing", get(&exchange, ANNA, ALL, &[&gone])),
    ]
}

#[test]
fn our_answers_are_valid_by_microsofts_schema() {
    let schema = Path::new(SCHEMA).join("soap.xsd");
    let name = "our_answers_are_valid_by_microsofts_schema";
    if !schema.exists() {
        println!("skipped: {name} because shared/ is not here");
        return;
    }
    if Command::new("xmllint").arg("--version").stderr(Stdio::null()).status().is_err() {
        println!("skipped: {name} because xmllint is not installed");
        return;
    }
    for (name, answer) in answers() {
        if let Some(violations) = violations(&schema, &answer) {
            panic!("{name}:\n{violations}\n{answer}");
        }
    }
    faults_are_soap_faults_with_what_the_schema_allows_in_them(&schema);
}

/// The wrapper around Microsoft's schema knows no soap:Fault, so what stands inside is checked by itself: the code is
/// one of ResponseCodeType.
fn faults_are_soap_faults_with_what_the_schema_allows_in_them(schema: &Path) {
    let exchange = server();
    exchange.allow_impersonation(false);
    let denied = String::from_utf8(send(&exchange, ANNA, &sync_request("", 5)).answer.body).expect("UTF-8");
    exchange.allow_impersonation(true);
    let invalid = String::from_utf8(send(&exchange, ANNA, &sync_request("", 0)).answer.body).expect("UTF-8");
    for fault in [denied, invalid] {
        let document = roxmltree::Document::parse(&fault).expect("well-formed");
        let order: Vec<&str> = document
            .descendants()
            .find(|node| node.has_tag_name(("http://schemas.xmlsoap.org/soap/envelope/", "Fault")))
            .expect("a fault")
            .children()
            .map(|child| child.tag_name().name())
            .collect();
        // https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383507
        assert_eq!(order, ["faultcode", "faultstring", "detail"]);
        let as_message = format!(
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><m:DeleteItemResponse \
             xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\"><m:ResponseMessages>\
             <m:DeleteItemResponseMessage ResponseClass=\"Error\"><m:ResponseCode>{}</m:ResponseCode>\
             </m:DeleteItemResponseMessage></m:ResponseMessages></m:DeleteItemResponse></s:Body></s:Envelope>",
            text(&fault, "ResponseCode")
        );
        assert_eq!(violations(schema, &as_message), None);
    }
}
