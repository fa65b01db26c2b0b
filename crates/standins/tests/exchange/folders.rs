//! Calendars beside the one that everybody has.

use serde_json::{Value, json as value};
use standins::exchange::Exchange;

use crate::support::*;

const TOP: &str = "<t:DistinguishedFolderId Id=\"msgfolderroot\"/>";
const CALENDAR: &str = "<t:DistinguishedFolderId Id=\"calendar\"/>";

fn create_folder(exchange: &Exchange, parent: &str, folder: &str) -> String {
    let create = format!(
        "<m:CreateFolder><m:ParentFolderId>{parent}</m:ParentFolderId><m:Folders>{folder}</m:Folders></m:CreateFolder>"
    );
    ask(exchange, ANNA, &create)
}

fn named(name: &str) -> String {
    format!("<t:CalendarFolder><t:DisplayName>{name}</t:DisplayName></t:CalendarFolder>")
}

fn find_folders(exchange: &Exchange, traversal: &str, parent: &str, more: &str) -> String {
    let find = format!(
        "<m:FindFolder Traversal=\"{traversal}\"><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>\
         {more}<m:ParentFolderIds>{parent}</m:ParentFolderIds></m:FindFolder>"
    );
    ask(exchange, ANNA, &find)
}

/// A calendar "Blikk" below the first one, as the element that names it.
fn with_blikk(exchange: &Exchange) -> String {
    let answer = create_folder(exchange, CALENDAR, &named("Blikk"));
    assert_eq!(codes(&answer), ["NoError"], "{answer}");
    format!("<t:FolderId Id=\"{}\"/>", attributes(&answer, "FolderId", "Id").remove(0))
}

#[test]
fn calendars_are_made_and_found_again() {
    let exchange = server();
    with_blikk(&exchange);
    assert_eq!(codes(&create_folder(&exchange, TOP, &named("Privat"))), ["NoError"]);
    let names = |traversal, parent, more: &str| texts(&find_folders(&exchange, traversal, parent, more), "DisplayName");
    assert_eq!(names("Shallow", TOP, ""), ["Kalender", "Privat"]);
    assert_eq!(names("Deep", TOP, ""), ["Kalender", "Blikk", "Privat"]);
    assert_eq!(names("Shallow", CALENDAR, ""), ["Blikk"]);
    let class = "<m:Restriction><t:IsEqualTo><t:FieldURI FieldURI=\"folder:FolderClass\"/><t:FieldURIOrConstant>\
                 <t:Constant Value=\"IPF.Appointment\"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>";
    let root = "<t:DistinguishedFolderId Id=\"root\"/>";
    assert_eq!(names("Deep", root, class), ["Kalender", "Blikk", "Privat"]);
    let page = "<m:IndexedPageFolderView MaxEntriesReturned=\"1\" Offset=\"1\" BasePoint=\"Beginning\"/>";
    assert_eq!(names("Shallow", TOP, page), ["Privat"]);
    let all = find_folders(&exchange, "Shallow", TOP, page);
    assert_eq!(attributes(&all, "RootFolder", "TotalItemsInView"), ["2"]);
    assert_eq!(texts(&all, "FolderClass"), ["IPF.Appointment"]);
}

#[test]
fn folders_that_cannot_be_made_are_told_why() {
    let exchange = server();
    with_blikk(&exchange);
    let folder = |class: &str| {
        format!("<t:Folder><t:FolderClass>{class}</t:FolderClass><t:DisplayName>Ny</t:DisplayName></t:Folder>")
    };
    let odd =
        "<t:CalendarFolder><t:FolderClass>IPF.Note</t:FolderClass><t:DisplayName>Ny</t:DisplayName></t:CalendarFolder>";
    #[rustfmt::skip]
    let cases = [
        (CALENDAR, named("blikk"), "ErrorFolderExists"),
        (TOP, named("Blikk"), "NoError"),
        (CALENDAR, "<t:CalendarFolder/>".to_owned(), "ErrorFolderSavePropertyError"),
        (CALENDAR, folder("IPF.Appointment"), "NoError"),
        (CALENDAR, folder("IPF.Note"), "ErrorInvalidOperation"),
        (CALENDAR, odd.to_owned(), "ErrorObjectTypeChanged"),
        ("<t:DistinguishedFolderId Id=\"inbox\"/>", named("Ny"), "ErrorParentFolderNotFound"),
    ];
    for (parent, folder, code) in cases {
        assert_eq!(codes(&create_folder(&exchange, parent, &folder)), [code], "{folder}");
    }
}

#[test]
fn each_calendar_has_its_own_items_and_its_own_changes() {
    let exchange = server();
    let blikk = with_blikk(&exchange);
    let here = |request: String| request.replace("<t:DistinguishedFolderId Id=\"calendar\"/>", &blikk);
    create_titled(&exchange, ANNA, "Hemma");
    let answer =
        ask(&exchange, ANNA, &here(create_request("<t:CalendarItem><t:Subject>Borta</t:Subject></t:CalendarItem>")));
    let id = Id::first_of(&answer);
    let first = ask(&exchange, ANNA, &sync_request("", 512));
    let second = ask(&exchange, ANNA, &here(sync_request("", 512)));
    assert_eq!((texts(&first, "Subject"), texts(&second, "Subject")), (vec!["Hemma".into()], vec!["Borta".into()]));
    let (first, second) = (text(&first, "SyncState"), text(&second, "SyncState"));
    assert_eq!(codes(&ask(&exchange, ANNA, &sync_request(&second, 512))), ["ErrorInvalidSyncStateData"]);
    ask(&exchange, ANNA, &delete_request(&id.xml()));
    assert!(!ask(&exchange, ANNA, &sync_request(&first, 512)).contains("Delete"));
    assert!(ask(&exchange, ANNA, &here(sync_request(&second, 512))).contains("Delete"));
    let gone = blikk.replace("Id=\"AAMk", "Id=\"BBMk");
    assert_eq!(
        codes(&ask(&exchange, ANNA, &here(sync_request("", 512)).replace(&blikk, &gone))),
        ["ErrorInvalidIdMalformed"]
    );
}

#[test]
fn what_is_no_calendar_takes_no_items_and_no_view() {
    let exchange = server();
    let create = create_request("<t:CalendarItem/>").replace(CALENDAR, TOP);
    assert_eq!(codes(&ask(&exchange, ANNA, &create)), ["ErrorCannotCreateCalendarItemInNonCalendarFolder"]);
    let view = format!(
        "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>\
         <m:CalendarView StartDate=\"2027-03-01T00:00:00Z\" EndDate=\"2027-03-08T00:00:00Z\"/>\
         <m:ParentFolderIds>{TOP}</m:ParentFolderIds></m:FindItem>"
    );
    assert_eq!(codes(&ask(&exchange, ANNA, &view)), ["ErrorCalendarFolderIsInvalidForCalendarView"]);
}

#[test]
fn people_have_calendars_too() {
    let exchange = server();
    let path = format!("/people/{ANNA}/calendars");
    assert_eq!(json(&exchange, "POST", &path, &value!({ "name": "Familjen" })).0, 201);
    let event = value!({ "title": "Kalas", "calendar": "Familjen" });
    assert_eq!(json(&exchange, "POST", &format!("/people/{ANNA}/events"), &event).0, 201);
    let count = |query: &str| json(&exchange, "GET", &format!("/people/{ANNA}/events{query}"), &Value::Null);
    assert_eq!(count("").1["itemCount"], 0);
    assert_eq!(count("?calendar=Familjen").1["itemCount"], 1);
    assert_eq!(count("?calendar=Jobbet").0, 404);
    let names: Vec<Value> = json(&exchange, "GET", &path, &Value::Null).1["items"].as_array().expect("a list").clone();
    assert_eq!(names.iter().map(|calendar| &calendar["name"]).collect::<Vec<_>>(), ["Kalender", "Familjen"]);
}
