//! What goes over the wire for each thing that the engine asks, and what of the answers reaches it.

use super::*;
use crate::event::Event;
use crate::ews::script::{Script, failure, response, soap, success};
use crate::http::{HttpFault, HttpResponse};
use crate::sync::state::Uid;
use crate::zone::IanaRules;

type Answer = Result<HttpResponse, HttpFault>;

fn calendar(script: &Script) -> ExchangeCalendar<&Script, IanaRules> {
    ExchangeCalendar::new(script, IanaRules, "anna.akesson@konsult.example", ZoneId::new("Europe/Stockholm"))
}

fn event(title: &str) -> Event {
    let when = crate::event::When::all_day("2027-03-01".parse().unwrap(), "2027-03-02".parse().unwrap());
    Event::new(title, when.unwrap())
}

/// The event as an item of an answer.
fn item(id: &str, key: &str, title: &str) -> String {
    success(&format!(
        "<m:Items><t:CalendarItem><t:ItemId Id='{id}' ChangeKey='{key}'/><t:Subject>{title}</t:Subject>\
         <t:UID>uid-{id}</t:UID><t:Start>2027-02-28T23:00:00Z</t:Start><t:End>2027-03-01T23:00:00Z</t:End>\
         <t:IsAllDayEvent>true</t:IsAllDayEvent><t:StartTimeZone Id='W. Europe Standard Time'/></t:CalendarItem></m:Items>"
    ))
}

fn id_only(id: &str, key: &str) -> String {
    success(&format!("<m:Items><t:CalendarItem><t:ItemId Id='{id}' ChangeKey='{key}'/></t:CalendarItem></m:Items>"))
}

fn page(changes: &str, state: &str, rest: &str) -> Answer {
    soap(
        "SyncFolderItems",
        &success(&format!("<m:SyncState>{state}</m:SyncState>{rest}<m:Changes>{changes}</m:Changes>")),
    )
}

fn draft(title: &str) -> Draft {
    Draft { link: LinkId::new("0a"), counterpart: RemoteId::new("b-7"), uid: None, event: event(title) }
}

fn revision(id: &str, before: &str, after: &str) -> Revision {
    Revision {
        id: RemoteId::new(id),
        expected: Version::new("k1"),
        before: event(before),
        after: event(after),
        unmark: false,
    }
}

fn removal(id: &str) -> Removal {
    Removal { id: RemoteId::new(id), expected: Version::new("k1") }
}

/// Titles and codes, to compare in one line.
fn said(results: Vec<Result<Observed, Problem>>) -> Vec<Result<String, Code>> {
    let said = |result: Result<Observed, Problem>| match result {
        Ok(observed) => Ok(observed.content.map_or_else(|unsynced| unsynced.title, |event| event.title)),
        Err(problem) => Err(problem.code),
    };
    results.into_iter().map(said).collect()
}

#[tokio::test]
async fn a_run_with_nothing_to_do_is_one_call() {
    let script = Script::answering([page("", "s2", "<m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>")]);
    let page = calendar(&script).changes(Some(&Token::new("s1"))).await.unwrap();
    assert_eq!(page, ChangePage { changes: vec![], next: Token::new("s2"), more: false });
    assert_eq!(script.operations(), ["SyncFolderItems"]);
    assert!(script.body(0).contains("<m:SyncState>s1</m:SyncState><m:MaxChangesReturned>512</m:MaxChangesReturned>"));
}

#[tokio::test]
async fn changes_of_every_kind_reach_the_engine() {
    let changes = "<t:Create><t:CalendarItem><t:ItemId Id='1' ChangeKey='a'/></t:CalendarItem></t:Create>\
        <t:Update><t:Task><t:ItemId Id='2' ChangeKey='b'/></t:Task></t:Update><t:Delete><t:ItemId Id='3'/></t:Delete>\
        <t:Wiped><t:ItemId Id='4' ChangeKey='d'/></t:Wiped><t:Create><t:CalendarItem/></t:Create>";
    let script =
        Script::answering([page(changes, "s", "<m:IncludesLastItemInRange>false</m:IncludesLastItemInRange>")]);
    let page = calendar(&script).changes(None).await.unwrap();
    let touched = |id, key| Change::Touched { id: RemoteId::new(id), version: Version::new(key) };
    let deleted = Change::Deleted { id: RemoteId::new("3") };
    assert_eq!(page.changes, [touched("1", "a"), touched("2", "b"), deleted, touched("4", "d")]);
    assert!(page.more);
}

#[tokio::test]
async fn a_list_ends_only_where_it_says_so_or_stands_still() {
    let one = "<t:Delete><t:ItemId Id='3'/></t:Delete>";
    let last = |is_last: &str| format!("<m:IncludesLastItemInRange>{is_last}</m:IncludesLastItemInRange>");
    #[rustfmt::skip]
    let cases = [
        // changes, state, says     more?
        (one,  "s2", last("true"),  false),
        (one,  "s2", last("false"), true),
        ("",   "s2", last("false"), true),
        ("",   "s1", last("false"), false),
        (one,  "s2", String::new(), true),
        ("",   "s2", String::new(), false),
    ];
    for (changes, state, says, more) in cases {
        let script = Script::answering([page(changes, state, &says)]);
        assert_eq!(
            calendar(&script).changes(Some(&Token::new("s1"))).await.unwrap().more,
            more,
            "{changes} {state} {says}"
        );
    }
}

fn listing(attributes: &str, items: &str) -> Answer {
    soap("FindItem", &success(&format!("<m:RootFolder {attributes}><t:Items>{items}</t:Items></m:RootFolder>")))
}

#[tokio::test]
async fn the_whole_folder_is_listed_and_no_change_key_of_a_series_is_believed() {
    let of_type = |id: &str, kind: &str| {
        let kind =
            if kind.is_empty() { String::new() } else { format!("<t:CalendarItemType>{kind}</t:CalendarItemType>") };
        format!("<t:CalendarItem><t:ItemId Id='{id}' ChangeKey='k{id}'/>{kind}</t:CalendarItem>")
    };
    let kinds = [("1", "Single"), ("2", "RecurringMaster"), ("3", ""), ("4", "Occurrence"), ("5", "Exception")];
    let items: String = kinds.iter().map(|(id, kind)| of_type(id, kind)).collect();
    let items = items + "<t:Task><t:ItemId Id='6' ChangeKey='k6'/></t:Task><t:CalendarItem/>";
    let script = Script::answering([listing("IncludesLastItemInRange='true' TotalItemsInView='7'", &items)]);
    let page = calendar(&script).list(None).await.unwrap().unwrap();
    let touched = |id: &str, key: &str| Change::Touched { id: RemoteId::new(id), version: Version::new(key) };
    assert_eq!(page.changes, [touched("1", "k1"), touched("2", ""), touched("3", ""), touched("6", "k6")]);
    assert!(!page.more);
    assert_eq!(script.operations(), ["FindItem"]);
    assert!(script.body(0).contains("MaxEntriesReturned=\"1000\" Offset=\"0\""), "{}", script.body(0));
}

#[tokio::test]
async fn occurrences_that_a_server_lists_by_themselves_are_no_events() {
    let changes = "<t:Create><t:CalendarItem><t:ItemId Id='1' ChangeKey='a'/><t:CalendarItemType>Exception\
        </t:CalendarItemType></t:CalendarItem></t:Create><t:Delete><t:ItemId Id='2'/></t:Delete>";
    let script = Script::answering([page(changes, "s", "<m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>")]);
    let page = calendar(&script).changes(None).await.unwrap();
    assert_eq!(page.changes, [Change::Deleted { id: RemoteId::new("2") }]);
}

#[tokio::test]
async fn a_listing_goes_on_where_the_server_says_and_ends_where_it_says_so() {
    let one = "<t:CalendarItem><t:ItemId Id='1' ChangeKey='a'/></t:CalendarItem>";
    #[rustfmt::skip]
    let cases = [
        // items, says                                                        -> where it goes on, if it does
        (one, "IncludesLastItemInRange='false' IndexedPagingOffset='1007'",      Ok(Some("1007"))),
        (one, "IncludesLastItemInRange='false'",                                 Ok(Some("8"))),
        (one, "IncludesLastItemInRange='false' IndexedPagingOffset='3'",         Ok(Some("8"))),
        (one, "IncludesLastItemInRange='true' IndexedPagingOffset='8'",          Ok(None)),
        (one, "",                                                                Ok(Some("8"))),
        (one, "TotalItemsInView='8'",                                            Ok(None)),
        ("",  "",                                                                Ok(None)),
        ("",  "IncludesLastItemInRange='false'",                                 Err(Code::ExchangeNotSoap)),
        ("",  "IncludesLastItemInRange='false' IndexedPagingOffset='7'",         Err(Code::ExchangeNotSoap)),
    ];
    for (items, says, expected) in cases {
        let script = Script::answering([listing(says, items)]);
        let page = calendar(&script).list(Some(&Token::new("7"))).await.map(Option::unwrap);
        let goes_on = page.map(|page| page.more.then(|| page.next.as_str().to_owned())).map_err(|problem| problem.code);
        assert_eq!(goes_on, expected.map(|next| next.map(str::to_owned)), "{items} {says}");
        assert!(script.body(0).contains("Offset=\"7\""));
    }
}

#[tokio::test]
async fn r10_a_dead_token_is_called_one_and_a_list_without_token_is_no_list() {
    let script = Script::answering([soap("SyncFolderItems", &failure("ErrorInvalidSyncStateData"))]);
    let problem = calendar(&script).changes(Some(&Token::new("s1"))).await.unwrap_err();
    assert_eq!(problem.code, Code::ExchangeTokenDead);
    let script = Script::answering([page("", "", "")]);
    assert_eq!(calendar(&script).changes(None).await.unwrap_err().code, Code::ExchangeNotSoap);
}

#[tokio::test]
async fn r11_one_bad_item_among_good_ones_is_only_its_own_error() {
    let messages = [
        item("1", "a", "Möte"),
        failure("ErrorItemNotFound"),
        failure("ErrorInventedTomorrow"),
        success(
            "<m:Items><t:CalendarItem><t:ItemId Id='4' ChangeKey='d'/><t:Subject>Utan tid</t:Subject></t:CalendarItem></m:Items>",
        ),
        item("other", "e", "Fel"),
    ];
    let script = Script::answering([soap("GetItem", &messages.concat())]);
    let ids = ["1", "2", "3", "4", "5"].map(RemoteId::new);
    let readings = calendar(&script).read(&ids).await.unwrap();
    let said: Vec<String> = readings
        .iter()
        .map(|reading| match reading {
            Reading::Found(observed) => match &observed.content {
                Ok(event) => format!("{} {}", observed.id, event.title),
                Err(unsynced) => format!("{} {} {:?}", observed.id, unsynced.title, unsynced.problem.code),
            },
            Reading::Gone(id) => format!("{id} gone"),
            Reading::Failed(id, problem) => format!("{id} {:?}", problem.code),
        })
        .collect();
    assert_eq!(said, ["1 Möte", "2 gone", "3 ExchangeItemRefused", "4 Utan tid EventUnreadable", "5 ExchangeNotSoap"]);
}

#[tokio::test]
async fn a_large_answer_is_asked_for_in_halves_and_two_hundred_items_at_once() {
    let too_large = || response(502, &[], "{\"error\":{\"code\":\"exchange.too_large\",\"message\":\"\"}}");
    let script = Script::answering([
        too_large(),
        soap("GetItem", &item("1", "a", "Ett")),
        too_large(),
        too_large(),
        soap("GetItem", &item("3", "c", "Tre")),
    ]);
    let readings = calendar(&script).read(&["1", "2", "3"].map(RemoteId::new)).await.unwrap();
    assert!(matches!(&readings[..], [Reading::Found(_), Reading::Failed(..), Reading::Found(_)]));

    let ids: Vec<RemoteId> = (0..450).map(|id| RemoteId::new(id.to_string())).collect();
    let answers = ids
        .chunks(200)
        .map(|ids| soap("GetItem", &ids.iter().map(|id| item(id.as_str(), "k", "")).collect::<String>()));
    let script = Script::answering(answers);
    let readings = calendar(&script).read(&ids).await.unwrap();
    assert_eq!((readings.len(), script.operations().len()), (450, 3));
    assert!(readings.iter().zip(&ids).all(|(reading, id)| matches!(reading, Reading::Found(found) if found.id == *id)));
}

#[tokio::test]
async fn an_answer_to_only_some_of_the_questions_is_no_answer() {
    let script = Script::answering([soap("GetItem", &item("1", "a", "Möte"))]);
    let problem = calendar(&script).read(&["1", "2"].map(RemoteId::new)).await.unwrap_err();
    assert_eq!(problem.code, Code::ExchangeNotSoap);
}

#[tokio::test]
async fn what_is_created_carries_the_marker_and_is_read_back() {
    let script = Script::answering([
        soap("CreateItem", &(id_only("1", "a") + &failure("ErrorCalendarDurationIsTooLong") + &id_only("3", "c"))),
        soap("GetItem", &(item("1", "a", "Ett") + &item("3", "c", "Tre"))),
    ]);
    let results = calendar(&script).create(&[draft("Ett"), draft("Två"), draft("Tre")]).await.unwrap();
    assert_eq!(
        results[0].as_ref().map(|one| (one.version.as_str(), one.uid.clone())),
        Ok(("a", Some(Uid::new("uid-1"))))
    );
    assert_eq!(said(results), [Ok("Ett".into()), Err(Code::EventTimeOutOfRange), Ok("Tre".into())]);
    assert!(script.body(0).contains("PropertyName=\"BlikkEventId\" PropertyType=\"String\"/><t:Value>b-7</t:Value>"));
    assert!(script.body(0).contains("<m:CreateItem SendMeetingInvitations=\"SendToNone\">"));
}

#[tokio::test]
async fn what_a_person_edits_between_our_write_and_its_reading_back_is_not_taken_for_the_servers_own_form() {
    let script = Script::answering([
        soap("CreateItem", &id_only("1", "ours")),
        soap("GetItem", &item("1", "theirs", "Omdöpt i Outlook")),
    ]);
    let results = calendar(&script).create(&[draft("Ett")]).await.unwrap();
    assert_eq!(results[0].as_ref().map(|one| one.version.as_str()), Ok("ours"), "so that the next list has news of it");
    assert_eq!(said(results), [Ok("Ett".into())]);
}

#[tokio::test]
async fn what_can_not_be_written_does_not_spoil_the_batch() {
    let mut too_late = draft("År 9000");
    too_late.event.when =
        crate::event::When::all_day("9000-01-01".parse().unwrap(), "9000-01-02".parse().unwrap()).unwrap();
    let script = Script::answering([soap("CreateItem", &id_only("1", "a")), soap("GetItem", &item("1", "a", "Ett"))]);
    let results = calendar(&script).create(&[too_late, draft("Ett")]).await.unwrap();
    assert_eq!(said(results), [Err(Code::ExchangeItemRefused), Ok("Ett".into())]);
}

#[tokio::test]
async fn a_request_never_grows_beyond_what_the_gateway_takes() {
    let big = |title: &str| {
        let mut draft = draft(title);
        draft.event.body = "x".repeat(600_000);
        draft
    };
    let too_large = || response(413, &[], "{\"error\":{\"code\":\"gateway.request_too_large\",\"message\":\"\"}}");
    let script = Script::answering([
        soap("CreateItem", &id_only("1", "a")),
        too_large(),
        too_large(),
        soap("CreateItem", &id_only("3", "c")),
        soap("GetItem", &(item("1", "a", "Ett") + &item("3", "c", "Tre"))),
    ]);
    let results = calendar(&script).create(&[big("Ett"), big("Två"), draft("Tre")]).await.unwrap();
    assert_eq!(said(results), [Ok("Ett".into()), Err(Code::GatewayRequestTooLarge), Ok("Tre".into())]);
    let titles = |body: String| ["Ett", "Två", "Tre"].map(|title| body.contains(&format!("<t:Subject>{title}<")));
    assert_eq!(titles(script.body(0)), [true, false, false]);
    assert_eq!(titles(script.body(1)), [false, true, true]);
    assert_eq!(titles(script.body(2)), [false, true, false]);
    assert_eq!(titles(script.body(3)), [false, false, true]);
}

#[tokio::test]
async fn an_update_tells_the_change_key_and_what_is_the_same_is_only_read() {
    let script = Script::answering([
        soap("GetItem", &["1", "2", "3"].map(|id| id_only(id, "k1")).concat()),
        soap("UpdateItem", &(failure("ErrorIrresolvableConflict") + &id_only("3", "c"))),
        soap("GetItem", &(item("2", "b", "Samma") + &item("3", "c", "Nytt"))),
    ]);
    let revisions = [revision("1", "A", "B"), revision("2", "Samma", "Samma"), revision("3", "Gammalt", "Nytt")];
    let results = calendar(&script).update(&revisions).await.unwrap();
    assert_eq!(said(results), [Err(Code::ExchangeItemChanged), Ok("Samma".into()), Ok("Nytt".into())]);
    let body = script.body(1);
    assert!(
        body.contains("ConflictResolution=\"NeverOverwrite\" SendMeetingInvitationsOrCancellations=\"SendToNone\"")
    );
    assert!(body.contains("<t:ItemId Id=\"1\" ChangeKey=\"k1\"/>") && !body.contains("Id=\"2\""));
}

#[tokio::test]
async fn an_update_compares_before_it_overwrites_because_not_every_server_does() {
    let script = Script::answering([
        soap("GetItem", &(id_only("1", "k2") + &failure("ErrorItemNotFound") + &id_only("3", "k1"))),
        soap("UpdateItem", &id_only("3", "c")),
        soap("GetItem", &item("3", "c", "B")),
    ]);
    let results = calendar(&script).update(&["1", "2", "3"].map(|id| revision(id, "A", "B"))).await.unwrap();
    assert_eq!(said(results), [Err(Code::ExchangeItemChanged), Err(Code::ExchangeItemGone), Ok("B".into())]);
    assert!(!script.body(1).contains("Id=\"1\"") && script.body(1).contains("Id=\"3\""));
}

#[tokio::test]
async fn r05_the_server_is_asked_once_for_the_rules_of_a_zone_with_a_strange_name() {
    let strange = |id: &str| item(id, "k", "Möte").replace("W. Europe Standard Time", "Mitteleuropäische Zeit");
    let change = |to: &str, month: u32, hours: u32| {
        format!(
            "<t:RecurringDayTransition><t:To Kind='Period'>{to}</t:To><t:TimeOffset>PT{hours}H</t:TimeOffset>\
             <t:Month>{month}</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition>"
        )
    };
    let zone = format!(
        "<m:TimeZoneDefinitions><t:TimeZoneDefinition Id='Mitteleuropäische Zeit'><t:Periods>\
         <t:Period Bias='-PT1H' Name='Standard' Id='s'/><t:Period Bias='-PT2H' Name='Daylight' Id='d'/></t:Periods>\
         <t:TransitionsGroups><t:TransitionsGroup Id='0'>{}{}</t:TransitionsGroup></t:TransitionsGroups><t:Transitions>\
         <t:Transition><t:To Kind='Group'>0</t:To></t:Transition></t:Transitions></t:TimeZoneDefinition></m:TimeZoneDefinitions>",
        change("d", 3, 2),
        change("s", 10, 3)
    );
    let script = Script::answering([
        soap("GetItem", &(strange("1") + &strange("2"))),
        soap("GetServerTimeZones", &success(&zone)),
        soap("GetItem", &strange("3")),
    ]);
    let calendar = calendar(&script);
    for ids in [vec!["1", "2"], vec!["3"]] {
        let ids: Vec<RemoteId> = ids.into_iter().map(RemoteId::new).collect();
        for reading in calendar.read(&ids).await.unwrap() {
            let Reading::Found(observed) = reading else { panic!("{reading:?}") };
            assert_eq!(observed.content.map(|event| event.when), Ok(event("Möte").when));
        }
    }
    assert_eq!(script.operations(), ["GetItem", "GetServerTimeZones", "GetItem"]);
}

#[tokio::test]
async fn a_deletion_looks_before_it_acts() {
    let script = Script::answering([
        soap(
            "GetItem",
            &(id_only("1", "k1") + &failure("ErrorItemNotFound") + &id_only("3", "k2") + &id_only("4", "k1")),
        ),
        soap("DeleteItem", &(success("") + &failure("ErrorItemNotFound"))),
    ]);
    let results = calendar(&script).delete(&["1", "2", "3", "4"].map(removal)).await.unwrap();
    let codes: Vec<_> = results.into_iter().map(|result| result.map_err(|problem| problem.code)).collect();
    assert_eq!(codes, [Ok(()), Ok(()), Err(Code::ExchangeItemChanged), Ok(())]);
    let body = script.body(1);
    assert!(body.contains("DeleteType=\"MoveToDeletedItems\" SendMeetingCancellations=\"SendToNone\""));
    assert!(!body.contains("Id=\"2\"") && !body.contains("Id=\"3\""));
}

#[tokio::test]
async fn scenario_1_an_item_is_found_again_by_its_marker_alone() {
    let property = |value: &str| {
        format!(
            "<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId='6F1D2C0E-9B57-4C43-8A0E-3D5B7E21C9A4' \
             PropertyName='BlikkLinkId' PropertyType='String'/><t:Value>{value}</t:Value></t:ExtendedProperty>"
        )
    };
    let found =
        |id: &str, link: &str| format!("<t:CalendarItem><t:ItemId Id='{id}'/>{}</t:CalendarItem>", property(link));
    let items = found("1", "0a") + &found("2", "ff") + "<t:CalendarItem><t:ItemId Id='3'/></t:CalendarItem>";
    let root = format!("<m:RootFolder IncludesLastItemInRange='true'><t:Items>{items}</t:Items></m:RootFolder>");
    let script = Script::answering([soap("FindItem", &success(&root))]);
    assert_eq!(calendar(&script).marked(&LinkId::new("0a")).await, Ok(vec![RemoteId::new("1")]));
    assert!(script.body(0).contains("<t:FieldURIOrConstant><t:Constant Value=\"0a\"/></t:FieldURIOrConstant>"));
}

#[tokio::test]
async fn opening_tells_the_name_the_count_and_the_server() {
    let body = "<s:Envelope><s:Header><h:ServerVersionInfo MajorVersion='15' MinorVersion='2' MajorBuildNumber='1118' \
        MinorBuildNumber='7'/></s:Header><s:Body><m:GetFolderResponse><m:ResponseMessages><m:GetFolderResponseMessage \
        ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode><m:Folders><t:CalendarFolder><t:FolderId Id='f'/>\
        <t:DisplayName>Kalender</t:DisplayName><t:TotalCount>42</t:TotalCount></t:CalendarFolder></m:Folders>\
        </m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse></s:Body></s:Envelope>";
    let script = Script::answering([response(200, &[], body)]);
    let expected =
        OpenedCalendar { name: "Kalender".into(), item_count: 42, server_version: Some("15.2.1118.7".into()) };
    assert_eq!(calendar(&script).open().await, Ok(expected));
}

#[tokio::test]
async fn an_item_that_nobody_asked_for_is_never_taken_for_the_one_that_was() {
    // Read by its id, read back after a write, found by its marker: each is answered with somebody else's item.
    let theirs = || soap("GetItem", &item("theirs", "k", "Lönesamtal"));
    let script = Script::answering([theirs()]);
    let readings = calendar(&script).read(&[RemoteId::new("1")]).await.unwrap();
    assert!(
        matches!(&readings[..], [Reading::Failed(id, problem)]
        if id.as_str() == "1" && problem.code == Code::ExchangeNotSoap),
        "{readings:?}"
    );

    let script = Script::answering([soap("CreateItem", &id_only("1", "a")), theirs()]);
    let created = calendar(&script).create(&[draft("Möte")]).await.unwrap();
    assert_eq!(said(created), [Err(Code::ExchangeFailed)]);

    let found = "<m:RootFolder IncludesLastItemInRange='true' TotalItemsInView='1'><t:Items><t:CalendarItem>\
        <t:ItemId Id='1' ChangeKey='a'/><t:ExtendedProperty><t:ExtendedFieldURI PropertyName='BlikkLinkId' \
        PropertySetId='6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4' PropertyType='String'/><t:Value>0a</t:Value>\
        </t:ExtendedProperty></t:CalendarItem></t:Items></m:RootFolder>";
    let script = Script::answering([soap("FindItem", &success(found)), theirs()]);
    assert_eq!(calendar(&script).find(&[draft("Möte")]).await.unwrap(), [None]);
    assert_eq!(script.operations(), ["FindItem", "GetItem"]);
}

#[tokio::test]
async fn scenario_16_an_item_that_was_moved_is_found_by_its_uid() {
    let uid = Uid::new("040000008200E00074C5B7101A82E00800000000F0F5D5A4");
    let known = "<m:RootFolder IncludesLastItemInRange='true' TotalItemsInView='1'><t:Items><t:CalendarItem>\
        <t:ItemId Id='new' ChangeKey='k'/></t:CalendarItem></t:Items></m:RootFolder>";
    let with_uid = |uid: &str| item("new", "k", "Lunch").replace("uid-new", uid);
    let script = Script::answering([soap("FindItem", &success(known)), soap("GetItem", &with_uid(uid.as_str()))]);
    let located = calendar(&script).locate(std::slice::from_ref(&uid)).await.unwrap();
    assert_eq!(located.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["new"]);
    assert!(script.body(0).contains(
        "<t:ExtendedFieldURI DistinguishedPropertySetId=\"Meeting\" PropertyId=\"3\" PropertyType=\"Binary\"/>\
         <t:FieldURIOrConstant><t:Constant Value=\"BAAAAIIA4AB0xbcQGoLgCAAAAADw9dWk\"/></t:FieldURIOrConstant>"
    ));

    // What bears another UID is no answer, whatever the server took the question for.
    let script = Script::answering([soap("FindItem", &success(known)), soap("GetItem", &with_uid("other"))]);
    assert_eq!(calendar(&script).locate(&[uid]).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_server_that_cannot_search_for_a_uid_is_believed_nothing() {
    let uids = [Uid::new("a")];
    let refused = failure("ErrorUnsupportedPathForQuery");
    let script = Script::answering([soap("FindItem", &refused)]);
    assert_eq!(calendar(&script).locate(&uids).await, Ok(Vec::new()));

    let all: String =
        (0..9).map(|id| format!("<t:CalendarItem><t:ItemId Id='{id}' ChangeKey='k'/></t:CalendarItem>")).collect();
    let all = format!("<m:RootFolder IncludesLastItemInRange='true'><t:Items>{all}</t:Items></m:RootFolder>");
    let script = Script::answering([soap("FindItem", &success(&all))]);
    assert_eq!(calendar(&script).locate(&uids).await, Ok(Vec::new()));
    assert_eq!(script.operations(), ["FindItem"], "nine thousand items would not be fetched for nothing");
}
